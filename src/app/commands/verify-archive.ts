// `linli verify --archive`: an archive held to itself, with no database.
import { resolve } from 'node:path'
import { inMegabytes } from './backup.ts'
import { progressBar, result } from './terminal.ts'

interface Options {
  readonly archive: string
  readonly key?: string
  readonly json?: boolean
}

/** Reads an archive and says what it proves. @throws ArchiveRefusal with the member and the line that do not hold */
export async function verifyArchive({ archive, key, json = false }: Options): Promise<void> {
  const { checkArchive } = await import('#kernel/archive/index.ts')
  const file = resolve(archive)
  const bar = progressBar({ zh: '核对（MB）', en: 'Verifying (MB)' })
  const { manifest, bytes, digest } = await checkArchive(file, key ?? null, inMegabytes(bar.report)).finally(() =>
    bar.end(),
  )
  const { scope, takenAt, register, files } = manifest
  const rows = Object.values(manifest.rows).reduce((sum, each) => sum + each.rows, 0)
  const acts = manifest.rows['ledger.act']?.rows ?? 0
  const proved = acts - register.waiting
  const said =
    scope === null
      ? {
          zh: `登记簿 ${register.entries} 条完整无缺：${register.entries}:${register.root}。`,
          en: `The register holds ${register.entries} entries, all whole: ${register.entries}:${register.root}.`,
        }
      : {
          zh: `这是${scope.name}的一部分，${proved} 条办事记录都证明在全部 ${register.entries} 条的登记簿里。`,
          en: `This is the part of ${scope.name}; each of its ${proved} acts is proved to stand in the register of all ${register.entries}.`,
        }
  const known =
    key === undefined
      ? {
          zh: `签名的公钥是 ${register.key}，请和对方公布的对一对。`,
          en: `It is signed by ${register.key}: compare that with what its owner has published.`,
        }
      : { zh: '签名的就是给出的公钥。', en: 'It is signed by the key that was given.' }
  result(
    json,
    {
      ok: true,
      file,
      takenAt,
      scope,
      bytes,
      digest,
      rows,
      files: files.stored,
      acts,
      proved,
      waiting: register.waiting,
      entries: register.entries,
      hash: register.root,
      key: register.key,
    },
    {
      zh: `${file} 完整无缺：${rows} 行，${files.stored} 个文件。${said.zh}${known.zh}`,
      en: `${file} is whole: ${rows} rows, ${files.stored} files. ${said.en} ${known.en}`,
    },
  )
}

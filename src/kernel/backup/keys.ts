import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { ArchiveRefusal } from './refusal.ts'
import { type Closing, sealOf } from './shape.ts'

/** Tells whether a key is the one that an archive was sealed under. The key has 256 random bits, so that nobody finds it by this. */
export function fingerprint(key: Buffer): string {
  return createHmac('sha256', key).update('linli: the key of an archive').digest('hex').slice(0, 32)
}

/**
 * Digests tell damage and not a hand that made them anew: only the seal tells that the installation itself wrote the archive.
 * @param unsigned an archive of an older format is taken without one; one whose seal is wrong never is
 * @throws ArchiveRefusal
 */
export function refuseUnsealed(file: string, { version, hash, seal }: Closing, key: Buffer, unsigned: boolean): void {
  if (seal === null) {
    if (unsigned) return
    throw new ArchiveRefusal({
      zh: `${file} 是旧格式（${version}）的备份，没有封印：谁都可能改过它，程序看不出来。没有动任何东西。确知它一直在自己手里，才可加 --unsigned 恢复。`,
      en: `${file} is of an older format (${version}) and carries no seal: anybody could have altered it, and this program could not tell. Nothing was touched. Restore it with --unsigned only if you know that it was in your own hands all the time.`,
    })
  }
  if (timingSafeEqual(Buffer.from(seal), Buffer.from(sealOf(key, hash)))) return
  throw new ArchiveRefusal({
    zh: `${file} 的封印不对：写它的不是这个密钥的邻里，或末行坏了。没有动任何东西。请换一份备份。`,
    en: `The seal of ${file} is wrong: it was not written by the Linli of this key, or its last line is damaged. Nothing was touched. Take another backup.`,
  })
}

/** Writes the key into a file of its own beside a backup that stands, readable by its owner alone. @throws ArchiveRefusal where it cannot */
export function writeKeys(file: string, key: Buffer): void {
  const about =
    'The key to a backup of Linli. Keep it apart from the backup: together they open every telephone number and contact.'
  const content = `${JSON.stringify({ about, application: key.toString('base64') }, null, 2)}\n`
  rmSync(file, { force: true })
  try {
    writeFileSync(file, content, { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (!code) throw error
    rmSync(file, { force: true })
    throw new ArchiveRefusal({
      zh: `密钥文件 ${file} 没有写成（${code}）；备份已写好，读回核对无误。请改存一份 secrets.json（自备数据库时是 LINLI_SECRET）。`,
      en: `The key could not be written to ${file} (${code}); the backup itself is made, read back and whole. Keep a copy of secrets.json (LINLI_SECRET with a database of your own) instead.`,
    })
  }
}

/** The key in a file that `backup --keys` wrote, or in a secrets.json. @throws ArchiveRefusal where it holds none */
export function readKeys(file: string): Buffer {
  let key = Buffer.alloc(0)
  try {
    const { application } = JSON.parse(readFileSync(file, 'utf8')) as { application?: unknown }
    if (typeof application === 'string') key = Buffer.from(application, 'base64')
  } catch {
    // Told below: what stands in it must not be printed.
  }
  if (key.length === 32) return key
  throw new ArchiveRefusal(
    {
      zh: `${file} 读不出密钥：应是 backup --keys 写的那份，或另存的 secrets.json。没有动任何东西。`,
      en: `${file} holds no key: it should be what \`backup --keys\` wrote, or the copy of secrets.json that was kept apart. Nothing was touched.`,
    },
    'keys',
  )
}

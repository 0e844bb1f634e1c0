// What is wrong with an archive, each in its own sentence, with the member and the line; on a page as in a terminal.
import type { Sentence } from '#kernel/config/index.ts'

export interface Where {
  readonly member: string
  /** The first is 1; left out where the whole member is meant. */
  readonly line?: number
}

const place = ({ member, line }: Where): Sentence =>
  line === undefined ? { zh: member, en: member } : { zh: `${member} 第 ${line} 行`, en: `line ${line} of ${member}` }

/** @param refusal makes what is thrown of a sentence in both languages */
export const faultsBy = (refusal: (zh: string, en: string) => Error) => ({
  none: (file: string) => refusal(`${file} 不是邻里的档案包。`, `${file} is no archive of Linli.`),
  version: (file: string, version: number, known: number) =>
    refusal(
      `${file} 的格式是第 ${version} 版，本程序只认得第 ${known} 版：请用更新的程序。`,
      `${file} is of version ${version} of the format, and this program knows version ${known}: use a newer program.`,
    ),
  newer: (file: string, migration: string) =>
    refusal(
      `${file} 是更新的程序写的（数据库迁移 ${migration} 本程序没有）：请用写它的那一版或更新的。`,
      `${file} was written by a newer program (the migration ${migration} is unknown to this one): use the one that wrote it, or a newer one.`,
    ),
  cut: (file: string, bytes: number, after: string) =>
    refusal(
      `${file} 不完整：读到第 ${bytes.toLocaleString('en')} 字节断了，在 ${after || '开头'} 之后。`,
      `${file} is not whole: it ends at byte ${bytes.toLocaleString('en')}, after ${after || 'its beginning'}.`,
    ),
  altered: (file: string, where: Where) =>
    refusal(
      `${file} 坏了或被改过：${place(where).zh} 的内容和校验和对不上。`,
      `${file} is damaged or was altered: the content of ${place(where).en} is not that of its checksum.`,
    ),
  between: (file: string, after: string) =>
    refusal(
      `${file} 坏了或被改过：${after} 附近、成员之间的字节不对。`,
      `${file} is damaged or was altered: a byte between its members, near ${after}, is wrong.`,
    ),
  missing: (file: string, member: string) =>
    refusal(`${file} 里缺了成员 ${member}。`, `The member ${member} is missing from ${file}.`),
  extra: (file: string, member: string) =>
    refusal(
      `${file} 里多了成员 ${member}，清单里没有它。`,
      `${file} holds the member ${member}, which its lists do not name.`,
    ),
  rows: (file: string, table: string, found: number, counted: number) =>
    refusal(
      `${file} 里表 ${table} 有 ${found} 行，清单记着 ${counted} 行。`,
      `${file} holds ${found} rows of the table ${table}; its manifest counts ${counted}.`,
    ),
  files: (file: string, found: number, counted: number) =>
    refusal(
      `${file} 里有 ${found} 个照片和视频文件，清单记着 ${counted} 个。`,
      `${file} holds ${found} pictures and videos; its manifest counts ${counted}.`,
    ),
  line: (file: string, where: Where) =>
    refusal(
      `${file} 里 ${place(where).zh} 不是这张表的一行。`,
      `${place(where).en} in ${file} is no row of its table.`,
    ),
  act: (file: string, where: Where) =>
    refusal(
      `${file} 里 ${place(where).zh} 的办事记录被改过：和它的摘要对不上。`,
      `The act on ${place(where).en} in ${file} was changed: its digest is another.`,
    ),
  order: (file: string, where: Where) =>
    refusal(
      `${file} 里 ${place(where).zh}：登记簿这一位缺了，或换成了别的记录。`,
      `${place(where).en} in ${file}: an entry of the register is missing, or another act stands in its place.`,
    ),
  tree: (file: string, where: Where) =>
    refusal(
      `${file} 里 ${place(where).zh} 和登记簿对不上：从各条记录算出来的是另一个值。`,
      `${place(where).en} in ${file} does not fit the register: another value follows from its entries.`,
    ),
  proof: (file: string, where: Where) =>
    refusal(
      `${file} 里 ${place(where).zh}：这条记录的证明通不到它所来自的登记簿。`,
      `${place(where).en} in ${file}: the proof of this act does not lead to the register that it is said to come from.`,
    ),
  unproved: (file: string, where: Where) =>
    refusal(
      `${file} 里 ${place(where).zh}：这条记录没有证明它在全部的登记簿里。`,
      `${place(where).en} in ${file}: nothing proves that this act stands in the register of the whole.`,
    ),
  root: (file: string) =>
    refusal(
      `${file} 里的办事记录和清单上的登记簿不是同一份：根不一样。`,
      `The acts in ${file} are not those of the register that its manifest names: the root is another.`,
    ),
  checkpoint: (file: string, where: Where) =>
    refusal(
      `${file} 里 ${place(where).zh}：公布的总指纹不是这份登记簿签的，或和它对不上。`,
      `${place(where).en} in ${file}: a published checkpoint is not signed by this register, or is none of it.`,
    ),
  seal: (file: string) =>
    refusal(
      `${file} 的签名不对：写它的不是清单上那份登记簿的密钥，或写好之后有人改过。`,
      `The signature of ${file} is wrong: it was not written under the key of the register that it names, or was changed afterwards.`,
    ),
  key: (file: string, key: string) =>
    refusal(`${file} 是另一份登记簿签的：${key}。`, `${file} is signed by another register: ${key}.`),
  row: (where: Where, reason: string) =>
    refusal(
      `${place(where).zh} 装不进数据库：${reason}。`,
      `${place(where).en} cannot be put into the database: ${reason}.`,
    ),
  references: (reason: string) =>
    refusal(
      `档案包里的行彼此对不上，装不进数据库：${reason}。`,
      `The rows of the archive do not fit together and cannot be put into the database: ${reason}.`,
    ),
  unknown: (what: string) =>
    refusal(
      `档案包里有 ${what}，本程序按它的级别建的表里却没有。`,
      `The archive holds ${what}, which the tables that this program makes at its level do not have.`,
    ),
})
export type Faults = ReturnType<typeof faultsBy>

// What stands in every archive for whoever opens it without this program.
export const readme = `# 邻里档案包 · An archive of Linli

这是一份 tar（POSIX ustar），用任何工具都能解开。里面是某一时刻的全部数据，不需要邻里，也不需要 PostgreSQL 就能读：

- \`linli-archive.json\`：格式名称和版本、写出它的程序、时刻、范围（scope 为空表示全部）、数据库迁移、每张表有哪些列。
- \`tables/<模式>.<表>/<序号>.jsonl.gz\`：每行一个 JSON 对象，字段名和数据库里一样。一张表的各部分按序号接起来就是整张表。
- \`files/…\`：照片和视频的原文件，按表 public.file 的 id 找。
- \`checksums/<序号>.sha256\`：它前面各成员的 SHA-256；解开之后执行 \`cat checksums/* | sha256sum -c\`。
- \`manifest.json\`：每张表的行数、文件数、办事记录登记簿当时的大小和根、没有放进来的表和理由。
- \`manifest.note\`：用登记簿的密钥签的名：清单的摘要，和本文件在这个成员之前所有字节的摘要。

写法：bigint 和 numeric 写成字符串；bytea 写成 \\x 加十六进制；时间是 UTC；标了 boxed 的列把值放在只有一个元素的数组里，没有值时是 null。
电话、邮箱等加密的值仍是加密的，密钥不在里面（同名的 .keys 文件，应另行保管）。

This is a tar (POSIX ustar) that any tool unpacks. It holds all data of one moment and is read without Linli and without PostgreSQL:

- \`linli-archive.json\`: name and version of the format, the program that wrote it, the moment, the scope (null: everything), the migrations
  of the database, and the columns of each table.
- \`tables/<schema>.<table>/<number>.jsonl.gz\`: one JSON object a line, with the names of the database. The parts of a table in the order of
  their numbers are the table.
- \`files/…\`: pictures and videos as they were, found by the id in the table public.file.
- \`checksums/<number>.sha256\`: SHA-256 of the members before it; once unpacked, run \`cat checksums/* | sha256sum -c\`.
- \`manifest.json\`: rows of each table, number of files, size and root of the register of acts as it stood, and what was left out and why.
- \`manifest.note\`: signed with the key of the register: the digest of the manifest, and of every byte of this file before this member.

bigint and numeric are written as strings; bytea as \\x and hexadecimal digits; times are UTC; a column marked boxed holds its value in an array
of one, and null where it has none. Telephone numbers, mail addresses and other sealed values stay sealed, and the key is not in here (it is
in the .keys file of the same name, to be kept apart).

    tar xf FILE && zcat tables/public.place/*.jsonl.gz
`

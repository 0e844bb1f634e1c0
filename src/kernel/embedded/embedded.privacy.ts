import { declareFiles, elsewhere } from '#kernel/privacy/index.ts'

/** What the data directory holds beside the tables themselves. */
export const embeddedPrivacy = declareFiles('kernel/embedded', [
  elsewhere(
    '`<data>/postgres/`',
    '数据库本身，内容见上各表',
    'the database itself: what it holds stands in the tables above',
    'record',
    'none',
    'none',
  ),
  elsewhere(
    '`<data>/postgres.log`、`postgres.log.1`',
    '数据库的运行记录：不记语句和参数，所以没有人写的话；每满 10 MB 换一份，留一份旧的',
    'what PostgreSQL says of its running: no statements and no parameters, so no words that people wrote; begun anew at 10 MB, one old one kept',
    'installation',
    'none',
    'none',
  ),
  elsewhere(
    '`<data>/secrets.json`',
    '口令和密钥，不是个人信息；与备份分开保管，否则加密就失去意义',
    'passwords and keys, no personal data; kept apart from backups, or sealing would mean nothing',
    'installation',
    'secret',
    'none',
  ),
])

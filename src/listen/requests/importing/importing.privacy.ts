import { declareFiles, file } from '#kernel/privacy/index.ts'

/** What an import leaves beside the database. */
export const importingPrivacy = declareFiles('listen/requests/importing', [
  file(
    '`<name>.rejected.csv`（`--report`）',
    '导入时退回的行：行号、外部编号、原因和出错的短值（时间、编号），没有留言正文；只有操作的人可读（0600），每次导入重写',
    'rows an import rejected: line, outer number, reason and the short value at fault (a time, a number), no text of a message; readable by whoever ran it alone (0600), written anew by each import',
    'errand',
    'none',
    'operator',
  ),
  file(
    '`import messages FILE`',
    '其他热线导出的原文件，含个人信息：邻里只读不留，导入后由操作的人保管或销毁',
    'the file of another hotline, which holds personal data: read, never kept; whoever imported it keeps or destroys it',
    'errand',
    'none',
    'operator',
  ),
])

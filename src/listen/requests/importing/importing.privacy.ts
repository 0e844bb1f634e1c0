import { declareFiles, elsewhere } from '#kernel/privacy/index.ts'

/** What an import leaves beside the database. */
export const importingPrivacy = declareFiles('listen/requests/importing', [
  elsewhere(
    '`<name>.rejected.csv`（`--report`）',
    '导入时退回的行：行号、原因，以及原文件里这一行的全部格子（可能含姓名、电话和留言正文），改好可再导入；只有操作的人可读（0600），每次导入重写',
    'rows an import rejected: line, reason and every cell that the row has in the file (names, phones and texts among them), to be mended and imported again; readable by whoever ran it alone (0600), written anew by each import',
    'errand',
    'none',
    'operator',
  ),
  elsewhere(
    '`import messages FILE`',
    '其他热线导出的原文件，含个人信息：邻里只读不留，导入后由操作的人保管或销毁',
    'the file of another hotline, which holds personal data: read, never kept; whoever imported it keeps or destroys it',
    'errand',
    'none',
    'operator',
  ),
])

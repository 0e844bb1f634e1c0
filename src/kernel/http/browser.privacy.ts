import { declareBrowser, elsewhere } from '#kernel/privacy/index.ts'

/** What answering leaves in a browser. */
export const httpBrowserPrivacy = declareBrowser('kernel/http', [
  elsewhere(
    'Cookie `linli_wrote`',
    '只在用只读副本时：写过之后，副本追到这里才给这个浏览器看；只是数据库日志里的一个位置',
    'only with a replica for reading: how far it must have come before this browser is shown it; a position in the database’s log alone',
    'minutes',
    'none',
    'cleared',
  ),
])

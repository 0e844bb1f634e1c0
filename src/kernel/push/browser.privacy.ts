import { declareBrowser, elsewhere } from '#kernel/privacy/index.ts'

/** What being told leaves in a browser. */
export const pushBrowserPrivacy = declareBrowser('kernel/push', [
  elsewhere(
    'Service worker `push-worker.js`',
    '收到提醒后打开哪一页，只在这个浏览器里；点“不再提醒”就删除',
    'which page a message opens, known to this browser alone; gone when told to stop',
    'browser',
    'none',
    'cleared',
  ),
])

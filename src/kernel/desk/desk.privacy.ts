import { declareBrowser, elsewhere } from '#kernel/privacy/index.ts'

/** What the desk keeps on the machine of whoever works with it. */
export const deskPrivacy = declareBrowser('kernel/desk', [
  elsewhere(
    'IndexedDB `linli-desk`',
    '没有网络时：等着发出的操作和照片、草稿、最近读过的事项（联系方式是遮住的）；换人登录后未发出的只留给本人，至多七天',
    'without network: acts and pictures that wait, drafts, and what was read last (contacts masked); once somebody else signs in, what was not sent waits for its author alone, seven days at most',
    'device',
    'none',
    'cleared',
  ),
  elsewhere(
    'localStorage, sessionStorage `linli-desk-at-once/…`',
    '刷新或关闭页面的一瞬间正在写的内容、正在登记的一件和刚登记的编号；下次打开就收走，退出登录即清除',
    'what is being typed in the moment a page is reloaded or closed, the request just being filed and the number just given; taken over when the page is opened again, cleared at sign-out',
    'device',
    'none',
    'cleared',
  ),
  elsewhere('localStorage `linli-desk-language`', '工作台的语言', 'language of the desk', 'browser', 'none', 'cleared'),
  elsewhere(
    'sessionStorage `linli-desk-reloaded`',
    '工作台刚才自己刷新过，不再刷新',
    'that the desk has just loaded itself anew and need not again',
    'tab',
    'none',
    'cleared',
  ),
])

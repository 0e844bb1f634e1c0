import { declareBrowser, elsewhere } from '#kernel/privacy/index.ts'

/** What telling, joining in and working on requests leave in a browser. */
export const requestsBrowserPrivacy = declareBrowser('listen/requests', [
  elsewhere(
    'Cookie `linli_form`',
    '表单只在打开它的浏览器里看得到：一半凭据在这里，不指向任何人',
    'a form is seen in the browser it was opened in alone: half of what finds it, which leads to nobody',
    'day',
    'secret',
    'cleared',
  ),
  elsewhere(
    'Cookie `linli_me_too`',
    '这个浏览器对这一件按过“我也有”；只发给那一件的页面，内容人人相同',
    'that “me too” was pressed here for a matter; sent to that matter’s page alone, and the same for everybody',
    'year',
    'none',
    'cleared',
  ),
  elsewhere(
    'sessionStorage `linli-draft:…`',
    '填了还没提交的字，只留在这个页面',
    'what was typed and not sent, in this tab alone',
    'tab',
    'none',
    'cleared',
  ),
  elsewhere(
    'sessionStorage `linli-desk-words-…`',
    '工作台搜过的字，不进网址',
    'words a list of the desk was searched for, kept out of addresses',
    'tab',
    'none',
    'cleared',
  ),
  elsewhere(
    'localStorage `linli-desk-columns`、`linli-desk-channel`',
    '工作台显示哪些列、登记时上次选的渠道',
    'which columns the desk shows, and the channel chosen last',
    'browser',
    'none',
    'cleared',
  ),
])

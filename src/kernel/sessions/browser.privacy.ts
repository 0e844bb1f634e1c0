import { declareBrowser, elsewhere } from '#kernel/privacy/index.ts'

/** What signing in leaves in a browser. */
export const signInPrivacy = declareBrowser('kernel/sessions', [
  elsewhere(
    'Cookie `linli.session`、`linli.brief`',
    '登录凭据；不勾“记住我”时关掉浏览器就没有了',
    'proof of the session; without “remember me” gone with the browser',
    'session',
    'secret',
    'cleared',
  ),
  elsewhere(
    'Cookie `linli.step`、`linli.passkey`、`linli.oidc`',
    '登录到一半时的一次性凭据，十分钟后失效',
    'single-use proof halfway through signing in, good for ten minutes',
    'minutes',
    'secret',
    'cleared',
  ),
  elsewhere(
    'Cookie `linli.known`',
    '这个浏览器登录过哪些账号（至多五个，只存密钥摘要），别人试错密码时不连累本人；不能用来登录',
    'that up to five accounts were opened in this browser, as keyed digests, so that strangers’ wrong tries do not shut their owner out; it opens nothing',
    'half-year',
    'secret',
    'cleared',
  ),
])

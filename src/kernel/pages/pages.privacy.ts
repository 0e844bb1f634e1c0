import { declareBrowser, elsewhere } from '#kernel/privacy/index.ts'

/** How somebody wishes to see the pages, without an account. */
export const pagesPrivacy = declareBrowser('kernel/pages', [
  elsewhere(
    'Cookie `linli_language`、`linli_display`',
    '语言、字号和对比度',
    'language, type size and contrast',
    'year',
    'none',
    'cleared',
  ),
])

import { expect, test } from 'vitest'
import { packagesToInstall } from './browser.ts'

const here = { browser: true, chineseFont: true, installs: true, own: false }

test.each([
  ['everything is there', {}, []],
  ['the browser alone is there', { chineseFont: false }, ['fonts-noto-cjk']],
  ['the font alone is there', { browser: false }, ['chromium']],
  ['neither is there', { browser: false, chineseFont: false }, ['chromium', 'fonts-noto-cjk']],
  ['nobody can say which fonts there are', { chineseFont: null }, []],
  ['a bare machine', { browser: false, chineseFont: null }, ['chromium', 'fonts-noto-cjk']],
  ['a browser of one’s own without the font', { own: true, chineseFont: false }, ['fonts-noto-cjk']],
  ['a browser of one’s own that is not there', { own: true, browser: false, chineseFont: null }, []],
  ['nothing can be installed', { installs: false, browser: false, chineseFont: false }, []],
])('%s', (_what, differs, packages) => {
  expect(packagesToInstall({ ...here, ...differs })).toEqual(packages)
})

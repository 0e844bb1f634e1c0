// The register as residents meet it: the promise at once, the receipt a moment later, what the code on paper leads to, and the page that says what
// it all means, in both languages, on a telephone and on a desk.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { checkArchive, exportArchive } from '#kernel/archive/index.ts'
import { openFileStore } from '#kernel/files/index.ts'
import { requestsOf } from '#testing/requests.ts'
import { axeFaults, house, picture } from './browser.ts'

const { server, organisation, open, at } = await house(4183)
const { file } = requestsOf(server, organisation)

async function looked(page: Page, name: string): Promise<void> {
  for (const width of [320, 360, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    const wide = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(wide, `${name} ${width}`).toBeLessThanOrEqual(0)
    await picture(page, `register-${name}-${width}`)
  }
  expect(await axeFaults(page), name).toEqual([])
}

async function checked(page: Page, file: string): Promise<void> {
  await page.locator('#receipt').setInputFiles(file)
  await page.locator('form[data-check=receipt] button').click()
}

async function compared(page: Page, held: string, onwards: string): Promise<void> {
  await page.locator('#held').setInputFiles(held)
  await page.locator('#onwards').setInputFiles(onwards)
  await page.locator('form[data-check=consistency] button').click()
}

async function archived(page: Page, file: string): Promise<void> {
  await page.locator('#archive').setInputFiles(file)
  await page.locator('form[data-check=archive] button').click()
}

test.each(['zh-CN', 'en'] as const)('from the promise to the proof (%s)', async (locale) => {
  const english = locale === 'en'
  const filed = await file({ text: '楼道里的声控灯不亮了。' })
  const page = await open({ locale, javaScriptEnabled: true })
  await page.goto(at(`/r/${filed.link}/receipt`))
  await page.getByText(english ? 'The signed promise' : '签了名的承诺').click()
  expect(await page.getByText('linli promise v1').isVisible()).toBe(true)
  await looked(page, `promise-${locale}`)

  await server.order()
  await page.getByRole('link', { name: english ? 'Look again' : '再看一次' }).click()
  await page.getByText(english ? 'The proof as text' : '证明的文字').click()
  await looked(page, `receipt-${locale}`)
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: english ? 'Save the proof as a file' : '保存证明文件' }).click(),
  ])
  expect(saved.suggestedFilename()).toMatch(/^linli-.+\.tlog-proof$/)

  await server.kernel.publishing.publish(server.clock.now())
  const place = Number(await server.one('select place from ledger.head'))
  const leaf = await server.one<string>(
    "select encode(e.leaf, 'hex') from ledger.entry e join ledger.act a on a.id = e.act where a.record = $1 and a.kind = 'request.file'",
    [filed.id],
  )
  const own = await server.one<string>(
    "select e.place::text from ledger.entry e join ledger.act a on a.id = e.act where a.record = $1 and a.kind = 'request.file'",
    [filed.id],
  )
  await page.goto(at(`/register/entries/${own}/${leaf}`))
  expect(await page.getByRole('heading', { level: 2 }).textContent()).toBe(
    english ? 'It stands where it stood' : '还在原处',
  )
  await looked(page, `entry-${locale}`)
  await page.goto(at(`/register/entries/${place + 5}/${leaf}`))
  await looked(page, `gone-${locale}`)
  // Checked on the site under its strict policy, and by the page that was saved, with no network at all.
  await page.goto(at('/register/check'))
  await looked(page, `check-${locale}`)
  const receipt = await saved.path()
  const holds = english ? 'The receipt holds' : '回执成立'
  await checked(page, receipt)
  await page.getByText(holds).waitFor()
  expect(await page.locator('blockquote').allTextContents()).toContain('楼道里的声控灯不亮了。')
  const [kept] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: english ? 'Save this page' : '把这一页存下来' }).click(),
  ])
  const alone = await open({ locale, javaScriptEnabled: true, offline: true })
  const folder = mkdtempSync(join(tmpdir(), 'linli-check-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await kept.saveAs(join(folder, 'check.html'))
  await alone.goto(`file://${join(folder, 'check.html')}`)
  await checked(alone, receipt)
  await alone.getByText(holds).waitFor()
  // Whether anything below the receipt was changed since: the later one as the page offers it, compared there and where no network is.
  await file({ text: '后来又报了一件。' })
  await server.order()
  await server.kernel.publishing.publish(server.clock.now())
  await checked(page, receipt)
  const [later] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '/register/consistency/' }).click(),
  ])
  const onwards = await later.path()
  const agree = english ? 'every earlier entry is still there' : '早先的每一条都还在'
  for (const where of [page, alone]) {
    await compared(where, receipt, onwards)
    await where.getByText(agree).waitFor()
  }
  await looked(page, `checked-${locale}`)
  const forked = join(folder, 'forked.txt')
  writeFileSync(forked, readFileSync(onwards, 'utf8').replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${'A'.repeat(43)}=\n`))
  await compared(alone, receipt, forked)
  await alone.getByText(english ? 'Keep both files' : '请留好这两个文件').waitFor()
  const altered = join(folder, 'altered.tlog-proof')
  writeFileSync(altered, readFileSync(receipt, 'utf8').replace(/\n— (\S+) ..../, '\n— $1 AAAA'))
  // Nothing of the receipt before stays under a file that cannot be read, and words that nothing proves are shown to nobody.
  const forge = (changes: object): void => {
    const text = readFileSync(receipt, 'utf8')
    const [, extra = ''] = /\nextra (\S+)\n/.exec(text) ?? []
    const told = { ...JSON.parse(Buffer.from(extra, 'base64').toString()), ...changes }
    const forged = Buffer.from(JSON.stringify(told)).toString('base64')
    writeFileSync(join(folder, 'forged.tlog-proof'), text.replace(extra, forged))
  }
  for (const changes of [
    { salt: null, personal: '{"body":"FORGED"}' },
    { salt: null, personal: '{"a":{"toString":1}}' },
    { personal: 'no json' },
  ]) {
    await checked(alone, receipt)
    await alone.getByText(holds).waitFor()
    forge(changes)
    await checked(alone, join(folder, 'forged.tlog-proof'))
    await alone.getByText(english ? 'This is no receipt' : '这不是回执').waitFor()
    expect(await alone.getByText(holds).count()).toBe(0)
    expect(await alone.getByText('FORGED').count()).toBe(0)
  }
  await checked(alone, altered)
  await alone.getByText(english ? 'not signed with this key' : '不是这把公钥签的').waitFor()
  expect(await axeFaults(alone)).toEqual([])
  // A whole archive, written by the installation, and the same with one byte changed.
  const archive = join(folder, 'linli.tar')
  const store = await openFileStore(server.kernel.config)
  const { ownerUrl, secret: key } = server.kernel.config
  const exporting = { file: archive, ownerUrl, key, store, program: 'test', scope: null, report: () => undefined }
  await exportArchive({ ...exporting, check: checkArchive })
  store.close()
  for (const where of [page, alone]) {
    await archived(where, archive)
    await where.getByText(english ? 'was not changed' : '档案包完整，没有改过').waitFor()
  }
  await looked(page, `archive-${locale}`)
  const bytes = readFileSync(archive)
  const inside = bytes.indexOf('tables/ledger.act/') + 1000
  bytes.writeUInt8(bytes.readUInt8(inside) ^ 1, inside)
  writeFileSync(archive, bytes)
  await archived(alone, archive)
  await alone.getByText(/tables\/ledger\.act\/000001/).waitFor()
  await page.goto(at('/register'))
  expect(await page.getByText('linli-register/').first().isVisible()).toBe(true)
  await looked(page, `public-${locale}`)
})

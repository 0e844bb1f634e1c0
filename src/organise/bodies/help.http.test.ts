// Whoever lost everything is helped by who appoints to all of their posts, through their own mail address and nothing else.
import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'
import { visitorOf } from '#testing/visitor.ts'
import { bodiesEndpoints as api } from './bodies.api.ts'

const server = await testServer(await testDatabase({ keep: true }))
const { staff, resident } = await makeOrganisation(server)
const { sessions, outbox } = server.kernel
const visitor = { address: '127.0.0.1', headers: {} }
const old = 'pine green on rice paper'
const password = '十二个字以上的一句示例密码'

/** A second later than what came before, so that the newest mail is its own. */
function help(as: string, tenure: string) {
  server.clock.advance(1000)
  return server.call(api.helpIn, { as, params: { id: tenure }, body: {} })
}
const mailsTo = async (to: string) => (await outbox.listReadableMessages()).filter((each) => each.to === to)
const linkIn = (text = '') => /\/staff\/sign-in\/anew\/([\w-]+)/.exec(text)?.[1] ?? ''
const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
})
const enter = (email: string, typed: string) => sessions.signIn({ email, password: typed, ...visitor })

test('only who appoints to every post of theirs may, and nobody for themselves', async () => {
  const { dispatcher, secretary, gridWorker, manager, stranger, leader } = staff
  expect((await help(secretary.cookie, dispatcher.tenure)).status, 'a post above').toBe(403)
  expect((await help(stranger.cookie, gridWorker.tenure)).status, 'another district').toBe(403)
  expect((await help(manager.cookie, gridWorker.tenure)).status, 'appoints nobody').toBe(403)
  expect((await help(resident.cookie, gridWorker.tenure)).status).toBe(403)
  expect((await help(secretary.cookie, secretary.tenure)).problem.type).toMatch(/help-self$/)
  // Somebody who holds a post further up as well is not the community's to set anew.
  const beyond = await server.call(api.appoint, {
    as: leader.cookie,
    params: { id: dispatcher.post },
    body: { person: gridWorker.person },
  })
  if (beyond.status === 409) {
    await server.superuser.query('update post set seats = 5 where id = $1', [dispatcher.post])
    const again = { as: leader.cookie, params: { id: dispatcher.post }, body: { person: gridWorker.person } }
    expect((await server.call(api.appoint, again)).status).toBe(201)
  }
  expect((await help(secretary.cookie, gridWorker.tenure)).problem.type).toMatch(/help-beyond$/)
  expect((await help(leader.cookie, gridWorker.tenure)).status).toBe(200)
  expect(await mailsTo('dispatcher@example.org')).toEqual([])
})

test('changes nothing until the link is used, then everything old ends, and both are written down', async () => {
  const { secretary, manager } = staff
  const mail = 'manager@example.org'
  await server.superuser.query(
    `insert into auth.authenticator (id, "userId", secret, "lastStep", "createdAt") values ('one', $1, 'x', 0, now())`,
    [manager.user],
  )
  await server.superuser.query(
    `insert into auth.passkey (id, "userId", name, "credentialId", "publicKey", counter, transports, "createdAt")
     values ('one', $1, '手机', 'x', 'x', 0, '', now())`,
    [manager.user],
  )
  const answer = await help(secretary.cookie, manager.tenure)
  expect(answer.status).toBe(200)
  expect(answer.text).not.toMatch(/anew|@/)
  const first = linkIn((await mailsTo(mail))[0]?.text)
  await help(secretary.cookie, manager.tenure)
  const token = linkIn((await mailsTo(mail))[0]?.text)
  expect(token).toHaveLength(32)
  expect(token).not.toBe(first)
  expect((await server.fetch(`/staff/sign-in/anew/${first}`)).status, 'an earlier link').toBe(410)
  expect(await enter(mail, old)).toMatchObject({ ok: true, second: true })
  expect((await server.fetch('/api/me', { headers: { Cookie: manager.cookie } })).status).toBe(200)

  const browser = visitorOf(server)
  const page = await browser.page(`/staff/sign-in/anew/${token}`)
  expect(page).toContain(mail)
  const weak = await browser.fetch(`/staff/sign-in/anew/${token}`, form({ password: 'short', again: 'short' }))
  expect(weak.status).toBe(422)
  const differ = await browser.fetch(`/staff/sign-in/anew/${token}`, form({ password, again: `${password}。` }))
  expect(await differ.text()).toContain('两次输的不一样')
  // Whoever holds the link does not choose another address with it.
  const done = await browser.fetch(
    `/staff/sign-in/anew/${token}`,
    form({ password, again: password, email: 'evil@example.org' }),
  )
  expect(done.headers.get('location')).toBe('/my/security')
  expect(await browser.page('/my/security')).toContain('凭邮件里的链接重新设置登录')
  expect((await browser.fetch(`/staff/sign-in/anew/${token}`)).status, 'used').toBe(410)
  expect((await server.fetch('/api/me', { headers: { Cookie: manager.cookie } })).status, 'the old session').toBe(401)
  expect(await enter(mail, old)).toMatchObject({ ok: false })
  const entered = await enter(mail, password)
  expect(entered).toMatchObject({ ok: true })
  expect(entered).not.toHaveProperty('second')
  for (const table of ['authenticator', 'passkey'])
    expect(await server.one(`select count(*)::int from auth.${table}`), table).toBe(0)
  const { rows } = await server.superuser.query<{ kind: string; tenure: string | null }>(
    `select kind, tenure from ledger.act where kind like 'sign-in.%' and record in ($1, $2) order by id`,
    [manager.tenure, manager.person],
  )
  expect(rows).toEqual([
    { kind: 'sign-in.helped', tenure: secretary.tenure },
    { kind: 'sign-in.helped', tenure: secretary.tenure },
    { kind: 'sign-in.set-anew', tenure: null },
  ])
  expect((await mailsTo(mail)).filter((each) => each.text.includes('凭邮件里的链接'))).toHaveLength(1)
})

test('a link runs out after a day, and that of an invitation is none', async () => {
  const { secretary, hand } = staff
  await help(secretary.cookie, hand.tenure)
  const token = linkIn((await mailsTo('hand@example.org'))[0]?.text)
  expect((await server.fetch(`/staff/sign-in/anew/${token}`)).status).toBe(200)
  const invited = await sessions.createInvitation({ reference: 'test:x' })
  expect((await server.fetch(`/staff/sign-in/anew/${invited.token}`)).status).toBe(410)
  server.clock.advance(24 * 3600_000 + 1000)
  expect((await server.fetch(`/staff/sign-in/anew/${token}`, form({ password, again: password }))).status).toBe(410)
})

test('somebody with a duty of oversight only from above, though the post lies where one appoints', async () => {
  const { secretary, hand, leader } = staff
  const duties = await server.one<string[]>('select duties from post where id = $1', [hand.post])
  await server.superuser.query("update post set duties = duties || '{judgement.read}' where id = $1", [hand.post])
  expect((await help(secretary.cookie, hand.tenure)).problem.type).toMatch(/help-beyond$/)
  expect((await help(leader.cookie, hand.tenure)).status).toBe(200)
  await server.superuser.query('update post set duties = $2 where id = $1', [hand.post, duties])
})

test('three links a day to one holder, whoever asks', async () => {
  const { secretary, leader, gridWorker } = staff
  await server.superuser.query(
    'update tenure set during = tstzrange(lower(during), now()) where person = $1 and id <> $2',
    [gridWorker.person, gridWorker.tenure],
  )
  // One was sent above.
  for (const as of [secretary, leader]) expect((await help(as.cookie, gridWorker.tenure)).status).toBe(200)
  for (const as of [secretary, leader]) {
    const often = await help(as.cookie, gridWorker.tenure)
    expect([often.status, often.problem.type]).toEqual([429, '/problems/help-often'])
  }
})

test('is refused where no mail leads', async () => {
  const { secretary, hand } = staff
  await server.superuser.query('update person set mail_encrypted = null where id = $1', [hand.person])
  const refused = await help(secretary.cookie, hand.tenure)
  expect(refused.status).toBe(409)
  expect(refused.problem.type).toMatch(/help-no-mail$/)
})

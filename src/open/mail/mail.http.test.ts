import { expect, test } from 'vitest'
import { tellingPath } from '#kernel/telling/index.ts'
import { doing } from '#listen/requests/acts/asked.ts'
import { requestsData } from '#listen/requests/requests.personal.ts'
import { mailServer, picture } from './mail.harness.ts'

const { server, organisation, requests, send, mailed, lettersTo, replyTo } = await mailServer()
const { staff, places } = organisation
const linkIn = (text = '') => /\/r\/([\w-]+)/.exec(text)?.[1] ?? ''

test('a mail with a picture becomes a request, and whoever wrote gets number, date and a link of their own', async () => {
  const sent = await send({
    to: 'tell+321003001001@in.linli.example',
    subject: '路灯不亮',
    text: '三号楼下的路灯不亮。\n-- \n王小明 13900000001',
    attachments: [{ filename: 'lamp.jpg', content: await picture() }],
  })
  expect(sent.code, sent.text).toBe(250)
  const [row] = await mailed()
  expect(row).toMatchObject({
    title: '路灯不亮',
    path: places.community.path,
    language: 'zh-CN',
    reporter: null,
    entered_by: null,
  })
  // What somebody put under their name is theirs, and stays.
  expect(row?.body).toBe('三号楼下的路灯不亮。\n--\n王小明 13900000001')
  expect(await server.one('select count(*)::int from file where record = $1', [row?.id])).toBe(1)
  const [letter] = await lettersTo('ming@example.org')
  expect(letter?.text).toContain('您的来信收到了')
  // In paragraphs, the link on a line of its own, so that every program makes one of it. What was told is read there: anybody may write
  // any sender, and nobody is sent a stranger's words by us.
  const lines = letter?.text.split('\n') ?? []
  expect(lines.filter((line) => line.includes('/r/'))).toEqual([expect.stringMatching(/^http\S+$/)])
  expect(lines).toContainEqual(expect.stringMatching(/^最晚 .+\d 答复。$/))
  expect(letter?.text).not.toContain('三号楼下')
  const page = await (await server.fetch(`/r/${linkIn(letter?.text)}`)).text()
  expect(page).toContain('三号楼下的路灯不亮。')
  // What is told of the link and of how they are reached is true of whoever left an address alone.
  const receipt = await (await server.fetch(`/r/${linkIn(letter?.text)}/receipt`)).text()
  expect(receipt).toContain('用邮件寄给了您')
  expect(receipt).not.toContain('没有留电话')
  for (const shown of [receipt, page]) expect(shown).toContain('m***@example.org')
  // Staff read it as what it is, and find the picture.
  const seen = await requests.read(staff.secretary, row?.id ?? '')
  expect(seen.body).toMatchObject({ channel: 'mail' })
})

test('the same mail brought twice, as after an answer that was lost, is one request', async () => {
  const before = (await mailed()).length
  const mail = { subject: 'Broken bench', text: 'The bench by the gate is broken.', messageId: '<one@client.example>' }
  expect((await send(mail)).code).toBe(250)
  expect((await send(mail)).code).toBe(250)
  expect(await mailed()).toHaveLength(before + 1)
  // Another mail that only bears the same name is another mail: nothing that somebody wrote is lost.
  expect((await send({ ...mail, text: 'The swing is broken too.' })).code).toBe(250)
  expect(await mailed()).toHaveLength(before + 2)
  expect((await mailed())[0]).toMatchObject({ language: 'en', body: 'The swing is broken too.' })
})

test('each address has its place; without one it goes to whoever receives for the whole', async () => {
  await send({ subject: '垃圾', text: '没有写在哪里。' })
  expect((await mailed())[0]).toMatchObject({ path: places.district.path })
  await send({ to: 'Wenchang@IN.linli.example', subject: '垃圾', text: '街道的地址。' })
  expect((await mailed())[0]).toMatchObject({ path: places.subdistrict.path })
  expect(await send({ to: 'tell+999999@in.linli.example', text: '一' })).toMatchObject({ code: 550 })
  expect(await send({ to: 'wenchang+321003@in.linli.example', text: '一' })).toMatchObject({ code: 550 })
  expect(await send({ to: 'nobody@in.linli.example', text: '一' })).toMatchObject({ code: 550 })
  // No relay: mail to elsewhere is nobody's here.
  expect(await send({ to: 'somebody@example.com', text: '一' })).toMatchObject({ code: 550 })
})

test('an answer by mail is added to the matter by the same act as on its page, without what was quoted', async () => {
  await send({ from: 'li@example.org', subject: '漏水', text: '楼道漏水。' })
  const [row] = await mailed()
  await lettersTo('li@example.org')
  const to = await replyTo('li@example.org')
  expect(to).toMatch(/^tell\+r-[a-z2-7]{32}@in\.linli\.example$/)
  const answered = await send({
    from: 'li@example.org',
    to,
    subject: 'Re: 您的来信收到了',
    text: '补充：是二单元。\n\n在 2026年11月24日，邻里 写道：\n> ——— 回信请写在这一行的上面，会记到这件事里 ———\n>\n> 您的来信收到了',
    attachments: [{ filename: '漏水.jpg', content: await picture() }],
  })
  expect(answered.code, answered.text).toBe(250)
  const { rows } = await server.superuser.query(
    "select e.text from request_entry e where e.request = $1 and e.kind = 'added'",
    [row?.id],
  )
  expect(rows).toEqual([{ text: '补充：是二单元。\n\n（用邮件回复的）' }])
  expect(await server.one('select count(*)::int from file where record = $1', [row?.id])).toBe(1)
  // The address is as good as the link, and no better: it opens no page.
  expect((await server.fetch(`/r/${/r-(\w+)@/.exec(to)?.[1]}`)).status).toBe(404)
  // Nothing of it is stored that could be used.
  const { rows: tokens } = await server.superuser.query(
    "select encode(hash, 'escape') as hash from access.token where kind = 'reply'",
  )
  expect(JSON.stringify(tokens)).not.toContain(/r-(\w+)@/.exec(to)?.[1])
})

test('an answer from another address than the one we wrote to is added, and says so to whoever reads it', async () => {
  await send({
    from: 'wang@example.org',
    to: 'tell+321003001001@in.linli.example',
    subject: 'Door',
    text: 'It sticks.',
  })
  const [row] = await mailed()
  await lettersTo('wang@example.org')
  const to = await replyTo('wang@example.org')
  for (const [from, envelope] of [
    ['Wang <WANG@example.org>', 'wang@example.org'],
    // Of the envelope and of what is shown, what is shown counts.
    ['evil@example.net', 'wang@example.org'],
    ['evil@example.net', 'evil@example.net'],
  ] as const)
    expect((await send({ from, to, envelope: { from: envelope, to }, text: `By ${from} over ${envelope}` })).code).toBe(
      250,
    )
  const seen = (await requests.read(staff.secretary, row?.id ?? '')).body
  const added = seen.entries.filter(({ kind }) => kind === 'added').map(({ text }) => text?.split('\n').at(-1))
  const other = '(answered by mail, from another address than the one we wrote to)'
  expect(added).toEqual(['(answered by mail)', other, other])
})

test('whoever answers where nothing can be added any more is told why, once an hour; after that it is declined', async () => {
  await send({ from: 'zhao@example.org', subject: '树', text: '树枝断了。' })
  const [row] = await mailed()
  const [letter] = await lettersTo('zhao@example.org')
  const to = await replyTo('zhao@example.org')
  await requests.holding({ link: linkIn(letter?.text) }, (act) =>
    doing.withdraw(act, server.kernel, row?.id ?? '', {}, null),
  )
  expect((await send({ from: 'zhao@example.org', to, text: '还有一句要紧的话' })).code).toBe(250)
  const back = (await lettersTo('zhao@example.org')).find(({ text }) => text.includes('没有记到那件事里'))
  expect(back?.text).not.toContain('还有一句要紧的话')
  expect(await send({ from: 'zhao@example.org', to, text: '再来一句' })).toMatchObject({ code: 550 })
  // Whoever else sends there is told by their own server, and written to by nobody.
  expect(await send({ from: 'qian@example.org', to, text: '再来一句' })).toMatchObject({ code: 550 })
  expect(await lettersTo('qian@example.org')).toEqual([])
})

test('an address for answers that has ended is known as ended, to whoever it was made for alone', async () => {
  await send({ from: 'sun2@example.org', subject: '树', text: '树枝又断了。' })
  await lettersTo('sun2@example.org')
  const to = await replyTo('sun2@example.org')
  await server.superuser.query("update access.token set expires_at = now() - interval '1 day' where kind = 'reply'")
  expect((await send({ from: 'Sun2@example.org', to, text: '晚了一年的话' })).code).toBe(250)
  const [told] = await lettersTo('Sun2@example.org')
  expect(told?.text).toContain('已经停用')
  expect(told?.text).not.toContain('晚了一年的话')
  expect(await send({ from: 'qian@example.org', to, text: '别人的话' })).toMatchObject({
    code: 550,
    text: expect.stringContaining('has ended'),
  })
  expect(await lettersTo('qian@example.org')).toEqual([])
  await server.superuser.query("update access.token set expires_at = now() + interval '1 day' where kind = 'reply'")
})

test('whoever is erased is answered no more: the address in their mails leads nowhere, and what they chose is gone', async () => {
  const { resident } = organisation
  const filed = await requests.file({ mail: 'erased@example.org' }, resident)
  await requests.does(staff.secretary, filed.id, 'accept')
  await requests.does(staff.secretary, filed.id, 'set-urgency', { urgency: 'urgent', reason: '有人摔倒' })
  await requests.does(staff.secretary, filed.id, 'set-urgency', { urgency: 'ordinary', reason: '已围起来' })
  await lettersTo('erased@example.org')
  const to = await replyTo('erased@example.org')
  const chosen = tellingPath(server.kernel.encryption, { purpose: 'record', owner: filed.id })
  const body = new URLSearchParams({ often: 'daily' })
  expect((await server.fetch(chosen, { method: 'POST', body })).status).toBe(303)
  expect((await send({ from: 'erased@example.org', to, text: '还在' })).code).toBe(250)
  await requestsData(server.kernel.encryption).erase?.(server.kernel.jobsDatabase.sql, resident.person)
  expect(await send({ from: 'erased@example.org', to, text: '还有一句' })).toMatchObject({ code: 550 })
  expect(await lettersTo('erased@example.org')).toEqual([])
  expect(
    await server.one("select count(*)::int from access.token where record = $1 and kind = 'reply'", [filed.id]),
  ).toBe(0)
  expect(await server.one('select count(*)::int from telling_choice where owner = $1', [filed.id])).toBe(0)
})

test('while the database is away nothing is lost: the sender’s server brings it again', async () => {
  const before = (await mailed()).length
  await server.superuser.query('alter table request rename to request_away')
  try {
    expect(await send({ subject: '井盖', text: '井盖松了。', messageId: '<away@client.example>' })).toMatchObject({
      code: 451,
    })
  } finally {
    await server.superuser.query('alter table request_away rename to request')
  }
  expect((await send({ subject: '井盖', text: '井盖松了。', messageId: '<away@client.example>' })).code).toBe(250)
  expect(await mailed()).toHaveLength(before + 1)
})

// The secret link of a matter is its owner's: by whatever way it comes along with what somebody writes, it stands in no record.
import { expect, test } from 'vitest'
import { open311Of } from '../open311/open311.harness.ts'
import { mailServer } from './mail.harness.ts'

const { server, organisation, requests, send, mailed, lettersTo, replyTo } = await mailServer()
const { staff } = organisation
const { post, keys } = open311Of(server, organisation)
const place = 'tell+321003001001@in.linli.example'
const mark = '——— Write your answer above this line, and it is added to this matter ———'

async function filed(from: string) {
  await send({ from, to: place, subject: 'Lamp', text: 'The lamp is out.' })
  const [row] = await mailed()
  const [letter] = await lettersTo(from)
  const link = /http\S+\/r\/[\w-]+/.exec(letter?.text ?? '')?.[0] ?? ''
  return { id: row?.id ?? '', link, token: link.split('/r/')[1] ?? '', to: await replyTo(from) }
}

/** All that staff read of a matter, and all that stands in its rows. */
async function kept(id: string): Promise<string> {
  const seen = await requests.read(staff.secretary, id)
  expect(seen.status).toBe(200)
  const { rows } = await server.superuser.query(
    'select to_jsonb(r) as row from request r where id = $1 union all select to_jsonb(e) from request_entry e where request = $1',
    [id],
  )
  return seen.text + JSON.stringify(rows)
}

test.each([
  ['below the quotation', (link: string) => ({ text: `> ${mark}\n>\n> It is here: ${link}\n\nYes, the third floor` })],
  ['between its lines', (link: string) => ({ text: `> We have it: ${link}\nYes, the third floor\n> Linli` })],
  [
    'behind a quotation in HTML',
    (link: string) => ({
      html: `<blockquote><p>${mark}</p><p><a href="${link}">${link}</a></p></blockquote><p>Yes, the third floor</p>`,
    }),
  ],
  [
    'in the subject',
    (link: string) => ({ subject: `Re: ${link}`, text: `Yes, the third floor\n${link.replace('/r/', '/r/\n> ')}` }),
  ],
])('an answer by mail written %s', async (name, mail) => {
  const from = `${name.replaceAll(' ', '-')}@example.org`
  const { id, link, token, to } = await filed(from)
  expect(token).toHaveLength(43)
  expect((await send({ from, to, ...mail(link) })).code).toBe(250)
  const text = await kept(id)
  expect(text).toContain('Yes, the third floor')
  expect(text).toContain('[link taken out]')
  expect(text).not.toContain(token)
  expect(text).not.toContain(to.slice(5, 30))
})

test('a letter of ours that is sent on as a new matter, with whom it is about in its name', async () => {
  const { link, token, to } = await filed('first@example.org')
  const judge = link.replace(/\/r\/.*/, '/j/aB3_aB3_aB3_aB3_aB3_xy')
  await send({
    to: place,
    from: `"${to}" <second@example.org>`,
    subject: `转发 ${link}`,
    text: `请看：${link}\n评价：${judge}\n回信地址：${to}\n日历：http://a.example/calendar/${'aB3_'.repeat(11)}.ics`,
  })
  const [row] = await mailed()
  expect(row).toMatchObject({
    title: '转发 ［链接已略去］',
    body: '请看：［链接已略去］\n评价：［链接已略去］\n回信地址：［链接已略去］\n日历：［链接已略去］',
  })
  expect(await kept(row?.id ?? '')).not.toContain(token)
})

test('what is typed: by a resident, by staff, in a form with pictures, and by other people’s software', async () => {
  const { id, link, token } = await filed('typed@example.org')
  const told = await requests.file({ text: `这件事也是我的：${link}`, spot: link })
  await requests.does(staff.secretary, told.id, 'accept')
  await requests.does(staff.secretary, told.id, 'set-urgency', { urgency: 'urgent', reason: `见 ${link}` })
  const shown = await (await server.fetch(`/r/${token}/add`)).text()
  const form = new FormData()
  for (const [field, value] of Object.entries({
    form: /name="form" value="([^"]+)"/.exec(shown)?.[1] ?? '',
    text: `我的链接是 ${link}/receipt 请看`,
  }))
    form.append(field, value)
  const page = await server.fetch(`/r/${token}/add`, { method: 'POST', body: form, redirect: 'manual' })
  expect(page.status).toBe(303)
  const answer = await post('requests.json', {
    api_key: keys.key,
    service_code: 'light.street',
    address_id: '321003001001',
    description: `title: ${link}\nSeen at ${link}.`,
  })
  expect(answer.status, answer.text).toBe(200)
  const [{ service_request_id: number }] = JSON.parse(answer.text)
  const other = await server.one<string>('select id from request where number = $1', [number])
  for (const each of [id, told.id, other ?? '']) expect(await kept(each)).not.toContain(token)
  expect(await kept(told.id)).toContain('这件事也是我的：［链接已略去］')
  expect(await kept(told.id)).toContain('见 ［链接已略去］')
  expect(await kept(other ?? '')).toContain('Seen at [link taken out].')
  expect(await kept(id)).toContain('我的链接是 ［链接已略去］ 请看')
})

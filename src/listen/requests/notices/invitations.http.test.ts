// An agreed visit in a calendar program: it comes, it moves, it is called off, by mail and by the private address.
import type { AddressInfo } from 'node:net'
import ICAL from 'ical.js'
import { SMTPServer } from 'smtp-server'
import { afterAll, describe, expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { type Member, makeOrganisation, signInResident } from '#testing/organisation.ts'
import { requestsOf } from '#testing/requests.ts'
import { testServer } from '#testing/server.ts'
import { doing } from '../acts/asked.ts'

const letters: { to: string; text: string }[] = []
const post = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, session, done) {
    let text = ''
    stream.on('data', (part) => {
      text += part
    })
    stream.on('end', () => {
      letters.push({ to: session.envelope.rcptTo[0]?.address ?? '', text })
      done()
    })
  },
})
await new Promise<void>((resolve) => post.listen(0, '127.0.0.1', resolve))
afterAll(() => new Promise<void>((resolve) => post.close(() => resolve())))
const url = `smtp://127.0.0.1:${(post.server.address() as AddressInfo).port}`
const server = await testServer(await testDatabase({ keep: true }), {
  smtp: { url, from: 'Linli <linli@example.org>' },
})
const organisation = await makeOrganisation(server)
const { file, does, holding } = requestsOf(server, organisation)
const { kernel } = server
const { staff, bodies, resident } = organisation
const day = 86_400_000
const onDay = (days: number) =>
  new Date(server.clock.now().getTime() + days * day + 8 * 3_600_000).toISOString().slice(0, 10)
/** The visit that stands. */
const visitOf = (id: string) =>
  server.one<string>("select id from visit where request = $1 and state in ('proposed', 'agreed')", [id])
const versionOf = (id: string) => server.one<number>('select version from request where id = $1', [id])
/** The resident's side. */
const byLink = async (filed: { id: string; link: string }, act: 'agree-visit' | 'move-visit', body = {}) => {
  const [visit, version] = [await visitOf(filed.id), await versionOf(filed.id)]
  server.clock.advance(1_000)
  await holding({ link: filed.link }, (one) => doing[act](one, kernel, filed.id, { visit, ...body } as never, version))
}
const window = (days: number, from: string, until: string) => ({
  from: `${onDay(days)}T${from}:00+08:00`,
  until: `${onDay(days)}T${until}:00+08:00`,
})

/** The calendar in a letter, as its type says, and what a parser reads in it. */
function invitationIn(letter: string) {
  const part = letter.split(/\r?\n--/).find((each) => /content-type: text\/calendar/i.test(each))
  if (!part) return null
  const [head = '', ...body] = part.split(/\r?\n\r?\n/)
  const sent = body.join('\n\n')
  const text = /transfer-encoding: base64/i.test(head)
    ? Buffer.from(sent, 'base64').toString()
    : Buffer.from(
        sent
          .replace(/=\r?\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, octet: string) => String.fromCharCode(Number.parseInt(octet, 16))),
        'latin1',
      ).toString()
  const component = new ICAL.Component(ICAL.parse(text))
  const events = component.getAllSubcomponents('vevent').map((each) => new ICAL.Event(each))
  return {
    type: /content-type: ([^\r\n]+(?:\r?\n[ \t][^\r\n]+)*)/i.exec(head)?.[1]?.replace(/\s+/g, ' ') ?? '',
    method: component.getFirstPropertyValue('method'),
    event: events[0] as ICAL.Event,
    status: events[0]?.component.getFirstPropertyValue('status'),
    text,
  }
}

/** The invitations that went out since the last look, by whom they went to. */
async function invitations() {
  await server.workJobs()
  letters.length = 0
  while ((await kernel.outbox.deliver()).sent > 0);
  return new Map(
    letters.flatMap(({ to, text }) => {
      const found = invitationIn(text)
      return found ? [[to, found] as const] : []
    }),
  )
}

async function atWork(by: Partial<Parameters<typeof file>[0]> = {}, as: Member | null = null) {
  const filed = await file({ title: '路灯不亮', name: '王小路', mail: 'xiaolu@example.org', ...by }, as)
  await does(staff.secretary, filed.id, 'accept')
  await does(staff.secretary, filed.id, 'dispatch', { body: bodies.property })
  await does(staff.manager, filed.id, 'acknowledge')
  return filed
}
const startOf = (found: { event: ICAL.Event } | undefined) => found?.event.startDate.toString()

describe('by mail', () => {
  test('agreed, moved, agreed anew and called off: the same appointment, each time with a higher sequence, for both sides', async () => {
    const { id, link } = await atWork()
    await does(staff.manager, id, 'arrange-visit', window(3, '09:00', '11:00'))
    // What is only proposed is in nobody's calendar.
    expect((await invitations()).size).toBe(0)
    await byLink({ id, link }, 'agree-visit')
    const agreed = await invitations()
    expect([...agreed.keys()].toSorted()).toEqual(['manager@example.org', 'xiaolu@example.org'])
    const first = agreed.get('xiaolu@example.org')
    expect(first?.type).toMatch(/text\/calendar; charset=utf-8; method=REQUEST/i)
    expect([first?.method, first?.status, startOf(first)]).toEqual(['REQUEST', 'CONFIRMED', `${onDay(3)}T09:00:00`])
    expect(first?.event.organizer).toBe('mailto:linli@example.org')
    expect(first?.event.attendees.map((each) => each.getFirstValue())).toEqual(['mailto:xiaolu@example.org'])

    server.clock.advance(60_000)
    await byLink({ id, link }, 'move-visit', window(4, '14:00', '15:00'))
    const moved = (await invitations()).get('xiaolu@example.org')
    expect([moved?.method, moved?.status, startOf(moved)]).toEqual(['REQUEST', 'TENTATIVE', `${onDay(4)}T14:00:00`])
    expect(moved?.event.uid).toBe(first?.event.uid)
    expect(moved?.event.sequence).toBeGreaterThan(first?.event.sequence ?? 99)

    await does(staff.manager, id, 'agree-visit', { visit: await visitOf(id) })
    const anew = await invitations()
    expect(anew.get('manager@example.org')?.status).toBe('CONFIRMED')
    const again = anew.get('xiaolu@example.org')
    expect([again?.method, again?.status]).toEqual(['REQUEST', 'CONFIRMED'])
    expect(again?.event.sequence).toBeGreaterThan(moved?.event.sequence ?? 99)

    await does(staff.manager, id, 'cancel-visit', { visit: await visitOf(id), ...{ reason: '来不了' } })
    const off = await invitations()
    const cancelled = off.get('xiaolu@example.org')
    expect([cancelled?.method, cancelled?.status, cancelled?.event.uid]).toEqual([
      'CANCEL',
      'CANCELLED',
      first?.event.uid,
    ])
    expect(cancelled?.event.sequence).toBeGreaterThan(again?.event.sequence ?? 99)
    expect(off.get('manager@example.org')?.method).toBe('CANCEL')
    for (const found of [first, moved, again, cancelled]) {
      expect(found?.text).not.toMatch(/王小路|路灯/)
      expect(found?.text).not.toContain(link)
    }
    // What is arranged afterwards is another appointment.
    await does(staff.manager, id, 'arrange-visit', window(5, '09:00', '11:00'))
    await byLink({ id, link }, 'agree-visit')
    expect((await invitations()).get('xiaolu@example.org')?.event.uid).not.toBe(first?.event.uid)
  })

  test('an answer takes a visit that is still to come out of the calendars, and leaves one that is over', async () => {
    const [ahead, over] = [await atWork(), await atWork()]
    for (const [filed, days] of [
      [ahead, 3],
      [over, 0.1],
    ] as const) {
      const begin = new Date(server.clock.now().getTime() + days * day)
      await does(staff.manager, filed.id, 'arrange-visit', {
        from: begin.toISOString(),
        until: new Date(begin.getTime() + 600_000).toISOString(),
      })
      await byLink(filed, 'agree-visit')
    }
    expect((await invitations()).get('xiaolu@example.org')?.method).toBe('REQUEST')
    server.clock.advance(day / 5)
    await does(staff.manager, over.id, 'answer', { text: '看过了，灯泡已换。' })
    expect((await invitations()).size).toBe(0)
    await does(staff.manager, ahead.id, 'answer', { text: '灯泡已换。' })
    expect((await invitations()).get('xiaolu@example.org')?.method).toBe('CANCEL')
  })
})

describe('by the private address', () => {
  const make = async (member: Member) => {
    const made = await server.fetch('/my/calendar', {
      method: 'POST',
      headers: { Cookie: member.cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'do=make',
    })
    const path = /\/calendar\/[\w-]{43}\.ics/.exec(await made.text())?.[0]
    expect(path).toBeTruthy()
    return path ?? ''
  }
  const eventsAt = async (path: string) => {
    const answer = await server.fetch(path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    const component = new ICAL.Component(ICAL.parse(await answer.text()))
    return component.getAllSubcomponents('vevent').map((each) => {
      const event = new ICAL.Event(each)
      return {
        uid: event.uid,
        title: event.summary,
        start: event.startDate.toString(),
        status: each.getFirstPropertyValue('status'),
      }
    })
  }

  test('resident and staff see the visit and what is due, each at their own; it moves and is called off', async () => {
    const mine = await atWork({ mail: undefined as never }, resident)
    const [theirs, works, beside] = [await make(resident), await make(staff.manager), await make(staff.lampKeeper)]
    await does(staff.manager, mine.id, 'arrange-visit', window(3, '09:00', '11:00'))
    const visitsAt = async (path: string) => (await eventsAt(path)).filter(({ uid }) => uid.startsWith('visit-'))
    expect(await visitsAt(theirs)).toEqual([])
    await byLink(mine, 'agree-visit')
    await server.workJobs()
    const [visit] = await visitsAt(theirs)
    expect(visit).toMatchObject({ start: `${onDay(3)}T09:00:00`, status: 'CONFIRMED' })
    expect((await visitsAt(works)).map(({ uid }) => uid)).toContain(visit?.uid)
    expect(await eventsAt(beside)).toEqual([])
    expect((await eventsAt(works)).map(({ uid }) => uid)).toContain(`due-${mine.id}@127.0.0.1`)
    expect((await eventsAt(theirs)).map(({ uid }) => uid)).toContain(`promised-${mine.id}@127.0.0.1`)

    await does(staff.manager, mine.id, 'move-visit', { visit: await visitOf(mine.id), ...window(4, '10:00', '11:00') })
    await server.workJobs()
    expect(await visitsAt(theirs)).toEqual([{ ...visit, start: `${onDay(4)}T10:00:00`, status: 'TENTATIVE' }])
    await does(staff.manager, mine.id, 'cancel-visit', { visit: await visitOf(mine.id), ...{ reason: '来不了' } })
    await server.workJobs()
    expect(await visitsAt(theirs)).toEqual([{ ...visit, start: `${onDay(4)}T10:00:00`, status: 'CANCELLED' }])

    // Whom the matter is kept from, and whose post has ended, sees nothing of it.
    await server.superuser.query('update request set excluded_people = $2 where id = $1', [
      mine.id,
      [staff.manager.person],
    ])
    expect((await eventsAt(works)).filter(({ uid }) => uid.includes(mine.id) || uid === visit?.uid)).toEqual([])
  })

  test('a program that has it as it is asks in vain; a new address ends the former, and an ended one leads nowhere', async () => {
    const path = await make(resident)
    const answer = await server.fetch(path)
    const tag = answer.headers.get('etag') ?? ''
    expect(answer.headers.get('cache-control')).toBe('private, no-cache')
    const again = await server.fetch(path, { headers: { 'If-None-Match': `"other", W/${tag}` } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const next = await make(resident)
    expect((await server.fetch(path)).status).toBe(404)
    expect((await server.fetch(next)).status).toBe(200)
    // Of the address only the digest is kept.
    const token = /[\w-]{43}/.exec(next)?.[0] ?? ''
    expect(
      await server.one('select count(*)::integer from calendar_feed where token_hash = sha256($1::text::bytea)', [
        token,
      ]),
    ).toBe(1)
    const page = await server.fetch('/my/calendar', { headers: { Cookie: resident.cookie } })
    expect(await page.text()).not.toContain(token)
    await server.fetch('/my/calendar', {
      method: 'POST',
      headers: { Cookie: resident.cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'do=end',
    })
    expect((await server.fetch(next)).status).toBe(404)
  })

  test('the page says how many dates are in it, and of an empty one that it is no fault', async () => {
    const newcomer = await signInResident(server, '13911110099')
    const page = async (member: Member) => {
      await make(member)
      return (
        await server.fetch('/my/calendar', { headers: { Cookie: member.cookie, 'Accept-Language': 'en' } })
      ).text()
    }
    expect(await page(newcomer)).toContain('There are no dates in it yet, which is no fault')
    await atWork({ mail: undefined as never }, resident)
    const dates = (await eventsAt(await make(resident))).length
    expect(dates).toBeGreaterThan(0)
    expect(await page(resident)).toContain(`Dates in it now: ${dates}.`)
  })

  test.each(['x.ics', `${'a'.repeat(43)}.ics`, '%00.ics', `${'a'.repeat(300)}.ics`, '..%2fx.ics'])(
    '%s is no address',
    async (file) => {
      const answer = await server.fetch(`/calendar/${file}`)
      expect([400, 404, 414]).toContain(answer.status)
    },
  )

  test('the file of a visit under one’s own link, without the link in it', async () => {
    const { id, link } = await atWork()
    await does(staff.manager, id, 'arrange-visit', window(3, '09:00', '11:00'))
    expect((await server.fetch(`/r/${link}/visit.ics`)).status).toBe(404)
    await byLink({ id, link }, 'agree-visit')
    expect(await (await server.fetch(`/r/${link}`)).text()).toContain(`/r/${link}/visit.ics`)
    const text = await (await server.fetch(`/r/${link}/visit.ics`)).text()
    expect(text).toContain('STATUS:CONFIRMED')
    expect(text).not.toContain(link)
    expect((await server.fetch(`/r/${'a'.repeat(43)}/visit.ics`)).status).toBe(404)
  })
})

import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import type { Encryption } from '#kernel/encryption/index.ts'
import { eraseMessagesOf } from '#kernel/outbox/index.ts'
import type { HeldFact, PersonalData } from '#kernel/privacy/index.ts'
import { forgetDevicesOf } from '#kernel/push/index.ts'
import { forgetTelling } from '#kernel/telling/index.ts'
import { t } from '#kernel/words/index.ts'
import { formatNumber } from './number.ts'
import { windowOfLine } from './reading/visit-spoken.ts'
import type { Verdict } from './requests.api.ts'

/**
 * What this room holds about people: the requests they reported with their contact, what was said in them, drafts.
 * Erasing unties the person and empties the contact; the words of a request stay with the record of the work, because
 * others act on them and answer for it. The roof registers it.
 */
export function requestsData(encryption: Pick<Encryption, 'decrypt'>): PersonalData {
  return {
    room: 'requests',
    stays: ['requests.stays.words'],
    async collect(act, person) {
      const requests = await act.sql
        .selectFrom('request')
        .select([
          'id',
          'number',
          'title',
          'body',
          'spot',
          'state',
          'filed_at',
          'longitude',
          'latitude',
          'consent_public',
        ])
        .select(sql<string | null>`(select ended.result from request_results(array[request.id]) ended)`.as('result'))
        .where('reporter', '=', person)
        .orderBy('id')
        .execute()
      const ids = requests.map(({ id }) => id)
      const contacts = await act.sql
        .selectFrom('request_contact')
        .select(['request', 'name_encrypted', 'phone_encrypted', 'mail_encrypted'])
        .where('person', '=', person)
        .execute()
      const open = (request: string, what: string, sealed: Buffer | null): string | null =>
        sealed && encryption.decrypt('contact', sealed, `${request}.${what}`)
      const drafts = await act.sql.selectFrom('request_draft').select('saved_at').where('person', '=', person).execute()
      const filters = await act.sql
        .selectFrom('saved_filter')
        .select(['name', 'query', 'saved_at'])
        .where('person', '=', person)
        .orderBy('name')
        .execute()
      return [
        {
          heading: 'requests.data.requests',
          rows: requests.map((request): HeldFact[] => {
            const contact = contacts.find((one) => one.request === request.id)
            return [
              numbered(request.number),
              { label: 'requests.data.filed', value: request.filed_at },
              { label: 'requests.data.title', value: request.title },
              { label: 'requests.data.body', value: request.body },
              { label: 'requests.data.spot', value: request.spot },
              {
                label: 'requests.data.point',
                value: request.longitude === null ? null : `${request.longitude}, ${request.latitude}`,
              },
              {
                label: 'requests.data.state',
                value: t(act.language)(
                  request.result ? `requests.ended.${request.result}` : `requests.stands.${request.state}`,
                ),
              },
              { label: 'requests.data.public', value: request.consent_public },
              { label: 'requests.data.name', value: open(request.id, 'name', contact?.name_encrypted ?? null) },
              { label: 'requests.data.phone', value: open(request.id, 'phone', contact?.phone_encrypted ?? null) },
              { label: 'requests.data.mail', value: open(request.id, 'mail', contact?.mail_encrypted ?? null) },
            ]
          }),
        },
        { heading: 'requests.data.said', rows: await said(act, ids) },
        { heading: 'requests.data.judged', rows: await judged(act) },
        { heading: 'requests.data.me-too', rows: await saidMeToo(act, encryption) },
        {
          heading: 'requests.data.drafts',
          rows: drafts.map(({ saved_at }) => [{ label: 'requests.data.saved', value: saved_at }]),
        },
        {
          heading: 'requests.data.filters',
          rows: filters.map(({ name, query, saved_at }) => [
            { label: 'requests.data.filter-name', value: name },
            { label: 'requests.data.filter', value: query },
            { label: 'requests.data.saved', value: saved_at },
          ]),
        },
      ]
    },
    async erase(on, person) {
      const theirs = await sql<{ request: string }>`
        select request from request_contact where person = ${person} union select id from request where reporter = ${person}`.execute(
        on,
      )
      // What still waits to be sent about these is not sent any more.
      for (const { request } of theirs.rows) {
        await eraseMessagesOf(on, request, new Date())
        await forgetDevicesOf(on, request)
        await forgetTelling(on, request)
        await sql`select access.end_replies(${request})`.execute(on)
      }
      // What was added to a neighbour's matter stays, the number under which it was added goes.
      await sql`update me_too set phone_encrypted = null, phone_index = null
        where phone_index = (select phone_index from person where id = ${person})`.execute(on)
      await on
        .updateTable('request_contact')
        .set({
          person: null,
          name_encrypted: null,
          phone_encrypted: null,
          phone_index: null,
          mail_encrypted: null,
          may_call: false,
        })
        .where('person', '=', person)
        .execute()
      for (const { request } of theirs.rows)
        await on.deleteFrom('request_contact_before').where('request', '=', request).execute()
      await on.updateTable('request').set({ reporter: null }).where('reporter', '=', person).execute()
      await on.deleteFrom('request_draft').where('person', '=', person).execute()
      await on.deleteFrom('saved_filter').where('person', '=', person).execute()
    },
  }
}

/** Answers and whatever stands in the timelines, as far as the person may read it. */
async function said(act: Act, requests: readonly string[]): Promise<HeldFact[][]> {
  if (requests.length === 0) return []
  const entries = await act.sql
    .selectFrom('request_entry')
    .innerJoin('request', 'request.id', 'request_entry.request')
    .leftJoin('tenure', 'tenure.id', 'request_entry.tenure')
    .leftJoin('post', 'post.id', 'tenure.post')
    .leftJoin('body', (join) => join.on('body.id', '=', sql<string>`coalesce(post.body, request_entry.body)`))
    .select([
      'request.number',
      'request_entry.kind',
      'request_entry.at',
      'request_entry.text',
      // Who holds a post is not for everybody to read; that it was somebody at work is.
      sql<boolean>`request_entry.tenure is not null`.as('at_work'),
      'body.name as body',
      'body.name_en as body_en',
    ])
    .where('request_entry.request', 'in', [...requests])
    .where('request_entry.internal', '=', false)
    .where('request_entry.text', 'is not', null)
    .execute()
  const answers = await act.sql
    .selectFrom('request_answer')
    .innerJoin('request', 'request.id', 'request_answer.request')
    .leftJoin('tenure', 'tenure.id', 'request_answer.author')
    .leftJoin('post', 'post.id', 'tenure.post')
    .leftJoin('body', 'body.id', 'post.body')
    .select([
      'request.number',
      'request_answer.kind',
      'request_answer.sent_at as at',
      'request_answer.text',
      sql<boolean>`true`.as('at_work'),
      'body.name as body',
      'body.name_en as body_en',
    ])
    .where('request_answer.request', 'in', [...requests])
    .where('request_answer.state', '=', 'sent')
    .where('request_answer.kind', '<>', 'part')
    .execute()
  // An answer stands in the timeline too: it is shown once.
  const shown = new Set(entries.map((entry) => `${entry.number} ${entry.text}`))
  return [...entries, ...answers.filter((answer) => !shown.has(`${answer.number} ${answer.text}`))]
    .sort((a, b) => String(a.at).localeCompare(String(b.at)))
    .map((row) => {
      const visit = windowOfLine(row.kind, row.text ?? '', act.now, act.language)
      return [
        numbered(row.number),
        { label: 'requests.data.filed', value: row.at },
        {
          label: 'requests.data.by',
          value:
            (act.language === 'en' && row.body_en) ||
            row.body ||
            t(act.language)(row.at_work ? 'requests.data.by-staff' : 'requests.data.by-you'),
        },
        {
          label: 'requests.data.body',
          value: row.text,
          ...(visit ? { spoken: `${visit.day} ${visit.hours}${visit.rest}` } : {}),
        },
      ]
    })
}

const numbered = (number: number): HeldFact => ({
  label: 'requests.data.number',
  value: number,
  spoken: formatNumber(number),
})

/** What the person said of the answers to their requests, by whichever way. */
async function judged(act: Act): Promise<HeldFact[][]> {
  const say = t(act.language)
  const { rows } = await sql<{
    number: number
    at: string
    solved: Verdict
    satisfaction: number | null
    words: string | null
  }>`
    select * from judgements_of_me()`.execute(act.sql)
  return rows.map((row) => [
    numbered(row.number),
    { label: 'requests.data.filed', value: row.at },
    {
      label: 'requests.judge.verdict',
      value: row.solved,
      spoken: say(`requests.judge.verdict-${row.solved}`),
    },
    {
      label: 'requests.data.satisfaction',
      value: row.satisfaction,
      ...(row.satisfaction === null ? {} : { spoken: say(`requests.judge.satisfaction-${row.satisfaction}`) }),
    },
    { label: 'requests.judge.words', value: row.words },
  ])
}

/** Where the person said "me too", as far as the number they signed in with shows it. */
async function saidMeToo(act: Act, encryption: Pick<Encryption, 'decrypt'>): Promise<HeldFact[][]> {
  const { rows } = await sql<{
    id: string
    number: number
    at: string
    words: string | null
    phone_encrypted: Buffer | null
  }>`
    select * from me_too_of_me()`.execute(act.sql)
  return rows.map((row) => [
    numbered(row.number),
    { label: 'requests.data.filed', value: row.at },
    {
      label: 'requests.data.phone',
      value: row.phone_encrypted && encryption.decrypt('contact', row.phone_encrypted, `${row.id}.phone`),
    },
    { label: 'requests.raised.me-too-words', value: row.words },
  ])
}

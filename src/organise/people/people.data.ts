import { type Act, signedIn } from '#kernel/access/index.ts'
import type { Encryption } from '#kernel/encryption/index.ts'
import { Refusal } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { record } from '#kernel/ledger/index.ts'
import { type HeldFact, type HeldSection, type PersonalData, personalDataOf } from '#kernel/privacy/index.ts'
import { exactTime, hasWords, t } from '#kernel/words/index.ts'
import type { Looked, Me } from './people.api.ts'
import { eraseQueue } from './people.jobs.ts'
import { spokenFact } from './people.spoken.ts'
import { holdsPost, myTenures, type PersonRow, readMyself, readReadings, writeMyself } from './people.store.ts'

type Reading = Pick<Encryption, 'decrypt'>

const shown = ({ id, name, phone, mail, language, createdAt, version }: PersonRow): Me => ({
  id,
  name,
  phone,
  mail,
  language,
  createdAt,
  version,
})

/** Whoever is signed in, with contact in the clear. @throws Refusal 401 */
export async function myself(act: Act, encryption: Reading): Promise<Me> {
  signedIn(act)
  const me = await readMyself(act, encryption)
  if (!me) throw new Refusal(401, 'sign-in-needed', 'http.sign-in-needed')
  return shown(me)
}

/** Corrects name or language. @throws Refusal 401, 412 on another change */
export async function correctMyself(
  act: Act,
  encryption: Reading,
  version: number,
  fields: { name?: string | null; language?: 'zh-CN' | 'en'; homePath?: string | null },
): Promise<Me> {
  const before = await myself(act, encryption)
  if (!(await writeMyself(act, version, fields)))
    throw new Refusal(412, 'version-conflict', 'http.version-conflict', { extra: { current: before } })
  await record(act, { kind: 'person.corrected', record: before.id, path: null, personal: fields })
  return myself(act, encryption)
}

/**
 * What this room holds about people: their own row, the posts they held, who looked. The roof registers it. Their row is erased last,
 * by the job that asks every room.
 */
export function peopleData(encryption: Reading): PersonalData {
  return {
    room: 'people',
    stays: ['people.stays.ledger', 'people.stays.readings'],
    async hinders(act, person) {
      return (await holdsPost(act.sql, person)) ? 'people.refused.holds-post' : null
    },
    async collect(act) {
      const me = await myself(act, encryption)
      const tenures = await myTenures(act)
      const readings = await readReadings(act, null, 500)
      return [
        {
          heading: 'people.data.me',
          rows: [
            [
              { label: 'people.data.name', value: me.name },
              { label: 'people.data.phone', value: me.phone },
              { label: 'people.data.mail', value: me.mail },
              {
                label: 'people.data.language',
                value: me.language,
                spoken: t(act.language)(me.language === 'en' ? 'people.data.english' : 'people.data.chinese'),
              },
              { label: 'people.data.since', value: me.createdAt },
            ],
          ],
        },
        {
          heading: 'people.data.posts',
          rows: tenures.map((tenure) => [
            { label: 'people.data.body', value: tenure.bodyName },
            { label: 'people.data.post', value: tenure.title },
            { label: 'people.data.name', value: tenure.name },
            { label: 'people.data.from', value: tenure.from },
            { label: 'people.data.until', value: tenure.until },
          ]),
        },
        {
          heading: 'people.data.looked',
          rows: readings.map((reading) => [
            { label: 'people.data.at', value: reading.at },
            { label: 'people.data.name', value: reading.holder_name },
            { label: 'people.data.body', value: reading.body_name },
            { label: 'people.data.post', value: reading.title },
            { label: 'people.data.what', value: reading.what },
            { label: 'people.data.purpose', value: reading.purpose },
          ]),
        },
      ]
    },
  }
}

export interface Held extends HeldSection {
  readonly room: string
}

/** All that every room holds about whoever acts, without empty sections. @throws Refusal 401 */
export async function heldAboutMe(act: Act): Promise<{ sections: Held[]; stays: string[]; hindrance: string | null }> {
  const person = signedIn(act)
  const sections: Held[] = []
  let hindrance: string | null = null
  for (const data of personalDataOf()) {
    for (const section of await data.collect(act, person))
      if (section.rows.length > 0) sections.push({ room: data.room, ...section })
    hindrance ??= (await data.hinders?.(act, person)) ?? null
  }
  return { sections, stays: personalDataOf().flatMap(({ stays }) => stays ?? []), hindrance }
}

/** A copy to take along: the same as JSON for machines and as text for people, in the reader's language. */
export async function copyOfMyData(
  act: Act,
): Promise<{ fileName: string; json: string; textName: string; text: string }> {
  const { sections, stays } = await heldAboutMe(act)
  const say = t(act.language)
  const day = act.now.toISOString().slice(0, 10)
  const word = (key: string): string => (hasWords(key) ? say(key) : key)
  const line = (fact: HeldFact): string =>
    `${word(fact.label)}${act.language === 'en' ? ': ' : '：'}${spokenFact(fact, act.language, act.now)}`
  const text = [
    word('people.data.title'),
    exactTime(act.now, act.language),
    ...sections.flatMap((section) => [
      '',
      `== ${word(section.heading)} ==`,
      ...section.rows.flatMap((row) => [...row.filter((fact) => fact.value !== null).map(line), '']),
    ]),
    '',
    word('people.data.stays'),
    ...stays.map((key) => `- ${word(key)}`),
    '',
  ].join('\n')
  const json = JSON.stringify({ format: 'linli-my-data', version: 1, at: act.now.toISOString(), sections }, null, 2)
  return { fileName: `linli-${day}.json`, json: `${json}\n`, textName: `linli-${day}.txt`, text }
}

/** Who looked at my data, newest first; `next` is what `after` takes for the following page. @throws Refusal 401 */
export async function whoLooked(
  act: Act,
  after: string | null = null,
  limit = 50,
): Promise<{ looked: Looked[]; next: string | null }> {
  signedIn(act)
  const rows = await readReadings(act, after, limit + 1)
  const english = act.language === 'en'
  const looked = rows.slice(0, limit).map((row) => ({
    id: row.id,
    at: row.at,
    what: row.what,
    purpose: row.purpose,
    recordKind: row.record_kind,
    record: row.subject_record,
    name: row.holder_name,
    post: (english ? row.title_en : null) ?? row.title,
    body: (english ? row.body_name_en : null) ?? row.body_name,
  }))
  return { looked, next: rows.length > limit ? (looked.at(-1)?.id ?? null) : null }
}

/**
 * Deletes whoever acts: sessions end, and every room erases what it holds within seconds, by a job that is tried until it
 * has worked. Returns keys of sentences for what stays and why.
 * @throws Refusal 401, 409 where something must be given up first (a post, so that nothing is left without anyone)
 */
export async function deleteMyself(
  act: Act,
  kernel: Pick<Kernel, 'jobs' | 'encryption'>,
): Promise<{ stays: string[] }> {
  const person = signedIn(act)
  for (const data of personalDataOf()) {
    const key = await data.hinders?.(act, person)
    if (key) throw new Refusal(409, 'hindered', key)
  }
  await record(act, { kind: 'person.deletion-asked', record: person, path: null })
  await kernel.jobs.enqueue(act, eraseQueue, { person })
  return { stays: personalDataOf().flatMap(({ stays }) => stays ?? []) }
}

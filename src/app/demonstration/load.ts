// Loads the demonstration: real places, invented bodies and people, and about 300 matters replayed through the same acts that
// people use, each at its moment, so that rules, timeline and ledger are what they would be in life. One transaction: a start that
// is interrupted leaves an empty database, and the next start loads it anew.
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import type { Config } from '#kernel/config/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { openDatabase, type Sql, transaction } from '#kernel/database/index.ts'
import { normalisePhone } from '#kernel/encryption/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { learnQueue } from '#listen/suggestions/suggestions.jobs.ts'
import { importPlaces, placeByCode } from '#organise/places/index.ts'
import { codeOf, type SettingName } from '#organise/settings/index.ts'
import { known, type Loaded } from './loaded.ts'
import type { Pack, PackPlace } from './pack.shapes.ts'
import { readAccounts, readPack } from './pack.ts'
import { replay } from './replay.ts'

export interface DemonstrationAccount {
  readonly role: string
  readonly name: readonly [string, string]
  readonly person: string
  readonly mail: string | null
  readonly phone: string | null
  /** Null for residents, who sign in with a code. */
  readonly password: string | null
}

/** The accounts of the demonstration. Passwords follow from the installation's secret: the same at every start, known to nobody else. */
export function demonstrationAccounts(
  config: Pick<Config, 'secret'>,
  accounts: Pack['accounts'] = readAccounts().accounts,
): DemonstrationAccount[] {
  return accounts.map((account) => ({
    role: account.role,
    name: account.name,
    person: account.person,
    mail: account.mail ?? null,
    phone: account.phone ?? null,
    password: account.mail ? passwordOf(config.secret, account.mail) : null,
  }))
}

const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

function passwordOf(secret: Buffer, mail: string): string {
  const bytes = createHmac('sha256', secret).update(`demonstration|${mail}`).digest()
  const letters = [...bytes.subarray(0, 12)].map((byte) => alphabet[byte % alphabet.length])
  return [letters.slice(0, 4), letters.slice(4, 8), letters.slice(8, 12)].map((group) => group.join('')).join('-')
}

/** Whether this database holds the demonstration; null where it has not begun. */
export async function installationKind(ownerUrl: string): Promise<'demonstration' | 'real' | null> {
  const database = openDatabase(ownerUrl, { connections: 1 })
  try {
    const { rows } = await sql<{ demonstration: boolean }>`select demonstration from installation`.execute(database.sql)
    if (rows[0]) return rows[0].demonstration ? 'demonstration' : 'real'
    const { rows: bodies } = await sql`select from body limit 1`.execute(database.sql)
    return bodies.length > 0 ? 'real' : null
  } finally {
    await database.close()
  }
}

/** Marks a new installation as a real one, so that no later start loads the demonstration into it. */
export async function beginEmpty(ownerUrl: string): Promise<void> {
  const database = openDatabase(ownerUrl, { connections: 1 })
  try {
    await sql`insert into installation (demonstration) values (false) on conflict do nothing`.execute(database.sql)
  } finally {
    await database.close()
  }
}

/** Milliseconds after which what was loaded is learned from. */
const learnsAfter = 15_000

/**
 * Loads everything.
 * @param kernel for sealing, sign-in and the queue
 * @returns how many requests there are
 */
export async function loadDemonstration(kernel: Kernel): Promise<number> {
  const { config } = kernel
  const pack = readPack()
  const districts = pack.places.filter((place) => place.kind === 'district')
  for (const district of districts) await importPlaces(config.ownerUrl, { under: district.code as string })
  const accounts = await makeAccounts(kernel, pack)
  const owner = openDatabase(config.ownerUrl, { connections: 2, statementSeconds: 0 })
  try {
    return await transaction(owner, async (database, client) => {
      const now = kernel.clock.now()
      const loaded = await loadChart(database, kernel, pack, accounts)
      const count = await replay({ sql: database, client }, kernel, pack, loaded, now)
      await sql`insert into installation (demonstration) values (true)`.execute(database)
      // What a night would learn from these matters is learned once the server is ready, by the job of the night: its figures are real.
      await kernel.jobs.enqueue({ client }, learnQueue, {}, { at: new Date(now.getTime() + learnsAfter) })
      return count
    })
  } finally {
    await owner.close()
  }
}

/** Sign-in accounts of staff, by mail and password. Returns the account of each mail. */
async function makeAccounts(kernel: Kernel, pack: Pack): Promise<Map<string, string>> {
  const made = new Map<string, string>()
  const staff = demonstrationAccounts(kernel.config, pack.accounts).filter(
    (account) => account.mail && account.password,
  )
  await forgetAccounts(kernel.config.authUrl)
  await Promise.all(
    staff.map(async ({ mail, password }) => {
      const { token } = await kernel.sessions.createInvitation({ reference: `demonstration:${mail}` })
      const outcome = await kernel.sessions.acceptInvitation(token, {
        email: mail as string,
        password: password as string,
        address: '127.0.0.1',
        headers: {},
      })
      if (!outcome.ok) throw new Error(`the demonstration account ${mail} was refused: ${outcome.key}`)
      await kernel.sessions.endSessionsOf(outcome.userId)
      made.set(mail as string, outcome.userId)
    }),
  )
  return made
}

async function loadChart(
  database: Sql,
  kernel: Kernel,
  pack: Pack,
  accounts: ReadonlyMap<string, string>,
): Promise<Loaded> {
  const places = await loadPlaces(database, pack)
  const people = await loadPeople(database, kernel, pack, accounts)
  const bodies = new Map<string, { id: string; path: string }>()
  const tenures = new Map<string, { tenure: string; person: string }[]>()
  const begun = new Date(kernel.clock.now().getTime() - 400 * 86_400_000)
  for (const body of pack.bodies) {
    const place = known(places, body.at)
    const id = newId()
    bodies.set(body.key, { id, path: place.path })
    await database
      .insertInto('body')
      .values({
        id,
        kind: body.kind,
        name: body.name,
        name_en: body.name_en,
        place: place.id,
        path: place.path,
        telephone: body.telephone ?? null,
      })
      .execute()
    for (const post of body.posts) {
      const postId = newId()
      await database
        .insertInto('post')
        .values({
          id: postId,
          body: id,
          title: post.title,
          title_en: post.title_en,
          duties: post.duties,
          seats: Math.max(post.seats, post.holders.length),
          is_head: post.head,
          shown: post.shown,
        })
        .execute()
      const held = post.holders.map((holder, index) => ({
        holder,
        index,
        tenure: newId(),
        person: known(people, holder),
      }))
      for (const { holder, index, tenure, person } of held) {
        await sql`insert into tenure (id, post, seat, person, holder_name, during, basis)
          values (${tenure}, ${postId}, ${index + 1}, ${person}, ${holder}, tstzrange(${begun}, null), '示例')`.execute(
          database,
        )
      }
      tenures.set(
        post.key,
        held.map(({ tenure, person }) => ({ tenure, person })),
      )
    }
  }
  const { categories, laws } = await loadSettings(database, pack, places, bodies)
  return { places, bodies, tenures, people, categories, laws }
}

async function loadPlaces(database: Sql, pack: Pack): Promise<Map<string, { id: string; path: string }>> {
  const places = new Map<string, { id: string; path: string }>()
  const counters = new Map<string, number>()
  for (const place of pack.places) {
    if (place.code) {
      const found = await placeByCode(database, place.code)
      if (!found) throw new Error(`the national list lacks ${place.code}`)
      const [longitude, latitude] = place.point ?? [null, null]
      await sql`update place set name_en = ${place.name_en}, longitude = ${longitude}, latitude = ${latitude}
        where id = ${found.id}`.execute(database)
      places.set(place.key, { id: found.id, path: found.path })
    } else places.set(place.key, await makePlace(database, place, places, counters))
  }
  return places
}

async function makePlace(
  database: Sql,
  place: PackPlace,
  places: ReadonlyMap<string, { id: string; path: string }>,
  counters: Map<string, number>,
) {
  const parent = known(places, place.of ?? '')
  const letter = place.kind === 'grid' ? 'g' : 'b'
  const count = (counters.get(`${parent.path}${letter}`) ?? 0) + 1
  counters.set(`${parent.path}${letter}`, count)
  const id = newId()
  const path = `${parent.path}${letter}${String(count).padStart(2, '0')}/`
  const [longitude, latitude] = place.point ?? [null, null]
  await sql`insert into place (id, kind, name, name_en, short_name, path, parent_id, name_source, longitude, latitude)
    values (${id}, ${place.kind}, ${place.name}, ${place.name_en}, ${place.name}, ${path}, ${parent.id}, 'local',
      ${longitude}, ${latitude})`.execute(database)
  return { id, path }
}

async function loadPeople(
  database: Sql,
  kernel: Kernel,
  pack: Pack,
  accounts: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const people = new Map<string, string>()
  const named = new Set([
    ...pack.bodies.flatMap((body) => body.posts.flatMap((post) => post.holders)),
    ...pack.residents.map((resident) => resident.person),
  ])
  for (const name of named) {
    const account = pack.accounts.find((each) => each.person === name && each.mail)
    const user = account?.mail ? accounts.get(account.mail) : undefined
    const { rows } = user
      ? await sql<{ id: string }>`update person set name = ${name} where auth_user = ${user} returning id`.execute(
          database,
        )
      : { rows: [] }
    const id = rows[0]?.id ?? newId()
    if (!rows[0]) {
      const resident = pack.residents.find((each) => each.person === name)
      const phone = resident ? normalisePhone(resident.phone)?.number : undefined
      await database
        .insertInto('person')
        .values({
          id,
          name,
          language: resident?.language ?? 'zh-CN',
          phone_encrypted: phone ? kernel.encryption.encrypt('person.phone', phone, id) : null,
          phone_index: phone ? kernel.encryption.blindIndex('phone', phone) : null,
        })
        .execute()
    }
    people.set(name, id)
  }
  return people
}

async function loadSettings(
  database: Sql,
  pack: Pack,
  places: ReadonlyMap<string, { id: string; path: string }>,
  bodies: ReadonlyMap<string, { id: string; path: string }>,
): Promise<{ categories: Map<string, string>; laws: Map<string, string> }> {
  const categories = new Map<string, string>()
  const laws = new Map<string, string>()
  const set = (key: string, name: SettingName, value: unknown) =>
    sql`insert into place_setting (path, name, value) values (${known(places, key).path}, ${name}, ${JSON.stringify(value)}::jsonb)`.execute(
      database,
    )
  for (const [key, hours] of Object.entries(pack.hours))
    await set(
      key,
      'working_hours',
      hours.spans.map(([from, to]) => ({ from, to })),
    )
  for (const [key, deadlines] of Object.entries(pack.deadlines)) await set(key, 'deadlines', deadlines)
  for (const subdistrict of pack.places.filter((place) => place.kind === 'subdistrict')) {
    const { path } = known(places, subdistrict.key)
    const inside = pack.bodies.filter((body) => known(bodies, body.key).path.startsWith(path))
    for (const category of pack.categories) {
      const [level1, level2, level3] = category.names
      if (!level1 || !level2 || !level3) throw new Error(`${category.code} lacks a level`)
      const id = newId()
      categories.set(`${subdistrict.key}|${category.code}`, id)
      const usual = inside.filter((body) => body.kind === category.unit)
      await database
        .insertInto('category')
        .values({
          id,
          path,
          code: codeOf({ level1: level1[0], level2: level2[0], level3: level3[0] }),
          level1: level1[0],
          level2: level2[0],
          level3: level3[0],
          level1_en: level1[1],
          level2_en: level2[1],
          level3_en: level3[1],
          promised_days: category.days,
          usual_kind: category.unit,
          usual_body: usual.length === 1 && usual[0] ? known(bodies, usual[0].key).id : null,
        })
        .execute()
    }
    for (const template of pack.templates) {
      await database
        .insertInto('template')
        .values({ id: newId(), path, name: template.name, text: template.text, language: template.language ?? 'zh-CN' })
        .execute()
    }
    for (const law of pack.laws) {
      const id = newId()
      laws.set(`${subdistrict.key}|${law.key}`, id)
      await database
        .insertInto('law')
        .values({
          id,
          path,
          kind: law.kind,
          name: law.name,
          name_en: law.name_en,
          article: law.article ?? null,
          plain: law.plain,
          plain_en: law.plain_en,
          valid_from: law.valid_from ?? null,
        })
        .execute()
    }
  }
  return { categories, laws }
}

/** Accounts that a broken off loading left behind: nobody else can have one before the installation has begun. */
async function forgetAccounts(authUrl: string): Promise<void> {
  const database = openDatabase(authUrl, { connections: 1 })
  try {
    await sql`delete from auth."user"`.execute(database.sql)
  } finally {
    await database.close()
  }
}

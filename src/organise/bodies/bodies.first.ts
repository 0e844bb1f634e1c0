import { SpokenRefusal } from '#kernel/config/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { type Database, sqlOn, transaction } from '#kernel/database/index.ts'
import type { Encryption } from '#kernel/encryption/index.ts'
import { record } from '#kernel/ledger/index.ts'
import { firstBodyKind, firstDuties } from './bodies.rules.ts'
import { insertInvitation } from './bodies.tenures.ts'

/** Why the first account of a place cannot be made, in both languages. */
export class FirstAccountRefusal extends SpokenRefusal {}

export interface FirstAccount {
  readonly place: string
  readonly body: string
  readonly post: string
  readonly link: string
  readonly expiresAt: string
}

/**
 * Gives a real installation its first post: a body at the place, a post that carries only what sets everything else up, and
 * an invitation to it, whose link is for the named person. Called again before it is accepted, it makes a new link and the
 * former one ends.
 * @param doors.owner the role that owns the tables: this is done at the command line, beneath no session
 * @throws FirstAccountRefusal where somebody may appoint at the place already, or there is no such place
 */
export async function firstAccount(
  doors: { owner: Database; encryption: Pick<Encryption, 'encrypt'>; publicUrl: string; now: Date },
  given: { placeCode: string; name: string; mail: string },
): Promise<FirstAccount> {
  const name = given.name.trim()
  const mail = given.mail.trim()
  if (name.length === 0 || [...name].length > 60 || !/^[^\s@]+@[^\s@]+$/.test(mail)) {
    throw new FirstAccountRefusal({ zh: '请给出姓名和邮箱。', en: 'Give a name and an e-mail address.' })
  }
  return transaction(doors.owner, async (sql, client) => {
    const place = await sql
      .selectFrom('place')
      .select(['id', 'kind', 'name', 'name_en', 'path'])
      .where('code', '=', given.placeCode)
      .where('abolished_at', 'is', null)
      .forKeyShare()
      .executeTakeFirst()
    if (!place) {
      throw new FirstAccountRefusal({
        zh: `没有编码为 ${given.placeCode} 的地方。先运行 linli import places。`,
        en: `There is no place with the code ${given.placeCode}. Run linli import places first.`,
      })
    }
    await client.query("select pg_advisory_xact_lock(hashtext('linli.appointers'))")
    // Whoever may appoint and cannot sign in appoints nobody: what was brought along from another installation has posts and no accounts.
    const { rows } = await client.query<{ taken: boolean }>(
      `select appointer_at($1) and exists (
         select from tenure t join post p on p.id = t.post join body b on b.id = p.body join person h on h.id = t.person
         where 'post.appoint' = any (p.duties) and t.during @> now() and (h.auth_user is not null or h.phone_index is not null)
           and $1 collate "C" >= b.path and $1 collate "C" < b.path || '~') as taken`,
      [place.path],
    )
    if (rows[0]?.taken) {
      throw new FirstAccountRefusal({
        zh: `${place.name}已经有人可以任命岗位，请由其邀请。`,
        en: `Somebody may already appoint at ${place.name}; let them invite.`,
      })
    }
    const kind = firstBodyKind(place.kind)
    const again = await sqlOn(client)
      .selectFrom('invitation')
      .innerJoin('post', 'post.id', 'invitation.post')
      .innerJoin('body', 'body.id', 'post.body')
      .select(['invitation.id', 'invitation.post', 'post.body'])
      .where('invitation.invited_by', 'is', null)
      .where('invitation.accepted_at', 'is', null)
      .where('body.place', '=', place.id)
      .where('body.dissolved_at', 'is', null)
      .where('post.abolished_at', 'is', null)
      .orderBy('invitation.id', 'desc')
      .limit(1)
      .executeTakeFirst()
    const act = { client, now: doors.now, actor: { person: null } }
    const body = again?.body ?? newId()
    const post = again?.post ?? newId()
    if (again) {
      await sql
        .updateTable('invitation')
        .set({ withdrawn_at: doors.now.toISOString() })
        .where('post', '=', post)
        .where('accepted_at', 'is', null)
        .where('withdrawn_at', 'is', null)
        .execute()
    } else {
      const bodyName = {
        district_government: '人民政府',
        subdistrict_office: '办事处',
        residents_committee: '居民委员会',
      }
      await sql
        .insertInto('body')
        .values({
          id: body,
          kind,
          name: `${place.name}${bodyName[kind as keyof typeof bodyName] ?? ''}`.slice(0, 80),
          place: place.id,
          path: place.path,
        })
        .execute()
      await record(act, {
        kind: 'body.founded',
        record: body,
        path: place.path,
        category: kind,
        facts: { first: true },
      })
      await sql
        .insertInto('post')
        .values({ id: post, body, title: '平台负责人', title_en: 'Platform lead', duties: [...firstDuties], seats: 1 })
        .execute()
      await record(act, {
        kind: 'post.added',
        record: post,
        path: place.path,
        facts: { body, duties: [...firstDuties].sort().join(' '), seats: 1 },
      })
    }
    const { id, link, expiresAt } = await insertInvitation(sql, doors, { post, name, mail, by: null })
    await record(act, {
      kind: 'invitation.sent',
      record: id,
      path: place.path,
      times: { expires: expiresAt.toISOString() },
      facts: { post, first: true },
      personal: { name, mail },
    })
    return { place: place.name, body, post, link, expiresAt: expiresAt.toISOString() }
  })
}

import { describe, expect, test } from 'vitest'
import { type Act, allow } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { personForUser } from '#organise/people/index.ts'
import {
  as,
  community,
  database,
  district,
  doors,
  encryption,
  openSession,
  owner,
  person,
  post,
  setting,
  tenure,
} from './bodies.harness.ts'
import {
  type AcceptingDoors,
  acceptInvitation,
  FirstAccountRefusal,
  firstAccount,
  inviteToPost,
  readInvitation,
  takeInvitedPost,
} from './index.ts'

describe('invitations', () => {
  const tokenOf = (link: string | null): string => link?.split('/').at(-1) ?? ''

  test('the link is good once, for somebody else, while the inviter may appoint', async () => {
    const { lead, worker } = await setting()
    const invited = await as(lead, (act) =>
      inviteToPost(act, doors, allow(act, 'post.appoint', community.path), worker, {
        name: '新人',
        mail: 'new@example.org',
      }),
    )
    const token = tokenOf(invited.link)
    expect(invited.invitation.mail).toBe('n***@example.org')
    const seen = await as(null, (act) => readInvitation(act, encryption, token))
    expect(seen).toMatchObject({ name: '新人', mail: 'new@example.org', title: '岗位', bodyName: '丙居委会' })
    await expect(as(null, (act) => takeInvitedPost(act, token))).rejects.toMatchObject({ status: 401 })
    await expect(as(lead, (act) => takeInvitedPost(act, token))).rejects.toMatchObject({
      status: 409,
      type: 'own-duty',
    })
    const newcomer = await person('新人')
    await as(newcomer, (act) => takeInvitedPost(act, token))
    expect(await as(newcomer, async (act) => act.actor.reach['request.accept'])).toEqual([community.path])
    const another = await person('别人')
    await expect(as(another, (act) => takeInvitedPost(act, token))).rejects.toMatchObject({ status: 410 })
    const { rows } = await owner.query(
      "select kind from ledger.act where kind in ('invitation.sent', 'tenure.began') order by id",
    )
    expect(rows.map(({ kind }) => kind)).toEqual(['invitation.sent', 'tenure.began'])
  })

  test('by mail, where there is mail, and then the link is shown to nobody', async () => {
    const { lead, worker } = await setting()
    const sent: unknown[] = []
    const outbox = {
      channels: { mail: true },
      queueMessage: async (_: unknown, message: unknown) => {
        sent.push(message)
        return newId()
      },
    }
    const invited = await as(lead, (act) =>
      inviteToPost(act, { ...doors, outbox }, allow(act, 'post.appoint', community.path), worker, {
        name: '新人',
        mail: 'new@example.org',
      }),
    )
    expect(invited.link).toBeNull()
    expect(sent).toMatchObject([{ to: 'new@example.org', channel: 'mail', values: { name: '新人', body: '丙居委会' } }])
  })

  test('nobody invites out of reach, in another’s name, or to a full post', async () => {
    const { lead, worker, committee } = await setting()
    const outsider = await person('外')
    const forged = (act: Act, by: string) =>
      act.client.query(
        `insert into invitation (id, post, name, mail_encrypted, token_hash, invited_by, expires_at)
         values ($1, $2, '甲', '', sha256('x'), $3, now() + interval '1 day')`,
        [newId(), worker, by],
      )
    await expect(as(outsider, (act) => forged(act, outsider))).rejects.toMatchObject({ code: '42501' })
    await expect(as(outsider, (act) => forged(act, lead))).rejects.toMatchObject({ code: '42501' })
    await expect(as(lead, (act) => forged(act, outsider))).rejects.toMatchObject({ code: '42501' })
    const single = await post(committee, ['request.read'])
    await tenure(single, outsider)
    await expect(
      as(lead, (act) =>
        inviteToPost(act, doors, allow(act, 'post.appoint', community.path), single, { name: '甲', mail: 'a@b.cn' }),
      ),
    ).rejects.toMatchObject({ status: 409, type: 'post-full' })
  })

  test('the first account of a place: once, and it may appoint', async () => {
    const given = { placeCode: '321003', name: '甲', mail: 'a@example.org' }
    const first = { owner: database.owner, encryption, publicUrl: 'http://127.0.0.1:3180', now: new Date() }
    const before = await firstAccount(first, given)
    const again = await firstAccount(first, given)
    expect(again.body).toBe(before.body)
    const sessions: AcceptingDoors['sessions'] = {
      createInvitation: async () => ({ token: 'inner', expiresAt: new Date() }),
      revokeInvitations: async () => undefined,
      acceptInvitation: async () => {
        await openSession('first-user', 'first-token')
        await personForUser(database.jobs.sql, encryption, { userId: 'first-user' })
        return { ok: true, userId: 'first-user', cookies: ['linli.session=first-token; Path=/'] }
      },
      signIn: async () => ({ ok: false, key: 'sessions.sign-in-wrong' }),
      sessionToken: () => 'first-token',
    }
    const accepting: AcceptingDoors = { database: database.app, encryption, sessions, clock: { now: () => new Date() } }
    const visitor = { password: '很长的一句话当作密码', language: 'zh-CN' as const, address: '127.0.0.1', headers: {} }
    await expect(acceptInvitation(accepting, tokenOf(before.link), visitor)).rejects.toMatchObject({ status: 410 })
    expect(await acceptInvitation(accepting, tokenOf(again.link), visitor)).toMatchObject({ ok: true })
    expect(await as('first-token', async (act) => act.actor.reach['post.appoint'])).toEqual([district.path])
    await expect(firstAccount(first, given)).rejects.toBeInstanceOf(FirstAccountRefusal)
    await expect(firstAccount(first, { ...given, placeCode: '321003001' })).rejects.toBeInstanceOf(FirstAccountRefusal)
    await expect(firstAccount(first, { ...given, placeCode: '990000' })).rejects.toBeInstanceOf(FirstAccountRefusal)
  })
})

import { describe, expect, test } from 'vitest'
import { type Act, allow } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import * as chart from './bodies.chart.ts'
import {
  as,
  body,
  community,
  district,
  doors,
  owner,
  person,
  post,
  setting,
  subdistrict,
  tenure,
} from './bodies.harness.ts'
import { oversightDuties, oversightRefused } from './bodies.rules.ts'
import { appointTo, endTenure, withdrawInvitation } from './bodies.tenures.ts'
import type { Duty } from './duties.ts'
import { inviteToPost, takeInvitedPost } from './index.ts'

describe('oversight is given from above', () => {
  /** An appointer in the community, beneath the one of the subdistrict. */
  async function secretary(held: readonly string[] = ['post.appoint', 'body.edit', 'request.dispatch']) {
    const made = await setting()
    const who = await person('书记')
    await tenure(await post(made.committee, held), who)
    return { ...made, who }
  }
  const oversight = { status: 409, type: 'oversight' }
  const add = (who: string, of: string, at: { path: string }, given: readonly Duty[]) =>
    as(who, (act) => chart.addPost(act, allow(act, 'body.edit', at.path), of, { title: '监督员', duties: given }))

  test.each(oversightDuties.map((duty) => [duty]))('%s, by a post of the community itself: refused', async (duty) => {
    const { who, committee, lead } = await secretary()
    await expect(add(who, committee, community, ['request.read', duty])).rejects.toMatchObject(oversight)
    await expect(add(lead, committee, community, ['request.read', duty])).resolves.toBeTruthy()
  })

  test('nor beneath it, nor by widening a post, filling one, inviting to one, or prolonging', async () => {
    const { who, committee, worker } = await secretary()
    const grid = { id: newId(), path: `${community.path}g01/` }
    await owner.query("insert into place (id, kind, name, short_name, path) values ($1, 'grid', '一格', '一格', $2)", [
      grid.id,
      grid.path,
    ])
    const below = await body(grid, 'grid', '一格')
    await expect(add(who, below, grid, ['judgement.read'])).rejects.toMatchObject(oversight)
    await expect(
      as(who, (act) =>
        chart.editPost(act, allow(act, 'body.edit', community.path), worker, 1, { duties: ['request.callback'] }),
      ),
    ).rejects.toMatchObject(oversight)
    const overseer = await post(committee, ['judgement.read'])
    const second = await person('另一个账号')
    const past = await tenure(worker, second)
    const appointing = (act: Act) => allow(act, 'post.appoint', community.path)
    await expect(as(who, (act) => appointTo(act, appointing(act), overseer, { person: second }))).rejects.toMatchObject(
      oversight,
    )
    await expect(
      as(who, (act) => inviteToPost(act, doors, appointing(act), overseer, { name: '甲', mail: 'a@example.org' })),
    ).rejects.toMatchObject(oversight)
    await owner.query(
      "update tenure set post = $2, during = tstzrange(now() - interval '2 days', now() - interval '1 day') where id = $1",
      [past, overseer],
    )
    await expect(
      as(who, (act) =>
        act.client.query('update tenure set during = tstzrange(lower(during), null) where id = $1', [past]),
      ),
    ).rejects.toMatchObject({ constraint: 'oversight_from_above' })
  })

  test('to hold a duty beside the post is not enough, from a level above it is', async () => {
    const { who, committee } = await secretary(['post.appoint', 'body.edit', 'request.agree'])
    await expect(add(who, committee, community, ['request.agree'])).rejects.toMatchObject(oversight)
    const beside = await body(community, 'service_team', '自己的队')
    await expect(add(who, beside, community, ['request.agree'])).rejects.toMatchObject(oversight)
    const above = await person('街道督查')
    await tenure(await post(await body(subdistrict), ['body.edit', 'request.supervise']), above)
    await expect(add(above, committee, community, ['request.supervise'])).resolves.toBeTruthy()
    await expect(add(above, committee, community, ['request.supervise', 'ledger.read'])).rejects.toMatchObject(
      oversight,
    )
  })

  test('nor do the watched end, empty, rename or hide those who watch them; from above it is done', async () => {
    const { who, lead } = await secretary(['post.appoint', 'body.edit', 'judgement.read', 'ledger.read'])
    const supervision = await body(community, 'supervision_committee', '监督委员会')
    const chair = await post(supervision, ['request.read', 'judgement.read', 'ledger.read'], 2, true)
    const held = await tenure(chair, await person('主任'))
    const open = await as(lead, (act) =>
      inviteToPost(act, doors, allow(act, 'post.appoint', community.path), chair, {
        name: '乙',
        mail: 'b@example.org',
      }),
    )
    const appointing = (act: Act) => allow(act, 'post.appoint', community.path)
    const editing = (act: Act) => allow(act, 'body.edit', community.path)
    const stands = { status: 409, type: 'oversight-stands' }
    const ways: ((act: Act) => Promise<unknown>)[] = [
      (act) => endTenure(act, appointing(act), held, 1),
      (act) => endTenure(act, appointing(act), held, 1, { lastDay: '2099-01-01' }),
      (act) => withdrawInvitation(act, appointing(act), open.invitation.id),
      (act) => chart.editPost(act, editing(act), chair, 1, { duties: ['request.read'] }),
      (act) => chart.editPost(act, editing(act), chair, 1, { shown: false }),
      (act) => chart.editPost(act, editing(act), chair, 1, { seats: 1 }),
      (act) => chart.abolishPost(act, editing(act), chair, 1),
      (act) => chart.editBody(act, editing(act), supervision, 1, { name: '文艺队' }),
      (act) => chart.dissolveBody(act, editing(act), supervision, 1, '撤销'),
    ]
    for (const [at, way] of ways.entries()) await expect(as(who, way), `way ${at}`).rejects.toMatchObject(stands)
    await as(who, (act) => chart.editBody(act, editing(act), supervision, 1, { telephone: '0514-00000000' }))
    await as(lead, (act) => endTenure(act, appointing(act), held, 1))
    await as(lead, (act) => chart.dissolveBody(act, editing(act), supervision, 2, '撤销'))
  })

  test('an empty post of those who watch is not abolished from beside, nor its body dissolved; one leaves it oneself', async () => {
    const { who } = await secretary()
    const supervision = await body(community, 'supervision_committee', '监督委员会')
    const chair = await post(supervision, ['post.appoint', 'judgement.read'])
    const editing = (act: Act) => allow(act, 'body.edit', community.path)
    const stands = { status: 409, type: 'oversight-stands' }
    await expect(as(who, (act) => chart.abolishPost(act, editing(act), chair, 1))).rejects.toMatchObject(stands)
    await expect(as(who, (act) => chart.dissolveBody(act, editing(act), supervision, 1, '撤销'))).rejects.toMatchObject(
      stands,
    )
    const own = await person('主任')
    const held = await tenure(chair, own)
    await as(own, (act) => endTenure(act, allow(act, 'post.appoint', community.path), held, 1))
  })

  test('the first appointer of an installation gives all, until somebody stands above', async () => {
    const who = await person('第一人')
    const committee = await body(community, 'residents_committee', '丙居委会')
    await tenure(await post(committee, ['post.appoint', 'body.edit']), who)
    await expect(add(who, committee, community, ['judgement.read'])).resolves.toBeTruthy()
    await tenure(await post(await body(subdistrict), ['post.appoint']), await person('街道'))
    await expect(add(who, committee, community, ['judgement.read'])).rejects.toMatchObject(oversight)
  })

  test('an invitation by somebody who may no longer give it is not taken', async () => {
    const { lead, committee } = await setting()
    const overseer = await post(committee, ['judgement.read'])
    const { link } = await as(lead, (act) =>
      inviteToPost(act, doors, allow(act, 'post.appoint', community.path), overseer, {
        name: '甲',
        mail: 'a@example.org',
      }),
    )
    const token = link?.split('/').at(-1) ?? ''
    // The inviter now appoints in the community alone, beneath another.
    await tenure(await post(await body(subdistrict), ['post.appoint']), await person('后来者'))
    await owner.query(
      'update tenure set during = tstzrange(lower(during), now()) where person = $1 and upper_inf(during)',
      [lead],
    )
    await tenure(await post(committee, ['post.appoint']), lead)
    const newcomer = await person('新人')
    await expect(as(newcomer, (act) => takeInvitedPost(act, token))).rejects.toMatchObject({ status: 410 })
  })

  test('the rule and the database say the same, wherever giver and post stand', async () => {
    const kinds: Record<string, string> = {
      [district.path]: 'district',
      [subdistrict.path]: 'subdistrict',
      [community.path]: 'community',
    }
    const bodies = new Map<string, string>()
    for (const at of [district, subdistrict, community]) bodies.set(at.path, await body(at))
    const asked: Duty[] = ['request.read', 'judgement.read', 'request.agree']
    const appointers: string[] = []
    for (const above of [null, subdistrict.path, district.path]) {
      if (above) {
        await tenure(await post(bodies.get(above) ?? '', ['post.appoint']), await person('上'))
        appointers.push(above)
      }
      for (const giverAt of [district.path, subdistrict.path, community.path]) {
        for (const held of [['post.appoint'], ['post.appoint', 'judgement.read'], ['body.edit', 'request.agree']]) {
          const giver = await person('给')
          const id = await tenure(await post(bodies.get(giverAt) ?? '', held), giver)
          const all = held.includes('post.appoint') ? [...appointers, giverAt] : appointers
          for (const path of [district.path, subdistrict.path, community.path]) {
            const { rows } = await owner.query('select oversight_refused($1, $2, $3) as refused', [giver, asked, path])
            const said = oversightRefused(
              asked,
              path,
              [{ duties: held, path: giverAt, kind: kinds[giverAt] ?? '' }],
              all,
            )
            expect([...rows[0].refused].sort(), `${above} ${giverAt} ${held} ${path}`).toEqual([...said].sort())
          }
          await owner.query('delete from tenure where id = $1', [id])
        }
      }
    }
    const { rows } = await owner.query('select oversight_duties() as listed')
    expect([...rows[0].listed].sort()).toEqual([...oversightDuties].sort())
  })
})

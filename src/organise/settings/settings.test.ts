import { beforeEach, describe, expect, test, vi } from 'vitest'
import { type Act, allow, enter } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import { addLaw, editLaw, listLaws, readLaw } from '#organise/laws/laws.store.ts'
import { testDatabase } from '#testing/database.ts'
import { builtInDeadlines, settingNames } from './settings.api.ts'
import { laxer, longer, mostDays, together, tooFewHours } from './settings.bounds.ts'
import * as items from './settings.items.ts'
import { codeOf, defaultSettings, faultOf, readCategories } from './settings.rules.ts'
import * as store from './settings.store.ts'

const database = await testDatabase()
const owner = database.owner.pool
const top = { id: newId(), name: '甲区', path: '32/10/03/' }
const below = { id: newId(), name: '乙街道', path: '32/10/03/001/' }
const beside = { id: newId(), name: '丙街道', path: '32/10/03/002/' }
let keeper: string

beforeEach(async () => {
  store.forgetSettings()
  for (const [at, [code, kind]] of [
    [top, ['321003', 'district']],
    [below, ['321003001', 'subdistrict']],
    [beside, ['321003002', 'subdistrict']],
  ] as const)
    await owner.query('insert into place (id, code, kind, name, short_name, path) values ($1, $2, $3, $4, $4, $5)', [
      at.id,
      code,
      kind,
      at.name,
      at.path,
    ])
  keeper = newId()
  await owner.query("insert into person (id, auth_user, name) values ($1, $2, '甲')", [keeper, `user-${keeper}`])
  await owner.query(
    `insert into auth."user" (id, name, email, "emailVerified", attached, "createdAt", "updatedAt")
     values ($1, 'u', $1 || '@users.invalid', false, true, now(), now())`,
    [`user-${keeper}`],
  )
  await owner.query(
    `insert into auth.session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
     values ($2, $2, $1, now() + interval '1 day', now(), now())`,
    [`user-${keeper}`, keeper],
  )
  const [body, post] = [newId(), newId()]
  await owner.query(
    "insert into body (id, kind, name, place, path) values ($1, 'subdistrict_office', '乙办事处', $2, $3)",
    [body, below.id, below.path],
  )
  await owner.query("insert into post (id, body, title, duties) values ($1, $2, '设置', '{place.settings}')", [
    post,
    body,
  ])
  await owner.query(
    `insert into tenure (id, post, seat, person, holder_name, during) values ($1, $2, 1, $3, '甲', tstzrange(now() - interval '1 day', null))`,
    [newId(), post, keeper],
  )
})

const as = <T>(who: string | null, work: (act: Act) => Promise<T>): Promise<T> =>
  enter(database.app, { session: who }, { now: new Date(), language: 'zh-CN' }, work)
const proof = (act: Act) => allow(act, 'place.settings', below.path)

describe('values of a place', () => {
  test('the nearest place that says something holds; giving up brings back what is above', async () => {
    const hours = [{ from: '09:00', to: '17:00' }]
    await owner.query(
      `insert into place_setting (path, name, value) values ($1, 'working_hours', '[{"from":"08:00","to":"12:00"}]'), ($1, 'call_back_share', '0.2')`,
      [top.path],
    )
    expect(await as(null, (act) => store.effectiveSettings(act.sql, below.path))).toMatchObject({
      working_hours: [{ from: '08:00', to: '12:00' }],
      call_back_share: 0.2,
      deadlines: {},
    })
    const set = await as(keeper, (act) => store.writeSetting(act, proof(act), below, 'working_hours', hours, 0))
    expect(set).toMatchObject({ value: hours, inheritedFrom: null, version: 1 })
    expect((await as(null, (act) => store.effectiveSettings(act.sql, below.path))).working_hours).toEqual(hours)
    expect((await as(null, (act) => store.effectiveSettings(act.sql, beside.path))).working_hours).toEqual([
      { from: '08:00', to: '12:00' },
    ])
    await expect(
      as(keeper, (act) => store.writeSetting(act, proof(act), below, 'working_hours', hours, 0)),
    ).rejects.toMatchObject({ status: 412, extra: { current: { version: 1 } } })
    const given = await as(keeper, (act) => store.giveUpSetting(act, proof(act), below, 'working_hours', 1))
    expect(given).toMatchObject({ inheritedFrom: '甲区', version: 0 })
    await owner.query("update place set name_en = 'Jia District' where id = $1", [top.id])
    const read = await as(null, (act) => store.shownValues({ sql: act.sql, language: 'en' }, below))
    expect(read.find(({ name }) => name === 'working_hours')).toMatchObject({ inheritedFrom: 'Jia District' })
  })

  test('what is kept is read again after five seconds, wherever the clock was set meanwhile', async () => {
    const read = async () => (await as(null, (act) => store.effectiveSettings(act.sql, below.path))).call_back_share
    const before = performance.now()
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 365 * 86_400_000)
    await read()
    clock.mockRestore()
    await owner.query(
      `insert into place_setting (path, name, value) values ($1, 'call_back_share', '0.7')
       on conflict (path, name) do update set value = excluded.value`,
      [below.path],
    )
    const passed = vi.spyOn(performance, 'now').mockReturnValue(before + 60_000)
    expect(await read()).toBe(0.7)
    passed.mockRestore()
  })

  test.each([
    ['call_back_share', 0.09],
    ['call_back_share', '0.5'],
    ['working_hours', []],
    ['working_hours', [{ from: '14:00', to: '12:00' }]],
    ['working_hours', [{ from: '9:00', to: '12:00' }]],
    ['deadlines', { accept: { hours: -1 } }],
    ['deadlines', { promised: { prompt: 5, common: 1, complex: 10 } }],
    ['deadlines', { promised: { prompt: 1, common: 11, complex: 10 } }],
    ['deadlines', { unknown: 1 }],
    ['deadlines', { dueSoonShare: 1 }],
    ['contact', { telephone: 5 }],
  ] as const)('refused: %s %j', (name, value) => {
    expect(faultOf(name, value)).not.toBeNull()
  })

  test('fine: hours, deadlines and the defaults themselves', () => {
    expect(
      faultOf('deadlines', {
        acknowledge: { hours: 2 },
        urgent: { hours: 2, counted: 'clock' },
        promised: { prompt: 1, common: 5, complex: 10 },
        farOverdue: { workingDays: 5 },
        dueSoonShare: 0.8,
      }),
    ).toBeNull()
    expect(faultOf('deadlines', { promised: { prompt: 5, common: 5, complex: 5 } })).toBeNull()
    for (const name of settingNames)
      if (defaultSettings[name] !== null) expect(faultOf(name, defaultSettings[name])).toBeNull()
  })

  test('names are those of the column', async () => {
    const { rows } = await owner.query<{ definition: string }>(
      `select pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = 'place_setting'::regclass and contype = 'c'`,
    )
    const inSql = [...(rows.map(({ definition }) => definition).join() ?? '').matchAll(/'([a-z_]+)'/g)].map(
      (match) => match[1],
    )
    expect(inSql.sort()).toEqual([...settingNames].sort())
  })
})

describe('a place is stricter towards itself than the place above, not laxer', () => {
  test.each([
    ['accept', { workingDays: 60 }],
    ['dispatch', { hours: 4.25 }],
    ['acknowledge', { workingDays: 1 }],
    ['urgent', { hours: 3, counted: 'clock' }],
    ['farOverdue', { workingDays: 60 }],
    ['farOverdueUrgent', { hours: 5 }],
    ['longestExtension', { workingDays: 11 }],
    ['judgeDays', 1],
    ['reopenDays', 1],
    ['reopenLimit', 1],
    ['callBackDays', 1],
    ['callBackTries', 1],
    ['promised', { prompt: 2, common: 5, complex: 10 }],
  ] as const)('%s %j: refused at its field, the program’s own is fine', (name, value) => {
    for (const kind of ['subdistrict', 'community', 'grid'])
      expect(laxer({ [name]: value }, {}, kind)?.field).toMatch(new RegExp(`^deadlines.${name}`))
    expect(laxer({ [name]: builtInDeadlines[name] }, {}, 'community')).toBeNull()
    expect(laxer({ [name]: value }, { [name]: value }, 'community')).toBeNull()
  })

  test('a district may go to twice the program’s times and half its rights, not further', () => {
    expect(laxer({ accept: { hours: 8 }, reopenDays: 15 }, {}, 'district')).toBeNull()
    expect(laxer({ accept: { hours: 8.25 } }, {}, 'district')?.field).toBe('deadlines.accept')
    expect(laxer({ reopenDays: 14 }, {}, 'district')?.field).toBe('deadlines.reopenDays')
    expect(laxer({ accept: { hours: 8 } }, { accept: { hours: 6 } }, 'district')?.limit).toEqual({ hours: 6 })
  })

  test('time by the clock is shorter than working time, and what is promised by it stays so', () => {
    expect(longer({ hours: 2 }, { hours: 2, counted: 'clock' })).toBe(true)
    expect(longer({ hours: 2, counted: 'clock' }, { hours: 2 })).toBe(false)
    expect(longer({ workingDays: 1 }, { hours: 8 })).toBe(false)
    expect(longer({ workingDays: 1 }, { hours: 7 })).toBe(true)
  })

  test('what is left out follows the place above, and a higher place that becomes stricter holds below', () => {
    expect(
      together([
        { accept: { hours: 1 }, reopenDays: 60 },
        { accept: { hours: 3 }, reopenDays: 30 },
      ]),
    ).toEqual({
      accept: { hours: 1 },
      reopenDays: 60,
    })
    expect(together([{ accept: { hours: 3 }, dispatch: { hours: 1 } }, { accept: { hours: 2 } }])).toEqual({
      accept: { hours: 2 },
      dispatch: { hours: 1 },
    })
  })

  test('working hours: four a day, fewer only by a district or above', () => {
    const minute = [{ from: '10:00', to: '10:01' }]
    expect(tooFewHours(minute, 'community')).toBe(true)
    expect(tooFewHours([{ from: '08:00', to: '12:00' }], 'community')).toBe(false)
    expect(tooFewHours(minute, 'district')).toBe(false)
  })

  test('days of a category: those of its namesake above, else of its neighbours, else of what is complex', () => {
    const above = [
      { level1: '甲', level2: '乙', level3: '丙', promisedDays: 1 },
      { level1: '甲', level2: '乙', level3: '丁', promisedDays: 5 },
      { level1: '甲', level2: '庚', level3: '辛', promisedDays: 9 },
    ]
    expect(mostDays({ level1: '甲', level2: '乙', level3: '丙' }, above, 10)).toBe(1)
    expect(mostDays({ level1: '甲', level2: '乙', level3: '戊' }, above, 10)).toBe(5)
    expect(mostDays({ level1: '甲', level2: '壬', level3: '辛' }, above, 10)).toBe(9)
    expect(mostDays({ level1: '己', level2: '乙', level3: '丙' }, above, 10)).toBe(10)
  })

  test('over the wire each is refused with what it is called and how far it may go', async () => {
    const write = (name: Parameters<typeof store.writeSetting>[3], value: unknown) =>
      as(keeper, (act) => store.writeSetting(act, proof(act), below, name, value, 0))
    await expect(write('deadlines', { accept: { workingDays: 60 } })).rejects.toMatchObject({
      status: 400,
      field: 'deadlines.accept',
      key: 'settings.refused.at-most',
    })
    await expect(write('deadlines', { judgeDays: 1 })).rejects.toMatchObject({
      field: 'deadlines.judgeDays',
      key: 'settings.refused.at-least',
      values: { limit: '7' },
    })
    await expect(write('working_hours', [{ from: '10:00', to: '10:01' }])).rejects.toMatchObject({
      field: 'working_hours',
    })
    await owner.query("insert into place_setting (path, name, value) values ($1, 'call_back_share', '0.2')", [top.path])
    await expect(write('call_back_share', 0.1)).rejects.toMatchObject({ field: 'call_back_share' })
    await owner.query(
      `insert into category (id, path, code, level1, level2, level3, promised_days) values ($1, $2, $3, '城市管理', '市政设施', '路灯', 1)`,
      [newId(), top.path, codeOf(category)],
    )
    const long = { ...category, promisedDays: 60 }
    await expect(as(keeper, (act) => items.addCategory(act, proof(act), long))).rejects.toMatchObject({
      status: 400,
      field: 'promisedDays',
      values: { limit: 1 },
    })
    const listed = await as(keeper, (act) =>
      items.importCategoryList(act, proof(act), below.id, '一级,二级,三级,承诺工作日\n城市管理,市政设施,路灯,60\n'),
    )
    expect(listed).toMatchObject({ added: 0, rejected: [{ line: 2, reason: 'days-above' }] })
  })
})

describe('beneath the policies', () => {
  test('out of reach, and for nobody, every change is refused', async () => {
    await expect(as(keeper, async (act) => allow(act, 'place.settings', beside.path))).rejects.toMatchObject({
      status: 403,
    })
    for (const who of [keeper, null])
      for (const statement of [
        `insert into place_setting (path, name, value) values ('${beside.path}', 'notice', '{}')`,
        `insert into category (id, path, code, level1, level2, level3) values ('${newId()}', '${top.path}', 'a', 'a', 'a', 'a')`,
        `insert into law (id, path, kind, name, plain) values ('${newId()}', '${beside.path}', 'law', 'a', 'a')`,
        `delete from law`,
      ])
        await expect(
          as(who, (act) => act.client.query(statement)),
          statement,
        ).rejects.toMatchObject({ code: '42501' })
    await owner.query(`insert into place_setting (path, name, value) values ($1, 'notice', '{}')`, [beside.path])
    const deleted = await as(keeper, (act) => act.client.query('delete from place_setting'))
    expect(deleted.rowCount).toBe(0)
  })
})

const category = {
  level1: '城市管理',
  level2: '市政设施',
  level3: '路灯',
  level1En: null,
  level2En: null,
  level3En: 'Street lamps',
  promisedDays: 3,
  usualBody: null,
  usualKind: 'department',
}

describe('categories', () => {
  test('added, edited, retired, and there again under the same code', async () => {
    const added = await as(keeper, (act) => items.addCategory(act, proof(act), category))
    expect(added).toMatchObject({ code: codeOf(category), version: 1, inheritedFrom: null })
    await expect(as(keeper, (act) => items.addCategory(act, proof(act), category))).rejects.toMatchObject({
      status: 409,
    })
    const edited = await as(keeper, (act) =>
      items.editCategory(act, proof(act), added.id, 1, { ...category, promisedDays: 5 }),
    )
    expect(edited).toMatchObject({ promisedDays: 5, version: 2 })
    await expect(as(keeper, (act) => items.editCategory(act, proof(act), added.id, 1, category))).rejects.toMatchObject(
      { status: 412 },
    )
    await as(keeper, (act) => store.retireItem(act, proof(act), 'category', added.id, 2))
    expect(await as(null, (act) => items.effectiveCategories(act.sql, below.path))).toEqual([])
    expect((await as(keeper, (act) => items.addCategory(act, proof(act), category))).id).toBe(added.id)
  })

  test('a list is taken in, and again without change; the nearer place holds', async () => {
    const csv =
      '一级,二级,三级,承诺工作日\n城市管理,市政设施,路灯,3\n,,井盖,1\n,环境卫生,垃圾,\n城市管理,市政设施,路灯,3\n,,久,99\n'
    const first = await as(keeper, (act) => items.importCategoryList(act, proof(act), below.id, csv))
    expect(first).toEqual({
      read: 5,
      added: 3,
      changed: 0,
      same: 0,
      rejected: [
        { line: 5, reason: 'twice' },
        { line: 6, reason: 'days' },
      ],
    })
    const again = await as(keeper, (act) => items.importCategoryList(act, proof(act), below.id, csv))
    expect(again).toMatchObject({ added: 0, changed: 0, same: 3 })
    await owner.query(
      `insert into category (id, path, code, level1, level2, level3, promised_days) values ($1, $2, $3, '城市管理', '市政设施', '路灯', 9)`,
      [newId(), top.path, codeOf(category)],
    )
    const here = await as(null, (act) => items.effectiveCategories(act.sql, below.path))
    expect(here.filter(({ level3 }) => level3 === '路灯')).toMatchObject([{ promisedDays: 3, inheritedFrom: null }])
    expect(await as(null, (act) => items.effectiveCategories(act.sql, beside.path))).toMatchObject([
      { promisedDays: 9, inheritedFrom: '甲区' },
    ])
  })

  test('a list in English, in GB18030, and what is no list', () => {
    expect(readCategories('level1,level2,level3\na,b,c\n').rows).toMatchObject([
      { level1: 'a', level3: 'c', promisedDays: 5 },
    ])
    // Another first level ends what the second repeats.
    expect(readCategories('level1,level2,level3\na,b,c\n,,d\ne,,f\n').rows).toMatchObject([
      { level1: 'a', level2: 'b', level3: 'c' },
      { level1: 'a', level2: 'b', level3: 'd' },
      { level1: 'e', level2: 'e', level3: 'f' },
    ])
    expect(() => readCategories('编号,名称\n1,2\n')).toThrow(RangeError)
    expect(() => readCategories('')).toThrow(RangeError)
  })
})

describe('templates', () => {
  test('a brace that opens no hole is refused', async () => {
    const written = { name: '回复', text: '{姓名}您好，{做了什么}', language: 'zh-CN' as const }
    const added = await as(keeper, (act) => items.addTemplate(act, proof(act), written))
    await expect(
      as(keeper, (act) => items.editTemplate(act, proof(act), added.id, 1, { ...written, text: '{姓名您好' })),
    ).rejects.toMatchObject({ status: 400, field: 'text' })
    expect(await as(null, (act) => items.effectiveTemplates(act.sql, below.path))).toMatchObject([written])
  })
})

describe('the library of policies and laws', () => {
  const law = {
    kind: 'law' as const,
    name: '某某法',
    nameEn: 'Some Act',
    article: '第十条',
    plain: '路灯由城市管理部门维护。',
    plainEn: null,
    validFrom: '2026-01-01',
  }
  test('found by name, article and plain words; an edit from an old version is refused', async () => {
    const added = await as(keeper, (act) => addLaw(act, proof(act), law))
    const find = (words: string) => as(null, (act) => listLaws(act, `${below.path}001/`, words))
    for (const words of ['某某法', '第十条', '路灯 城市管理', 'some act'])
      expect(await find(words), words).toHaveLength(1)
    for (const words of ['路灯 井盖', '%', '_']) expect(await find(words), words).toHaveLength(0)
    expect(await as(null, (act) => readLaw(act.sql, added.id))).toMatchObject({
      validFrom: '2026-01-01',
      retiredAt: null,
    })
    await as(keeper, (act) => editLaw(act, proof(act), added.id, 1, { ...law, article: '第十一条' }))
    await expect(as(keeper, (act) => editLaw(act, proof(act), added.id, 1, law))).rejects.toMatchObject({ status: 412 })
    await expect(
      as(keeper, (act) => addLaw(act, proof(act), { ...law, validFrom: '2026-02-30' })),
    ).rejects.toMatchObject({ status: 400 })
    await as(keeper, (act) => store.retireItem(act, proof(act), 'law', added.id, 2))
    expect(await find('')).toHaveLength(0)
    expect((await as(null, (act) => readLaw(act.sql, added.id)))?.retiredAt).not.toBeNull()
  })
})

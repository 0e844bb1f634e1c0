// What the role that serves requests may add to acts: to those of its own transaction alone.
import { expect, test } from 'vitest'
import { transaction } from '#kernel/database/index.ts'
import { record } from './index.ts'
import { emptyRegister } from './ledger.harness.ts'

const { app, chain, check, fact, jobs, nobody, order, owner, write } = await emptyRegister()
const refused = { code: '42501' }

test('an act of before gets no salt and no second place from whoever serves requests', async () => {
  const [bare] = await write(1, { personal: undefined })
  const [erased] = await write(1)
  await order()
  await jobs.pool.query('delete from ledger.salt where act = $1', [erased])
  for (const act of [bare, erased]) {
    await expect(
      app.pool.query('insert into ledger.salt (act, salt) values ($1, $2)', [act, Buffer.alloc(16)]),
    ).rejects.toMatchObject(refused)
    await expect(app.pool.query('insert into ledger.pending (act) values ($1)', [act])).rejects.toMatchObject(refused)
  }
  // Nor from a transaction that has written one of its own.
  await expect(
    transaction(app, async (_sql, client) => {
      await record({ client, now: new Date(), actor: nobody }, fact({ personal: 'words' }))
      await client.query('insert into ledger.salt (act, salt) values ($1, $2)', [erased, Buffer.alloc(16)])
    }),
  ).rejects.toMatchObject(refused)
  for (const table of ['salt', 'pending'])
    expect((await owner.pool.query(`select from ledger.${table}`)).rowCount, table).toBe(0)
  expect(await chain()).toHaveLength(2)
})

test('its own act gets both, with the statement that writes it or after; what comes in by jobs does too', async () => {
  const [first] = await write(1)
  await transaction(app, async (_sql, client) => {
    const act = await record({ client, now: new Date(), actor: nobody }, fact())
    await client.query('insert into ledger.salt (act, salt) values ($1, $2)', [act, Buffer.alloc(16)])
  })
  await write(1, {}, jobs)
  expect((await owner.pool.query('select from ledger.salt')).rowCount).toBe(3)
  await order()
  expect((await chain())[0]?.act).toBe(first)
  expect(await check()).toMatchObject({ entries: 3 })
})

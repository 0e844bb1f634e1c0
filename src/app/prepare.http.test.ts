// Several processes find a fresh database of one's own at the same time, as a supervisor that starts them together makes happen.
import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { asSuperuser, testAddresses } from '#testing/postgres.ts'

const postgres = inject('postgres')
const name = `prepare_${process.pid}`
const addresses = testAddresses(postgres, name)
const program = `
  import { prepareDatabase } from '${new URL('./prepare.ts', import.meta.url)}'
  console.log((await prepareDatabase(JSON.parse(process.argv[1]), null)).length)
`

beforeAll(() =>
  asSuperuser(postgres, 'postgres', (client) => client.query(`create database ${name} owner linli_owner`)),
)
afterAll(() => asSuperuser(postgres, 'postgres', (client) => client.query(`drop database ${name} with (force)`)))

test('one makes it ready, the others wait, and all find it so', { timeout: 240_000 }, async () => {
  const ran = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise<string>((resolve, reject) => {
          const child = spawn(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(addresses)], {
            stdio: ['ignore', 'pipe', 'pipe'],
          })
          let out = ''
          let err = ''
          child.stdout.on('data', (chunk) => (out += chunk))
          child.stderr.on('data', (chunk) => (err += chunk))
          child.once('close', (code) => (code === 0 ? resolve(out.trim()) : reject(new Error(err))))
        }),
    ),
  )
  expect(ran.map(Number).filter((migrations) => migrations > 0)).toHaveLength(1)
})

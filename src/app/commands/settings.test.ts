import { expect, test } from 'vitest'
import { asCommandRefusal } from './settings.ts'
import { CommandRefusal, exitCodes } from './terminal.ts'

const coded = (message: string, facts: object) => Object.assign(new Error(message), facts)

test.each([
  coded('terminating connection due to administrator command', { code: '57P01' }),
  coded('the database system is starting up', { code: '57P03' }),
  coded('connect ENOENT', { code: 'ENOENT', syscall: 'connect' }),
  coded('write EPIPE', { code: 'EPIPE' }),
  // Said by a connection whose PostgreSQL was killed, and by the next to use it.
  new Error('Connection terminated unexpectedly'),
  new Error('Client has encountered a connection error and is not queryable'),
])('a command whose database goes away ends with a sentence: $message', (error) => {
  const refusal = asCommandRefusal(error)
  expect(refusal).toBeInstanceOf(CommandRefusal)
  expect(refusal).toMatchObject({ exitCode: exitCodes.database })
  expect((refusal as CommandRefusal).sentences[0]?.zh).toMatch(/和数据库的连接断了/)
})

test('a file that is missing, and an error of ours, stay what they are', () => {
  for (const error of [coded('open ENOENT', { code: 'ENOENT', syscall: 'open' }), new Error('lost')])
    expect(asCommandRefusal(error)).toBe(error)
})

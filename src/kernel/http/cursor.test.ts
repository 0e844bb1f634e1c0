import { expect, test } from 'vitest'
import { newId } from '../database/identifiers.ts'
import { readCursor, writeCursor } from './cursor.ts'

test.each([[new Date().toISOString()], ['2026-11-22 03:04:05.123456+00'], [null]])(
  'a page goes on behind the row with the time %s',
  (at) => {
    const cursor = { at, id: newId() }
    expect(readCursor(writeCursor(cursor))).toEqual(cursor)
  },
)

test.each([
  ['no cursor', 'abc'],
  ['no array', Buffer.from('{"at":null}').toString('base64url')],
  ['no id', Buffer.from('[null,"1 or 1=1"]').toString('base64url')],
  ['no time', Buffer.from(JSON.stringify(['soon', newId()])).toString('base64url')],
  ['a number for a time', Buffer.from(JSON.stringify([5, newId()])).toString('base64url')],
  ['nothing', ''],
])('%s is refused at its field', (_, cursor) => {
  expect(() => readCursor(cursor)).toThrow(expect.objectContaining({ status: 400, type: 'cursor', field: 'after' }))
})

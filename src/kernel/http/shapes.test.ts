import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { newId } from '../database/identifiers.ts'
import { newIdentifier } from '../desk/identifier.ts'
import { Id, isId, Line, Text } from './shapes.api.ts'

test('an id is what the program and the desk make, and nothing that only looks like one', () => {
  for (const id of [newId(), newIdentifier(), crypto.randomUUID()]) {
    expect(isId(id)).toBe(true)
    expect(Value.Check(Id, id)).toBe(true)
  }
  const id = newId()
  for (const other of [
    '',
    '-'.repeat(36),
    'a'.repeat(36),
    id.toUpperCase().replace(/[0-9]/g, 'A'),
    `${id}\n`,
    ` ${id}`,
    `${id}a`,
    id.replaceAll('-', ''),
    id.replace('-', 'a'),
    null,
    undefined,
    [id],
  ]) {
    expect(isId(other), String(other)).toBe(false)
    expect(Value.Check(Id, other), String(other)).toBe(false)
  }
})

test('text is not blank, not too long, and can be kept; a line has one line', () => {
  for (const fine of ['灯坏了', ' a ', '😀']) {
    expect(Value.Check(Text(5), fine)).toBe(true)
    expect(Value.Check(Line(5), fine)).toBe(true)
  }
  for (const wrong of ['', '  ', '\n', '123456', 'a\0', '\ud83d', 5]) {
    expect(Value.Check(Text(5), wrong), JSON.stringify(wrong)).toBe(false)
    expect(Value.Check(Line(5), wrong), JSON.stringify(wrong)).toBe(false)
  }
  expect(Value.Check(Text(5), 'a\nb')).toBe(true)
  expect(Value.Check(Line(5), 'a\nb')).toBe(false)
})

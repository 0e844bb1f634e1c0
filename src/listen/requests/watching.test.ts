import { expect, test } from 'vitest'
import { mayHear } from './watching.store.ts'

const request = { bodies: ['property'], excluded_people: ['named'], excluded_bodies: ['named-unit'] }
const path = '32/10/03/001/001/'
const actor = (changes: object) => ({ person: 'somebody', bodies: [], reach: {}, ...changes })

test.each([
  ['whose duty reads there', { reach: { 'request.read': ['32/10/03/001/'] } }, true],
  ['whose duty reads next door', { reach: { 'request.read': ['32/10/03/001/002/'] } }, false],
  ['who has another duty there', { reach: { 'place.settings': ['32/10/03/001/'] } }, false],
  ['whose body holds a part', { bodies: ['property'] }, true],
  ['whose body holds none', { bodies: ['lamps'] }, false],
  ['whom it is about', { person: 'named', reach: { 'request.read': ['32/'] } }, false],
  ['whose body it is about', { bodies: ['property', 'named-unit'], reach: { 'request.read': ['32/'] } }, false],
  ['nobody', {}, false],
])('of a change hears somebody %s: %s %s', (_who, changes, heard) => {
  expect(mayHear(actor(changes), path, request)).toBe(heard)
})

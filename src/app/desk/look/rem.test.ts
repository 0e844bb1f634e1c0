import { expect, it } from 'vitest'
import { inRem } from './rem.ts'

it('gives lengths that follow the size of the type, and leaves hairlines and breakpoints', () => {
  expect(inRem('a{padding:4px 16px;border:1px solid;margin:-8px;font-size:15px}')).toBe(
    'a{padding:0.25rem 1rem;border:1px solid;margin:-0.5rem;font-size:0.9375rem}',
  )
  expect(inRem('@media (max-width:576px){b{width:32px}}')).toBe('@media (max-width:576px){b{width:2rem}}')
})

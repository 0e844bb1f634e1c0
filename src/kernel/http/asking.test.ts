import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import type { Kernel } from '../kernel.ts'
import { takeLimit } from './asking.ts'

test('whoever is gone before their address was read is no fault of ours, and nobody’s limit', async () => {
  const kernel = { limits: { take: () => expect.fail('taken') } } as unknown as Kernel
  const gone = { ip: undefined } as unknown as FastifyRequest
  await expect(takeLimit(kernel, gone, 'read')).rejects.toMatchObject({ name: 'Refusal', status: 400 })
})

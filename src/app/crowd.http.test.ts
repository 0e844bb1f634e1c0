import { expect, test } from 'vitest'
import { testDatabase } from '#testing/database.ts'
import { makeOrganisation } from '#testing/organisation.ts'
import { testServer } from '#testing/server.ts'

// More callers than connections: whoever holds one must never need a second to go on, or all would wait for each other.
const server = await testServer(await testDatabase({ keep: true }), { connections: 2 })
const { places } = await makeOrganisation(server)

test('sixty residents tell at the same moment, on two connections: each is answered, none is sent away', async () => {
  // What is counted apart from their transactions (how much comes in at present) is asked anew after a second.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const told = await Promise.all(
    Array.from({ length: 60 }, (_, turn) =>
      server
        .fetch('/api/requests', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': `crowd-${turn}-at-once` },
          body: JSON.stringify({
            place: places.community.id,
            channel: 'web',
            text: `楼道的灯不亮了，第 ${turn} 户`,
            anonymous: false,
            phone: `139000${String(10_000 + turn)}`,
          }),
        })
        .then((answer) => answer.status),
    ),
  )
  expect(new Set(told)).toEqual(new Set([201]))
})

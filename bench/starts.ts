// How long it takes until the program is ready, and what a first visit weighs.
import { existsSync } from 'node:fs'
import { openDatabase } from '#kernel/database/index.ts'
import { openForCommand } from '#kernel/embedded/index.ts'
import { data, demonstration, port, settings, wanted } from './context.ts'
import { percentile, tell } from './figures.ts'
import { weighPages } from './pages.ts'
import { type Running, start } from './program.ts'

/** Starts of an empty installation and of the demonstration, cold and again. */
export async function starts(): Promise<void> {
  if (wanted('start.empty', 'start.again') || !existsSync(data)) {
    const fresh = !existsSync(data)
    const first = await start(data, { port, empty: true })
    if (fresh) tell('start.empty', first.seconds, 's', { atMost: 15 })
    await first.stop()
    const again: number[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      const running = await start(data, { port, empty: true })
      again.push(running.seconds)
      await running.stop()
    }
    tell('start.again', percentile(again, 0.5), 's', { atMost: 3 })
  }
  if (wanted('start.demonstration', 'bytes')) {
    const fresh = !existsSync(demonstration)
    const first = await start(demonstration, { port })
    try {
      if (fresh) tell('start.demonstration', first.seconds, 's', { atMost: 15 })
      if (wanted('bytes')) await weigh(first)
    } finally {
      await first.stop()
    }
    const again = await start(demonstration, { port })
    tell('start.demonstration.again', again.seconds, 's', { atMost: 3 })
    await again.stop()
  }
}

/** The public pages, on the demonstration: places with their bodies, words and pictures. */
async function weigh(running: Running): Promise<void> {
  const open = await openForCommand(settings(demonstration))
  const owner = openDatabase(open.config.ownerUrl, { connections: 1 })
  try {
    const { rows } = await owner.pool.query<{ place: string; request: string | null; number: string | null }>(`
      select p.id as place, (select request from publication where withdrawn_at is null limit 1) as request,
        (select number from publication where withdrawn_at is null limit 1) as number
      from place p where p.code = '321003001001'`)
    const place = rows[0]?.place
    // A link of one's own to a request that has a long story.
    const link = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url')
    await owner.pool.query(
      `insert into access.token (hash, kind, record) select sha256($1::bytea), 'follow', e.request
       from request_entry e group by e.request order by count(*) desc limit 1`,
      [Buffer.from(link)],
    )
    await weighPages(running.address, {
      home: '/',
      'home-of-place': `/places/${place}`,
      tell: `/places/${place}/tell`,
      'follow-by-number': '/follow',
      follow: `/r/${link}`,
      raised: `/places/${place}/raised`,
      'raised-everywhere': '/raised',
      'raised-one': `/raised/${rows[0]?.number}`,
      'my-page': '/my',
      'sign-in': '/sign-in',
    })
  } finally {
    await owner.close()
    await open.stop()
  }
}

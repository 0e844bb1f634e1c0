// Requests that belong together without being one: linked and unlinked, in the register and the timeline of both.
import { sql } from 'kysely'
import type { Act } from '#kernel/access/index.ts'
import { newId } from '#kernel/database/identifiers.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { record } from '#kernel/ledger/index.ts'
import type { ActBody } from '../requests.acts.api.ts'
import type { Entry } from '../requests.rules.ts'
import { holdRequest, type LoadedRequest, loadRequest } from '../requests.store.ts'
import { type Performance, perform } from './perform.ts'

/** The link that stands between two requests. */
async function standing(act: Act, one: string, other: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from request_link where undone_at is null
      and (one = ${one} and other = ${other} or one = ${other} and other = ${one})`.execute(act.sql)
  return rows[0]?.id ?? null
}

/** Sets a request beside another, each going its own way. Seen from both, by whoever may see both. */
export async function link(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'link'>,
  version: number | null,
): Promise<Performance> {
  // Both are held, in one order, so that two who link them at once make one link.
  for (const one of [id, body.to].sort()) await holdRequest(act.sql, one)
  const other = await loadRequest(act, body.to)
  const linked = (await standing(act, id, body.to)) !== null
  const made = newId()
  return perform(
    act,
    kernel,
    id,
    { act: 'link', other: other.facts, kind: body.kind, link: made, linked },
    {},
    {
      version,
      beside: async ({ tenure }) => {
        await sql`insert into request_link (id, one, other, kind, made_at, made_by)
        values (${made}, ${id}, ${body.to}, ${body.kind}, ${act.now}, ${tenure?.tenure})`.execute(act.sql)
        await tellOther(act, other, 'link', { link: made, kind: body.kind }, tenure)
      },
    },
  )
}

/** Undoes a link, from either side. That it stood stays in the register. */
export async function unlink(
  act: Act,
  kernel: Kernel,
  id: string,
  body: ActBody<'unlink'>,
  version: number | null,
): Promise<Performance> {
  for (const one of [id, body.to].sort()) await holdRequest(act.sql, one)
  const other = await loadRequest(act, body.to)
  const found = await standing(act, id, body.to)
  return perform(
    act,
    kernel,
    id,
    { act: 'unlink', link: found, linked: found !== null },
    {},
    {
      version,
      beside: async ({ tenure }) => {
        await sql`update request_link set undone_at = ${act.now}, undone_by = ${tenure?.tenure} where id = ${found}`.execute(
          act.sql,
        )
        await tellOther(act, other, 'unlink', { link: found }, tenure)
      },
    },
  )
}

/** What is done to one is a line of the other too, in the register and for those who work on it. */
async function tellOther(
  act: Act,
  other: LoadedRequest,
  kind: 'link' | 'unlink',
  facts: Entry['facts'],
  tenure: Performance['tenure'],
): Promise<void> {
  const registered = await record(act, {
    kind: `request.${kind}`,
    record: other.row.id,
    path: other.facts.path,
    category: other.row.category,
    facts,
    tenure: tenure?.tenure ?? null,
  })
  await act.sql
    .insertInto('request_entry')
    .values({
      id: newId(),
      request: other.row.id,
      act: registered,
      kind: kind === 'link' ? 'linked' : 'unlinked',
      at: act.now.toISOString(),
      tenure: tenure?.tenure ?? null,
      body: tenure?.body ?? null,
      internal: true,
      facts: JSON.stringify(facts),
    })
    .execute()
}

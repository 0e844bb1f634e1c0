import { type QueryExecutorProvider, sql } from 'kysely'
import type { PushPurpose } from './push.api.ts'

export interface KeptDevice {
  readonly id: string
  readonly purpose: PushPurpose
  readonly sealed: Buffer
  readonly digest: Buffer
  readonly language: string
  readonly now: Date
}

/**
 * Notes that a device is still wanted by whoever asks, beneath the function's own look at who that is. False where it is not known as theirs.
 * @param link digest of the secret link by which they ask
 */
export async function keepAgain(
  database: QueryExecutorProvider,
  device: Pick<KeptDevice, 'purpose' | 'digest' | 'language' | 'now'> & { readonly link: Buffer | null },
): Promise<boolean> {
  const { rows } = await sql<{ kept: boolean }>`
    select push_again(${device.purpose}, ${device.digest}, ${device.language}, ${device.link}, ${device.now}) as kept`.execute(
    database,
  )
  return rows[0]?.kept ?? false
}

/** Beneath the function's own look at who asks. False where nobody does, or so many devices are told already. */
export async function keepDevice(database: QueryExecutorProvider, device: KeptDevice): Promise<boolean> {
  const { rows } = await sql<{ kept: boolean }>`
    select push_keep(${device.id}::uuid, ${device.purpose}, ${device.sealed}, ${device.digest}, ${device.language},
      ${device.now}) as kept`.execute(database)
  return rows[0]?.kept ?? false
}

export async function dropDevice(
  database: QueryExecutorProvider,
  purpose: PushPurpose,
  digest: Buffer,
): Promise<boolean> {
  const { rows } = await sql<{ dropped: boolean }>`select push_drop(${purpose}, ${digest}) as dropped`.execute(database)
  return rows[0]?.dropped ?? false
}

/** Since when the devices of whoever asks are told. */
export async function devicesOfMine(
  database: QueryExecutorProvider,
): Promise<{ purpose: PushPurpose; created_at: string }[]> {
  const { rows } = await sql<{ purpose: PushPurpose; created_at: string }>`select * from push_mine()`.execute(database)
  return rows
}

/** Devices that are told of a record or a person. As the role of jobs. */
export async function devicesOf(
  database: QueryExecutorProvider,
  purpose: PushPurpose,
  owner: string,
): Promise<{ id: string; language: 'zh-CN' | 'en' }[]> {
  const { rows } = await sql<{ id: string; language: 'zh-CN' | 'en' }>`
    select id, language from push_device where owner = ${owner}::uuid and purpose = ${purpose} order by id`.execute(
    database,
  )
  return rows
}

/** Where a device is reached, sealed; null where it is told no more. As the role of jobs. */
export async function sealedDevice(database: QueryExecutorProvider, id: string, now: Date): Promise<Buffer | null> {
  const { rows } = await sql<{ sealed: Buffer }>`
    select d.sealed from push_device d join push_alive(array[${id}::uuid], ${now}) alive on alive = d.id`.execute(
    database,
  )
  return rows[0]?.sealed ?? null
}

/** Notes that a device was reached. */
export async function deviceReached(database: QueryExecutorProvider, id: string): Promise<void> {
  await sql`update push_device set failures = 0 where id = ${id}::uuid and failures > 0`.execute(database)
}

/** Notes that nothing was reached; so many times in a row, and the device is forgotten. */
export async function deviceMissed(database: QueryExecutorProvider, id: string, most: number): Promise<void> {
  await sql`update push_device set failures = failures + 1 where id = ${id}::uuid`.execute(database)
  await sql`delete from push_device where id = ${id}::uuid and failures >= ${most}`.execute(database)
}

export async function forgetDevice(database: QueryExecutorProvider, id: string): Promise<void> {
  await sql`delete from push_device where id = ${id}::uuid`.execute(database)
}

/** Forgets every device that is told of a record, or of a person. As the role of jobs. */
export async function forgetDevicesOf(database: QueryExecutorProvider, owner: string): Promise<void> {
  await sql`delete from push_device where owner = ${owner}::uuid`.execute(database)
}

/** Forgets devices whose sign-in or link has ended, and those not seen since a moment. */
export async function forgetOldDevices(database: QueryExecutorProvider, now: Date, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from push_device d where d.seen_at < ${before}
      or not exists (select from push_alive(array[d.id], ${now}))`.execute(database)
  return Number(numAffectedRows ?? 0)
}

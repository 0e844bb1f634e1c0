import { Refusal } from '../http/refusal.ts'

export const mostBytes = { picture: 10 * 1024 * 1024, video: 50 * 1024 * 1024 } as const
/** 80 million pixels: more than any phone's ordinary photograph, and about 240 MB when unpacked. */
export const mostPixels = 80_000_000

type Reason =
  | 'empty'
  | 'type'
  | 'heic'
  | 'quicktime'
  | 'big'
  | 'pixels'
  | 'broken'
  | 'tracks'
  | 'busy'
  | 'many'
  | 'gone'
  | 'full'

const statuses: Record<Reason, number> = {
  empty: 422,
  type: 415,
  heic: 415,
  quicktime: 415,
  big: 413,
  pixels: 413,
  broken: 422,
  tracks: 422,
  busy: 503,
  many: 422,
  gone: 410,
  full: 507,
}

/** A file that is not taken, with the sentence that says why and what to do. */
export function unfit(reason: Reason, values: Record<string, string | number> = {}): Refusal {
  return new Refusal(statuses[reason], `file-${reason}`, `files.unfit.${reason}`, { values, field: 'file' })
}

/** Where files are kept cannot be written, and no file is at fault. */
export const closed = (): Refusal => new Refusal(503, 'disk-unwritable', 'http.disk-unwritable')

/** One stretch of working time, such as 08:30 to 12:00; `24:00` may end the day. */
export interface Interval {
  from: string
  to: string
}

/** The stretches of a working day, in order. They are a setting of a place. */
export type WorkingHours = readonly Interval[]

export const defaultWorkingHours: WorkingHours = [
  { from: '08:30', to: '12:00' },
  { from: '14:00', to: '18:00' },
]

/** Stretches as minutes since midnight. */
export interface Minutes {
  from: number
  to: number
}

const kept = new WeakMap<WorkingHours, Minutes[]>()

/**
 * Working hours as minutes. Throws RangeError where they are empty, out of order, overlapping or not times of a day:
 * a deadline that cannot be met must not be computed.
 */
export function minutesOf(hours: WorkingHours): Minutes[] {
  const known = kept.get(hours)
  if (known) return known
  if (!Array.isArray(hours) || hours.length === 0)
    throw new RangeError('Working hours must name at least one interval.')
  const minutes = hours.map(({ from, to }) => ({ from: minuteOf(from), to: minuteOf(to) }))
  minutes.forEach((interval, at) => {
    if (interval.from >= interval.to) throw new RangeError('An interval of working hours must end after it begins.')
    if (interval.from < (minutes[at - 1]?.to ?? 0))
      throw new RangeError('Working hours must be in order, without overlap.')
  })
  kept.set(hours, minutes)
  return minutes
}

function minuteOf(time: string): number {
  const parts = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(String(time))
  const minute = parts ? Number(parts[1]) * 60 + Number(parts[2]) : Number.NaN
  if (!(minute <= 1440)) throw new RangeError(`Not a time of day: ${String(time).slice(0, 20)}`)
  return minute
}

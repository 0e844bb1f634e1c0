export { addressKey } from './address.ts'
export { createLimits, type Limit, type LimitName, type Limits, limits, sweepLimits } from './limits.ts'
export type { Taken } from './memory.ts'

export { addressKey } from './address.ts'
export { createLimits, type Limit, type LimitName, type Limits, limits, sweepLimits, type Taken } from './limits.ts'

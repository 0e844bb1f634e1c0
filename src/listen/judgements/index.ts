export { drawCallBacks, leastCallBackShare, visibleResult } from './judgements.rules.ts'

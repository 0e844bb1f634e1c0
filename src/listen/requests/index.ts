export { type Filed, type Filing, file } from './acts/file.ts'
export { countQueues } from './reading.list.ts'

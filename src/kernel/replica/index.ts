/** A streaming replica of the database, for reading what everybody may read. */
export { openReplica, type Reason, type Replica } from './replica.ts'

export { createFloods, type Floods, type Judged, type Proof, type ProofProblem, type Ticket } from './floods.ts'
export { createLoad, type Load, sweepFloods } from './load.ts'

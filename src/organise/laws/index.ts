export type { Law, LawKind } from './laws.api.ts'
export { addLaw, type LawFields, listLaws, readLaw } from './laws.store.ts'

/** The register for whoever has no server: what an act is in the tree. */
export { canonical, leafOfRow } from '../facts.ts'

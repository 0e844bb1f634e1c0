export { compareColumns, goingColumns, loadDeclarations, printPrivacyAssessment } from './assessment.ts'
export {
  columns,
  type Declared,
  type DeclaredElsewhere,
  declareBrowser,
  declareColumns,
  declareFiles,
  elsewhere,
  type RoomDeclaration,
} from './columns.ts'
export {
  type HeldFact,
  type HeldSection,
  type PersonalData,
  personalDataOf,
  registerPersonalData,
} from './personal.ts'

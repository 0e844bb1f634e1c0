/** The room of places: the tree from province to building, and how a place is found. */
export {
  abolishPlace,
  createPlace,
  knownPlace,
  mergePlace,
  movePlace,
  type PlaceCreation,
  renamePlace,
  restorePlace,
} from './places.acts.ts'
export { type PlaceKind, placeKinds } from './places.api.ts'
export {
  importPlaces,
  type PlacesImport,
  PlacesImportError,
  type PlacesImported,
  type PlacesProgress,
} from './places.import.ts'
export { fullName, isUnspoken, shortName, spokenName } from './places.names.ts'
export { type PlaceNear, placeNear } from './places.near.ts'
export { ancestorPaths, depthOf, depths, isWithin, lineUp, parentPath, pathAt, pathOfCode } from './places.paths.ts'
export { type PlaceFound, type PlaceSearch, searchPlaces } from './places.search.ts'
export { belongingTo, type PlaceShown, placeAt, placeOfPage, placeShown } from './places.shown.ts'
export {
  ancestors,
  children,
  holdPlace,
  type PlaceChange,
  type PlaceRow,
  placeByCode,
  placeById,
  placeByPath,
  placeHistory,
  placesByPaths,
} from './places.store.ts'

export { type Asked, type CategorySuggested, suggestCategories } from './suggestions.store.ts'

export { nameGrams, queryGrams } from './grams.ts'
export { plain } from './plain.ts'
export { toQuery, toQueryOfAny, toVectorText } from './words.ts'

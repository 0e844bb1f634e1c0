export { nameGrams, queryGrams } from './grams.ts'
export { plain } from './plain.ts'
export { dictionaryWords, toQuery, toQueryOfAny, toVectorText, type WordAt } from './words.ts'

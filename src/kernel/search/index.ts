export { nameGrams, queryGrams } from './grams.ts'
export { plain } from './plain.ts'
export { cutWords, toQuery, toVectorText } from './words.ts'

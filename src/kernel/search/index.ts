export { nameGrams, queryGrams } from './grams.ts'
export { plain } from './plain.ts'
export {
  dictionaryWords,
  piecesOfText,
  toQuery,
  toQueryOfAny,
  toVectorText,
  type WordAt,
  wordsWithin,
} from './words.ts'

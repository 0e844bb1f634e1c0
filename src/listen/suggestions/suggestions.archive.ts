import { declareArchive, wholeOnly } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const suggestionsArchive = declareArchive('listen/suggestions', {
  category_model: wholeOnly(
    '从各处的诉求学来的；一部分夜里自己学',
    'learned from requests of every place; a part learns its own by night',
  ),
})

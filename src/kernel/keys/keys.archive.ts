import { declareArchive, wholeOnly } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const keysArchive = declareArchive('kernel/keys', {
  api_key: wholeOnly(
    '发给别的软件的钥匙，只对发出它的系统有效',
    'what other software was given to speak to the installation that gave it',
  ),
  api_key_use: wholeOnly('那些钥匙的使用次数', 'how those keys were used'),
})

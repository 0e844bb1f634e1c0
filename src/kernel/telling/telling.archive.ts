import { declareArchive, wholeOnly } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const tellingArchive = declareArchive('kernel/telling', {
  telling_choice: wholeOnly(
    '多久告诉一次是各人自己选的，跟着账号和链接走',
    'how often somebody is told is their own choice, which goes with their account and their link',
  ),
  telling_held: wholeOnly(
    '等着合在一起说的消息由原来的系统说，不说两遍',
    'news that waits is told by the installation that held it, and not twice',
  ),
})

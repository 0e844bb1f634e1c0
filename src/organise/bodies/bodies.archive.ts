import { along, declareArchive, wholeOnly, within } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const bodiesArchive = declareArchive('organise/bodies', {
  body: within('path', { pulled: true }),
  post: along('body', 'body', { pulled: true }),
  tenure: along('post', 'post', { pulled: true }),
  invitation: wholeOnly(
    '还没有接受的邀请，链接通到原来的系统',
    'invitations not yet accepted, whose links lead to the former installation',
  ),
})

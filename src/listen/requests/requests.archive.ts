import { along, declareArchive, leftOut, sealed, wholeOnly, within } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const requestsArchive = declareArchive(
  'listen/requests',
  {
    request: within('path', {
      refers: { bodies: 'body', senders: 'body', excluded_bodies: 'body', entered_by: 'tenure' },
    }),
    request_contact: along('request', 'request', {
      sealed: [
        sealed('name_encrypted', 'contact', 'request', '.name'),
        sealed('phone_encrypted', 'contact', 'request', '.phone', ['phone_index', 'phone']),
        sealed('mail_encrypted', 'contact', 'request', '.mail'),
      ],
    }),
    request_contact_before: along('request', 'request', {
      sealed: [sealed('phone_encrypted', 'contact', 'request', '.phone')],
    }),
    request_hand: along('request', 'request'),
    request_part: along('request', 'request'),
    request_entry: along('request', 'request'),
    request_step: leftOut('办理的步骤，由数据库迁移写', 'the steps of a request, written by the migrations'),
    request_version: along('request', 'request'),
    request_answer: along('request', 'request'),
    publication: along('request', 'request'),
    me_too: along(
      'request',
      'publication',
      { sealed: [sealed('phone_encrypted', 'contact', 'id', '.phone', ['phone_index', 'phone'])] },
      'request',
    ),
    request_link: along('one', 'request'),
    request_draft: wholeOnly('没有提出的草稿，跟着账号走', 'a draft that was not sent, which goes with its account'),
    saved_filter: wholeOnly(
      '各人自己存的筛选，跟着账号走',
      'a filter that somebody keeps, which goes with their account',
    ),
    form_draft: leftOut(
      '表单填到一半，最多一天，只对当时的浏览器有用',
      'a form half filled in, a day at most, for the browser that it was opened in',
    ),
  },
  { sequences: { 'public.request_number': 'request.number' } },
)

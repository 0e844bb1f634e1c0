import { declareArchive, namedBy, sealed } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const peopleArchive = declareArchive('organise/people', {
  // Whoever told something here or holds a post here; whoever else a post that acted here leads to goes without anything of their own.
  person: namedBy(['request.reporter', 'request_contact.person', 'tenure.person'], {
    pulled: true,
    bare: ['name', 'phone_encrypted', 'phone_index', 'mail_encrypted'],
    emptied: ['auth_user', 'home_path'],
    sealed: [
      sealed('phone_encrypted', 'person.phone', 'id', '', ['phone_index', 'phone']),
      sealed('mail_encrypted', 'person.mail', 'id'),
    ],
  }),
})

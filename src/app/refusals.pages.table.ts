// Who may open and send which page: what each role is answered. A new page without a row fails the test. `303` leads on, `in` leads
// to signing in, `+` says that the matter, the person or what else the row is about has changed.
export const pageRoles = [
  'nobody',
  'its link',
  'another link',
  'resident',
  'neighbour',
  'secretary',
  'stranger',
] as const
export type PageRole = (typeof pageRoles)[number]

/** What a page is about; made anew after each change. */
export type PageMatter =
  | 'nothing'
  | 'told'
  | 'withdrawn'
  | 'permitted'
  | 'published'
  | 'at work'
  | 'proposed'
  | 'agreed'
  | 'answered'
  | 'judged'
  | 'invited'
  | 'pictured'

export interface PageRow {
  /** Method and address as they are registered. */
  readonly page: string
  readonly about: PageMatter
  /** The answer to each role, in the order of `pageRoles`. */
  readonly answers: string
  readonly fields?: Readonly<Record<string, string>>
  /** Of `:page` and the like. */
  readonly params?: Readonly<Record<string, string>>
  /** Asked by people made for it, since nothing could be asked with their session afterwards. */
  readonly passing?: boolean
}

const row = (page: string, about: PageMatter, answers: string, more: Partial<PageRow> = {}): PageRow => ({
  page,
  about,
  answers,
  ...more,
})
const all = (status: string) => pageRoles.map(() => status).join(' ')
/** Whoever is signed in; others sign in first. */
const signedIn = 'in in in 200 200 200 200'
/** The same where staff would sign in. */
const staffSignedIn = '303 303 303 200 200 200 200'
/** The person who told it, signed in; a link opens it under an address of its own. */
const theirs = (status: string) => `401 401 401 ${status} 404 404 404`

const visit = { day: '@day', from: '09:00', until: '11:00' }
const acts: readonly [name: string, about: PageMatter, fields: Readonly<Record<string, string>>, answer: string][] = [
  ['add', 'told', { text: '二楼也不亮' }, '303+'],
  ['correct', 'told', { title: '路灯', text: '楼下路灯不亮，是三号楼。', spot: '三号楼' }, '303+'],
  ['phone', 'told', { phone: '13911110009' }, '303+'],
  ['withdraw', 'told', {}, '303+'],
  ['complain', 'told', { text: '没有人理我' }, '303+'],
  ['reopen', 'withdrawn', {}, '303+'],
  ['permit-publication', 'told', {}, '303+'],
  ['forbid-publication', 'permitted', {}, '303+'],
  ['arrange-visit', 'at work', visit, '303+'],
  ['agree-visit', 'proposed', {}, '303+'],
  ['move-visit', 'proposed', visit, '303+'],
  ['cancel-visit', 'proposed', { reason: '有事' }, '303+'],
]
/** What would change one's sign-in, none of it as it should be. */
const securityForms: readonly [path: string, fields: Readonly<Record<string, string>>][] = [
  ['confirm', { password: 'no such thing', code: '000000' }],
  ['authenticator', { code: '000000' }],
  ['authenticator/off', {}],
  ['recovery', {}],
  ['passkeys/rename', { id: 'none', name: '手机' }],
  ['passkeys/remove', { id: 'none' }],
  ['organisation/confirm', {}],
  ['organisation/remove', {}],
]
const forms = ['receipt', 'looked', 'add', 'correct', 'phone', 'withdraw', 'complain', 'visit', 'reopen']

export const pageTable: readonly PageRow[] = [
  row('GET /metrics', 'nothing', all('404')),
  row('GET /healthz', 'nothing', all('200')),
  row('GET /readyz', 'nothing', all('200')),
  row('GET /register', 'nothing', all('200')),
  row('GET /register/key', 'nothing', all('200')),
  row('GET /register/check', 'nothing', all('200')),
  row('GET /register/check.html', 'nothing', all('200')),
  row('GET /register/check/:module', 'nothing', all('404')),
  row('GET /register/checkpoint', 'nothing', all('404')),
  row('GET /register/checkpoints/:size', 'nothing', all('404')),
  row('GET /register/tile/*', 'nothing', all('404')),
  row('GET /register/consistency/:older', 'nothing', all('404')),
  row('GET /register/entries/:place/:leaf', 'nothing', all('404')),
  // Nothing is placed while the table is walked.
  row('GET /r/:token/receipt.tlog-proof', 'told', all('409')),
  row('GET /my/requests/:id/receipt.tlog-proof', 'told', theirs('409')),
  row('GET /desk', 'nothing', all('302')),
  row('GET /desk/*', 'nothing', all('200')),
  row('GET /', 'nothing', all('200')),
  row('GET /places/:place', 'nothing', all('200')),
  row('POST /display', 'nothing', all('303'), { fields: { language: 'en', back: '/' } }),
  row('GET /tell', 'nothing', all('303')),
  row('POST /tell', 'nothing', all('200'), { fields: { page: 'all', do: 'send' } }),
  row('GET /places/:place/tell', 'nothing', all('303')),
  row('POST /places/:place/tell', 'nothing', all('200'), { fields: { page: 'all', do: 'send' } }),
  row('GET /tell/pictures/:id', 'nothing', all('404')),
  row('GET /tell/proof', 'nothing', all('204')),
  row('GET /tell/places', 'nothing', all('200')),
  row('POST /tell/near', 'nothing', all('204'), { fields: { longitude: '119.41', latitude: '32.39' } }),

  row('GET /r/:token', 'told', all('200')),
  ...forms.map((page) => row('GET /r/:token/:page', 'told', all('200'), { params: { page } })),
  row('GET /r/:token/:page', 'told', all('404'), { params: { page: 'nothing' } }),
  // No visit was agreed.
  row('GET /r/:token/visit.ics', 'told', all('404')),
  row('GET /r/:token/visit.ics', 'agreed', all('200')),
  row('GET /r/:token/files/:file', 'pictured', all('200')),
  row('GET /r/:token/files/:file', 'told', all('404')),
  ...acts.map(([name, about, fields, answer]) => row(`POST /r/:token/${name}`, about, all(answer), { fields })),

  row('GET /my/requests/:id', 'told', theirs('200')),
  ...forms.map((page) => row('GET /my/requests/:id/:page', 'told', theirs('200'), { params: { page } })),
  row('GET /my/requests/:id/visit.ics', 'told', theirs('404')),
  row('GET /my/requests/:id/visit.ics', 'agreed', theirs('200')),
  // Whoever deals with it sees its pictures at the desk too.
  row('GET /my/requests/:id/files/:file', 'pictured', '401 401 401 200 404 200 404'),
  row('GET /my/requests/:id/files/:file', 'told', theirs('404')),
  ...acts.map(([name, about, fields, answer]) =>
    row(`POST /my/requests/:id/${name}`, about, theirs(answer), { fields }),
  ),

  row('GET /j/:token', 'answered', all('200')),
  row('POST /j/:token', 'answered', all('303+'), { fields: { verdict: 'solved', satisfaction: '5' } }),
  row('POST /j/:token/reopen', 'judged', all('303+')),
  // A slip to judge by comes from whoever calls back there, and none of these does.
  row('POST /slips/:id', 'answered', '401 401 401 403 403 403 404'),

  row('GET /raised', 'published', all('200')),
  row('GET /places/:place/raised', 'published', all('200')),
  row('GET /programmers', 'nothing', all('200')),
  row('GET /places/:place/data', 'published', all('200')),
  row('GET /places/:place/data/:file', 'published', all('200'), { params: { file: 'datapackage.json' } }),
  ...['/raised', '/places/:place/raised'].flatMap((page) => [
    row(`GET ${page}.atom`, 'published', all('200')),
    row(`GET ${page}.json`, 'published', all('200')),
  ]),
  row('GET /raised/:number', 'published', all('200')),
  row('GET /raised/:number', 'permitted', all('404')),
  row('POST /raised/:number', 'published', all('303+'), { fields: { phone: '', words: '我家也是' } }),
  row('POST /raised/:number', 'permitted', all('404'), { fields: { phone: '', words: '我家也是' } }),
  row('GET /cards/:tenure', 'nothing', all('200')),

  row('GET /follow', 'nothing', all('200')),
  row('POST /follow', 'told', all('303'), { fields: { number: '@number', phone: '13911110000' } }),
  row('GET /sign-in', 'nothing', '200 200 200 303 303 303 303'),
  row('POST /sign-in', 'nothing', all('200'), { fields: { phone: '13911110005' } }),
  row('GET /sign-in/code', 'nothing', all('in')),
  row('POST /sign-in/code', 'nothing', all('422'), {
    fields: { phone: '13911110005', code: '000000', challenge: 'x' },
  }),
  row('GET /staff/sign-in', 'nothing', '200 200 200 200 200 303 303'),
  row('POST /staff/sign-in', 'nothing', all('422'), { fields: { email: 'x@example.org', password: 'no such thing' } }),
  row('GET /staff/sign-in/second', 'nothing', all('303')),
  row('POST /staff/sign-in/second', 'nothing', all('422'), { fields: { code: '000000' } }),
  row('GET /staff/sign-in/organisation', 'nothing', all('422')),
  row('GET /staff/sign-in/oidc/back', 'nothing', all('422')),
  row('GET /staff/sign-in/anew/:token', 'nothing', all('410')),
  row('POST /staff/sign-in/anew/:token', 'nothing', all('410'), { fields: { password: 'x', again: 'x' } }),
  row('POST /sign-out', 'nothing', all('303'), { passing: true }),

  row('GET /my', 'nothing', signedIn),
  row('GET /my/data', 'nothing', signedIn),
  row('POST /my/data', 'nothing', '401 401 401 303 303 303 303', { fields: { name: '示例·某人' } }),
  row('GET /my/delete', 'nothing', signedIn),
  row('POST /my/delete', 'nothing', '401 401 401 303 303 303 303', { fields: { sure: 'yes' }, passing: true }),
  row('GET /my/deleted', 'nothing', all('200')),
  row('GET /my/looked', 'nothing', signedIn),
  row('GET /my/sessions', 'nothing', signedIn),
  row('POST /my/sessions', 'nothing', all('303'), { fields: { end: 'all' }, passing: true }),
  row('GET /my/calendar', 'nothing', signedIn),
  row('POST /my/calendar', 'nothing', '401 401 401 200 200 200 200', { fields: { do: 'make' } }),
  row('GET /news/:token', 'nothing', all('404'), { params: { token: 'x' } }),
  row('POST /news/:token', 'nothing', all('404'), { params: { token: 'x' }, fields: { often: 'never' } }),
  row('GET /calendar/:file', 'nothing', all('404'), { params: { file: 'x.ics' } }),
  row('GET /my/security', 'nothing', staffSignedIn),
  row('GET /my/security/authenticator', 'nothing', staffSignedIn),
  row('GET /my/security/organisation', 'nothing', '303 303 303 422 422 422 422'),
  ...securityForms.map(([path, fields]) =>
    row(`POST /my/security/${path}`, 'nothing', '401 401 401 422 422 422 422', { fields }),
  ),
  row('GET /my/copy.json', 'nothing', '401 401 401 200 200 200 200'),
  row('GET /my/copy.txt', 'nothing', '401 401 401 200 200 200 200'),

  row('GET /invitation/:token', 'invited', all('200')),
  row('POST /invitation/:token', 'invited', '401 401 401 303+ 303+ 303+ 303+', { fields: { as: 'signed-in' } }),
  row('GET /demonstration/messages', 'nothing', all('200')),
]

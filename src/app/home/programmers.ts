// For whoever writes software that is to speak with this installation: a first call in three minutes, and where everything else stands.
import type { FastifyInstance } from 'fastify'
import { html } from 'hono/html'
import { registerPage, show } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { type Content, definitions, type Markup } from '#kernel/pages/index.ts'
import { t } from '#kernel/words/index.ts'
import { servedPlaces } from '#organise/bodies/index.ts'
import { placeByPath } from '#organise/places/index.ts'

/** A community of the national list, for an installation at which no body stands yet. */
const anywhere = '321003001003'

export function programmersPage(app: FastifyInstance, kernel: Kernel): void {
  registerPage(app, kernel, {
    method: 'GET',
    url: '/programmers',
    limit: 'read',
    fromReplica: true,
    handler: async (act, input) => {
      const say = t(input.reader.language)
      const [served] = await servedPlaces(act.sql, ['community'], 1)
      const code = (served && (await placeByPath(act.sql, served.path))?.code) || anywhere
      const { publicUrl, contact, mailbox } = kernel.config
      const command = (text: string): Markup => html`<pre class="asit"><code>${text}</code></pre>`
      const link = (href: string): Markup => html`<a href="${href}">${href}</a>`
      const title = say('home.programmers.title')
      const open311 = `${publicUrl}/open311/v2`
      const main = html`<h1>${title}</h1><p class="lead">${say('home.programmers.lead')}</p>
<h2>${say('home.programmers.first')}</h2>
<ol><li><p>${say('home.programmers.read')}</p>${command(`curl "${open311}/services.json?jurisdiction_id=${code}"`)}</li>
<li><p>${say('home.programmers.key', { contact: contact ?? say('home.programmers.nobody') })}</p>${command('npm run linli -- key create --name "my app" --scope open311')}</li>
<li><p>${say('home.programmers.trial')}</p>${command(
        `curl -F api_key=linli_… -F service_code=GENERAL -F address_id=${code} -F "description=${say('home.programmers.description')}" ${publicUrl}/open311/test/v2/requests.json`,
      )}</li>
<li><p>${say('home.programmers.real')}</p></li></ol>
<h2>${say('home.programmers.then')}</h2>
<ol><li><p>${say('home.programmers.picture')}</p>${command(
        `curl -F api_key=linli_… -F service_code=GENERAL -F address_id=${code} -F "description=${say('home.programmers.description')}" -F photo=@lamp.jpg ${open311}/requests.json`,
      )}</li>
<li><p>${say('home.programmers.follow')}</p>${command(`curl "${open311}/requests/1000014.json?api_key=linli_…&extensions=true"`)}</li>
<li><p>${say('home.programmers.steps')}</p>${command(`curl "${open311}/servicerequestupdates.json?service_request_id=1000014&api_key=linli_…"`)}</li>
<li><p>${say('home.programmers.add')}</p>${command(
        `curl -F api_key=linli_… -F service_request_id=1000014 -F "description=${say('home.programmers.added')}" ${open311}/servicerequestupdates.json`,
      )}</li>
<li><p>${say('home.programmers.webhook')}</p>${command('npm run linli -- webhook create --url https://example.org/told --kind request.released,request.changed,request.withdrawn')}</li>
<li><p>${say('home.programmers.client')}</p>${command(`import { createClient } from '#kernel/client/index.ts'
import { placeSearch } from '#organise/places/places.api.ts'

const client = createClient({ base: '${publicUrl}' })
const found = await client.call(placeSearch, { query: { q: '${code}' } })`)}</li></ol>
<h2>${say('home.programmers.what')}</h2>
${definitions([
  ['Open311 GeoReport v2', html`${say('home.programmers.open311')} ${link('/open311/discovery.json')}`],
  [say('home.programmers.data'), html`${say('home.programmers.data-text')} ${link(`/places/${code}/data`)}`],
  [say('home.programmers.feeds'), html`${say('home.programmers.feeds-text')} ${link(`/places/${code}/raised.atom`)}`],
  [say('home.programmers.register'), html`${say('home.programmers.register-text')} ${link('/register')}`],
  [
    say('home.programmers.mail'),
    mailbox
      ? say('home.programmers.mail-text', { address: mailbox.addresses.map(({ address }) => address).join(', ') })
      : say('home.programmers.mail-none'),
  ],
  ['OpenAPI 3.1', html`${say('home.programmers.api')} ${link('/api/openapi.json')} ${link('/api/docs')}`],
] satisfies [Content, Content][])}
<h2>${say('home.programmers.manners')}</h2>
<ul>${['limits', 'faults', 'repeats', 'private'].map((each) => html`<li>${say(`home.programmers.manner.${each}`)}</li>`)}</ul>`
      return show(kernel, act, input, { title, main })
    },
  })
}

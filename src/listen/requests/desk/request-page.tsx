import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useParams, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  AsOf,
  call,
  commandOf,
  Disclosure,
  ErrorNote,
  Mark,
  PageTitle,
  Read,
  readOrKept,
  useMedia,
  useSession,
  When,
  whereOf,
} from '#kernel/desk/index.ts'
import { type DeskAct, deskActs, type RequestView, readRequest } from '../requests.desk.api.ts'
import { actFields } from './act-fields.ts'
import { Alike } from './alike.tsx'
import { AnswerEditor } from './answer-editor.tsx'
import { HandSlip } from './hand-slip.tsx'
import { requestKeys } from './keys.ts'
import { StateMark } from './marks.tsx'
import { Notes } from './notes.tsx'
import { ownPart, Parts } from './parts-list.tsx'
import { keptNames } from './phone-kept.ts'
import { SpotMap } from './phone-spot.tsx'
import { WaitingHere } from './phone-waiting.tsx'
import { Side } from './side.tsx'
import { Timeline } from './timeline.tsx'
import { useAct } from './use-act.ts'

// A dialog is loaded when it is asked for, or when the page has nothing else to do.
const dialogs = {
  act: () => import('./act-dialog.tsx'),
  publish: () => import('./publish-dialog.tsx'),
  split: () => import('./split-dialog.tsx'),
  complain: () => import('./complain-dialog.tsx'),
}
const ActDialog = lazy(dialogs.act)
const PublishDialog = lazy(dialogs.publish)
const SplitDialog = lazy(dialogs.split)
const ComplainDialog = lazy(dialogs.complain)

/** Everything about one request on one screen; only what the server says is possible is offered. */
export function RequestPage() {
  const { id } = useParams({ from: '/shell/requests/$id' })
  const { person } = useSession()
  const query = useQuery({
    queryKey: ['request', id],
    queryFn: ({ signal }) =>
      readOrKept(person.id, keptNames.request(id), () => call(readRequest, { params: { id }, signal })),
  })
  return (
    <main className="case">
      {query.error && query.data === undefined ? <WaitingHere id={id} request={null} /> : null}
      <Read query={query}>{(request) => <Case key={request.id} request={request} stale={query.error} />}</Read>
    </main>
  )
}

/** Acts that stand as buttons of their own, in the order of the work; the others are under "more". */
const foremost: readonly DeskAct[] = [
  'accept',
  'agree-explanation',
  'disagree-explanation',
  'dispatch',
  'redispatch',
  'call-back',
  'miss-call-back',
]
/** Acts on one's own part that carry the work on; the others give it back. */
const taking: readonly DeskAct[] = ['consent', 'acknowledge', 'answer-part']
const elsewhere: readonly string[] = [
  'note',
  'draft',
  'answer',
  'acknowledge',
  'return',
  'answer-part',
  'consent',
  'decline',
  'agree-visit',
  'move-visit',
  'cancel-visit',
  'unlink',
]

function Case({ request, stale }: { request: RequestView; stale: unknown }) {
  const { t } = useTranslation()
  const search = useSearch({ from: '/shell/requests' })
  const { hash } = useLocation()
  const doing = useAct(request)
  // In one column whoever is at the door reads first where it is and whom to ring; what happened comes after.
  const single = useMedia('(max-width: 1180px)')
  const [open, setOpen] = useState<{ act: DeskAct; given?: Record<string, string> } | null>(null)
  const can = (act: DeskAct) => request.can.includes(act)
  const offered = (Object.keys(deskActs) as DeskAct[]).filter((act) => can(act) && !elsewhere.includes(act))
  // What waits for one's own body comes first: until it is taken on, nobody has it.
  const own = ownPart(request)
  const front: { act: DeskAct; given?: Record<string, string> }[] = [
    ...(own?.acts ?? [])
      .filter((act) => taking.includes(act))
      .map((act) => ({ act, given: { part: own?.part ?? '' } })),
    ...foremost.filter((act) => offered.includes(act)).map((act) => ({ act })),
  ]
  const leaving = (own?.acts ?? []).filter((act) => !taking.includes(act))
  const behind = offered.filter((act) => !foremost.includes(act))
  const ask = (act: DeskAct, given?: Record<string, string>) => {
    // A category that was taken from those suggested leaves nothing to ask for.
    if (given?.category) void doing.run(act, given).catch(() => {})
    else if (actFields[act] || act === 'publish' || act === 'split') setOpen({ act, given })
    else void doing.run(act, given).catch(() => {})
  }
  const [complaining, setComplaining] = useState(false)
  const complains = request.can.includes('complain')
  // Whoever calls back asks first, knowing nothing of who handled it and what was answered.
  const calling = can('call-back')
  const dispatchAct: DeskAct | null = can('dispatch') ? 'dispatch' : can('redispatch') ? 'redispatch' : null

  // biome-ignore lint/correctness/useExhaustiveDependencies: a link may ask for a dialog once, when it is opened
  useEffect(() => {
    if (hash === 'dispatch' && dispatchAct) setOpen({ act: dispatchAct })
    if (hash === 'answer') document.querySelector<HTMLTextAreaElement>('#answer-text')?.focus()
  }, [])

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const command = commandOf(event, whereOf(event.target, document), requestKeys)
      if (command === 'dispatch' && dispatchAct) {
        event.preventDefault()
        setOpen({ act: dispatchAct })
      }
      if (command === 'accept' && request.can.includes('accept') && !doing.busy) {
        event.preventDefault()
        void doing.run('accept').catch(() => {})
      }
      if (command === 'answer') {
        const field = document.querySelector<HTMLTextAreaElement>('#answer-text')
        if (field) {
          event.preventDefault()
          field.focus()
          field.scrollIntoView({ block: 'center' })
        }
      }
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [dispatchAct, request, doing])

  const side = (
    <Side request={request} onAct={ask} blind={calling}>
      {request.point ? (
        <Suspense fallback={<p className="hint">{t('desk.loading')}</p>}>
          <SpotMap point={request.point} label={request.spot ?? request.place.name} />
        </Suspense>
      ) : null}
    </Side>
  )
  return (
    <article>
      <Link to="/requests" search={search} className="back">
        ← {t('requests.back')}
      </Link>
      <PageTitle focusOn={request.id}>{request.title}</PageTitle>
      <p className="under-title">
        <span className="code">{request.number}</span> · {request.place.trail} ·{' '}
        {t(`requests.channel.${request.channel}`)} · <When at={request.filedAt} /> <StateMark state={request.state} />{' '}
        {request.closing ? <Mark kind="quiet">{t(`requests.closing.${request.closing}`)}</Mark> : null}
        {request.urgency === 'urgent' ? <Mark kind="due">{t('requests.urgency.urgent')}</Mark> : null}
        {request.supervised ? <Mark kind="due">{t('requests.supervised')}</Mark> : null}
      </p>
      {stale ? <ErrorNote error={stale} /> : null}
      <AsOf name={keptNames.request(request.id)} />
      <WaitingHere id={request.id} request={request} />
      <div className="acts">
        {front.map(({ act, given }, index) => (
          <Button
            key={act}
            type={index === 0 ? 'primary' : 'default'}
            loading={doing.busy}
            onClick={() => ask(act, given)}
          >
            {act === 'dispatch' && request.suggestion?.body
              ? t('requests.dispatch-to', { name: request.suggestion.body.name })
              : t(`requests.act.${act}`)}
            {act === 'accept' ? <kbd>R</kbd> : act === dispatchAct ? <kbd>D</kbd> : null}
          </Button>
        ))}
        {can('answer') || can('draft') ? (
          <Button
            type={front.length === 0 ? 'primary' : 'default'}
            href="#answer-text"
            onClick={(event) => {
              event.preventDefault()
              document.querySelector<HTMLTextAreaElement>('#answer-text')?.focus()
            }}
          >
            {t('requests.act.answer')} <kbd>A</kbd>
          </Button>
        ) : null}
        {leaving.map((act) => (
          <Button key={act} onClick={() => ask(act, { part: own?.part ?? '' })}>
            {t(`requests.act.${act}`)}
          </Button>
        ))}
        {request.can.includes('hand-slip') ? <HandSlip id={request.id} /> : null}
        {behind.length > 0 || complains ? (
          <Disclosure label={t('requests.more-acts')} once>
            {behind.map((act) => (
              <Button key={act} type="text" onClick={() => ask(act)}>
                {t(`requests.act.${act}`)}
              </Button>
            ))}
            {complains ? (
              <Button type="text" onClick={() => setComplaining(true)}>
                {t('requests.act.complain')}
              </Button>
            ) : null}
          </Disclosure>
        ) : null}
      </div>
      {doing.error ? <ErrorNote error={doing.error} /> : null}
      {doing.clash ? (
        <p role="alert">
          {t('desk.conflict.title')} <Button onClick={doing.dropClash}>{t('requests.see-newest')}</Button>
        </p>
      ) : null}
      <div className="cols">
        <div>
          <p className="request-text">{request.text}</p>
          <Pictures request={request} />
          {request.suggestion ? <Suggestion suggestion={request.suggestion} /> : null}
          {single ? <div className="beside">{side}</div> : null}
          {calling ? (
            <>
              <p className="hint">{t('requests.call-back.explain')}</p>
              <details>
                <summary>{t('requests.call-back.see')}</summary>
                <Course request={request} onAct={ask} />
              </details>
            </>
          ) : (
            <Course request={request} onAct={ask} />
          )}
        </div>
        <aside>
          {single ? null : side}
          <Alike request={request} onAct={ask} />
        </aside>
      </div>
      <Suspense>
        {open?.act === 'publish' ? <PublishDialog request={request} onClose={() => setOpen(null)} /> : null}
        {complaining ? <ComplainDialog request={request} onClose={() => setComplaining(false)} /> : null}
        {open?.act === 'split' ? <SplitDialog request={request} onClose={() => setOpen(null)} /> : null}
        {open && open.act !== 'publish' && open.act !== 'split' ? (
          <ActDialog act={open.act} given={open.given} request={request} onClose={() => setOpen(null)} />
        ) : null}
      </Suspense>
    </article>
  )
}

/** What became of it: who has which part, what was answered, what happened. */
function Course({
  request,
  onAct,
}: {
  request: RequestView
  onAct: (act: DeskAct, given?: Record<string, string>) => void
}) {
  const { t } = useTranslation()
  const writes = request.can.includes('answer') || request.can.includes('draft')
  return (
    <>
      {request.explanation ? <Explanation explanation={request.explanation} /> : null}
      <Parts request={request} onAct={onAct} />
      {writes ? <AnswerEditor request={request} /> : null}
      <section>
        <h2>{t('requests.timeline')}</h2>
        <Timeline request={request} />
      </section>
      <Notes request={request} />
    </>
  )
}

function Pictures({ request }: { request: RequestView }) {
  const { t } = useTranslation()
  if (request.pictures.length === 0) return null
  return (
    <ul className="pictures" aria-label={t('requests.pictures')}>
      {request.pictures.map((picture, index) => (
        <li key={picture.id}>
          {picture.kind.startsWith('video') ? (
            // biome-ignore lint/a11y/useMediaCaption: a resident's own recording has no captions
            <video src={picture.url} controls preload="none" aria-label={t('requests.video', { number: index + 1 })} />
          ) : (
            <a href={picture.url} target="_blank" rel="noreferrer">
              <img
                src={picture.preview}
                alt={t('requests.picture', { number: index + 1 })}
                loading="lazy"
                width={160}
                height={120}
              />
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}

function Suggestion({ suggestion }: { suggestion: NonNullable<RequestView['suggestion']> }) {
  const { t } = useTranslation()
  return (
    <div className="sheet suggestion">
      <b>{t('requests.suggestion')}</b> {[suggestion.category?.name, suggestion.body?.name].filter(Boolean).join(' → ')}{' '}
      <small>
        {suggestion.words.length > 0
          ? t('requests.suggestion.words', { words: suggestion.words.map((word) => `“${word}”`).join(' ') })
          : null}{' '}
        {suggestion.workingDays === null ? null : t('requests.suggestion.days', { days: suggestion.workingDays })}
      </small>
    </div>
  )
}

function Explanation({ explanation }: { explanation: NonNullable<RequestView['explanation']> }) {
  const { t } = useTranslation()
  return (
    <section className="sheet explanation">
      <h2>
        {t('requests.explanation.title')} · {t(`requests.explanation.${explanation.kind}`)}
      </h2>
      <p className="request-text">{explanation.text}</p>
      <dl className="fact">
        <dt>{t('requests.field.basis')}</dt>
        <dd>{explanation.basis}</dd>
        <dt>{t('requests.field.remedy')}</dt>
        <dd>{explanation.remedy}</dd>
        <dt>{t('requests.explanation.by')}</dt>
        <dd>
          {explanation.by} <When at={explanation.at} />
        </dd>
      </dl>
      <Mark kind={explanation.agreed ? 'done' : 'due'}>
        {t(explanation.agreed ? 'requests.explanation.agreed' : 'requests.explanation.waits')}
      </Mark>
    </section>
  )
}

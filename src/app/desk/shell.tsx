import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useLocation, useNavigate, useRouterState } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import {
  CallError,
  call,
  commandOf,
  forgetRead,
  keepSeen,
  Read,
  SessionProvider,
  seenOf,
  sendingButton,
  sends,
  settleIn,
  sync,
  useWaiting,
  whenSignedOut,
  whereOf,
} from '#kernel/desk/index.ts'
import { forgetWords } from '#listen/requests/desk/list-words.ts'
import { useTakingAlong } from '#listen/requests/desk/phone-kept.ts'
import { countQueues } from '#listen/requests/requests.lists.api.ts'
import { type Me, me } from '../desk.api.ts'
import { HelpDialog } from './help.tsx'
import { useLive } from './live.ts'
import { OnPaper } from './on-paper.tsx'
import { LineState, Rail } from './rail.tsx'
import { Seal } from './seal.tsx'

/** The frame around every screen: rail, line state, what waits on this device, help. */
export function Shell() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { href } = useLocation()
  const session = useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => whoIsHere(signal),
    staleTime: 60_000,
    // A service that is away comes back: the desk is there then by itself.
    retry: (_, error) => error instanceof CallError && error.unreachable,
    retryDelay: 3_000,
  })
  useEffect(
    () =>
      whenSignedOut(() => {
        // The session has ended on the server: what was read under it goes, here and on this device.
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] === 'me' || queryKey[0] === 'served-places' })
        forgetWords()
        void forgetRead().catch(() => {})
        // Asked twice on the way there, the door must not be where it leads.
        if (!href.startsWith('/sign-in')) void navigate({ to: '/sign-in', search: { to: href } })
      }),
    [queries, navigate, href],
  )
  if (session.error instanceof CallError && session.error.signedOut) return null
  if (session.data === undefined && session.failureReason instanceof CallError && session.failureReason.unreachable)
    return <Away sentence={session.failureReason.message} />
  return (
    <Read query={session}>
      {(data) => (
        <SessionProvider value={data}>
          <Frame me={data} />
        </SessionProvider>
      )}
    </Read>
  )
}

/** Nobody can be shown anything before it is known who asks: the service is away, and is asked again by itself. */
function Away({ sentence }: { sentence: string }) {
  const { t } = useTranslation()
  return (
    <main className="alone">
      <div className="sheet door" role="status">
        <Seal />
        <p>{sentence}</p>
        <p className="hint">{t('desk.away')}</p>
      </div>
    </main>
  )
}

/** Who is signed in; where the service cannot be reached, who was when it went. */
async function whoIsHere(signal: AbortSignal) {
  try {
    const answer = await call(me, { signal })
    void keepSeen('device', 'me', answer).catch(() => {})
    return answer
  } catch (error) {
    const unreachable = error instanceof CallError && error.unreachable
    const kept = unreachable ? await seenOf<Static<typeof Me>>('device', 'me').catch(() => null) : null
    if (kept) return kept.value
    throw error
  }
}

function Frame({ me: here }: { me: Static<typeof Me> }) {
  const { person, posts, demonstration, queues: first, duties } = here
  const { t } = useTranslation()
  const queries = useQueryClient()
  const connection = useLive()
  const waiting = useWaiting()
  const [help, setHelp] = useState(false)
  const [menu, setMenu] = useState(false)
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const counts = useQuery({
    queryKey: ['queues'],
    queryFn: ({ signal }) => call(countQueues, { signal }),
    initialData: first,
  })
  const loading = useRouterState({ select: (state) => state.isLoading })
  useTakingAlong(here)

  // What waits goes out as soon as the line is there, whether or not the browser noticed that a network has come.
  useEffect(() => {
    if (connection !== 'live') return
    void sync(person.id, () => void queries.invalidateQueries()).catch(() => {})
  }, [connection, person.id, queries])

  useEffect(() => {
    const send = () => void sync(person.id, () => void queries.invalidateQueries()).catch(() => {})
    void settleIn(person.id)
      .catch(() => {})
      .then(send)
    addEventListener('online', send)
    const every = setInterval(send, 30_000)
    return () => {
      removeEventListener('online', send)
      clearInterval(every)
    }
  }, [person.id, queries])

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const button = sends(event) ? sendingButton(document) : null
      if (button) {
        // A list that stands open in the dialog would take the Enter for itself.
        event.preventDefault()
        event.stopPropagation()
        button.click()
        return
      }
      const command = commandOf(event, whereOf(event.target, document))
      if (command === 'help') setHelp(true)
      if (command === 'new' && duties.includes('request.enter')) void navigate({ to: '/new' })
    }
    addEventListener('keydown', pressed, true)
    return () => removeEventListener('keydown', pressed, true)
  }, [duties, navigate])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes when another page is shown
  useEffect(() => setMenu(false), [pathname])

  const rail = (
    <Rail
      counts={counts.data}
      duties={duties}
      person={person}
      post={posts[0] ? `${posts[0].bodyName} · ${posts[0].name}` : null}
      waiting={waiting.acts.length}
      onHelp={() => setHelp(true)}
    />
  )
  const overdue = counts.data.overdue ?? 0
  const dueToday = counts.data['due-today'] ?? 0
  const place = posts[0]?.placeName ?? t('desk.product')
  return (
    <div className="desk">
      <a className="skip" href="#content">
        {t('desk.skip')}
      </a>
      {demonstration ? <header className="banner">{t('desk.demonstration')}</header> : null}
      <nav className="rail" aria-label={t('desk.rail')}>
        <Link to="/requests" search={{}} className="brand">
          <Seal />
          <span>
            {place}
            <small>{t('desk.name')}</small>
          </span>
        </Link>
        <LineState connection={connection} waiting={waiting.acts.length} sending={waiting.sending} />
        {rail}
      </nav>
      <div id="content" className="stage" aria-busy={loading}>
        <Outlet />
        <OnPaper />
      </div>
      <nav className="bottom" aria-label={t('desk.bottom')}>
        <Link to="/requests" search={{ queue: 'mine' }} activeOptions={{ includeSearch: true }}>
          <b>{counts.data.mine ?? 0}</b>
          {t('desk.bottom.mine')}
        </Link>
        {counts.data.unit === undefined ? null : (
          <Link to="/requests" search={{ queue: 'unit' }} activeOptions={{ includeSearch: true }}>
            <b>{counts.data.unit}</b>
            {t('desk.bottom.unit')}
          </Link>
        )}
        {overdue > 0 ? (
          <Link to="/requests" search={{ queue: 'overdue' }} activeOptions={{ includeSearch: true }} className="late">
            <b>{overdue}</b>
            {t('desk.bottom.overdue')}
          </Link>
        ) : null}
        {overdue > 0 && dueToday === 0 ? null : (
          <Link to="/requests" search={{ queue: 'due-today' }} activeOptions={{ includeSearch: true }}>
            <b>{dueToday}</b>
            {t('desk.bottom.due')}
          </Link>
        )}
        {duties.includes('request.enter') ? (
          <Link to="/new">
            <b aria-hidden="true">＋</b>
            {t('desk.bottom.new')}
          </Link>
        ) : null}
        <Link to="/waiting" className={waiting.acts.length > 0 || connection === 'lost' ? undefined : 'rest'}>
          <b>{waiting.acts.length}</b>
          {t(connection === 'lost' ? 'desk.bottom.offline' : 'desk.bottom.waiting')}
        </Link>
        <button type="button" onClick={() => setMenu(true)} aria-haspopup="dialog">
          <b aria-hidden="true">☰</b>
          {t('desk.bottom.menu')}
        </button>
      </nav>
      {menu ? (
        <Menu title={place} onClose={() => setMenu(false)}>
          <LineState connection={connection} waiting={waiting.acts.length} sending={waiting.sending} />
          <div className="rail rail-inside">{rail}</div>
        </Menu>
      ) : null}
      <HelpDialog open={help} onClose={() => setHelp(false)} />
    </div>
  )
}

/** The rail on a phone: the browser's own dialog keeps the focus in it and closes on Escape. */
function Menu({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDialogElement>(null)
  useEffect(() => frame.current?.showModal(), [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; a click beside it does too
    <dialog
      ref={frame}
      className="menu"
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === frame.current) frame.current.close()
      }}
    >
      <header>
        <b>{title}</b>
        <Button type="text" onClick={() => frame.current?.close()}>
          {t('desk.menu.close')}
        </Button>
      </header>
      {children}
    </dialog>
  )
}

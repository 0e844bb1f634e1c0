import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Checkbox, Input, Radio } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import {
  actNowOrLater,
  CallError,
  call,
  EmptyNote,
  ErrorNote,
  Labelled,
  newIdentifier,
  PageTitle,
  said,
  useDraft,
  useSession,
  When,
} from '#kernel/desk/index.ts'
import { type DraftContent, dropDraft, type Filed, listDrafts, saveDraft } from '../requests.acts.api.ts'
import { channels, urgencies } from '../requests.api.ts'
import { fileRequest, listRequests } from '../requests.desk.api.ts'
import { CategoryChoice, SearchChoice } from './choices.tsx'
import { PhoneFiles, useHeldFiles } from './phone-files.tsx'
import { PhonePin } from './phone-pin.tsx'

type Draft = Static<typeof DraftContent>
const pause = 3000
const empty: { id: string | null; content: Draft } = { id: null, content: { channel: 'phone', anonymous: false } }

/**
 * Taking down a request while the caller speaks: one column in the order of a conversation, everything by keyboard,
 * kept on this device and, every few seconds, on the server, so that another desk can go on with it.
 */
export function PhonePage() {
  const { t, i18n } = useTranslation()
  const session = useSession()
  const { message } = App.useApp()
  const queries = useQueryClient()
  const draft = useDraft('phone-line', empty)
  const { content } = draft.value
  const [savedAt, setSavedAt] = useState<string | null>(null)
  const [placeName, setPlaceName] = useState<string | null>(null)
  const textField = useRef<HTMLDivElement>(null)
  const drafts = useQuery({ queryKey: ['drafts'], queryFn: ({ signal }) => call(listDrafts, { signal }) })

  const set = (change: Partial<Draft>) =>
    draft.change({ id: draft.value.id ?? newIdentifier(), content: { ...content, ...change } })

  // The server's copy follows the device's by a few seconds; when it cannot, the device's copy is enough.
  const { id } = draft.value
  useEffect(() => {
    if (!id) return
    const timer = setTimeout(() => {
      call(saveDraft, { params: { id }, body: clean(content) }).then(
        (saved) => setSavedAt(saved.savedAt),
        () => setSavedAt(null),
      )
    }, pause)
    return () => clearTimeout(timer)
  }, [id, content])

  const held = useHeldFiles(id)
  const forget = async () => {
    if (id) await call(dropDraft, { params: { id } }).catch(() => undefined)
    await draft.drop()
    setSavedAt(null)
    setPlaceName(null)
    await queries.invalidateQueries({ queryKey: ['drafts'] })
  }
  const file = useMutation({
    mutationFn: () => {
      const { text, place, channel, anonymous, ...rest } = clean(content)
      if (!text || !place)
        throw new CallError({
          type: 'incomplete',
          title: t('requests.phone.incomplete'),
          status: 400,
          field: text ? 'place' : 'text',
        })
      return actNowOrLater({
        person: session.person.id,
        method: fileRequest.method,
        url: fileRequest.url,
        body: {
          ...rest,
          id: id ?? undefined,
          files: held.data?.items.map((one) => one.id),
          channel: channel ?? 'phone',
          anonymous: anonymous ?? false,
          text,
          place,
        },
        version: null,
        record: null,
        title: `${t('desk.rail.new')} · ${text.slice(0, 20)}`,
      })
    },
    onSuccess: async (result) => {
      void message.success(t(result.kind === 'sent' ? 'requests.phone.filed' : 'requests.act.kept'))
      await forget()
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['requests'] }),
        queries.invalidateQueries({ queryKey: ['queues'] }),
      ])
      // The number is read aloud at once: it is brought into sight, and a screen reader says it.
      requestAnimationFrame(() => document.getElementById('phone-filed')?.focus())
    },
  })
  const words = (content.title ?? content.text ?? '').trim().slice(0, 30)
  const similar = useQuery({
    queryKey: ['requests', 'like', words, content.place],
    enabled: words.length >= 4,
    staleTime: 30_000,
    queryFn: ({ signal }) =>
      call(listRequests, { query: { queue: 'all', words, place: content.place, limit: 5 }, signal }),
  })
  const filed = file.data?.kind === 'sent' ? (file.data.answer as Static<typeof Filed>) : null
  const field = file.error instanceof CallError ? file.error.field : undefined

  if (!session.duties.includes('request.enter')) {
    return (
      <main className="page">
        <PageTitle>{t('desk.rail.new')}</PageTitle>
        <EmptyNote title={t('requests.phone.not-yours')}>{t('requests.phone.not-yours-explain')}</EmptyNote>
      </main>
    )
  }
  const others = (drafts.data?.items ?? []).filter((one) => one.id !== id)
  return (
    <main className="page phone">
      <PageTitle>{t('desk.rail.new')}</PageTitle>
      {filed ? (
        <div className="promise" role="status" id="phone-filed" tabIndex={-1}>
          <b>
            {t('requests.phone.say')} <span className="code">{filed.number}</span>
          </b>
          <p>
            {t('requests.phone.next', { step: t(`requests.step.${filed.nextStep}`) })}{' '}
            {filed.by ? t('requests.next-by', { at: said(filed.by, i18n.language) }) : null}
            {' · '}
            {t('requests.phone.promised', { at: said(filed.promisedAt, i18n.language), name: filed.responsible })}
          </p>
          <p>
            {filed.linkSentBy === 'sms' ? t('requests.phone.link-sms') : null}
            {filed.linkSentBy === 'mail' ? t('requests.phone.link-mail') : null}
            {filed.link ? (
              <>
                {t('requests.phone.link-paper')}{' '}
                <a href={`/r/${filed.link}/receipt`} target="_blank" rel="noreferrer">
                  {t('requests.phone.print')}
                </a>
              </>
            ) : null}
          </p>
          <Link to="/requests/$id" params={{ id: filed.id }} search={{}}>
            {t('requests.phone.open')}
          </Link>
        </div>
      ) : null}
      {others.length > 0 ? (
        <details>
          <summary>{t('requests.phone.drafts', { count: others.length })}</summary>
          <ul className="plain-list">
            {others.map((one) => (
              <li key={one.id}>
                <Button onClick={() => draft.change({ id: one.id, content: one.content })}>
                  {one.content.title || one.content.text?.slice(0, 20) || t('requests.phone.untitled')}
                </Button>{' '}
                <When at={one.savedAt} />
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          file.mutate(undefined, {
            onError: (error) => {
              const at = error instanceof CallError ? error.field : undefined
              document.getElementById(at === 'place' ? 'phone-place' : 'phone-text')?.focus()
            },
          })
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit()
        }}
      >
        <fieldset>
          <legend>{t('requests.phone.how')}</legend>
          <Radio.Group
            className="choices"
            value={content.channel}
            onChange={(event) => set({ channel: event.target.value })}
            options={channels
              .filter((channel) => channel !== 'web' && channel !== 'card' && channel !== 'system')
              .map((channel) => ({ value: channel, label: t(`requests.channel.${channel}`) }))}
          />
        </fieldset>
        <fieldset>
          <legend>{t('requests.phone.who')}</legend>
          <div className="pair">
            <Labelled>
              {t('requests.phone.phone')}
              <Input
                autoFocus
                inputMode="tel"
                autoComplete="off"
                maxLength={30}
                disabled={content.anonymous}
                value={content.phone ?? ''}
                onChange={(event) => set({ phone: event.target.value })}
              />
            </Labelled>
            <Labelled>
              {t('requests.phone.name')}
              <Input
                autoComplete="off"
                maxLength={60}
                disabled={content.anonymous}
                value={content.name ?? ''}
                onChange={(event) => set({ name: event.target.value })}
              />
            </Labelled>
          </div>
          <Checkbox
            checked={content.anonymous}
            onChange={(event) =>
              set(event.target.checked ? { anonymous: true, phone: undefined, name: undefined } : { anonymous: false })
            }
          >
            {t('requests.phone.anonymous')}
          </Checkbox>
        </fieldset>
        <div ref={textField}>
          <label htmlFor="phone-text">{t('requests.phone.text')}</label>
          <Input.TextArea
            id="phone-text"
            required
            aria-invalid={field === 'text'}
            rows={5}
            maxLength={5000}
            value={content.text ?? ''}
            onChange={(event) => set({ text: event.target.value })}
          />
        </div>
        <div>
          <label htmlFor="phone-place">{t('requests.phone.place')}</label>
          <SearchChoice
            id="phone-place"
            kind="places"
            value={content.place}
            known={content.place ? { id: content.place, name: placeName ?? t('requests.phone.place-kept') } : null}
            onChange={(place) => set({ place })}
            onChosen={setPlaceName}
          />
        </div>
        <Labelled>
          {t('requests.phone.spot')} <small className="hint">{t('requests.optional')}</small>
          <Input maxLength={200} value={content.spot ?? ''} onChange={(event) => set({ spot: event.target.value })} />
        </Labelled>
        <PhonePin
          point={
            content.longitude === undefined || content.latitude === undefined
              ? null
              : { longitude: content.longitude, latitude: content.latitude }
          }
          onChange={(point) => set({ longitude: point?.longitude, latitude: point?.latitude })}
        />
        <PhoneFiles
          draft={id}
          onStart={() => {
            const draftId = id ?? newIdentifier()
            if (!id) draft.change({ id: draftId, content })
            return draftId
          }}
        />
        <Labelled>
          {t('requests.field.title')} <small className="hint">{t('requests.phone.title-hint')}</small>
          <Input maxLength={120} value={content.title ?? ''} onChange={(event) => set({ title: event.target.value })} />
        </Labelled>
        <div>
          <label htmlFor="phone-category">
            {t('requests.field.category')} <small className="hint">{t('requests.optional')}</small>
          </label>
          <CategoryChoice
            id="phone-category"
            near={content.place}
            value={content.category}
            onChange={(category) => set({ category })}
          />
        </div>
        <fieldset>
          <legend>{t('requests.column.urgency')}</legend>
          <Radio.Group
            value={content.urgency ?? 'ordinary'}
            onChange={(event) => set({ urgency: event.target.value })}
            options={urgencies.map((urgency) => ({ value: urgency, label: t(`requests.urgency-told.${urgency}`) }))}
          />
        </fieldset>
        {similar.data && similar.data.items.length > 0 ? (
          <div className="sheet">
            <b>{t('requests.phone.similar')}</b>
            <ul className="brief">
              {similar.data.items.map((row) => (
                <li key={row.id}>
                  <Link to="/requests/$id" params={{ id: row.id }} search={{}}>
                    <span className="code">{row.number}</span> {row.title}
                  </Link>{' '}
                  · {row.placeName} · {t(`requests.state.${row.state}`)}
                </li>
              ))}
            </ul>
          </div>
        ) : null}
        {file.error ? <ErrorNote error={file.error} /> : null}
        <div className="phone-foot">
          <Button type="primary" htmlType="submit" size="large" loading={file.isPending}>
            {t('requests.phone.file')} <kbd>Ctrl ↵</kbd>
          </Button>
          <Button onClick={() => void forget()} disabled={!id}>
            {t('requests.phone.clear')}
          </Button>
          <span className="hint" role="status">
            {savedAt
              ? t('requests.phone.saved', { at: said(savedAt, i18n.language) })
              : draft.keptAt
                ? t('requests.phone.kept', { at: said(draft.keptAt, i18n.language) })
                : t('requests.phone.saves')}
          </span>
        </div>
      </form>
    </main>
  )
}

/** Leaves out what is empty: the server knows no empty text. */
function clean(content: Draft): Draft {
  return Object.fromEntries(
    Object.entries(content).filter(([, value]) => value !== undefined && value !== '' && value !== null),
  ) as Draft
}

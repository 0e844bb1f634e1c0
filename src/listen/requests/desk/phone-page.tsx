import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input, Radio } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import {
  address,
  call,
  commandOf,
  EmptyNote,
  forget as forgetAct,
  Labelled,
  newIdentifier,
  PageTitle,
  said,
  sends,
  useDraft,
  useSession,
  useWaiting,
  type WaitingAct,
  WaitingActNote,
  whereOf,
} from '#kernel/desk/index.ts'
import { type DraftContent, dropDraft } from '../requests.acts.api.ts'
import { urgencies } from '../requests.api.ts'
import { fileRequest } from '../requests.desk.api.ts'
import { addDraftFile } from '../requests.drafts.api.ts'
import { SuggestedCategoryChoice } from './category-suggested.tsx'
import { PhoneCaller } from './phone-caller.tsx'
import { channelAtFirst, keepChannel, lastChannel, writtenDown } from './phone-channel.ts'
import { clean, PhoneDrafts, useServersCopy } from './phone-drafts.tsx'
import { type Fault, FaultAt, FaultSummary, faultOf, faultyIn, focusFault, missingIn } from './phone-faults.tsx'
import { dropKeptFiles, PhoneFiles, useDraftFiles } from './phone-files.tsx'
import { usePhoneFiling } from './phone-filing.ts'
import { useServedPlaces } from './phone-kept.ts'
import { PhonePin } from './phone-pin.tsx'
import { liesIn } from './phone-place.ts'
import { type Chosen, PlaceChoice, PlaceTold, usePlaceAt, usePlaceShown } from './phone-place-choice.tsx'
import PhoneSearch from './phone-search.tsx'
import { PhoneSimilar } from './phone-similar.tsx'
import { PhoneFiled, PhoneKept } from './phone-told.tsx'

type Draft = Static<typeof DraftContent>
/** Digits from which on a number may be whole. */
const fewestDigits = 7
const empty: { id: string | null; content: Draft } = { id: null, content: { anonymous: false } }

/**
 * Taking down a request while the caller speaks: one column in the order of a conversation, everything by keyboard,
 * kept on this device and, every few seconds, on the server, so that another desk can go on with it.
 */
export function PhonePage() {
  const { t, i18n } = useTranslation()
  const session = useSession()
  const queries = useQueryClient()
  const draft = useDraft('phone-line', empty)
  const { content } = draft.value
  const [channelFirst] = useState(() =>
    channelAtFirst({
      last: lastChannel(),
      narrow: matchMedia('(max-width: 640px)').matches,
      paths: session.posts.map((post) => post.path),
    }),
  )
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [standing, setStanding] = useState<Chosen | null>(null)
  const [faults, setFaults] = useState<readonly Fault[]>([])
  const served = useServedPlaces()
  const placeAt = usePlaceAt()
  const navigate = useNavigate()
  // Whoever serves one place mostly writes down what is there; another is chosen as before.
  const place = content.place ?? served.own?.id
  const placeShown = usePlaceShown(place, chosen)

  // What comes back a moment later, such as a position, is put beside what has been typed since.
  const latest = useRef(draft.value)
  latest.current = draft.value
  const amend = (change: Partial<Draft>) => {
    const before = latest.current
    latest.current = {
      id: before.id ?? newIdentifier(),
      content: { channel: channelFirst, ...before.content, ...change },
    }
    draft.change(latest.current)
  }
  const set = (change: Partial<Draft>) => {
    amend(change)
    setFaults((before) => before.filter((fault) => fault.field !== null && !(fault.field in change)))
  }

  const { id } = draft.value
  const savedAt = useServersCopy(id, content)
  const files = useDraftFiles(id)
  const forget = async (withFiles: boolean) => {
    if (id && withFiles) await dropKeptFiles(session.person.id, id)
    // What is filed takes its draft along; what is thrown away is thrown away there too, once somebody hears of it.
    if (id && withFiles) await call(dropDraft, { params: { id } }).catch(() => undefined)
    await draft.drop()
    setChosen(null)
    setStanding(null)
    setFaults([])
    await queries.invalidateQueries({ queryKey: ['drafts'] })
  }
  const { file, filing, filed, kept, next } = usePhoneFiling({
    // What is typed by now may be the next call.
    onFiled: async (form) => {
      if (latest.current.id === null || latest.current.id === form) await forget(false)
    },
    onRefused: (error) => {
      const found = [faultOf(error, t('desk.error.unexpected'))]
      setFaults(found)
      requestAnimationFrame(() => focusFault(found))
    },
  })
  const faulty = faultyIn(faults)
  const submit = () => {
    const missing = missingIn({ text: content.text, place }).map((field) => ({
      field,
      sentence: t(`requests.phone.missing-${field}`),
    }))
    setFaults(missing)
    if (missing.length > 0) {
      requestAnimationFrame(() => focusFault(missing))
      return
    }
    const { text = '', channel, anonymous, ...rest } = clean(content)
    const form = id ?? newIdentifier()
    file({
      id: crypto.randomUUID(),
      person: session.person.id,
      method: fileRequest.method,
      url: fileRequest.url,
      body: {
        ...rest,
        id: form,
        files: files.there.map((one) => one.id),
        channel: channel ?? channelFirst,
        anonymous: anonymous ?? false,
        text,
        place,
      },
      version: null,
      record: null,
      title: `${t('desk.rail.new')} · ${text.slice(0, 20)}`,
      files: { url: address(addDraftFile.url, { id: form }), field: 'files', ids: files.here.map((one) => one.id) },
      // After three days the server has forgotten the key, and knows the request by its id.
      arrivedWhen: 'request-exists',
    })
  }

  // What was filed is read aloud; then N begins the next call, and Escape goes back to the list.
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const command = commandOf(event, whereOf(event.target, document))
      if (command === 'close') void navigate({ to: '/requests', search: {} })
      if (command === 'new') {
        event.preventDefault()
        next()
        document.getElementById('phone-phone')?.focus()
      }
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [navigate, next])

  const refused = useWaiting().acts.filter(
    (act) => act.refusal && act.person === session.person.id && act.url === fileRequest.url,
  )
  /** What came back is put into the form again, with its pictures, to be mended there. */
  const takeBack = async (act: WaitingAct) => {
    const { id: before, files: _, ...rest } = act.body as { id: string; files?: unknown } & Draft
    draft.change({ id: before, content: rest })
    await forgetAct(act, { keepFiles: true })
    await files.reread(before)
    if (act.refusal) setFaults([{ field: null, sentence: act.refusal.sentence }])
  }

  if (!session.duties.includes('request.enter')) {
    return (
      <main className="page">
        <PageTitle>{t('desk.rail.new')}</PageTitle>
        <EmptyNote title={t('requests.phone.not-yours')}>{t('requests.phone.not-yours-explain')}</EmptyNote>
      </main>
    )
  }
  // What the same caller told before, for those whose duty reads contacts: asked for by hand, because asking is written down.
  const caller = content.anonymous ? '' : (content.phone ?? '').trim()
  const asking =
    session.duties.includes('request.contact') && caller.replace(/\D/gu, '').length >= fewestDigits ? caller : null
  return (
    <main className="page phone">
      <PageTitle>{t('desk.rail.new')}</PageTitle>
      {filed ? <PhoneFiled filed={filed} /> : null}
      {kept ? <PhoneKept /> : null}
      {refused.map((act) => (
        <WaitingActNote key={act.id} act={act} behind={false} onForget={() => void forgetAct(act)}>
          <Button onClick={() => void takeBack(act)} disabled={id !== null}>
            {t('requests.phone.take-back')}
          </Button>
        </WaitingActNote>
      ))}
      <PhoneDrafts current={id} onTake={draft.change} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
        onKeyDownCapture={(event) => {
          if (!sends({ ...event, isComposing: event.nativeEvent.isComposing })) return
          // A field with a list would open it.
          event.preventDefault()
          event.stopPropagation()
          event.currentTarget.requestSubmit()
        }}
      >
        <FaultSummary faults={faults} />
        <fieldset>
          <legend>{t('requests.phone.how')}</legend>
          <Radio.Group
            className="choices"
            value={content.channel ?? channelFirst}
            onChange={(event) => {
              keepChannel(event.target.value)
              set({ channel: event.target.value })
            }}
            options={writtenDown.map((channel) => ({ value: channel, label: t(`requests.channel.${channel}`) }))}
          />
        </fieldset>
        <PhoneCaller content={content} faults={faults} onChange={set}>
          {asking ? <PhoneSearch phone={asking} /> : null}
        </PhoneCaller>
        <div className="phone-telling">
          <label htmlFor="phone-text">{t('requests.phone.text')}</label>
          <Input.TextArea
            id="phone-text"
            aria-required
            {...faulty('text')}
            rows={5}
            maxLength={5000}
            value={content.text ?? ''}
            onChange={(event) => set({ text: event.target.value })}
          />
          <FaultAt faults={faults} field="text" />
          <PhoneSimilar told={content} place={place} />
        </div>
        <div>
          <label htmlFor="phone-place">{t('requests.phone.place')}</label>
          <PlaceChoice
            value={place}
            chosen={placeShown}
            invalid={faults.some((fault) => fault.field === 'place')}
            onChange={(taken) => {
              setChosen(taken)
              setStanding(null)
              set({ place: taken.id })
            }}
          />
          <FaultAt faults={faults} field="place" />
          <p className="hint" id="phone-place-told" role="status">
            <PlaceTold place={placeShown} standing={standing} own={!content.place} />
          </p>
        </div>
        <Labelled>
          {t('requests.phone.spot')} <small className="hint">{t('requests.optional')}</small>
          <Input
            id="phone-spot"
            {...faulty('spot')}
            maxLength={200}
            value={content.spot ?? ''}
            onChange={(event) => set({ spot: event.target.value })}
          />
          <FaultAt faults={faults} field="spot" />
        </Labelled>
        <PhonePin
          point={
            content.longitude === undefined || content.latitude === undefined
              ? null
              : { longitude: content.longitude, latitude: content.latitude }
          }
          onChange={(point) => set({ longitude: point?.longitude, latitude: point?.latitude })}
          onHere={(point) =>
            void placeAt(point).then((found) => {
              // A place that was chosen by hand stays.
              if (!found || (content.place && !standing)) return
              setStanding(found)
              // Nor is one put there that lies where they take nothing down.
              if (!liesIn(found, session.reach['request.enter'] ?? [])) return
              setChosen(found)
              amend({ place: found.id })
            })
          }
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
          <Input
            id="phone-title"
            {...faulty('title')}
            maxLength={120}
            value={content.title ?? ''}
            onChange={(event) => set({ title: event.target.value })}
          />
          <FaultAt faults={faults} field="title" />
        </Labelled>
        <div>
          <label htmlFor="phone-category">
            {t('requests.field.category')} <small className="hint">{t('requests.optional')}</small>
          </label>
          <SuggestedCategoryChoice
            id="phone-category"
            told={{ title: content.title, text: content.text ?? '', place }}
            value={content.category}
            onChange={(category) => set({ category })}
          />
          <FaultAt faults={faults} field="category" />
        </div>
        <fieldset>
          <legend>{t('requests.column.urgency')}</legend>
          <Radio.Group
            value={content.urgency ?? 'ordinary'}
            onChange={(event) => set({ urgency: event.target.value })}
            options={urgencies.map((urgency) => ({ value: urgency, label: t(`requests.urgency-told.${urgency}`) }))}
          />
        </fieldset>
        <div className="phone-foot">
          <Button type="primary" htmlType="submit" size="large" loading={filing}>
            {t('requests.phone.file')} <kbd>Ctrl ↵</kbd>
          </Button>
          <Button onClick={() => void forget(true)} disabled={!id}>
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

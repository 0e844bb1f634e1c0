import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { shownByClock } from '#kernel/calendar/days.ts'
import { call, ErrorNote, When } from '#kernel/desk/index.ts'
import { type DeskAct, type RequestView, showContact } from '../requests.desk.api.ts'
import { SuggestedCategories } from './category-suggested.tsx'
import { DeadlineClock } from './marks.tsx'

interface Properties {
  request: RequestView
  onAct: (act: DeskAct, given?: Record<string, string>) => void
  /** Before a call back, who is responsible is not shown. */
  blind: boolean
  /** The map, which is never the only way to learn where it is. */
  children: ReactNode
}

/** Beside the text: the clock, who told it, where, who has it. */
export function Side({ request, onAct, blind, children }: Properties) {
  const { t } = useTranslation()
  const { responsible } = request
  return (
    <>
      {request.deadline ? (
        <div className="sheet">
          <DeadlineClock deadline={request.deadline} extended={request.extended} />
        </div>
      ) : null}
      <div className="sheet">
        <dl className="fact">
          <dt>{t('requests.fact.reporter')}</dt>
          <dd>
            <Contact request={request} />
            <Unsent request={request} />
          </dd>
          {request.askedFor ? (
            <>
              <dt>{t('requests.fact.asked-for')}</dt>
              <dd>{request.askedFor}</dd>
            </>
          ) : null}
          <dt>{t('requests.fact.place')}</dt>
          <dd>
            {request.place.trail}
            {request.spot ? <br /> : null}
            {request.spot}
          </dd>
          <dt>{t('requests.fact.category')}</dt>
          <dd>
            {request.category?.trail ?? t('requests.no-category')}
            {!request.category && request.can.includes('categorise') ? (
              <SuggestedCategories
                told={{ title: request.title, text: request.text, place: request.place.id }}
                onTake={(category) => onAct('categorise', { category })}
              />
            ) : null}
          </dd>
          {blind ? null : (
            <>
              <dt>{t('requests.fact.responsible')}</dt>
              <dd>
                {[responsible.body, responsible.post, responsible.person].filter(Boolean).join(' · ') ||
                  t('requests.no-holder')}
              </dd>
            </>
          )}
          {request.meToo > 0 ? (
            <>
              <dt>{t('requests.fact.me-too')}</dt>
              <dd>{t('requests.me-too-count', { count: request.meToo })}</dd>
            </>
          ) : null}
          <dt>{t('requests.fact.publication')}</dt>
          <dd>
            {request.publication ? (
              <>
                {t('requests.publication.public')} <When at={request.publication.at} />
              </>
            ) : (
              t(
                request.reporter.publicationPermitted
                  ? 'requests.publication.permitted'
                  : 'requests.publication.not-permitted',
              )
            )}
          </dd>
        </dl>
        {children}
      </div>
      {request.visit ? (
        <div className="sheet">
          <h2>{t('requests.visit')}</h2>
          <p>
            <When at={request.visit.from} />–{hourOf(request.visit.until)}
            {request.visit.note ? <br /> : null}
            {request.visit.note}
          </p>
          <p>
            <small>
              {t(request.visit.agreed ? 'requests.visit.agreed' : 'requests.visit.proposed', {
                name: t(`requests.visit-by.${request.visit.by}`),
              })}
            </small>
          </p>
          <div className="part-acts">
            {(['agree-visit', 'move-visit', 'cancel-visit'] as const)
              .filter((act) => request.can.includes(act))
              .map((act) => (
                <Button key={act} size="small" onClick={() => onAct(act, { visit: request.visit?.id ?? '' })}>
                  {t(`requests.act.${act}`)}
                </Button>
              ))}
          </div>
        </div>
      ) : null}
    </>
  )
}

/** The hour of the country at which a visit ends; its day stands with its beginning. */
const hourOf = (at: string) => shownByClock(new Date(at)).slice(11, 16)

/** A mobile number of the country as it is read aloud: 199 0000 8420. */
const spoken = (phone: string) => phone.replace(/^\+86(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3')

/** That a message did not reach whoever told it, so that somebody calls. */
function Unsent({ request }: { readonly request: RequestView }) {
  const { t } = useTranslation()
  const { unsent } = request.reporter
  if (!unsent) return null
  return (
    <p role="status">
      <b>{t(unsent.givenUp ? 'requests.unsent.given-up' : 'requests.unsent.trying')}</b>
    </p>
  )
}

function Contact({ request }: { request: RequestView }) {
  const { t } = useTranslation()
  const shown = useMutation({ mutationFn: () => call(showContact, { params: { id: request.id }, body: {} }) })
  const { reporter } = request
  if (reporter.anonymous) return <>{t('requests.anonymous')}</>
  if (shown.data) {
    return (
      <>
        {shown.data.name} {shown.data.phone ? <a href={`tel:${shown.data.phone}`}>{spoken(shown.data.phone)}</a> : null}
        {shown.data.address ? <br /> : null}
        {shown.data.address}
        <br />
        <small>{t('requests.contact.written-down')}</small>
      </>
    )
  }
  return (
    <>
      {reporter.name} {reporter.phone ?? ''}{' '}
      {reporter.hasContact ? (
        <>
          <Button size="small" loading={shown.isPending} onClick={() => shown.mutate()}>
            {t('requests.contact.show')}
          </Button>
          <br />
          <small>{t('requests.contact.will-be-written')}</small>
        </>
      ) : (
        <>
          <br />
          <small>{t(reporter.name || reporter.phone ? 'requests.contact.others' : 'requests.contact.none')}</small>
        </>
      )}
      {shown.error ? <ErrorNote error={shown.error} /> : null}
    </>
  )
}

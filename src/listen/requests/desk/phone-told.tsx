import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import { said } from '#kernel/desk/index.ts'
import type { Filed } from '../requests.acts.api.ts'

/** What was filed, to be read aloud: the number, what happens next and by when, and where the link went. */
export function PhoneFiled({ filed }: { filed: Static<typeof Filed> }) {
  const { t, i18n } = useTranslation()
  return (
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
      <LinkTold filed={filed} />
      <Link to="/requests/$id" params={{ id: filed.id }} search={{}}>
        {t('requests.phone.open')}
      </Link>
    </div>
  )
}

/** How the resident gets the link: sent, or printed and handed over. */
export function LinkTold({ filed }: { filed: Static<typeof Filed> }) {
  const { t } = useTranslation()
  return (
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
  )
}

/** Filed without a network: it waits on this device. */
export function PhoneKept() {
  const { t } = useTranslation()
  return (
    <div className="promise" role="status" id="phone-filed" tabIndex={-1}>
      <b>{t('requests.phone.kept-here')}</b>
      <p>{t('requests.phone.kept-explain')}</p>
      <Link to="/waiting">{t('desk.rail.waiting')}</Link>
    </div>
  )
}

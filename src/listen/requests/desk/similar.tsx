import { Button } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { DeskAct, RequestView, SimilarRequest } from '../requests.desk.api.ts'
import { BriefLines } from './brief-list.tsx'
import { useSimilar } from './use-similar.ts'

interface Properties {
  request: RequestView
  onAct: (act: DeskAct, given: Record<string, string>) => void
}

/** Open requests that may be about the same, each with why; to be merged into or linked with, by a person's own hand. */
export function Similar({ request, onAct }: Properties) {
  const { t } = useTranslation()
  const found = useSimilar(request)
  const linked = new Set(request.linked.map(({ id }) => id))
  const items = (found.data?.items ?? []).filter(({ id }) => !linked.has(id))
  if (items.length === 0) return null
  return (
    <section className="sheet" aria-labelledby="similar">
      <h2 id="similar">{t('requests.similar')}</h2>
      <p className="hint">{t('requests.similar.explain')}</p>
      <ul className="brief">
        {items.map((one) => (
          <li key={one.id}>
            <BriefLines one={one} />
            <br />
            <WhyAlike one={one} />
            <div className="part-acts">
              {canMerge(request, one) ? (
                <Button
                  size="small"
                  aria-label={`${t('requests.similar.merge')} ${one.number}`}
                  onClick={() => onAct('merge', { into: one.id })}
                >
                  {t('requests.similar.merge')}
                </Button>
              ) : null}
              {request.can.includes('link') ? (
                <Button
                  size="small"
                  aria-label={`${t('requests.similar.link')} ${one.number}`}
                  onClick={() => onAct('link', { to: one.id })}
                >
                  {t('requests.similar.link')}
                </Button>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** However much speaks for it, it is not certain. */
const surest = 0.99

/** How much another is alike, and why. */
export function WhyAlike({ one }: { one: SimilarRequest }) {
  const { t, i18n } = useTranslation()
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 0 })
  return (
    <small>
      {[t('requests.similar.score', { share: percent.format(Math.min(one.score, surest)) }), ...reasons(one, t)].join(
        ' · ',
      )}
    </small>
  )
}

/** Why the two are held to be alike, in the order in which one would say it. */
function reasons(one: SimilarRequest, t: TFunction): string[] {
  const where = t(`requests.nearness.${one.nearness}`)
  return [
    one.words.length > 0
      ? t('requests.similar.words', { words: one.words.map((word) => `“${word}”`).join(' ') })
      : null,
    one.named ? t(`requests.similar.named.${one.named.kind}`, { number: one.named.number }) : null,
    one.metres === null ? where : t('requests.similar.metres', { where, metres: one.metres }),
    one.days === 0 ? t('requests.similar.same-day') : t('requests.similar.days', { count: one.days }),
    one.sameCategory ? t('requests.similar.category') : null,
  ].filter((said) => said !== null)
}

/** Into what was told before it in the same community and is not answered yet: the server refuses the rest. */
const canMerge = (request: RequestView, one: SimilarRequest): boolean =>
  request.can.includes('merge') &&
  one.state !== 'answered' &&
  one.nearness !== 'subdistrict' &&
  one.nearness !== 'farther' &&
  Date.parse(one.filedAt) <= Date.parse(request.filedAt)

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '#kernel/desk/index.ts'
import { leastOffered, suggestFor } from '#listen/suggestions/suggestions.api.ts'
import { CategoryChoice } from './choices.tsx'
import { goesOn } from './goes-on.ts'
import { useRested } from './use-rested.ts'

/** What a category is suggested for: what was told, and where. */
interface Told {
  title?: string
  text: string
  place: string | undefined
}

interface SuggestedProperties {
  told: Told
  value?: string
  onTake: (category: string) => void
  disabled?: boolean
}

/** Characters from which on a text says something. */
const fewest = 4

/** However much speaks for it, it is not certain. */
const surest = 0.99

/** The categories that a text speaks for, with their chances and the words: a tap takes one, and nothing else does. */
export function SuggestedCategories({ told, value, onTake, disabled }: SuggestedProperties) {
  const { t, i18n } = useTranslation()
  const rested = useRested(told)
  const [title, text] = [cut(rested.title ?? '', 200), cut(rested.text, 4000)]
  const { place } = rested
  const found = useQuery({
    queryKey: ['suggestions', place, title, text, i18n.language],
    enabled: place !== undefined && text.length >= fewest,
    staleTime: 600_000,
    placeholderData: keepPreviousData,
    // Without an answer, as without a network, one chooses from the whole list as ever.
    retry: false,
    queryFn: async ({ signal }) => {
      const { items } = await call(suggestFor, { body: { place, text, ...(title ? { title } : {}) }, signal })
      return { asked: { place, title, text }, items }
    },
  })
  // What was found for another text or another place says nothing of these.
  if (!found.data || !goesOn(found.data.asked, told)) return null
  const items = found.data.items.filter(({ score, because }) => score >= leastOffered && because.length > 0)
  if (items.length === 0) return <p className="hint">{t('suggestions.none')}</p>
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 0 })
  return (
    <section className="suggested" aria-label={t('suggestions.offered')}>
      <p className="hint">{t('suggestions.offered')}</p>
      <ul className="plain-list">
        {items.map(({ category, names, score, because }) => (
          <li key={category}>
            <Button
              size="small"
              aria-pressed={category === value}
              type={category === value ? 'primary' : 'default'}
              disabled={disabled}
              onClick={() => onTake(category)}
            >
              {names[2]}
            </Button>{' '}
            <small>
              {[names[0], names[1], t('suggestions.likely', { share: percent.format(Math.min(score, surest)) })].join(
                ' · ',
              )}
              {because.length > 0
                ? ` · ${t('suggestions.because', { words: because.map((word) => `“${word}”`).join(' ') })}`
                : null}
            </small>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The whole list, and beneath it what is suggested. */
export function SuggestedCategoryChoice({
  told,
  ...choice
}: { told: Told } & Omit<ComponentProps<typeof CategoryChoice>, 'near'>) {
  return (
    <>
      <CategoryChoice {...choice} near={told.place} />
      <SuggestedCategories told={told} value={choice.value} onTake={(category) => choice.onChange?.(category)} />
    </>
  )
}

/** The beginning of a text, of whole characters: what it is about was said by then. */
const cut = (text: string, most: number): string => [...text].slice(0, most).join('').trim()

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import { call, useMedia } from '#kernel/desk/index.ts'
import type { DraftContent } from '../requests.acts.api.ts'
import { findAlike, type SimilarRequest } from '../requests.desk.api.ts'
import { BriefLines } from './brief-list.tsx'
import { goesOn } from './goes-on.ts'
import { WhyAlike } from './similar.tsx'
import { useRested } from './use-rested.ts'

/** Characters from which on words say something. */
const fewest = 4

/**
 * Open requests nearby that may be about what is being taken down, each with why. Where the window has room they stand beside the text;
 * elsewhere one line beneath it says how many there are, in a room of its own, and opens them: nothing that one types in is moved.
 */
export function PhoneSimilar({ told, place }: { told: Static<typeof DraftContent>; place: string | undefined }) {
  const { t } = useTranslation()
  // As desk.css does.
  const beside = useMedia('(min-width: 78em)')
  const items = useAlike(told, place)
  const said = items.length > 0 ? t('requests.phone.similar', { count: items.length }) : null
  if (beside)
    return (
      <aside className="phone-similar" aria-label={t('requests.phone.similar-label')}>
        <p role="status">{said ? <b>{said}</b> : null}</p>
        <List items={items} />
      </aside>
    )
  return (
    <div className="phone-similar">
      <p className="unseen" role="status">
        {said}
      </p>
      {said ? (
        <details>
          <summary>{said}</summary>
          <List items={items} />
        </details>
      ) : (
        <p className="hint">{t('requests.phone.similar-label')}</p>
      )}
    </div>
  )
}

function List({ items }: { items: readonly SimilarRequest[] }) {
  return (
    <ul className="brief">
      {items.map((one) => (
        <li key={one.id}>
          <BriefLines one={one} />
          <br />
          <WhyAlike one={one} />
        </li>
      ))}
    </ul>
  )
}

/** What is like the words that stand now, once the typing rests; nothing of what stood before. */
function useAlike(told: Static<typeof DraftContent>, place: string | undefined): readonly SimilarRequest[] {
  const { title, text = '', spot, category, longitude, latitude } = told
  const now = {
    title: title?.trim() || undefined,
    text,
    place,
    spot: spot?.trim() || undefined,
    category,
    longitude,
    latitude,
  }
  const body = useRested(now)
  const found = useQuery({
    queryKey: ['requests', 'like', body],
    enabled: body.place !== undefined && body.text.trim().length >= fewest,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
    // Without an answer, as without a network, nothing is said.
    retry: false,
    queryFn: async ({ signal }) => {
      const { items } = await call(findAlike, { body: { ...body, place: body.place ?? '' }, signal })
      return { asked: body, items }
    },
  })
  return found.data && goesOn(found.data.asked, now) ? found.data.items : []
}

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import { call } from '#kernel/desk/index.ts'
import type { DraftContent } from '../requests.acts.api.ts'
import { findAlike } from '../requests.desk.api.ts'
import { BriefLines } from './brief-list.tsx'
import { WhyAlike } from './similar.tsx'
import { useRested } from './use-rested.ts'

/** Characters from which on words say something. */
const fewest = 4

/** Open requests nearby that may be about what is being taken down, each with why: the same as beside a request that stands. */
export function PhoneSimilar({ told, place }: { told: Static<typeof DraftContent>; place: string | undefined }) {
  const { t } = useTranslation()
  const { title, text = '', spot, category, longitude, latitude } = told
  const body = useRested({
    title: title?.trim() || undefined,
    text,
    place,
    spot: spot?.trim() || undefined,
    category,
    longitude,
    latitude,
  })
  const enabled = body.place !== undefined && body.text.trim().length >= fewest
  const found = useQuery({
    queryKey: ['requests', 'like', body],
    enabled,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
    // Without an answer, as without a network, nothing is said.
    retry: false,
    queryFn: ({ signal }) => call(findAlike, { body: { ...body, place: body.place ?? '' }, signal }),
  })
  const items = (enabled && found.data?.items) || []
  if (items.length === 0) return null
  return (
    <div className="sheet">
      <b>{t('requests.phone.similar')}</b>
      <ul className="brief">
        {items.map((one) => (
          <li key={one.id}>
            <BriefLines one={one} />
            <br />
            <WhyAlike one={one} />
          </li>
        ))}
      </ul>
    </div>
  )
}

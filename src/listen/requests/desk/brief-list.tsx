import { Link } from '@tanstack/react-router'
import type { Static } from 'typebox'
import { When } from '#kernel/desk/index.ts'
import type { findByPhone, SimilarRequest } from '../requests.desk.api.ts'
import { StateMark } from './marks.tsx'

type Brief = Static<(typeof findByPhone.schema.response)[200]>['items'][number]

/** Another request in two lines, to be opened from here. */
export function BriefLines({ one }: { one: Brief | SimilarRequest }) {
  return (
    <>
      <Link to="/requests/$id" params={{ id: one.id }} search={{}}>
        <span className="code">{one.number}</span> {one.title}
      </Link>
      <br />
      <When at={one.filedAt} /> <StateMark state={one.state} />
    </>
  )
}

/** Other requests in two lines each. */
export function BriefList({ items }: { items: readonly Brief[] }) {
  return (
    <ul className="brief">
      {items.map((one) => (
        <li key={one.id}>
          <BriefLines one={one} />
        </li>
      ))}
    </ul>
  )
}

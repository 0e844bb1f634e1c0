import { Link } from '@tanstack/react-router'
import type { Static } from 'typebox'
import { When } from '#kernel/desk/index.ts'
import type { findByPhone } from '../requests.desk.api.ts'
import { StateMark } from './marks.tsx'

/** Other requests in two lines each, to be opened from here. */
export function BriefList({ items }: { items: Static<(typeof findByPhone.schema.response)[200]>['items'] }) {
  return (
    <ul className="brief">
      {items.map((one) => (
        <li key={one.id}>
          <Link to="/requests/$id" params={{ id: one.id }} search={{}}>
            <span className="code">{one.number}</span> {one.title}
          </Link>
          <br />
          <When at={one.filedAt} /> <StateMark state={one.state} />
        </li>
      ))}
    </ul>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { call } from '#kernel/desk/index.ts'
import { findUsual, type RequestView } from '../requests.desk.api.ts'

interface Properties {
  request: RequestView
  value: unknown
  onTake: (unit: { id: string; name: string }) => void
}

/** Who usually does this, with how many each answered: a tap puts it into the field, and nothing is dispatched by that. */
export function UsualUnits({ request, value, onTake }: Properties) {
  const { t } = useTranslation()
  const found = useQuery({
    queryKey: ['requests', 'usual', request.id, request.version],
    staleTime: 60_000,
    // Without an answer, as without a network, one chooses from the whole list as ever.
    retry: false,
    queryFn: ({ signal }) => call(findUsual, { params: { id: request.id }, signal }),
  })
  const { within, units } = found.data ?? { within: null, units: [] }
  if (!within || units.length === 0) return null
  return (
    <section className="suggested" aria-label={t('requests.usual')}>
      <p className="hint">
        {t('requests.usual')} · {t(`requests.usual-within.${within}`)}
      </p>
      <ul className="plain-list">
        {units.map((unit) => (
          <li key={unit.id}>
            <Button
              size="small"
              aria-pressed={unit.id === value}
              type={unit.id === value ? 'primary' : 'default'}
              onClick={() => onTake(unit)}
            >
              {unit.name}
            </Button>{' '}
            <small>{t('requests.usual.answered', { count: unit.answered })}</small>
          </li>
        ))}
      </ul>
    </section>
  )
}

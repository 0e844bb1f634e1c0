import { lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { type Point, pointText } from './point.ts'

/** A point in words, where the map has not been loaded on this device and there is no network to load it. */
function SpotInWords({ point, label, onMove }: { point: Point; label: string; onMove?: (point: Point) => void }) {
  const { t } = useTranslation()
  return (
    <figure className="spot">
      <figcaption className="hint">
        {/* Where there is no map, no pin can be moved. */}
        {onMove ? null : `${label} · `}
        {pointText(point)} · {t('requests.map.later')}
      </figcaption>
    </figure>
  )
}

/** The point on its plain ground: large, and therefore loaded only where it is shown. */
export const SpotMap = lazy(() => import('./spot-map.tsx').catch(() => ({ default: SpotInWords })))

import { Button, Input } from 'antd'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Labelled } from '#kernel/desk/index.ts'
import { SpotMap } from './phone-spot.tsx'
import { type Point, pointOf, pointText } from './point.ts'

/**
 * Where exactly, as a point: this device's own position for whoever stands there, or two numbers out of another map. The pin can
 * be moved on a plain ground; no tiles are fetched from anyone.
 */
export function PhonePin({
  point,
  onChange,
  onHere,
}: {
  point: Point | null
  onChange: (point: Point | null) => void
  /** Whoever writes it down stands at this point. */
  onHere: (point: Point) => void
}) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<'denied' | 'failed' | 'abroad' | null>(null)
  const take = (found: Point | null) => {
    setTrouble(found ? null : 'abroad')
    if (!found) return
    setTyped(null)
    onChange(found)
  }
  const locate = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const found = pointOf(`${coords.latitude}, ${coords.longitude}`)
        take(found)
        if (found) onHere(found)
      },
      (error) => setTrouble(error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    )
  const fault = typed !== null && typed.trim() !== '' && !pointOf(typed)
  return (
    <div className="pin">
      <Labelled>
        {t('requests.phone.pin')} <small className="hint">{t('requests.phone.pin-hint')}</small>
        <Input
          id="phone-pin"
          value={typed ?? (point ? pointText(point) : '')}
          placeholder="32.39420, 119.41290"
          maxLength={60}
          aria-invalid={fault}
          onChange={(event) => {
            setTyped(event.target.value)
            const found = pointOf(event.target.value)
            if (found || event.target.value.trim() === '') onChange(found)
          }}
          onBlur={() => {
            if (!fault) setTyped(null)
          }}
        />
      </Labelled>
      {fault || trouble ? (
        <p className="hint" role="alert">
          {t(`requests.phone.pin-${fault ? 'abroad' : (trouble ?? 'failed')}`)}
        </p>
      ) : null}
      <div className="part-acts">
        {'geolocation' in navigator && window.isSecureContext ? (
          <Button onClick={locate}>{t('requests.phone.pin-here')}</Button>
        ) : null}
        {point ? <Button onClick={() => onChange(null)}>{t('requests.phone.pin-drop')}</Button> : null}
      </div>
      {point ? (
        <Suspense fallback={<p className="hint">{t('desk.loading')}</p>}>
          <SpotMap point={point} label={t('requests.phone.pin-move')} onMove={take} />
        </Suspense>
      ) : null}
    </div>
  )
}

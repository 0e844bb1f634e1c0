import { useTranslation } from 'react-i18next'
import { useAsOf } from './offline/kept.ts'
import { Mark } from './parts.tsx'
import { said } from './when.ts'

/** Says of what is shown out of this device's keeping when the server said it; nothing where the server has just been asked. */
export function AsOf({ name }: { name: string }) {
  const { t, i18n } = useTranslation()
  const at = useAsOf(name)
  if (!at) return null
  return (
    <p className="as-of" role="status">
      <Mark kind="due">{t('desk.as-of', { at: said(at, i18n.language) })}</Mark> {t('desk.as-of.explain')}
    </p>
  )
}

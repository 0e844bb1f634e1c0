import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useAsOf } from './offline/kept.ts'
import { Mark } from './parts.tsx'
import { said } from './when.ts'

const seconds = 5

/**
 * Says of what is shown out of this device's keeping when the server said it; nothing where the server has just been asked. While it
 * stands there the server is asked again by itself.
 */
export function AsOf({ name }: { name: string }) {
  const { t, i18n } = useTranslation()
  const at = useAsOf(name)
  const old = at !== null
  const queries = useQueryClient()
  useEffect(() => {
    if (!old) return
    // A slow line is left to finish what it is asked already.
    const every = setInterval(() => {
      if (navigator.onLine) void queries.invalidateQueries({}, { cancelRefetch: false })
    }, seconds * 1000)
    return () => clearInterval(every)
  }, [old, queries])
  if (!at) return null
  return (
    <p className="as-of" role="status">
      <Mark kind="due">{t('desk.as-of', { at: said(at, i18n.language) })}</Mark> {t('desk.as-of.explain')}
    </p>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '#kernel/desk/index.ts'
import { readNewest } from '#listen/register/register.api.ts'

const hour = 3_600_000

/**
 * What was published last of the register, at the end of whatever the desk prints. It is there before somebody prints, since a browser waits
 * for nothing then; and no screen shows it.
 */
export function OnPaper() {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['register', 'newest'],
    queryFn: ({ signal }) => call(readNewest, { signal }),
    staleTime: hour,
    refetchInterval: hour,
  })
  return data?.newest ? <p className="on-paper">{t('desk.on-paper', data.newest)}</p> : null
}

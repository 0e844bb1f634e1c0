import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

export interface Found {
  id: string
  name: string
  note?: string | null
}

interface Properties {
  /** What is searched, for the cache: two choices of one name share what was found. */
  kind: readonly unknown[]
  /** Asks the server; called again a moment after each change of the words. */
  find: (words: string, signal: AbortSignal) => Promise<readonly Found[]>
  id?: string
  value?: string
  onChange?: (value: string | undefined) => void
  /** A name to show for a value that has not been searched for. */
  known?: Found | null
  placeholder?: string
  allowClear?: boolean
  'aria-label'?: string
}

const pause = 200

/** A field whose values are found on the server by any part of their name. */
export function FoundChoice({ kind, find, known, onChange, ...properties }: Properties) {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const [asked, setAsked] = useState('')
  const [last, setLast] = useState<Found | null>(known ?? null)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(words.trim()), pause)
    return () => clearTimeout(timer)
  }, [words])
  const found = useQuery({
    queryKey: ['found', ...kind, asked],
    staleTime: 60_000,
    queryFn: ({ signal }) => find(asked, signal),
  })
  const all = [...(found.data ?? [])]
  if (last && properties.value === last.id && !all.some((one) => one.id === last.id)) all.unshift(last)
  return (
    <Select
      {...properties}
      className="wide"
      showSearch={{ filterOption: false, onSearch: setWords }}
      options={all.map((one) => ({ value: one.id, label: one.name, note: one.note }))}
      loading={found.isFetching}
      notFoundContent={
        found.error ? t('desk.found.failed') : found.isFetching ? t('desk.loading') : t('desk.found.none')
      }
      onChange={(value: string | undefined) => {
        setLast(all.find((one) => one.id === value) ?? null)
        onChange?.(value)
      }}
      optionRender={(option) => (
        <span className="option">
          {option.label} {option.data.note ? <small>{option.data.note}</small> : null}
        </span>
      )}
    />
  )
}

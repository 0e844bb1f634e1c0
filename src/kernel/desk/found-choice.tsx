import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError } from '../client/index.ts'

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
  /** Told the name of what was chosen. */
  onChosen?: (name: string | null) => void
  placeholder?: string
  allowClear?: boolean
  autoFocus?: boolean
  'aria-label'?: string
}

const pause = 200

/** A field whose values are found on the server by any part of their name. */
export function FoundChoice({ kind, find, known, onChange, onChosen, ...properties }: Properties) {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const [asked, setAsked] = useState('')
  const [last, setLast] = useState<Found | null>(null)
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
  const chosen = [last, known].find((one) => one && one.id === properties.value)
  if (chosen && !all.some((one) => one.id === chosen.id)) all.unshift(chosen)
  const unreachable = found.error instanceof CallError && found.error.unreachable
  return (
    <Select
      {...properties}
      // A value whose name is still being read shows no id.
      value={all.some((one) => one.id === properties.value) ? properties.value : undefined}
      className="wide"
      showSearch={{ filterOption: false, onSearch: setWords }}
      options={all.map((one) => ({ value: one.id, label: one.name, note: one.note }))}
      loading={found.isFetching}
      notFoundContent={
        found.error
          ? t(unreachable ? 'desk.found.offline' : 'desk.found.failed')
          : t(found.isFetching ? 'desk.loading' : 'desk.found.none')
      }
      onChange={(value: string | undefined) => {
        const taken = all.find((one) => one.id === value) ?? null
        setLast(taken)
        onChange?.(value)
        onChosen?.(taken?.name ?? null)
      }}
      optionRender={(option) => (
        <span className="option">
          {option.label} {option.data.note ? <small>{option.data.note}</small> : null}
        </span>
      )}
    />
  )
}

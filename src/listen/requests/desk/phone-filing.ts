import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import {
  type actNowOrLater as Act,
  actNowOrLater,
  dropAtOnce,
  keepAtOnce,
  keptAtOnce,
  useSession,
} from '#kernel/desk/index.ts'
import type { Filed } from '../requests.acts.api.ts'

type Answer = Static<typeof Filed>
/** What is filed, under the id by which the server knows it again. */
export type Filing = Parameters<typeof Act>[0] & {
  readonly id: string
  readonly body: Readonly<Record<string, unknown>> & { readonly id: string }
}

/** The request on its way, and the number that came of the last one: both are found again by a page that was reloaded. */
const names = { act: 'phone-filing', answer: 'phone-filed' } as const
const hour = 3_600_000

/** What this tab was about a moment ago. */
function lately<T>(person: string, name: string): T | null {
  const kept = keptAtOnce<T>('tab', person, name)
  return kept && Date.now() - Date.parse(kept.at) < hour ? kept.value : null
}

/**
 * Files what was taken down. The number has to be read out to the caller: a reload while the request is on its way asks again under the
 * same id and gets the same answer, and one afterwards finds the number still there, until the next call begins or the page is left.
 */
export function usePhoneFiling({
  onFiled,
  onRefused,
}: {
  /** It has arrived, or waits on this device: the form in which it was typed is done with. */
  onFiled: (form: string) => Promise<void>
  onRefused: (error: Error) => void
}) {
  const { t } = useTranslation()
  const { person } = useSession()
  const { message } = App.useApp()
  const queries = useQueryClient()
  const [filed, setFiled] = useState(() => lately<Answer>(person.id, names.answer))
  const [kept, setKept] = useState(false)
  // Two presses in one breath are one.
  const sending = useRef(false)
  const told = useRef({ onFiled, onRefused })
  told.current = { onFiled, onRefused }

  const next = useCallback(() => {
    dropAtOnce('tab', person.id, names.answer)
    setFiled(null)
    setKept(false)
  }, [person.id])

  const { mutate, isPending } = useMutation({
    mutationFn: (act: Filing) => actNowOrLater(act),
    onSuccess: async (result, act) => {
      if (result.kind === 'sent') {
        keepAtOnce('tab', person.id, names.answer, result.answer)
        setFiled(result.answer as Answer)
        void message.success(t('requests.phone.filed'))
      }
      setKept(result.kind === 'waiting')
      await told.current.onFiled(act.body.id)
      dropAtOnce('tab', person.id, names.act)
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['requests'] }),
        queries.invalidateQueries({ queryKey: ['queues'] }),
      ])
    },
    onError: (error) => {
      dropAtOnce('tab', person.id, names.act)
      told.current.onRefused(error)
    },
    onSettled: () => {
      sending.current = false
    },
  })
  const file = useCallback(
    (act: Filing) => {
      if (sending.current) return
      sending.current = true
      next()
      keepAtOnce('tab', person.id, names.act, act)
      mutate(act)
    },
    [mutate, next, person.id],
  )

  useEffect(() => {
    const left = lately<Filing>(person.id, names.act)
    if (left) file(left)
    // Whoever goes to another screen has read it out; a reload runs nothing of this.
    return () => dropAtOnce('tab', person.id, names.answer)
  }, [file, person.id])

  // The number is read aloud at once: as soon as it is drawn it is brought into sight, and a screen reader says it.
  const shown = filed?.id ?? kept
  useEffect(() => {
    if (shown) document.getElementById('phone-filed')?.focus()
  }, [shown])

  return { file, filing: isPending, filed, kept, next }
}

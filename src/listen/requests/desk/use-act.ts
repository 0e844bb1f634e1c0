import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { actNowOrLater, address, CallError, call, useSession } from '#kernel/desk/index.ts'
import { type DeskAct, deskActs, type RequestView, readRequest } from '../requests.desk.api.ts'
import type { Filter } from '../requests.lists.api.ts'
import { toldOf } from './act-told.ts'

export interface Clash {
  /** What was about to be done: keeping one's own version does this and nothing else. */
  act: DeskAct
  mine: string
  theirs: RequestView
}

/**
 * Does an act on a request: now, or later when there is no network. When somebody else has written in the meantime the
 * act is not done and both versions are given back in `clash`; `again` repeats it on the newer version.
 */
export function useAct(request: { id: string; number: string; version: number }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const { person } = useSession()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [clash, setClash] = useState<Clash | null>(null)

  const mutation = useMutation({
    mutationFn: async ({ act, body, version }: { act: DeskAct; body: object; version?: number }) =>
      actNowOrLater({
        person: person.id,
        method: 'POST',
        url: address(deskActs[act].url, { id: request.id }),
        body,
        version: version ?? request.version,
        record: request.id,
        title: `${t(`requests.act.${act}`)} · ${request.number}`,
        told: toldOf(act, body as Record<string, unknown>, t, i18n.language),
      }),
    onSuccess: async (result, { act }) => {
      setClash(null)
      if (result.kind === 'waiting') {
        void message.info(t(result.behind ? 'desk.waiting.behind' : 'requests.act.kept'))
        return
      }
      const lists = () =>
        Promise.all([
          queries.invalidateQueries({ queryKey: ['requests'] }),
          queries.invalidateQueries({ queryKey: ['queues'] }),
        ])
      if (!result.answer) {
        // Done, and with it out of this person's sight: there is nothing more to show here.
        void message.success(t('requests.act.done-and-gone', { act: t(`requests.act.${act}`), number: request.number }))
        await navigate({ to: '/requests', search: (before: Filter) => before })
        queries.removeQueries({ queryKey: ['request', request.id] })
        await lists()
        return
      }
      void message.success(t('requests.act.done', { act: t(`requests.act.${act}`) }))
      queries.setQueryData(['request', request.id], result.answer)
      await Promise.all([queries.invalidateQueries({ queryKey: ['request', request.id] }), lists()])
    },
    onError: async (error, { act, body }) => {
      if (!(error instanceof CallError) || !error.conflict) return
      const theirs = await call(readRequest, { params: { id: request.id } })
      setClash({ act, mine: wordsOf(body), theirs })
    },
  })

  return {
    run: (act: DeskAct, body: object = {}) => mutation.mutateAsync({ act, body }),
    /** Repeats the refused act knowing what the other wrote. */
    again: (act: DeskAct, body: object) => mutation.mutateAsync({ act, body, version: clash?.theirs.version }),
    dropClash: () => {
      setClash(null)
      if (clash) queries.setQueryData(['request', request.id], clash.theirs)
    },
    clash,
    busy: mutation.isPending,
    error: mutation.error instanceof CallError && mutation.error.conflict ? null : mutation.error,
    reset: mutation.reset,
  }
}

function wordsOf(body: object): string {
  return Object.values(body)
    .filter((value) => typeof value === 'string')
    .join('\n')
}

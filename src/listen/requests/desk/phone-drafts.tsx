import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import { call, ErrorNote, useSession, When } from '#kernel/desk/index.ts'
import { type DraftContent, dropDraft, listDrafts, saveDraft } from '../requests.acts.api.ts'
import { dropKeptFiles } from './phone-files.tsx'

type Draft = Static<typeof DraftContent>
const pause = 3000

/** Leaves out what is empty: the server knows no empty text. */
export function clean(content: Draft): Draft {
  return Object.fromEntries(
    Object.entries(content).filter(([, value]) => value !== undefined && value !== '' && value !== null),
  ) as Draft
}

/**
 * The server's copy follows the device's by a few seconds; when it cannot, the device's copy is enough.
 * @returns when the server kept it last; null where it has not
 */
export function useServersCopy(id: string | null, content: Draft): string | null {
  const [saved, setSaved] = useState<{ id: string; at: string } | null>(null)
  useEffect(() => {
    if (!id) return
    const timer = setTimeout(() => {
      call(saveDraft, { params: { id }, body: clean(content) }).then(
        ({ savedAt }) => setSaved({ id, at: savedAt }),
        () => setSaved(null),
      )
    }, pause)
    return () => clearTimeout(timer)
  }, [id, content])
  return saved && saved.id === id ? saved.at : null
}

interface Begun {
  readonly id: string
  readonly content: Draft
}

/** What was begun elsewhere, or before: it can be gone on with, or thrown away with its pictures once that is asked. */
export function PhoneDrafts({ current, onTake }: { current: string | null; onTake: (draft: Begun) => void }) {
  const { t } = useTranslation()
  const { person } = useSession()
  const { modal } = App.useApp()
  const queries = useQueryClient()
  const drafts = useQuery({ queryKey: ['drafts'], queryFn: ({ signal }) => call(listDrafts, { signal }) })
  const dropping = useMutation({
    mutationFn: async (id: string) => {
      await call(dropDraft, { params: { id } })
      await dropKeptFiles(person.id, id)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['drafts'] }),
  })
  const others = (drafts.data?.items ?? []).filter((one) => one.id !== current)
  if (others.length === 0 && !dropping.error) return null
  return (
    <details>
      <summary>{t('requests.phone.drafts', { count: others.length })}</summary>
      {dropping.error ? <ErrorNote error={dropping.error} /> : null}
      <ul className="plain-list">
        {others.map((one) => {
          const title = one.content.title || one.content.text?.slice(0, 20) || t('requests.phone.untitled')
          return (
            <li key={one.id}>
              <Button onClick={() => onTake({ id: one.id, content: one.content })}>{title}</Button>{' '}
              <When at={one.savedAt} />{' '}
              <Button
                type="text"
                aria-label={t('requests.phone.draft-drop-named', { title })}
                loading={dropping.isPending && dropping.variables === one.id}
                onClick={() =>
                  void modal.confirm({
                    title: t('requests.phone.draft-drop-ask', { title }),
                    content: t('requests.phone.draft-drop-explain'),
                    okText: t('requests.phone.draft-drop'),
                    cancelText: t('desk.cancel'),
                    onOk: () => dropping.mutate(one.id),
                  })
                }
              >
                {t('requests.phone.draft-drop')}
              </Button>
            </li>
          )
        })}
      </ul>
    </details>
  )
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { address, call, ErrorNote, sendFile } from '#kernel/desk/index.ts'
import { addDraftFile, dropDraftFile, listDraftFiles } from '../requests.drafts.api.ts'

const most = 9

export const heldFilesKey = (draft: string | null) => ['draft-files', draft] as const

/** What is held on the server for a draft. */
export function useHeldFiles(draft: string | null) {
  return useQuery({
    queryKey: heldFilesKey(draft),
    enabled: draft !== null,
    queryFn: ({ signal }) => call(listDraftFiles, { params: { id: draft ?? '' }, signal }),
  })
}

/** Pictures or a video of what is being written down, sent at once, one after the other, and seen small. */
export function PhoneFiles({ draft, onStart }: { draft: string | null; onStart: () => string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const held = useHeldFiles(draft)
  const files = held.data?.items ?? []
  const chooser = useRef<HTMLInputElement>(null)
  const sending = useMutation({
    mutationFn: async (chosen: readonly File[]) => {
      const id = onStart()
      try {
        for (const file of chosen) await sendFile(address(addDraftFile.url, { id }), file)
      } finally {
        await queries.invalidateQueries({ queryKey: heldFilesKey(id) })
      }
    },
  })
  const dropping = useMutation({
    mutationFn: (file: string) => call(dropDraftFile, { params: { id: draft ?? '', file } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: heldFilesKey(draft) }),
  })
  return (
    <fieldset>
      <legend>
        {t('requests.phone.files')} <small className="hint">{t('requests.optional')}</small>
      </legend>
      <p className="hint" id="phone-files-hint">
        {t('requests.phone.files-hint')}
      </p>
      {files.length > 0 ? (
        <ul className="pictures">
          {files.map((file, index) => (
            <li key={file.id}>
              {file.kind === 'video' ? (
                // biome-ignore lint/a11y/useMediaCaption: a recording just made has no captions
                <video src={file.url} controls preload="none" aria-label={t('requests.video', { number: index + 1 })} />
              ) : (
                <img src={file.url} alt={t('requests.picture', { number: index + 1 })} width={160} height={120} />
              )}
              <Button size="small" onClick={() => dropping.mutate(file.id)}>
                {t('requests.phone.files-drop', { number: index + 1 })}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {files.length < most ? (
        <input
          ref={chooser}
          type="file"
          hidden
          multiple
          accept="image/jpeg,image/png,image/webp,image/gif,video/mp4,video/webm"
          onChange={(event) => {
            const chosen = [...(event.target.files ?? [])].slice(0, most - files.length)
            event.target.value = ''
            if (chosen.length > 0) sending.mutate(chosen)
          }}
        />
      ) : null}
      {files.length < most ? (
        <Button
          aria-describedby="phone-files-hint"
          loading={sending.isPending}
          onClick={() => chooser.current?.click()}
        >
          {t('requests.phone.files-choose')}
        </Button>
      ) : null}
      {sending.isPending ? <p role="status">{t('requests.phone.files-sending')}</p> : null}
      {sending.error ? <ErrorNote error={sending.error} /> : null}
      {dropping.error ? <ErrorNote error={dropping.error} /> : null}
    </fieldset>
  )
}

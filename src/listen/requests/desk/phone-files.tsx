import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  address,
  CallError,
  call,
  ErrorNote,
  fileStore,
  filesOfForm,
  type KeptFile,
  newIdentifier,
  sendFile,
  useSession,
} from '#kernel/desk/index.ts'
import { addDraftFile, dropDraftFile, listDraftFiles } from '../requests.drafts.api.ts'

const most = 9
const megabyte = 1024 * 1024
const mostBytes = { picture: 10 * megabyte, video: 50 * megabyte }

const keptFilesKey = (draft: string | null) => ['kept-files', draft] as const
const heldFilesKey = (draft: string | null) => ['draft-files', draft] as const

/** What belongs to a draft: on this device, and on the server where another device or an earlier day left it. */
export function useDraftFiles(draft: string | null) {
  const { person } = useSession()
  const queries = useQueryClient()
  const kept = useQuery({
    queryKey: keptFilesKey(draft),
    enabled: draft !== null,
    staleTime: 0,
    queryFn: () => filesOfForm(person.id, draft ?? '').catch((): KeptFile[] => []),
  })
  const held = useQuery({
    queryKey: heldFilesKey(draft),
    enabled: draft !== null,
    retry: false,
    queryFn: ({ signal }) => call(listDraftFiles, { params: { id: draft ?? '' }, signal }),
  })
  const here = kept.data ?? []
  const there = (held.data?.items ?? []).filter((file) => !here.some((one) => one.held === file.id))
  return {
    here,
    there,
    reread: async (id: string) => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: keptFilesKey(id) }),
        queries.invalidateQueries({ queryKey: heldFilesKey(id) }),
      ])
    },
  }
}

/** Lets go of what this device keeps for a draft that nobody goes on with. */
export async function dropKeptFiles(person: string, draft: string): Promise<void> {
  for (const file of await filesOfForm(person, draft).catch(() => [])) await fileStore.remove(file.id)
}

/** A picture out of this device's keeping. */
function KeptPicture({ file, label }: { file: KeptFile; label: string }) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(file.blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file.blob])
  if (!url) return null
  return file.blob.type.startsWith('video') ? (
    // biome-ignore lint/a11y/useMediaCaption: a recording just made has no captions
    <video src={url} controls preload="metadata" aria-label={label} />
  ) : (
    <img src={url} alt={label} width={160} height={120} />
  )
}

/**
 * Pictures or a video of what is being written down. Each is first kept on this device and then sent, one after the other: without
 * network it waits and goes out before the request does.
 */
export function PhoneFiles({ draft, onStart }: { draft: string | null; onStart: () => string }) {
  const { t } = useTranslation()
  const { person } = useSession()
  const { here, there, reread } = useDraftFiles(draft)
  const count = here.length + there.length
  const chooser = useRef<HTMLInputElement>(null)
  const sending = useMutation({
    mutationFn: async (chosen: readonly File[]) => {
      const form = onStart()
      const url = address(addDraftFile.url, { id: form })
      const fresh: KeptFile[] = []
      for (const file of chosen) {
        const kind = file.type.startsWith('video') ? 'video' : 'picture'
        if (file.size > mostBytes[kind])
          throw new CallError({
            type: 'big',
            title: t(`requests.phone.files-big-${kind}`),
            status: 413,
            field: 'files',
          })
        fresh.push({
          id: newIdentifier(),
          key: crypto.randomUUID(),
          person: person.id,
          form,
          name: file.name,
          blob: file,
          at: new Date(Date.now() + fresh.length).toISOString(),
          held: null,
        })
      }
      try {
        // A browser that keeps nothing (a private window) sends at once or not at all.
        const keeps = await Promise.all(fresh.map((file) => fileStore.put(file))).then(
          () => true,
          () => false,
        )
        await reread(form)
        for (const file of fresh) {
          if (!keeps) {
            await sendFile(url, file.blob, file.name, file.key)
            continue
          }
          if (!(await fileStore.get(file.id))) continue
          const { id } = (await sendFile(url, file.blob, file.name, file.key).catch(async (refusal: unknown) => {
            // What the server will never take is not kept for it.
            if (refusal instanceof CallError && !refusal.unreachable) await fileStore.remove(file.id)
            throw refusal
          })) as { id: string }
          // Taken away again while it was on its way: it goes there too.
          if (await fileStore.get(file.id)) await fileStore.put({ ...file, held: id })
          else await call(dropDraftFile, { params: { id: form, file: id } }).catch(unlessGone)
        }
        return { waits: false }
      } catch (refusal) {
        if (refusal instanceof CallError && refusal.unreachable) return { waits: true }
        throw refusal
      } finally {
        await reread(form)
      }
    },
  })
  const dropping = useMutation({
    mutationFn: async ({ kept, held }: { kept?: KeptFile; held: string | null }) => {
      if (kept) await fileStore.remove(kept.id)
      // One that is named by no request goes from the server by itself within a day.
      if (held)
        await call(dropDraftFile, { params: { id: draft ?? '', file: held } }).catch((refusal: unknown) => {
          if (!kept || !(refusal instanceof CallError) || !refusal.unreachable) unlessGone(refusal)
        })
    },
    onSettled: () => (draft ? reread(draft) : undefined),
  })
  return (
    <fieldset>
      <legend>
        {t('requests.phone.files')} <small className="hint">{t('requests.optional')}</small>
      </legend>
      <p className="hint" id="phone-files-hint">
        {t('requests.phone.files-hint')}
      </p>
      {count > 0 ? (
        <ul className="pictures">
          {there.map((file, index) => (
            <li key={file.id}>
              {file.kind === 'video' ? (
                // biome-ignore lint/a11y/useMediaCaption: a recording just made has no captions
                <video src={file.url} controls preload="none" aria-label={t('requests.video', { number: index + 1 })} />
              ) : (
                <img src={file.url} alt={t('requests.picture', { number: index + 1 })} width={160} height={120} />
              )}
              <Button size="small" onClick={() => dropping.mutate({ held: file.id })}>
                {t('requests.phone.files-drop', { number: index + 1 })}
              </Button>
            </li>
          ))}
          {here.map((file, index) => {
            const number = there.length + index + 1
            return (
              <li key={file.id}>
                <KeptPicture file={file} label={t('requests.picture', { number })} />
                {file.held === null && !sending.isPending ? (
                  <small className="hint">{t('requests.phone.files-wait')}</small>
                ) : null}
                <Button size="small" onClick={() => dropping.mutate({ kept: file, held: file.held })}>
                  {t('requests.phone.files-drop', { number })}
                </Button>
              </li>
            )
          })}
        </ul>
      ) : null}
      {count < most ? (
        <>
          <input
            ref={chooser}
            type="file"
            hidden
            multiple
            accept="image/jpeg,image/png,image/webp,image/gif,video/mp4,video/webm"
            onChange={(event) => {
              const chosen = [...(event.target.files ?? [])].slice(0, most - count)
              event.target.value = ''
              if (chosen.length > 0) sending.mutate(chosen)
            }}
          />
          <Button
            id="phone-files"
            aria-describedby="phone-files-hint"
            loading={sending.isPending}
            onClick={() => chooser.current?.click()}
          >
            {t('requests.phone.files-choose')}
          </Button>
        </>
      ) : null}
      {sending.isPending ? <p role="status">{t('requests.phone.files-sending')}</p> : null}
      {sending.data?.waits ? <p role="status">{t('requests.phone.files-kept')}</p> : null}
      {sending.error ? <ErrorNote error={sending.error} /> : null}
      {dropping.error ? <ErrorNote error={dropping.error} /> : null}
    </fieldset>
  )
}

/** What is gone already needs no taking away. */
function unlessGone(refusal: unknown): void {
  if (!(refusal instanceof CallError) || refusal.status !== 404) throw refusal
}

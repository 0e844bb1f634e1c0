import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { textOf } from '#kernel/decoding/index.ts'
import { call, ErrorNote, Labelled } from '#kernel/desk/index.ts'
import { importCategories } from '../settings.api.ts'

/** Takes in a list of categories. What was already there stays; each rejected line is told with its reason. */
export function ImportList({ place, onClose }: { place: string | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const taking = useMutation({
    mutationFn: async (chosen: File) =>
      call(importCategories, { query: { place }, body: { csv: textOf(await chosen.arrayBuffer()) } }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['settings', 'categories'] }),
        queries.invalidateQueries({ queryKey: ['categories'] }),
      ]),
  })
  const taken = taking.data
  return (
    <Modal open onCancel={onClose} footer={null} title={t('settings.import')}>
      <p className="hint">{t('settings.import.explain')}</p>
      <Labelled className="row">
        {t('settings.import.file')}
        <input
          type="file"
          accept=".csv,text/csv,text/plain"
          onChange={(event) => {
            setFile(event.target.files?.[0] ?? null)
            taking.reset()
          }}
        />
      </Labelled>
      {taking.error ? <ErrorNote error={taking.error} /> : null}
      {taken ? (
        <div role="status">
          <p>
            <b>
              {t('settings.import.done', {
                read: taken.read,
                added: taken.added,
                changed: taken.changed,
                same: taken.same,
              })}
            </b>
          </p>
          {taken.rejected.length > 0 ? (
            <>
              <p>{t('settings.import.rejected', { count: taken.rejected.length })}</p>
              <ul className="brief">
                {taken.rejected.map((one) => (
                  <li key={one.line}>
                    {t('settings.import.line', { line: one.line, reason: t(`settings.import.why.${one.reason}`) })}
                  </li>
                ))}
              </ul>
            </>
          ) : null}
        </div>
      ) : null}
      <div className="dialog-foot">
        <Button onClick={onClose}>{t('desk.close')}</Button>
        <Button
          type="primary"
          disabled={!file || taken !== undefined}
          loading={taking.isPending}
          onClick={() => (file ? taking.mutate(file) : undefined)}
        >
          {t('settings.import.do')}
        </Button>
      </div>
    </Modal>
  )
}

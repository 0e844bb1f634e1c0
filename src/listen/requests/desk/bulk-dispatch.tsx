import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal, Progress } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, call } from '#kernel/desk/index.ts'
import { deskActs, type Row } from '../requests.desk.api.ts'
import { SearchChoice } from './choices.tsx'

/** Dispatches several requests to one body: each is an act of its own, and each refusal is told by name. */
export default function BulkDispatch({ rows, onClose }: { rows: readonly Row[]; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { message } = App.useApp()
  // The list behind may be read again while this runs; the requests chosen stay those that were chosen.
  const [chosen] = useState(rows)
  const [body, setBody] = useState<string>()
  const [name, setName] = useState<string | null>(null)
  const [task, setTask] = useState('')
  const [done, setDone] = useState<{ row: Row; sentence: string | null }[]>([])
  const [running, setRunning] = useState(false)
  const [keys] = useState(() => new Map(chosen.map((row) => [row.id, crypto.randomUUID()])))

  const run = async () => {
    if (!body) return
    setRunning(true)
    const results: typeof done = done.filter((one) => one.sentence === null)
    for (const row of chosen.filter((one) => !results.some((result) => result.row.id === one.id))) {
      try {
        await call(deskActs.dispatch, {
          params: { id: row.id },
          body: { body, ...(task.trim() ? { task: task.trim() } : {}) },
          version: row.version,
          key: keys.get(row.id),
        })
        results.push({ row, sentence: null })
      } catch (refusal) {
        results.push({ row, sentence: refusal instanceof CallError ? refusal.message : t('desk.error.unexpected') })
      }
      setDone([...results])
    }
    setRunning(false)
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['requests'] }),
      queries.invalidateQueries({ queryKey: ['queues'] }),
    ])
    if (results.every((one) => one.sentence === null)) {
      void message.success(t('requests.bulk.done', { count: chosen.length, name }))
      onClose()
    }
  }
  const refused = done.filter((one) => one.sentence !== null)
  return (
    <Modal
      open
      title={t('requests.bulk.title', { count: chosen.length })}
      onCancel={running ? undefined : onClose}
      footer={null}
      closable={!running}
    >
      <ul className="brief">
        {chosen.map((row) => (
          <li key={row.id}>
            <span className="code">{row.number}</span> {row.title}
          </li>
        ))}
      </ul>
      <label htmlFor="bulk-body">{t('requests.field.body')}</label>
      <SearchChoice
        id="bulk-body"
        kind="bodies"
        near={commonPath(chosen.map((row) => row.path))}
        value={body}
        onChange={setBody}
        onChosen={setName}
        autoFocus
      />
      <label htmlFor="bulk-task">
        {t('requests.field.task')} <small className="hint">{t('requests.optional')}</small>
      </label>
      <Input.TextArea
        id="bulk-task"
        aria-describedby="bulk-task-read"
        value={task}
        onChange={(event) => setTask(event.target.value)}
        rows={2}
        maxLength={2000}
      />
      <p id="bulk-task-read" className="hint">
        {t('requests.read-by.reporter')}
      </p>
      {done.length > 0 ? <Progress percent={Math.round((done.length / chosen.length) * 100)} /> : null}
      {refused.length > 0 ? (
        <div role="alert">
          <b>{t('requests.bulk.refused', { count: refused.length })}</b>
          <ul className="brief">
            {refused.map((one) => (
              <li key={one.row.id}>
                <span className="code">{one.row.number}</span> {one.sentence}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <div className="dialog-foot">
        <Button onClick={onClose} disabled={running}>
          {t('desk.cancel')}
        </Button>
        <Button type="primary" disabled={!body} loading={running} onClick={() => void run()}>
          {name
            ? t('requests.bulk.to', { count: chosen.length, name })
            : t('requests.bulk.dispatch', { count: chosen.length })}
        </Button>
      </div>
    </Modal>
  )
}

/** The lowest place that holds all of them: whoever may receive there may receive each. */
function commonPath(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/').filter(Boolean))
  const shared = first.filter((segment, index) => others.every((other) => other[index] === segment))
  return shared.map((segment) => `${segment}/`).join('')
}

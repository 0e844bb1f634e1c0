import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal, Progress } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, call } from '#kernel/desk/index.ts'
import { deskActs } from '../requests.desk.api.ts'
import type { Row } from '../requests.lists.api.ts'
import { type BulkAct, whyNot } from './bulk.ts'
import { CategoryChoice, SearchChoice } from './choices.tsx'

interface Properties {
  act: BulkAct
  /** Those that it can be done to, and those of the chosen that it cannot. */
  rows: readonly Row[]
  others: readonly Row[]
  /** Told which of them were not done: they stay selected. Null where nothing was tried. */
  onClose: (left: readonly string[] | null) => void
}

/** One act on several requests: each is an act of its own, and each refusal is told by name. */
export default function BulkActDialog({ act, rows, others, onClose }: Properties) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { message } = App.useApp()
  // The list behind may be read again while this runs; the requests chosen stay those that were chosen.
  const [chosen] = useState(rows)
  const [leftOut] = useState(others)
  const [target, setTarget] = useState<string>()
  const [name, setName] = useState<string | null>(null)
  const [words, setWords] = useState('')
  const [done, setDone] = useState<{ row: Row; sentence: string | null }[]>([])
  const [running, setRunning] = useState(false)
  const [keys] = useState(() => new Map(chosen.map((row) => [row.id, crypto.randomUUID()])))
  const refused = done.filter((one) => one.sentence !== null)
  const left = chosen.filter((row) => !done.some((one) => one.row.id === row.id && one.sentence === null))

  const one = (row: Row) => {
    const input = { params: { id: row.id }, version: row.version, key: keys.get(row.id) }
    const typed = words.trim()
    if (act === 'accept') return call(deskActs.accept, { ...input, body: {} })
    if (act === 'categorise')
      return call(deskActs.categorise, {
        ...input,
        body: { category: target ?? '', ...(typed ? { reason: typed } : {}) },
      })
    return call(deskActs.dispatch, { ...input, body: { body: target ?? '', ...(typed ? { task: typed } : {}) } })
  }
  const run = async () => {
    setRunning(true)
    const results: typeof done = done.filter((each) => each.sentence === null)
    for (const row of left) {
      try {
        await one(row)
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
    if (results.every((each) => each.sentence === null)) {
      void message.success(t(`requests.bulk.done.${act}`, { count: chosen.length }))
      onClose([])
    }
  }
  const close = () => onClose(done.length > 0 ? left.map((row) => row.id) : null)
  return (
    <Modal
      open
      title={t(`requests.bulk.title.${act}`, { count: chosen.length })}
      onCancel={running ? undefined : close}
      footer={null}
      closable={!running}
    >
      <ul className="brief bulk-list">
        {chosen.map((row) => (
          <li key={row.id} className="clipped" title={row.title}>
            <span className="code">{row.number}</span> {row.title}
          </li>
        ))}
      </ul>
      {leftOut.length > 0 ? (
        <div className="hint">
          {t('requests.bulk.not-these', { count: leftOut.length })}
          <ul className="brief bulk-list">
            {leftOut.map((row) => (
              <li key={row.id}>
                <span className="code">{row.number}</span> {row.title}
                {' · '}
                {t(`requests.bulk.why-${whyNot(act, row)}`, { state: t(`requests.state.${row.state}`) })}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {act === 'dispatch' ? (
        <>
          <label htmlFor="bulk-target">{t('requests.field.body')}</label>
          <SearchChoice
            id="bulk-target"
            kind="bodies"
            near={commonPath(chosen.map((row) => row.path))}
            value={target}
            onChange={setTarget}
            onChosen={setName}
            autoFocus
          />
        </>
      ) : null}
      {act === 'categorise' ? (
        <>
          <label htmlFor="bulk-target">{t('requests.field.category')}</label>
          <CategoryChoice id="bulk-target" value={target} onChange={setTarget} />
        </>
      ) : null}
      {act === 'accept' ? null : (
        <>
          <label htmlFor="bulk-words">
            {t(act === 'dispatch' ? 'requests.field.task' : 'requests.field.reason')}{' '}
            <small className="hint">{t('requests.optional')}</small>
          </label>
          <Input.TextArea
            id="bulk-words"
            aria-describedby="bulk-words-read"
            value={words}
            onChange={(event) => setWords(event.target.value)}
            rows={2}
            maxLength={2000}
          />
          <p id="bulk-words-read" className="hint">
            {t('requests.read-by.reporter')}
          </p>
        </>
      )}
      {done.length > 0 ? <Progress percent={Math.round((done.length / chosen.length) * 100)} /> : null}
      {refused.length > 0 && !running ? (
        <div role="alert">
          <b>{t('requests.bulk.refused', { count: refused.length })}</b>
          <ul className="brief">
            {refused.map((each) => (
              <li key={each.row.id}>
                <span className="code">{each.row.number}</span> {each.sentence}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <div className="dialog-foot">
        <Button onClick={close} disabled={running}>
          {t(done.length > 0 ? 'desk.close' : 'desk.cancel')}
        </Button>
        <Button
          type="primary"
          autoFocus={act === 'accept'}
          disabled={act !== 'accept' && !target}
          loading={running}
          onClick={() => void run()}
        >
          {refused.length > 0 && !running
            ? t('requests.bulk.again')
            : name
              ? t('requests.bulk.to', { count: chosen.length, name })
              : t(`requests.bulk.${act}`, { count: chosen.length })}
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

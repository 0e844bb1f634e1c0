import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, Conflict, call, ErrorNote, Labelled, Mark, Read } from '#kernel/desk/index.ts'
import {
  readValues,
  type SettingValue,
  type ShownValue,
  type WorkingHoursSetting,
  writeValue,
} from '../settings.api.ts'

type Deadlines = SettingValue<'deadlines'>
type Promised = NonNullable<Deadlines['promised']>
const classes = ['prompt', 'common', 'complex'] as const

/** The hours in which promised time is counted, and the promises by class of category. */
export function HoursForm({ place }: { place: string | undefined }) {
  const read = useQuery({
    queryKey: ['settings', 'values', place],
    queryFn: ({ signal }) => call(readValues, { query: { place }, signal }),
  })
  return (
    <Read query={read}>
      {(data) => {
        const hours = data.values.find((one) => one.name === 'working_hours')
        const deadlines = data.values.find((one) => one.name === 'deadlines')
        const shared = { place, placeName: data.place.name, editable: data.editable }
        return (
          <>
            {hours ? <Hours key={`hours-${hours.version}`} shown={hours} {...shared} /> : null}
            {deadlines ? <Promises key={`deadlines-${deadlines.version}`} shown={deadlines} {...shared} /> : null}
          </>
        )
      }}
    </Read>
  )
}

interface ValueProperties {
  shown: ShownValue
  place: string | undefined
  placeName: string
  editable: boolean
}

function useValue({ shown, place }: ValueProperties) {
  const queries = useQueryClient()
  const saving = useMutation({
    mutationFn: ({ value, version }: { value: unknown; version?: number }) =>
      call(writeValue, {
        params: { name: shown.name } as never,
        query: { place },
        body: { value },
        version: version ?? shown.version,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['settings', 'values'] }),
  })
  const clash = saving.error instanceof CallError && saving.error.conflict ? saving.error : null
  const theirs = clash?.current as ShownValue | undefined
  return { saving, clash, theirs, reread: () => queries.invalidateQueries({ queryKey: ['settings', 'values'] }) }
}

function Hours(properties: ValueProperties) {
  const { t } = useTranslation()
  const { shown, editable, placeName } = properties
  const [periods, setPeriods] = useState<WorkingHoursSetting>(() =>
    Array.isArray(shown.value) ? (shown.value as WorkingHoursSetting) : [],
  )
  const { saving, clash, theirs, reread } = useValue(properties)
  const change = (index: number, next: Partial<WorkingHoursSetting[number]>) =>
    setPeriods(periods.map((one, at) => (at === index ? { ...one, ...next } : one)))
  const say = (value: unknown) =>
    Array.isArray(value) ? (value as WorkingHoursSetting).map((one) => `${one.from}–${one.to}`).join('\n') : ''
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate({ value: periods })
      }}
    >
      <h2>{t('settings.hours')}</h2>
      <p className="hint">{t('settings.hours.explain')}</p>
      <From shown={shown} />
      {periods.map((period, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: periods have no name but their order
        <fieldset key={index} className="hours-day" disabled={!editable}>
          {(['from', 'to'] as const).map((name) => (
            <Labelled key={name}>
              {t(`settings.hours.${name}`)}
              <Input
                type="time"
                required
                value={period[name]}
                onChange={(event) => change(index, { [name]: event.target.value })}
              />
            </Labelled>
          ))}
          {editable && periods.length > 1 ? (
            <Button size="small" onClick={() => setPeriods(periods.filter((_, at) => at !== index))}>
              {t('settings.hours.drop')}
            </Button>
          ) : null}
        </fieldset>
      ))}
      {saving.error && !clash ? <ErrorNote error={saving.error} /> : null}
      {clash ? (
        <Conflict
          mine={say(periods)}
          theirs={theirs ? say(theirs.value) : t('settings.read-again')}
          onKeepMine={() => saving.mutate({ value: periods, version: theirs?.version })}
          onTakeTheirs={() => void reread().then(saving.reset)}
        />
      ) : null}
      {editable ? (
        <div className="part-acts">
          <Button type="primary" htmlType="submit" loading={saving.isPending}>
            {t('settings.hours.save', { place: placeName })}
          </Button>
          {periods.length < 6 ? (
            <Button onClick={() => setPeriods([...periods, { from: '13:30', to: '17:30' }])}>
              {t('settings.hours.add')}
            </Button>
          ) : null}
        </div>
      ) : (
        <p className="hint">{t('settings.read-only', { place: placeName })}</p>
      )}
    </form>
  )
}

function Promises(properties: ValueProperties) {
  const { t } = useTranslation()
  const { shown, editable, placeName } = properties
  const before = (shown.value ?? {}) as Deadlines
  const [promised, setPromised] = useState<Partial<Promised>>(before.promised ?? {})
  const { saving, clash, theirs, reread } = useValue(properties)
  // What this form does not show stays as it is.
  const value = { ...before, promised }
  const say = (days: Partial<Promised> | undefined) =>
    classes.map((one) => `${t(`settings.promise.${one}`)}: ${days?.[one] ?? ''}`).join('\n')
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate({ value })
      }}
    >
      <h2>{t('settings.promises')}</h2>
      <From shown={shown} />
      <fieldset className="hours-day" disabled={!editable}>
        {classes.map((one) => (
          <Labelled key={one}>
            {t(`settings.promise.${one}`)}
            <InputNumber
              min={1}
              max={90}
              precision={0}
              required
              value={promised[one]}
              onChange={(days) => setPromised({ ...promised, [one]: days ?? undefined })}
            />
          </Labelled>
        ))}
      </fieldset>
      {saving.error && !clash ? <ErrorNote error={saving.error} /> : null}
      {clash ? (
        <Conflict
          mine={say(promised)}
          theirs={theirs ? say((theirs.value as Deadlines).promised) : t('settings.read-again')}
          onKeepMine={() => saving.mutate({ value, version: theirs?.version })}
          onTakeTheirs={() => void reread().then(saving.reset)}
        />
      ) : null}
      {editable ? (
        <Button
          type="primary"
          htmlType="submit"
          disabled={classes.some((one) => !promised[one])}
          loading={saving.isPending}
        >
          {t('settings.promises.save', { place: placeName })}
        </Button>
      ) : null}
    </form>
  )
}

function From({ shown }: { shown: ShownValue }) {
  const { t } = useTranslation()
  if (shown.inheritedFrom) return <Mark kind="quiet">{t('settings.inherited', { place: shown.inheritedFrom })}</Mark>
  if (shown.default) return <Mark kind="quiet">{t('settings.default')}</Mark>
  return null
}

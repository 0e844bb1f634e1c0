import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, Labelled, Read } from '#kernel/desk/index.ts'
import { readValues, type ShownValue, type WorkingHoursSetting } from '../settings.api.ts'
import { Deadlines } from './deadline-forms.tsx'
import { CallBackShare, Contact, Notice } from './place-forms.tsx'
import type { ValueProperties } from './use-value.ts'
import { ValueForm } from './value-parts.tsx'

/** The hours in which promised time is counted, and every promise. */
export function TimesForm({ place }: { place: string | undefined }) {
  return (
    <Values place={place}>
      {(of, shared) => (
        <>
          {of('working_hours', (shown) => (
            <Hours shown={shown} {...shared} />
          ))}
          {of('deadlines', (shown) => (
            <Deadlines shown={shown} {...shared} />
          ))}
        </>
      )}
    </Values>
  )
}

/** What residents see of the place, and how many are called back. */
export function PlaceForm({ place }: { place: string | undefined }) {
  return (
    <Values place={place}>
      {(of, shared) => (
        <>
          {of('contact', (shown) => (
            <Contact shown={shown} {...shared} />
          ))}
          {of('notice', (shown) => (
            <Notice shown={shown} {...shared} />
          ))}
          {of('call_back_share', (shown) => (
            <CallBackShare shown={shown} {...shared} />
          ))}
        </>
      )}
    </Values>
  )
}

type Shared = Omit<ValueProperties, 'shown'>
type Of = (name: string, draw: (shown: ShownValue) => ReactNode) => ReactNode

function Values({ place, children }: { place: string | undefined; children: (of: Of, shared: Shared) => ReactNode }) {
  const { t } = useTranslation()
  const read = useQuery({
    queryKey: ['settings', 'values', place],
    queryFn: ({ signal }) => call(readValues, { query: { place }, signal }),
  })
  return (
    <Read query={read}>
      {(data) => {
        const of: Of = (name, draw) => {
          const shown = data.values.find((one) => one.name === name)
          // A value that has been saved by anyone is a new form: what is on the screen is what holds.
          return shown ? <div key={`${name}-${shown.version}-${data.place.id}`}>{draw(shown)}</div> : null
        }
        return (
          <>
            {data.editable ? null : <p className="hint">{t('settings.read-only', { place: data.place.name })}</p>}
            {children(of, { place, placeName: data.place.name, editable: data.editable })}
          </>
        )
      }}
    </Read>
  )
}

function Hours(properties: ValueProperties) {
  const { t } = useTranslation()
  const { shown, editable } = properties
  const [periods, setPeriods] = useState<WorkingHoursSetting>(() =>
    Array.isArray(shown.value) ? (shown.value as WorkingHoursSetting) : [],
  )
  const change = (index: number, next: Partial<WorkingHoursSetting[number]>) =>
    setPeriods(periods.map((one, at) => (at === index ? { ...one, ...next } : one)))
  const say = (value: unknown) =>
    Array.isArray(value) ? (value as WorkingHoursSetting).map((one) => `${one.from}–${one.to}`).join('\n') : ''
  return (
    <ValueForm
      properties={properties}
      value={periods}
      say={say}
      title={t('settings.hours.title')}
      explain={t('settings.hours.explain')}
    >
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
      {editable && periods.length < 6 ? (
        <p>
          <Button size="small" onClick={() => setPeriods([...periods, { from: '13:30', to: '17:30' }])}>
            {t('settings.hours.add')}
          </Button>
        </p>
      ) : null}
    </ValueForm>
  )
}

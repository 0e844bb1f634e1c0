import { InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Labelled } from '#kernel/desk/index.ts'
import { promiseClasses, residentsRights, type SettingValue, stepTimes } from '../settings.api.ts'
import type { ValueProperties } from './use-value.ts'
import { ValueForm } from './value-parts.tsx'

type Deadlines = SettingValue<'deadlines'>
type Amount = NonNullable<Deadlines['accept']>

const numberNames = Object.keys(residentsRights) as (keyof typeof residentsRights)[]
const units = ['hours', 'clock-hours', 'workingDays'] as const

const unitOf = (amount: Amount): (typeof units)[number] =>
  'workingDays' in amount ? 'workingDays' : amount.counted === 'clock' ? 'clock-hours' : 'hours'
const sizeOf = (amount: Amount): number => ('workingDays' in amount ? amount.workingDays : amount.hours)

function amountOf(size: number, unit: (typeof units)[number]): Amount {
  if (unit === 'workingDays') return { workingDays: Math.max(1, Math.round(size)) }
  return unit === 'clock-hours' ? { hours: size, counted: 'clock' } : { hours: size, counted: 'working' }
}

/** Every promised time. What is left empty is what holds above, or the program's own default. */
export function Deadlines(properties: ValueProperties) {
  const { t } = useTranslation()
  const { shown, editable } = properties
  const [value, setValue] = useState<Deadlines>(() => (shown.value ?? {}) as Deadlines)
  const set = <N extends keyof Deadlines>(name: N, next: Deadlines[N] | undefined) => {
    const { [name]: _before, ...rest } = value
    setValue(next === undefined ? rest : { ...rest, [name]: next })
  }
  const days = value.promised
  const [promised, setPromised] = useState<Partial<NonNullable<Deadlines['promised']>>>(days ?? {})
  const changePromised = (name: (typeof promiseClasses)[number], size: number | null) => {
    const next = { ...promised, [name]: size ?? undefined }
    setPromised(next)
    const whole = promiseClasses.every((one) => next[one])
    set('promised', whole ? (next as Deadlines['promised']) : undefined)
  }
  const half = promiseClasses.some((one) => promised[one]) && !days
  const say = (what: unknown) => {
    const all = what as Deadlines
    return [
      ...promiseClasses.map((one) => [`settings.promise.${one}`, all.promised?.[one]] as const),
      ...stepTimes.map((one) => {
        const amount = all[one]
        return [
          `settings.deadline.${one}`,
          amount && `${sizeOf(amount)} ${t(`settings.unit.${unitOf(amount)}`)}`,
        ] as const
      }),
      ...numberNames.map((one) => [`settings.deadline.${one}`, all[one]] as const),
    ]
      .filter(([, shownValue]) => shownValue !== undefined)
      .map(([key, shownValue]) => `${t(key)}: ${shownValue}`)
      .join('\n')
  }
  return (
    <ValueForm
      properties={properties}
      value={value}
      say={say}
      disabled={half}
      title={t('settings.promises')}
      explain={t('settings.deadlines.explain')}
    >
      <fieldset className="amounts" disabled={!editable}>
        {promiseClasses.map((one) => (
          <Labelled key={one}>
            {t(`settings.promise.${one}`)}
            <InputNumber
              min={1}
              max={90}
              precision={0}
              disabled={!editable}
              value={promised[one]}
              onChange={(size) => changePromised(one, size)}
            />
          </Labelled>
        ))}
      </fieldset>
      {half ? <p className="hint">{t('settings.promises.whole')}</p> : null}
      <h3>{t('settings.deadlines.steps')}</h3>
      <fieldset className="amounts" disabled={!editable}>
        {stepTimes.map((one) => {
          const amount = value[one]
          const unit = amount ? unitOf(amount) : 'hours'
          return (
            <div key={one}>
              <Labelled>
                {t(`settings.deadline.${one}`)}
                <InputNumber
                  min={unit === 'workingDays' ? 1 : 0.25}
                  max={unit === 'workingDays' ? 60 : 400}
                  disabled={!editable}
                  value={amount ? sizeOf(amount) : undefined}
                  onChange={(size) => set(one, size === null ? undefined : amountOf(size, unit))}
                />
              </Labelled>
              <Select
                aria-label={`${t(`settings.deadline.${one}`)} · ${t('settings.unit')}`}
                className="unit"
                disabled={!editable || !amount}
                value={unit}
                options={units.map((name) => ({ value: name, label: t(`settings.unit.${name}`) }))}
                onChange={(next) => (amount ? set(one, amountOf(sizeOf(amount), next)) : undefined)}
              />
            </div>
          )
        })}
      </fieldset>
      <fieldset className="amounts" disabled={!editable}>
        {numberNames.map((one) => (
          <Labelled key={one}>
            {t(`settings.deadline.${one}`)}
            <InputNumber
              min={1}
              max={residentsRights[one]}
              precision={0}
              disabled={!editable}
              value={value[one]}
              onChange={(size) => set(one, size ?? undefined)}
            />
          </Labelled>
        ))}
      </fieldset>
    </ValueForm>
  )
}

import { Input, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Labelled } from '#kernel/desk/index.ts'
import type { SettingValue } from '../settings.api.ts'
import type { ValueProperties } from './use-value.ts'
import { ValueForm } from './value-parts.tsx'

/** How residents reach the place. */
export function Contact(properties: ValueProperties) {
  const { t } = useTranslation()
  const before = properties.shown.value as SettingValue<'contact'> | null
  const [value, setValue] = useState(before ?? { telephone: null, address: null, hours: null })
  const names = ['telephone', 'address', 'hours'] as const
  const say = (what: unknown) =>
    names
      .map((name) => `${t(`settings.contact.${name}`)}: ${(what as Record<string, unknown> | null)?.[name] ?? ''}`)
      .join('\n')
  return (
    <ValueForm
      properties={properties}
      value={value}
      say={say}
      title={t('settings.contact')}
      explain={t('settings.contact.explain')}
    >
      {names.map((name) => (
        <Labelled key={name} className="row">
          {t(`settings.contact.${name}`)}
          <Input
            disabled={!properties.editable}
            maxLength={name === 'telephone' ? 40 : 200}
            value={value[name] ?? ''}
            onChange={(event) => setValue({ ...value, [name]: event.target.value || null })}
          />
        </Labelled>
      ))}
    </ValueForm>
  )
}

/** A line that residents read first: a day when nobody is there, a flood, a new address. */
export function Notice(properties: ValueProperties) {
  const { t } = useTranslation()
  const before = properties.shown.value as SettingValue<'notice'> | null
  const [value, setValue] = useState(before ?? { text: '', textEn: null })
  const say = (what: unknown) => {
    const notice = what as SettingValue<'notice'> | null
    return [notice?.text, notice?.textEn].filter(Boolean).join('\n')
  }
  return (
    <ValueForm
      properties={properties}
      value={value}
      say={say}
      disabled={!value.text.trim()}
      title={t('settings.notice')}
      explain={t('settings.notice.explain')}
    >
      <Labelled className="row">
        {t('settings.notice.text')}
        <Input.TextArea
          disabled={!properties.editable}
          rows={2}
          maxLength={1000}
          value={value.text}
          onChange={(event) => setValue({ ...value, text: event.target.value })}
        />
      </Labelled>
      <Labelled className="row">
        {t('settings.notice.text-en')}
        <Input.TextArea
          disabled={!properties.editable}
          rows={2}
          maxLength={1000}
          value={value.textEn ?? ''}
          onChange={(event) => setValue({ ...value, textEn: event.target.value || null })}
        />
      </Labelled>
    </ValueForm>
  )
}

/** How many of the answered are called back; at least a tenth, drawn at random. */
export function CallBackShare(properties: ValueProperties) {
  const { t } = useTranslation()
  const [percent, setPercent] = useState(() => Math.round(Number(properties.shown.value ?? 0.1) * 100))
  return (
    <ValueForm
      properties={properties}
      value={percent / 100}
      say={(what) => `${Math.round(Number(what) * 100)} %`}
      title={t('settings.call-back')}
      explain={t('settings.call-back.explain')}
    >
      <Labelled className="row">
        {t('settings.call-back.share')}
        <InputNumber
          min={10}
          max={100}
          precision={0}
          suffix="%"
          disabled={!properties.editable}
          value={percent}
          onChange={(next) => setPercent(next ?? 10)}
        />
      </Labelled>
    </ValueForm>
  )
}

import { Checkbox, Input } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import { Labelled } from '#kernel/desk/index.ts'
import type { DraftContent } from '../requests.acts.api.ts'
import { type Fault, FaultAt, faultyIn } from './phone-faults.tsx'

interface Caller {
  readonly content: Static<typeof DraftContent>
  readonly faults: readonly Fault[]
  readonly onChange: (change: Partial<Static<typeof DraftContent>>) => void
  /** What the same caller told before, where it is asked for. */
  readonly children: ReactNode
}

/** Who calls: number and name, or that they stay unnamed. */
export function PhoneCaller({ content, faults, onChange, children }: Caller) {
  const { t } = useTranslation()
  const faulty = faultyIn(faults)
  return (
    <fieldset>
      <legend>{t('requests.phone.who')}</legend>
      <div className="pair">
        <Labelled>
          {t('requests.phone.phone')}
          <Input
            id="phone-phone"
            {...faulty('phone')}
            autoFocus
            inputMode="tel"
            autoComplete="off"
            maxLength={30}
            disabled={content.anonymous}
            value={content.phone ?? ''}
            onChange={(event) => onChange({ phone: event.target.value })}
          />
          <FaultAt faults={faults} field="phone" />
        </Labelled>
        <Labelled>
          {t('requests.phone.name')}
          <Input
            id="phone-name"
            {...faulty('name')}
            autoComplete="off"
            maxLength={60}
            disabled={content.anonymous}
            value={content.name ?? ''}
            onChange={(event) => onChange({ name: event.target.value })}
          />
          <FaultAt faults={faults} field="name" />
        </Labelled>
      </div>
      <Checkbox
        checked={content.anonymous}
        onChange={(event) =>
          onChange(event.target.checked ? { anonymous: true, phone: undefined, name: undefined } : { anonymous: false })
        }
      >
        {t('requests.phone.anonymous')}
      </Checkbox>
      {children}
    </fieldset>
  )
}

import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Conflict, ErrorNote, Mark } from '#kernel/desk/index.ts'
import type { ShownValue } from '../settings.api.ts'
import { useValue, type ValueProperties } from './use-value.ts'

/** Where a value comes from: the place above that set it, or the program. */
function From({ shown }: { shown: ShownValue }) {
  const { t } = useTranslation()
  if (shown.inheritedFrom) return <Mark kind="quiet">{t('settings.inherited', { place: shown.inheritedFrom })}</Mark>
  if (shown.default) return <Mark kind="quiet">{t('settings.default')}</Mark>
  return null
}

interface ValueFormProperties {
  properties: ValueProperties
  value: unknown
  /** A value in words, for when somebody else saved another meanwhile. */
  say: (value: unknown) => string
  disabled?: boolean
}

/** The form of one value: what it is, where it comes from, its fields, and the foot. */
export function ValueForm({
  title,
  explain,
  children,
  ...rest
}: ValueFormProperties & { title: string; explain: string; children: ReactNode }) {
  const doing = useValue(rest.properties)
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        doing.saving.mutate({ value: rest.value })
      }}
    >
      <h2>{title}</h2>
      <p className="hint">{explain}</p>
      <From shown={rest.properties.shown} />
      {children}
      {rest.properties.editable ? <Foot {...rest} doing={doing} /> : null}
    </form>
  )
}

/** What was refused, what somebody else saved meanwhile, save, and give up. */
function Foot({
  properties,
  doing,
  value,
  say,
  disabled,
}: ValueFormProperties & { doing: ReturnType<typeof useValue> }) {
  const { t } = useTranslation()
  const { saving, givingUp, own, clash, theirs, reread } = doing
  return (
    <>
      {saving.error && !clash ? <ErrorNote error={saving.error} /> : null}
      {givingUp.error ? <ErrorNote error={givingUp.error} /> : null}
      {clash ? (
        <Conflict
          mine={say(value)}
          theirs={theirs ? say(theirs.value) : t('settings.read-again')}
          onKeepMine={() => saving.mutate({ value, version: theirs?.version })}
          onTakeTheirs={() => void reread().then(saving.reset)}
        />
      ) : null}
      <div className="part-acts">
        <Button type="primary" htmlType="submit" disabled={disabled} loading={saving.isPending}>
          {t('settings.value-save', { place: properties.placeName })}
        </Button>
        {own ? (
          <Button loading={givingUp.isPending} onClick={() => givingUp.mutate()}>
            {t('settings.value-give-up')}
          </Button>
        ) : null}
      </div>
    </>
  )
}

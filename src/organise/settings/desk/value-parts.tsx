import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Conflict, ErrorNote, Mark } from '#kernel/desk/index.ts'
import type { ShownValue } from '../settings.api.ts'
import type { useValue, ValueProperties } from './use-value.ts'

/** Where a value comes from: the place above that set it, or the program. */
export function From({ shown }: { shown: ShownValue }) {
  const { t } = useTranslation()
  if (shown.inheritedFrom) return <Mark kind="quiet">{t('settings.inherited', { place: shown.inheritedFrom })}</Mark>
  if (shown.default) return <Mark kind="quiet">{t('settings.default')}</Mark>
  return null
}

/** The end of each form of a value: what was refused, what somebody else saved meanwhile, save, and give up. */
export function ValueFoot({
  properties,
  doing,
  value,
  say,
  disabled,
}: {
  properties: ValueProperties
  doing: ReturnType<typeof useValue>
  value: unknown
  say: (value: unknown) => string
  disabled?: boolean
}) {
  const { t } = useTranslation()
  const { saving, givingUp, own, clash, theirs, reread } = doing
  if (!properties.editable) return null
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

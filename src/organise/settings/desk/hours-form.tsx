import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, Conflict, call, ErrorNote, Labelled, Mark, Read } from '#kernel/desk/index.ts'
import { type Hours, readHours, writeHours } from '../settings.desk.api.ts'

type Day = Hours['days'][number]
const week = [1, 2, 3, 4, 5, 6, 7] as const

/** The hours in which promised time is counted. Holidays and make-up days come from the national calendar. */
export function HoursForm({ place }: { place: string | undefined }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const read = useQuery({
    queryKey: ['hours', place],
    queryFn: ({ signal }) => call(readHours, { query: { place }, signal }),
  })
  const [days, setDays] = useState<readonly Day[]>([])
  const present = read.data?.hours
  useEffect(() => {
    if (present) setDays(present.days)
  }, [present])
  const saving = useMutation({
    mutationFn: (version: number) => call(writeHours, { query: { place }, body: { days: [...days] }, version }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['hours'] }),
  })
  const clash = saving.error instanceof CallError && saving.error.conflict
  const theirs = clash ? ((saving.error as CallError).current as Hours | undefined) : undefined
  const say = (list: readonly Day[]) =>
    list
      .map(
        (day) =>
          `${t(`settings.day.${day.day}`)} ${day.from}–${day.pauseFrom ?? ''} ${day.pauseUntil ?? ''}–${day.until}`,
      )
      .join('\n')
  const change = (day: number, next: Partial<Day> | null) => {
    const others = days.filter((one) => one.day !== day)
    const before = days.find((one) => one.day === day) ?? {
      day,
      from: '09:00',
      until: '17:00',
      pauseFrom: null,
      pauseUntil: null,
    }
    setDays(next ? [...others, { ...before, ...next }].sort((a, b) => a.day - b.day) : others)
  }
  return (
    <Read query={read}>
      {(data) => (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            saving.mutate(data.hours.version)
          }}
        >
          <p className="hint">{t('settings.hours.explain', { year: data.hours.calendarUntil })}</p>
          {data.hours.inheritedFrom ? (
            <Mark kind="quiet">{t('settings.inherited', { place: data.hours.inheritedFrom })}</Mark>
          ) : null}
          {week.map((number) => {
            const day = days.find((one) => one.day === number)
            return (
              <fieldset key={number} className="hours-day" disabled={!data.editable}>
                <legend className="unseen">{t(`settings.day.${number}`)}</legend>
                <Checkbox checked={Boolean(day)} onChange={(event) => change(number, event.target.checked ? {} : null)}>
                  {t(`settings.day.${number}`)}
                </Checkbox>
                {day ? (
                  (['from', 'pauseFrom', 'pauseUntil', 'until'] as const).map((name) => (
                    <Labelled key={name}>
                      {t(`settings.hours.${name}`)}
                      <Input
                        type="time"
                        value={day[name] ?? ''}
                        onChange={(event) =>
                          change(number, {
                            [name]: event.target.value || (name.startsWith('pause') ? null : day[name]),
                          })
                        }
                      />
                    </Labelled>
                  ))
                ) : (
                  <span className="hint">{t('settings.hours.rest')}</span>
                )}
              </fieldset>
            )
          })}
          {saving.error && !clash ? <ErrorNote error={saving.error} /> : null}
          {clash ? (
            <Conflict
              mine={say(days)}
              theirs={theirs ? say(theirs.days) : t('settings.read-again')}
              onKeepMine={() => saving.mutate(theirs?.version ?? data.hours.version)}
              onTakeTheirs={() => {
                saving.reset()
                void queries.invalidateQueries({ queryKey: ['hours'] })
              }}
            />
          ) : null}
          {data.editable ? (
            <Button type="primary" htmlType="submit" loading={saving.isPending}>
              {t('settings.hours.save', { place: data.place.name })}
            </Button>
          ) : (
            <p className="hint">{t('settings.read-only', { place: data.place.name })}</p>
          )}
        </form>
      )}
    </Read>
  )
}

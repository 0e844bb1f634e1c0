import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address, EmptyNote, Labelled, Mark, Read, send } from '#kernel/desk/index.ts'
import { ImportList } from './import-list.tsx'
import { ItemForm } from './item-form.tsx'
import { endpointsOf, type Item, type Section } from './sections.ts'

interface Answer {
  items: Item[]
  editable: boolean
  place: { id: string; name: string }
  below?: { id: string; name: string }[]
}

/** One kind of setting as a list; what comes from a place above is marked and can be read. */
export function ItemList({ section, place }: { section: Section; place: string | undefined }) {
  const { t, i18n } = useTranslation()
  const english = i18n.language === 'en'
  const [open, setOpen] = useState<{ item: Item | null } | null>(null)
  const [words, setWords] = useState('')
  const [importing, setImporting] = useState(false)
  const list = useQuery({
    queryKey: ['settings', section.name, place],
    queryFn: ({ signal }) =>
      send('GET', address(endpointsOf(section).list.url, {}, { place }), { signal }) as Promise<Answer>,
  })
  return (
    <Read query={list}>
      {(data) => {
        const shown = data.items.filter((item) => JSON.stringify(item).includes(words.trim()))
        return (
          <>
            <div className="inline-form">
              <Labelled>
                {t('settings.find')}
                <Input type="search" allowClear value={words} onChange={(event) => setWords(event.target.value)} />
              </Labelled>
              {data.editable ? (
                <>
                  <Button type="primary" onClick={() => setOpen({ item: null })}>
                    {t(`settings.${section.name}.add`, { place: data.place.name })}
                  </Button>
                  {section.name === 'categories' ? (
                    <Button onClick={() => setImporting(true)}>{t('settings.import')}</Button>
                  ) : null}
                </>
              ) : null}
            </div>
            {data.editable ? null : <p className="hint">{t('settings.read-only', { place: data.place.name })}</p>}
            {shown.length === 0 ? (
              <EmptyNote title={t(`settings.${section.name}.none`)}>
                {t(`settings.${section.name}.none-explain`)}
                {data.below?.length && !words.trim() ? (
                  <>
                    {' '}
                    {t('settings.set-below')}{' '}
                    {data.below.map((one) => (
                      <Link
                        key={one.id}
                        to="/settings"
                        search={{ section: section.name, place: one.id }}
                        className="below-link"
                      >
                        {one.name}
                      </Link>
                    ))}
                  </>
                ) : null}
              </EmptyNote>
            ) : (
              <ul className="plain-list settings-list">
                {shown.map((item) => (
                  <li key={item.id}>
                    <Button type="link" onClick={() => setOpen({ item })}>
                      {saidOf(item, section.title, english)}
                    </Button>{' '}
                    <small>{noteOf(section, item, t, english)}</small>{' '}
                    {item.inheritedFrom ? (
                      <Mark kind="quiet">{t('settings.inherited', { place: item.inheritedFrom })}</Mark>
                    ) : null}
                  </li>
                ))}
              </ul>
            )}
            {importing ? <ImportList place={place} onClose={() => setImporting(false)} /> : null}
            {open ? (
              <ItemForm
                section={section}
                item={open.item}
                place={place}
                editable={data.editable && !open.item?.inheritedFrom}
                onClose={() => setOpen(null)}
              />
            ) : null}
          </>
        )
      }}
    </Read>
  )
}

/** A field as the reader's language has it; in Chinese where nobody wrote it in another. */
const saidOf = (item: Item, field: string, english: boolean): string =>
  String((english && item[`${field}En`]) || item[field] || '')

function noteOf(section: Section, item: Item, t: TFunction, english: boolean): string {
  if (section.name === 'categories') {
    return [
      `${saidOf(item, 'level1', english)} › ${saidOf(item, 'level2', english)}`,
      t('settings.promised', { days: item.promisedDays }),
      item.usualBodyName ? t('settings.usual', { name: item.usualBodyName }) : null,
    ]
      .filter(Boolean)
      .join(' · ')
  }
  if (section.name === 'laws') return [t(`settings.value.${item.kind}`), item.article].filter(Boolean).join(' · ')
  const text = String(item.text ?? '')
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

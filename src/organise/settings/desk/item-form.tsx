import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, InputNumber, Modal, Select } from 'antd'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address, CallError, Conflict, call, ErrorNote, send } from '#kernel/desk/index.ts'
import { listBodies } from '../../bodies/bodies.api.ts'
import { bodyOf, endpointsOf, type Item, type Section, type SettingField, typedOf } from './sections.ts'

interface Properties {
  section: Section
  item: Item | null
  place: string | undefined
  editable: boolean
  onClose: () => void
}

/** One setting: add, change, or end it. Ended settings stay with the requests that used them. */
export function ItemForm({ section, item, place, editable, onClose }: Properties) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const queries = useQueryClient()
  const [form] = Form.useForm<Record<string, unknown>>()
  const [theirs, setTheirs] = useState<Item | null>(null)
  const endpoints = endpointsOf(section)
  const reread = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['settings', section.name] }),
      queries.invalidateQueries({ queryKey: ['categories'] }),
      queries.invalidateQueries({ queryKey: ['templates'] }),
    ])
  const saving = useMutation({
    mutationFn: ({ typed, version }: { typed: Record<string, unknown>; version?: number }) =>
      item
        ? send(endpoints.edit.method, address(endpoints.edit.url, { id: item.id }), {
            body: bodyOf(section, typed, item),
            version: version ?? item.version,
          })
        : send(endpoints.add.method, address(endpoints.add.url, {}, { place }), { body: bodyOf(section, typed, item) }),
    onSuccess: async () => {
      await reread()
      onClose()
    },
    onError: (error) => {
      if (error instanceof CallError && error.conflict) setTheirs((error.current as Item | undefined) ?? null)
    },
  })
  const ending = useMutation({
    mutationFn: () => send('POST', address(endpoints.end.url, { id: item?.id }), { body: {}, version: item?.version }),
    onSuccess: async () => {
      await reread()
      onClose()
    },
  })
  const clash = saving.error instanceof CallError && saving.error.conflict
  const lines = (typed: Record<string, unknown>) =>
    section.fields.map(({ name }) => `${t(`settings.field.${name}`)}: ${typed[name] ?? ''}`).join('\n')
  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      width={600}
      title={item ? String(item[section.title]) : t(`settings.${section.name}.new`)}
    >
      <Form
        form={form}
        layout="vertical"
        disabled={!editable}
        initialValues={typedOf(section, item)}
        onFinish={(typed) => saving.mutate({ typed })}
        requiredMark={false}
      >
        {section.fields.map((field) => (
          <Form.Item
            key={field.name}
            name={field.name}
            label={
              <>
                {t(`settings.field.${field.name}`)}
                {field.optional ? <small className="hint">&nbsp;{t('settings.optional')}</small> : null}
              </>
            }
            extra={t(`settings.hint.${section.name}.${field.name}`, { defaultValue: '' }) || undefined}
            rules={field.optional ? [] : [{ required: true, message: t('settings.wanted') }]}
          >
            {control(field, item, t)}
          </Form.Item>
        ))}
        {saving.error && !clash ? <ErrorNote error={saving.error} /> : null}
        {ending.error ? <ErrorNote error={ending.error} /> : null}
        {clash ? (
          <Conflict
            mine={lines(form.getFieldsValue())}
            theirs={theirs ? lines(typedOf(section, theirs)) : t('settings.read-again')}
            onKeepMine={() => saving.mutate({ typed: form.getFieldsValue(), version: theirs?.version })}
            onTakeTheirs={() => void reread().then(onClose)}
          />
        ) : null}
        {editable ? (
          <div className="dialog-foot">
            {item ? (
              <Button
                loading={ending.isPending}
                onClick={() =>
                  void modal.confirm({
                    title: t('settings.end.ask', { name: String(item[section.title]) }),
                    content: t('settings.end.explain'),
                    okText: t('settings.end'),
                    cancelText: t('desk.cancel'),
                    onOk: () => ending.mutate(),
                  })
                }
              >
                {t('settings.end')}
              </Button>
            ) : null}
            <Button onClick={onClose}>{t('desk.cancel')}</Button>
            <Button type="primary" htmlType="submit" loading={saving.isPending}>
              {t('desk.save')}
            </Button>
          </div>
        ) : null}
      </Form>
    </Modal>
  )
}

function control(field: SettingField, item: Item | null, t: TFunction) {
  switch (field.kind) {
    case 'long':
      return <Input.TextArea rows={4} maxLength={8000} />
    case 'day':
      return <Input type="date" />
    case 'number':
      return <InputNumber min={1} max={60} precision={0} />
    case 'choice':
      return <Select options={(field.values ?? []).map((value) => ({ value, label: t(`settings.value.${value}`) }))} />
    case 'body':
      return (
        <BodyChoice
          known={item?.usualBody ? { id: String(item.usualBody), name: String(item.usualBodyName ?? '') } : null}
        />
      )
    default:
      return <Input maxLength={200} />
  }
}

interface Chosen {
  value?: string
  onChange?: (value: string | undefined) => void
}

function BodyChoice({ known, ...chosen }: Chosen & { known: { id: string; name: string } | null }) {
  const [words, setWords] = useState('')
  const bodies = useQuery({
    queryKey: ['bodies', 'choice', words],
    queryFn: ({ signal }) => call(listBodies, { query: { search: words || undefined, limit: 20 }, signal }),
  })
  const options = (bodies.data?.bodies ?? []).map((body) => ({ value: body.id, label: body.name }))
  if (known && !options.some((one) => one.value === known.id)) options.unshift({ value: known.id, label: known.name })
  return (
    <Select
      {...chosen}
      allowClear
      showSearch={{ filterOption: false, onSearch: setWords }}
      options={options}
      loading={bodies.isFetching}
    />
  )
}

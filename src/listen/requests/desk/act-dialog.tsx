import { Button, Form, Input, InputNumber, Modal, Radio } from 'antd'
import type { TFunction } from 'i18next'
import { type ComponentProps, Fragment, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Conflict, ErrorNote } from '#kernel/desk/index.ts'
import type { DeskAct, RequestView } from '../requests.desk.api.ts'
import { actFields, bodyOf, type Field, standing } from './act-fields.ts'
import { SuggestedCategoryChoice } from './category-suggested.tsx'
import { SearchChoice } from './choices.tsx'
import { useAct } from './use-act.ts'
import { useSimilar } from './use-similar.ts'
import { UsualUnits } from './usual-units.tsx'

interface Properties {
  act: DeskAct
  request: RequestView
  /** Values the act needs beside what is asked for: the part or the visit it is about. */
  given?: Record<string, string>
  onClose: () => void
}

/** One dialog for every act that asks for something. What was typed stays when the act is refused. */
export default function ActDialog({ act, request, given, onClose }: Properties) {
  const { t } = useTranslation()
  const [form] = Form.useForm<Record<string, unknown>>()
  const all = actFields[act] ?? []
  const typedNow: Record<string, unknown> | undefined = Form.useWatch([], form)
  const fields = all.filter((field) => !field.when || typedNow?.[field.when.field] === field.when.value)
  const doing = useAct(request)
  const [chosen, setChosen] = useState<string | null>(
    act === 'dispatch' ? (request.suggestion?.body?.name ?? null) : null,
  )
  // A unit taken from those that usually do this, whose name the field has not searched for.
  const [taken, setTaken] = useState<{ id: string; name: string } | null>(null)
  const suggested =
    act === 'dispatch' ? request.suggestion?.body : act === 'categorise' ? request.suggestion?.category : null

  useEffect(() => {
    const field = actFields[act]?.[0]
    if (field && suggested) form.setFieldValue(field.name, suggested.id)
  }, [form, suggested, act])

  // Without motion the dialog stands at once and tells nobody that it has been opened.
  useEffect(() => {
    const frame = requestAnimationFrame(focusFirst)
    return () => cancelAnimationFrame(frame)
  }, [])

  const submit = async (typed: Record<string, unknown>, anyway = false) => {
    const body = { ...given, ...bodyOf(all, typed) }
    try {
      await (anyway ? doing.again(act, body) : doing.run(act, body))
      onClose()
    } catch {
      // The refusal stands in the dialog; what was typed stays.
    }
  }
  return (
    <Modal
      open
      onCancel={onClose}
      title={t(`requests.act.${act}`)}
      footer={null}
      destroyOnHidden
      width={560}
      afterOpenChange={(open) => {
        if (open) focusFirst()
      }}
    >
      <p className="hint">
        {request.number} · {request.title}
      </p>
      <p className="hint">{t(`requests.act-hint.${act}`, { defaultValue: '' })}</p>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ ...standing(act, request), ...given }}
        requiredMark={(label, { required }) => (
          <>
            {label}
            {required ? null : <small className="hint"> {t('requests.optional')}</small>}
          </>
        )}
        className="act-form"
        onFinish={(typed) => void submit(typed)}
        scrollToFirstError={{ focus: true }}
      >
        {fields.map((field) => (
          <Fragment key={field.name}>
            <Form.Item
              name={field.name}
              label={t(`requests.field.${act}.${field.name}`, { defaultValue: t(`requests.field.${field.name}`) })}
              extra={field.readBy ? t(`requests.read-by.${field.readBy}`) : undefined}
              rules={field.optional ? [] : [{ required: true, message: t('requests.field-wanted') }]}
            >
              {control(field, request, t, taken ?? suggested ?? null, setChosen)}
            </Form.Item>
            {field.name === 'body' && assigning.includes(act) ? (
              <UsualUnits
                request={request}
                value={typedNow?.body}
                onTake={(unit) => {
                  setTaken(unit)
                  setChosen(unit.name)
                  form.setFieldValue('body', unit.id)
                }}
              />
            ) : null}
          </Fragment>
        ))}
        {doing.error ? <ErrorNote error={doing.error} /> : null}
        {doing.clash ? (
          <Conflict
            mine={doing.clash.mine}
            theirs={summary(doing.clash.theirs, t)}
            onKeepMine={() => void submit(form.getFieldsValue(), true)}
            onTakeTheirs={() => {
              doing.dropClash()
              onClose()
            }}
          />
        ) : null}
        <div className="dialog-foot">
          <Button onClick={onClose}>{t('desk.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={doing.busy}>
            {chosen && act === 'dispatch' ? t('requests.dispatch-to', { name: chosen }) : t(`requests.act.${act}`)}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}

/** Acts by which a unit is given the matter by whoever dispatches it. */
const assigning: readonly DeskAct[] = ['dispatch', 'redispatch']

/** Another request; those that are similar are offered before anything is typed. */
function SimilarChoice({
  request,
  ...field
}: { request: RequestView } & Pick<ComponentProps<typeof SearchChoice>, 'id' | 'value' | 'onChange'>) {
  const found = useSimilar(request)
  const offered = (found.data?.items ?? []).map(({ id, number, title }) => ({ id, name: `${number} ${title}` }))
  return <SearchChoice kind="requests" offered={offered} {...field} />
}

function focusFirst(): void {
  const form = document.querySelector<HTMLElement>('.act-form')
  if (form && !form.contains(document.activeElement)) form.querySelector<HTMLElement>('input, textarea')?.focus()
}

/** What now stands, in a few lines, for comparing with what was about to be done. */
function summary(request: RequestView, t: TFunction): string {
  const last = request.entries.at(-1)
  return [
    t(`requests.state.${request.state}`),
    request.parts.map((part) => `${part.body.name}: ${t(`requests.part-state.${part.state}`)}`).join('\n'),
    last ? `${t(`requests.entry.${last.kind}`)} · ${last.who ?? ''} ${last.text ?? ''}` : '',
    request.draft ? request.draft.text : '',
  ]
    .filter(Boolean)
    .join('\n')
}

function control(
  field: Field,
  request: RequestView,
  t: TFunction,
  known: { id: string; name: string } | null,
  onChosen: (name: string | null) => void,
) {
  switch (field.kind) {
    case 'bodies':
      return <SearchChoice kind="bodies" near={request.place.path} known={known} onChosen={onChosen} />
    case 'requests':
      return <SimilarChoice request={request} />
    case 'places':
    case 'laws':
      return <SearchChoice kind={field.kind} near={request.place.id} />
    case 'category':
      return <SuggestedCategoryChoice told={{ title: request.title, text: request.text, place: request.place.id }} />
    case 'choice':
      return (
        <Radio.Group
          className="choices"
          options={(field.values ?? []).map((value) => ({ value, label: t(`${field.words}.${value}`) }))}
        />
      )
    case 'stars':
      return (
        <Radio.Group
          options={[5, 4, 3, 2, 1].map((value) => ({ value, label: t(`requests.satisfaction.${value}`) }))}
        />
      )
    case 'days':
      return <InputNumber min={1} max={60} precision={0} suffix={t('requests.working-days')} />
    case 'moment':
      return <Input type="datetime-local" />
    case 'line':
      return <Input maxLength={500} />
    default:
      return <Input.TextArea rows={3} maxLength={8000} />
  }
}

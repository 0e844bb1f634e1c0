import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Form, Input, Modal, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { CallError, Conflict, call, ErrorNote, FoundChoice, useSession } from '#kernel/desk/index.ts'
import { placeSearch } from '../../places/places.api.ts'
import { type BodyWhole, bodyKinds, dissolveBody, editBody, foundBody, getBody } from '../bodies.api.ts'

interface Typed {
  place?: string
  kind?: (typeof bodyKinds)[number]
  name: string
  nameEn?: string
  telephone?: string
  address?: string
  hours?: string
}

const details = ['nameEn', 'telephone', 'address', 'hours'] as const

/** Empty is nothing: null in a change, left out of something new. */
function detailsOf(typed: Typed) {
  return Object.fromEntries(details.map((name) => [name, typed[name]?.trim() || null])) as Record<
    (typeof details)[number],
    string | null
  >
}

/** Founds a body at a place, or changes how one is called and reached. */
export function BodyForm({ body, onClose }: { body: BodyWhole | null; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [form] = Form.useForm<Typed>()
  const saving = useMutation({
    mutationFn: ({ typed, version }: { typed: Typed; version?: number }) =>
      body
        ? call(editBody, {
            params: { id: body.id },
            version: version ?? body.version,
            body: { name: typed.name.trim(), ...detailsOf(typed) },
          })
        : call(foundBody, {
            body: { place: typed.place ?? '', kind: typed.kind as never, name: typed.name.trim(), ...detailsOf(typed) },
          }),
    onSuccess: async (answer) => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['bodies'] }),
        queries.invalidateQueries({ queryKey: ['body'] }),
      ])
      onClose()
      if (!body) await navigate({ to: '/bodies/$id', params: { id: answer.id } })
    },
  })
  const clash = saving.error instanceof CallError && saving.error.conflict ? saving.error : null
  const now = useQuery({
    queryKey: ['body', body?.id, 'meanwhile'],
    enabled: clash !== null && body !== null,
    gcTime: 0,
    queryFn: ({ signal }) => call(getBody, { params: { id: body?.id ?? '' }, signal }),
  })
  const theirs = now.data
  const lines = (typed: Partial<Record<'name' | (typeof details)[number], string | null>>) =>
    (['name', ...details] as const).map((name) => `${t(`bodies.field.body.${name}`)}: ${typed[name] ?? ''}`).join('\n')
  const near = useSession().posts[0]?.path
  const find = async (words: string, signal: AbortSignal) => {
    if (!words) return []
    const { places } = await call(placeSearch, { query: { q: words, near, limit: 20 }, signal })
    return places.map((place) => ({ id: place.id, name: place.label, note: place.fullName }))
  }
  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      title={body ? t('bodies.edit.title', { name: body.name }) : t('bodies.found')}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={body ?? undefined}
        onFinish={(typed) => saving.mutate({ typed })}
      >
        {body ? null : (
          <>
            <Form.Item
              name="place"
              label={t('bodies.fact.place')}
              rules={[{ required: true, message: t('bodies.field.wanted') }]}
            >
              <FoundChoice kind={['places', i18n.language]} find={find} placeholder={t('bodies.found.place')} />
            </Form.Item>
            <Form.Item
              name="kind"
              label={t('bodies.field.kind')}
              rules={[{ required: true, message: t('bodies.field.wanted') }]}
            >
              <Select options={bodyKinds.map((kind) => ({ value: kind, label: t(`bodies.kind.${kind}`) }))} />
            </Form.Item>
          </>
        )}
        <Form.Item
          name="name"
          label={t('bodies.field.body.name')}
          rules={[{ required: true, whitespace: true, message: t('bodies.field.wanted') }]}
        >
          <Input maxLength={80} />
        </Form.Item>
        {details.map((name) => (
          <Form.Item key={name} name={name} label={`${t(`bodies.field.body.${name}`)} ${t('bodies.optional')}`}>
            <Input maxLength={name === 'telephone' ? 40 : 120} />
          </Form.Item>
        ))}
        {saving.error && !clash ? <ErrorNote error={saving.error} /> : null}
        {clash ? (
          <Conflict
            mine={lines(form.getFieldsValue())}
            theirs={theirs ? lines(theirs) : t('bodies.read-again')}
            onKeepMine={() => saving.mutate({ typed: form.getFieldsValue(), version: theirs?.version })}
            onTakeTheirs={() => void queries.invalidateQueries({ queryKey: ['body'] }).then(onClose)}
          />
        ) : null}
        <div className="dialog-foot">
          <Button onClick={onClose}>{t('desk.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={saving.isPending}>
            {body ? t('desk.save') : t('bodies.found')}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}

/** Dissolves a body: its posts and tenures end with it. It wants a basis, and is refused while something is still held. */
export function DissolveBody({ body, onClose }: { body: BodyWhole; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const dissolving = useMutation({
    mutationFn: (typed: { basis: string }) =>
      call(dissolveBody, { params: { id: body.id }, version: body.version, body: { basis: typed.basis.trim() } }),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['bodies'] }),
        queries.invalidateQueries({ queryKey: ['body', body.id] }),
      ])
      onClose()
    },
  })
  return (
    <Modal open onCancel={onClose} footer={null} title={t('bodies.dissolve.title', { name: body.name })}>
      <p className="hint">{t('bodies.dissolve.explain')}</p>
      <Form layout="vertical" requiredMark={false} onFinish={(typed) => dissolving.mutate(typed)}>
        <Form.Item
          name="basis"
          label={t('bodies.field.basis')}
          rules={[{ required: true, whitespace: true, message: t('bodies.field.wanted') }]}
        >
          <Input maxLength={400} autoFocus />
        </Form.Item>
        {dissolving.error ? <ErrorNote error={dissolving.error} /> : null}
        <div className="dialog-foot">
          <Button onClick={onClose}>{t('desk.cancel')}</Button>
          <Button type="primary" danger htmlType="submit" loading={dissolving.isPending}>
            {t('bodies.dissolve.do')}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}

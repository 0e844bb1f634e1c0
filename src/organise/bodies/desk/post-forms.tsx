import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Form, Input, InputNumber, Modal, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { call, ErrorNote, FoundChoice } from '#kernel/desk/index.ts'
import {
  abolishPost,
  addPost,
  appoint,
  type Duty,
  duties,
  editPost,
  listHolders,
  type Post,
  tenureKinds,
} from '../bodies.api.ts'

function useReread(body: string) {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['body', body] }),
      queries.invalidateQueries({ queryKey: ['bodies'] }),
      queries.invalidateQueries({ queryKey: ['found'] }),
    ])
}

interface Typed {
  title: string
  titleEn?: string
  duties: Duty[]
  seats: number
  head?: boolean
  shown?: boolean
}

/** A post with its duties and seats: what somebody who holds it may do here and below. */
export function PostForm({ body, post, onClose }: { body: string; post: Post | null; onClose: () => void }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const reread = useReread(body)
  const done = async () => {
    await reread()
    onClose()
  }
  const saving = useMutation({
    mutationFn: (typed: Typed) => {
      const wanted = {
        title: typed.title.trim(),
        titleEn: typed.titleEn?.trim() || null,
        duties: typed.duties,
        seats: typed.seats,
        head: typed.head ?? false,
        shown: typed.shown ?? false,
      }
      return post
        ? call(editPost, { params: { id: post.id }, version: post.version, body: wanted })
        : call(addPost, { params: { id: body }, body: wanted })
    },
    onSuccess: done,
  })
  const abolishing = useMutation({
    mutationFn: () => call(abolishPost, { params: { id: post?.id ?? '' }, version: post?.version, body: {} }),
    onSuccess: done,
  })
  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      width={620}
      title={post ? t('bodies.post.edit', { title: post.title }) : t('bodies.post.add')}
    >
      <Form
        layout="vertical"
        requiredMark={false}
        initialValues={post ?? { seats: 1, duties: [] }}
        onFinish={(typed: Typed) => saving.mutate(typed)}
      >
        <Form.Item
          name="title"
          label={t('bodies.field.title')}
          rules={[{ required: true, whitespace: true, message: t('bodies.field.wanted') }]}
        >
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="titleEn" label={`${t('bodies.field.titleEn')} ${t('bodies.optional')}`}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item
          name="duties"
          label={t('bodies.field.duties')}
          rules={[{ required: true, type: 'array', min: 1, message: t('bodies.field.duties-wanted') }]}
        >
          <Checkbox.Group
            className="choices"
            options={duties.map((duty) => ({ value: duty, label: t(`bodies.duty.${duty}`) }))}
          />
        </Form.Item>
        <Form.Item
          name="seats"
          label={t('bodies.field.seats')}
          rules={[{ required: true, message: t('bodies.field.wanted') }]}
        >
          <InputNumber min={1} max={200} precision={0} />
        </Form.Item>
        <Form.Item name="head" valuePropName="checked">
          <Checkbox>{t('bodies.field.head')}</Checkbox>
        </Form.Item>
        <Form.Item name="shown" valuePropName="checked">
          <Checkbox>{t('bodies.field.shown')}</Checkbox>
        </Form.Item>
        {saving.error || abolishing.error ? <ErrorNote error={saving.error ?? abolishing.error} /> : null}
        <div className="dialog-foot">
          {post ? (
            <Button
              loading={abolishing.isPending}
              onClick={() =>
                void modal.confirm({
                  title: t('bodies.post.abolish.ask', { title: post.title }),
                  content: t('bodies.post.abolish.explain'),
                  okText: t('bodies.post.abolish'),
                  cancelText: t('desk.cancel'),
                  onOk: () => abolishing.mutate(),
                })
              }
            >
              {t('bodies.post.abolish')}
            </Button>
          ) : null}
          <Button onClick={onClose}>{t('desk.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={saving.isPending}>
            {post ? t('desk.save') : t('bodies.post.add')}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}

interface Appointment {
  person: string
  kind?: (typeof tenureKinds)[number]
  from?: string
  until?: string
  basis?: string
}

/** Gives a post to somebody who already holds another: nobody is invited twice. */
export function Appoint({ post, title, onClose }: { post: Post; title: string; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const english = i18n.language === 'en'
  const reread = useReread(post.body)
  const appointing = useMutation({
    mutationFn: ({ person, kind, from, until, basis }: Appointment) =>
      call(appoint, {
        params: { id: post.id },
        body: {
          person,
          ...(kind ? { kind } : {}),
          ...(from ? { from } : {}),
          ...(until ? { until } : {}),
          ...(basis?.trim() ? { basis: basis.trim() } : {}),
        } as never,
      }),
    onSuccess: async () => {
      await reread()
      onClose()
    },
  })
  const find = async (words: string, signal: AbortSignal) => {
    if (!words) return []
    const { holders } = await call(listHolders, { query: { search: words }, signal })
    const seen = new Map(
      holders.map((one) => [
        one.person,
        {
          id: one.person,
          name: one.name,
          note: `${(english && one.bodyNameEn) || one.bodyName} · ${(english && one.titleEn) || one.title}`,
        },
      ]),
    )
    return [...seen.values()]
  }
  return (
    <Modal open onCancel={onClose} footer={null} title={t('bodies.appoint.title', { title })}>
      <p className="hint">{t('bodies.appoint.explain')}</p>
      <Form layout="vertical" requiredMark={false} onFinish={(typed: Appointment) => appointing.mutate(typed)}>
        <Form.Item
          name="person"
          label={t('bodies.appoint.person')}
          rules={[{ required: true, message: t('bodies.field.wanted') }]}
        >
          <FoundChoice kind={['holders']} find={find} placeholder={t('bodies.appoint.find')} />
        </Form.Item>
        <Form.Item name="kind" label={`${t('bodies.appoint.kind')} ${t('bodies.optional')}`}>
          <Radio.Group
            className="choices"
            options={tenureKinds.map((kind) => ({ value: kind, label: t(`bodies.tenure.${kind}`) }))}
          />
        </Form.Item>
        <div className="pair">
          <Form.Item name="from" label={`${t('bodies.appoint.from')} ${t('bodies.optional')}`}>
            <Input type="date" />
          </Form.Item>
          <Form.Item name="until" label={`${t('bodies.appoint.until')} ${t('bodies.optional')}`}>
            <Input type="date" />
          </Form.Item>
        </div>
        <Form.Item name="basis" label={`${t('bodies.field.basis')} ${t('bodies.optional')}`}>
          <Input maxLength={400} />
        </Form.Item>
        {appointing.error ? <ErrorNote error={appointing.error} /> : null}
        <div className="dialog-foot">
          <Button onClick={onClose}>{t('desk.cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={appointing.isPending}>
            {t('bodies.appoint')}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, Mark, Read, said } from '#kernel/desk/index.ts'
import { type BodyWhole, getBody, type Holder, listInvitations, type Post } from '../bodies.api.ts'
import { EndTenure, HelpIn, Invite, WithdrawInvitation } from './body-acts.tsx'
import { BodyForm, DissolveBody } from './body-forms.tsx'
import { Appoint, PostForm } from './post-forms.tsx'

/** A body: how it is reached, its posts with their duties, who holds them, who is invited. */
export function BodyPage() {
  const { id } = useParams({ from: '/shell/bodies/$id' })
  const query = useQuery({ queryKey: ['body', id], queryFn: ({ signal }) => call(getBody, { params: { id }, signal }) })
  return (
    <section>
      <Read query={query}>{(body) => <Whole key={body.id} body={body} />}</Read>
    </section>
  )
}

function Whole({ body }: { body: BodyWhole }) {
  const { t, i18n } = useTranslation()
  const english = i18n.language === 'en'
  const [open, setOpen] = useState<'edit' | 'dissolve' | 'post' | null>(null)
  const close = () => setOpen(null)
  const mayEdit = body.can.includes('edit')
  const facts = [
    ['place', (english && body.placeNameEn) || body.placeName],
    ['telephone', body.telephone],
    ['address', body.address],
    ['hours', body.hours],
  ].filter(([, value]) => value)
  return (
    <>
      <h2>{(english && body.nameEn) || body.name}</h2>
      <p className="hint">
        {t(`bodies.kind.${body.kind}`)} {body.dissolvedAt ? <Mark kind="quiet">{t('bodies.dissolved')}</Mark> : null}
      </p>
      <dl className="fact">
        {facts.map(([name, value]) => (
          <div key={name} className="fact-row">
            <dt>{t(`bodies.fact.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {mayEdit ? (
        <div className="part-acts">
          <Button onClick={() => setOpen('edit')}>{t('bodies.edit')}</Button>
          <Button onClick={() => setOpen('dissolve')}>{t('bodies.dissolve')}</Button>
        </div>
      ) : null}
      {open === 'edit' ? <BodyForm body={body} onClose={close} /> : null}
      {open === 'dissolve' ? <DissolveBody body={body} onClose={close} /> : null}
      {open === 'post' ? <PostForm body={body.id} post={null} onClose={close} /> : null}
      <h2>{t('bodies.posts')}</h2>
      {body.posts.length === 0 ? <p className="hint">{t('bodies.no-posts')}</p> : null}
      {body.posts.map((post) => (
        <PostSheet
          key={post.id}
          post={post}
          mayEdit={mayEdit}
          mayAppoint={body.can.includes('appoint')}
          inHand={body.inHand ?? 0}
        />
      ))}
      {mayEdit ? <Button onClick={() => setOpen('post')}>{t('bodies.post.add')}</Button> : null}
    </>
  )
}

function PostSheet({
  post,
  mayEdit,
  mayAppoint,
  inHand,
}: {
  post: Post
  mayEdit: boolean
  mayAppoint: boolean
  inHand: number
}) {
  const { t, i18n } = useTranslation()
  const [inviting, setInviting] = useState(false)
  const [changing, setChanging] = useState(false)
  const [appointing, setAppointing] = useState(false)
  const [ending, setEnding] = useState<Holder | null>(null)
  const [helping, setHelping] = useState<Holder | null>(null)
  const invitations = useQuery({
    queryKey: ['invitations', post.id],
    enabled: mayAppoint,
    queryFn: ({ signal }) => call(listInvitations, { params: { id: post.id }, signal }),
  })
  const title = (i18n.language === 'en' && post.titleEn) || post.title
  return (
    <div className="sheet">
      <h3>
        {title} {post.head ? <Mark kind="quiet">{t('bodies.head')}</Mark> : null}
      </h3>
      <p className="hint">
        {t('bodies.seats', { count: post.seats, free: post.free })} ·{' '}
        {post.duties.map((duty) => t(`bodies.duty.${duty}`)).join(t('bodies.comma'))}
      </p>
      <ul className="brief">
        {post.holders.map((holder) => (
          <li key={holder.tenure}>
            <b>{holder.name}</b>{' '}
            <small>
              {t(`bodies.tenure.${holder.kind}`)} · {t('bodies.since', { day: said(holder.from, i18n.language) })}
              {holder.until ? ` · ${t('bodies.until', { day: said(holder.until, i18n.language) })}` : ''}
            </small>{' '}
            {post.shown && !post.abolishedAt && new Date(holder.from) <= new Date() ? (
              <Button size="small" href={`/cards/${holder.tenure}`} target="_blank" rel="noreferrer">
                {t('bodies.card')}
              </Button>
            ) : null}{' '}
            {mayAppoint ? (
              <>
                <Button size="small" onClick={() => setEnding(holder)}>
                  {t('bodies.end')}
                </Button>{' '}
                <Button size="small" onClick={() => setHelping(holder)}>
                  {t('bodies.help')}
                </Button>
              </>
            ) : null}
          </li>
        ))}
        {(invitations.data?.invitations ?? []).map((invitation) => (
          <li key={invitation.id}>
            {invitation.name} <small>{invitation.mail}</small> <Mark kind="due">{t('bodies.invited')}</Mark>{' '}
            <WithdrawInvitation invitation={invitation} />
          </li>
        ))}
      </ul>
      <div className="part-acts">
        {mayAppoint && post.free > 0 ? (
          <>
            <Button onClick={() => setInviting(true)}>{t('bodies.invite', { title })}</Button>
            <Button onClick={() => setAppointing(true)}>{t('bodies.appoint.do')}</Button>
          </>
        ) : null}
        {mayEdit ? <Button onClick={() => setChanging(true)}>{t('bodies.post.change')}</Button> : null}
      </div>
      {mayAppoint && post.free === 0 ? <p className="hint">{t('bodies.full')}</p> : null}
      {inviting ? <Invite post={post} title={title} onClose={() => setInviting(false)} /> : null}
      {appointing ? <Appoint post={post} title={title} onClose={() => setAppointing(false)} /> : null}
      {changing ? <PostForm body={post.body} post={post} onClose={() => setChanging(false)} /> : null}
      {helping ? <HelpIn holder={helping} onClose={() => setHelping(null)} /> : null}
      {ending ? (
        <EndTenure post={post} title={title} holder={ending} inHand={inHand} onClose={() => setEnding(null)} />
      ) : null}
    </div>
  )
}

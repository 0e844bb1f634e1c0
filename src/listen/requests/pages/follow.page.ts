// The page on which a reporter follows a request: what was promised, what can be done, what happened.
import { html } from 'hono/html'
import {
  buttons,
  type Content,
  code,
  definitions,
  entries,
  type Happening,
  type Markup,
  notice,
  promise,
  time,
  timeline,
} from '#kernel/pages/index.ts'
import { type Language, spokenTime, t } from '#kernel/words/index.ts'
import type { AnswerShown } from '../following.store.ts'
import { formatNumber } from '../number.ts'
import { handedBy } from '../reading/view.ts'
import { spokenWindow, type Window, windowOfLine } from '../reading/visit-spoken.ts'
import { heldPartStates } from '../requests.api.ts'
import { doneActs } from '../words/follow.words.ts'
import type { Followed } from './follow.view.ts'
import { faultsOfNotes, type Returned } from './form.kept.ts'
import { judgeForm } from './judge.form.ts'
import { stateMark } from './shown.ts'

export interface Following {
  readonly language: Language
  readonly now: Date
  /** Address of the page, before the acts: `/r/TOKEN` or `/my/requests/ID`. */
  readonly base: string
  readonly view: Followed
  /** What was just done. */
  readonly done: string | null
  /** The form in which it is judged, as it came back; null where it is not judged here. */
  readonly judging: (Returned & { readonly form: string }) | null
  /** What offers to tell this device; nothing where it is not offered. */
  readonly told: Content
}

export function followPage(page: Following): Markup {
  const { language, view, base } = page
  const { row, facts } = view.loaded
  const say = t(language)
  return html`<h1>${row.title}</h1>
<p class="lead">${say('requests.follow.number')} ${code(formatNumber(row.number))} ${stateMark(language, facts.state, facts.result)}</p>
${(doneActs as readonly string[]).includes(page.done ?? '') ? notice(/^(unchanged|withdrawn-already)$/.test(page.done ?? '') ? 'plain' : 'good', { text: say(`requests.follow.done-${page.done}`) }) : ''}
${promised(page)}
${merged(page)}
${divided(page)}
${answerShown(page)}
${judging(page)}
${reopening(page)}
${visitShown(page)}
<h2>${say('requests.follow.timeline')}</h2>
${timeline(language, happenings(page))}
<h2>${say('requests.follow.said')}</h2>
${saidByMe(page)}
${acts(page)}
${page.told}
<p class="soft unprinted"><a href="${`${base}/receipt`}">${say('requests.follow.to-receipt')}</a></p>`
}

/** Of one that was withdrawn nothing is shown to everybody, and there is no answer that would be asked for anew. */
export const withdrawn = (view: Followed): boolean => view.loaded.facts.result === 'withdrawn'

const when = (page: Following, moment: string | Date) => spokenTime(moment, page.now, page.language, { clock: true })

function promised(page: Following): Content {
  const { language, view } = page
  const { facts } = view.loaded
  const say = t(language)
  if (facts.state === 'answered') {
    const until = facts.due ? time(when(page, facts.due.at)) : ''
    return promise({
      title: say('requests.follow.answered'),
      text: until ? html`${say('requests.follow.answered-until')} ${until}` : null,
    })
  }
  if (facts.state === 'closed') return null
  const late = new Date(facts.promisedAt) < page.now
  return promise({
    title: html`${say('requests.follow.promised', { who: view.responsible })} ${time(when(page, facts.promisedAt))}`,
    text: html`${late ? html`<strong>${say('requests.follow.late')}</strong> ` : ''}${
      facts.promisedProvisional ? `${say('requests.follow.provisional')} ` : ''
    }${inHands(page)}${say(`requests.follow.next-${facts.state}`)}`,
  })
}

/** Who has it in hand, where that is another than answers for it: a first receiver stays responsible when it passes it on. */
function inHands({ language, view }: Following): string {
  const lead = view.loaded.facts.parts.find(
    ({ role, state }) => role === 'lead' && (heldPartStates as readonly string[]).includes(state),
  )
  const who = lead && lead.body !== view.loaded.row.responsible ? view.bodies.get(lead.body) : undefined
  return who ? t(language)('requests.follow.in-hands', { who }) : ''
}

/** What became of it together with the one into which it was merged: who answers by when, and what was answered. */
function merged(page: Following): Content {
  const { language, view } = page
  const { merged } = view
  if (!merged) return null
  const say = t(language)
  const lead = html`<p class="soft">${say('requests.follow.merged-text')}</p>`
  if (merged.state !== 'answered' && merged.state !== 'closed') {
    const provisional = merged.promised_provisional ? `${say('requests.follow.provisional')} ` : ''
    const late = new Date(merged.promised_at) < page.now
    return html`${promise({
      title: html`${say('requests.follow.promised', { who: merged.unit })} ${time(when(page, merged.promised_at))}`,
      text: html`${late ? html`<strong>${say('requests.follow.late')}</strong> ` : ''}${provisional}${say(`requests.follow.next-${merged.state}`)}`,
    })}${lead}`
  }
  if (!merged.text || !merged.kind) return html`${lead}<p>${say('requests.follow.merged-unanswered')}</p>`
  const by = [merged.body, merged.post, merged.who].filter(Boolean).join(' · ')
  return html`${answerSheet(language, { ...merged, kind: merged.kind, text: merged.text }, html`<p class="soft">${by} · ${merged.sent_at ? time(when(page, merged.sent_at)) : ''}</p>`)}${lead}`
}

/** What it was divided into, and that it is itself a part. */
function divided(page: Following): Content {
  const { language, view } = page
  const { row } = view.loaded
  const say = t(language)
  const from = row.split_from === null ? '' : html`<p class="soft">${say('requests.follow.part-of')}</p>`
  if (view.parts.length === 0) return from || null
  return html`${from}<h2>${say('requests.follow.parts')}</h2><p class="soft">${say('requests.follow.parts-text')}</p>${entries(
    view.parts.map((part) => ({
      href: part.href,
      title: part.title,
      mark: stateMark(language, part.state, part.result),
      about: part.number,
    })),
  )}`
}

function answerShown(page: Following): Content {
  const { language, view } = page
  const { facts } = view.loaded
  const { answer } = view
  if (!answer || withdrawn(view) || (facts.state !== 'answered' && facts.state !== 'closed')) return null
  return answerSheet(language, answer)
}

function answerSheet(
  language: Language,
  answer: Pick<AnswerShown, 'kind' | 'text' | 'basis' | 'plain' | 'remedy'>,
  by: Content = null,
): Markup {
  const say = t(language)
  return html`<h2>${say(`requests.follow.${answer.kind}`)}</h2><div class="sheet"><div class="said asit">${answer.text}</div>${by}${
    answer.basis
      ? definitions([
          [
            say('requests.follow.basis'),
            html`${answer.basis}${answer.plain ? html`<br><small>${answer.plain}</small>` : ''}`,
          ],
          [say('requests.follow.remedy'), answer.remedy],
        ])
      : ''
  }</div>`
}

function judging(page: Following): Content {
  const { language, view } = page
  const { row, facts } = view.loaded
  const say = t(language)
  if (view.judgeSoon)
    return notice('plain', { title: say('requests.judge.soon-title'), text: say('requests.judge.soon') })
  if (view.judgeAt && page.judging) {
    const { form, values, notes } = page.judging
    const faults = faultsOfNotes(language, notes)
    return judgeForm(language, { action: view.judgeAt, form, back: page.base, values, faults })
  }
  if (facts.state === 'answered' && row.entered_by !== null)
    return notice('plain', { title: say('requests.judge.by-message-title'), text: say('requests.judge.by-message') })
  return null
}

/** Whoever has said that it is solved is not asked; should it come back, it is one of the things they can do. */
const reopens = ({ view }: Following): boolean => view.can.includes('reopen') && view.loaded.facts.result !== 'solved'

/** Closed is not the end of it: what its reporter can still do, and until when. */
function stillOpen(page: Following): Content {
  const until = page.view.reopenUntil ? when(page, page.view.reopenUntil).text : ''
  return html`<a href="#reopen">${t(page.language)('requests.follow.reopen-line', { until })}</a>`
}

function reopening(page: Following): Content {
  const { language, view, base } = page
  if (!reopens(page)) return null
  const say = t(language)
  const merged = view.loaded.facts.result === 'merged'
  const again = withdrawn(view) ? 'reopen-withdrawn' : merged ? 'reopen-merged' : 'reopen-title'
  const until = view.reopenUntil
    ? html`${say('requests.follow.reopen-text')} ${time(when(page, view.reopenUntil))}`
    : say('requests.follow.reopen-any-day')
  return html`<form class="sheet" id="reopen" method="post" action="${`${base}/reopen`}"><h2>${say(`requests.follow.${again}`)}</h2><p>${until}</p>${buttons(
    [{ text: say(merged ? 'requests.follow.reopen-alone' : 'requests.follow.reopen') }],
  )}</form>`
}

const windowShown = ({ day, hours }: Window): Markup => html`${day} <span class="hours">${hours}</span>`

/** What a line says; of a visit, day and times as people say them. */
function lineShown(page: Following, kind: string, text: string): Content {
  const visit = windowOfLine(kind, text, page.now, page.language)
  return visit ? html`${windowShown(visit)}${visit.rest}` : text
}

function visitShown(page: Following): Content {
  const { language, view, base } = page
  const { visit } = view
  if (!visit || !view.can.includes('cancel-visit')) return null
  const say = t(language)
  const mine = visit.by === 'resident'
  const title =
    visit.state === 'agreed'
      ? 'requests.coming.agreed'
      : mine
        ? 'requests.coming.proposed-by-me'
        : 'requests.coming.proposed'
  return html`<section class="sheet"><h2>${say(title)}</h2><p><strong class="whole">${windowShown(spokenWindow(visit, page.now, language))}</strong>${
    visit.note ? html`<br>${visit.note}` : ''
  }</p>${
    view.can.includes('agree-visit') && !mine
      ? html`<form method="post" action="${`${base}/agree-visit`}">${buttons([{ text: say('requests.coming.agree') }])}</form>`
      : ''
  }${
    visit.state === 'agreed'
      ? html`<p class="unprinted"><a href="${`${base}/visit.ics`}">${say('requests.calendar.file')}</a></p>`
      : ''
  }<p class="unprinted"><a href="${`${base}/visit`}">${say('requests.coming.change')}</a></p></section>`
}

/** Newest first; before it, what is expected next. */
function happenings(page: Following): Happening[] {
  const { language, view, now } = page
  const { facts } = view.loaded
  const say = t(language)
  const closed = reopens(page) && view.reopenUntil ? view.entries.findLast(({ kind }) => kind === 'closed') : undefined
  const told = view.entries.map((entry) => {
    const named = (fact: unknown) => (typeof fact === 'string' ? (view.bodies.get(fact) ?? '') : '')
    const english = language === 'en'
    const body = (english && entry.body_en) || entry.body || ''
    const post = (english && entry.post_en) || entry.post || ''
    const to = named(entry.facts.body)
    const handed = handedBy(entry, english)
    const other = entry.kind === 'merged' ? view.mergedInto : null
    // What its reporter said of an answer is theirs to read, and is in no line that staff read.
    const verdict = view.verdicts.get(entry.id)
    const mine = entry.facts.unconfirmed ? undefined : verdict
    const title = say(
      `requests.line.${other ? 'merged_known' : mine ? `closed_${mine}` : lineOf(entry.kind, entry.facts, entry.who !== null)}`,
      {
        body: body || to,
        to: to || body,
        ...other,
      },
    )
    const line: Happening = {
      when: spokenTime(entry.at, now, language, { clock: true }),
      title,
      // A body that the line names already is not named twice.
      by: handed
        ? say('requests.by-paper', { post: handed })
        : post || entry.who || !title.includes(body)
          ? [body, post, entry.who].filter(Boolean).join(' · ')
          : '',
      text:
        entry.text && entry.kind !== 'filed'
          ? html`<p class="asit">${lineShown(page, entry.kind, entry.text)}</p>`
          : html`${
              verdict && !mine
                ? html`<p>${say('requests.follow.said-later', { verdict: say(`requests.ended.${verdict}`) })}</p>`
                : ''
            }${entry === closed ? html`<p>${stillOpen(page)}</p>` : ''}`,
      kind: 'past' as const,
    }
    return { at: new Date(entry.at), line }
  })
  // Read for the reporter alone: whoever was complained about has no such line.
  const complained = view.complaints.map(({ at, number, href }) => {
    const line: Happening = {
      when: spokenTime(at, now, language, { clock: true }),
      title: say('requests.follow.complained'),
      by: '',
      text: html`<p>${href ? html`<a href="${href}">${code(number)}</a>` : code(number)}</p>`,
      kind: 'past' as const,
    }
    return { at: new Date(at), line }
  })
  const lines = [...told, ...complained].sort((one, other) => one.at.getTime() - other.at.getTime()).reverse()
  const [newest, ...rest] = lines.map(({ line }) => line)
  const next: Happening[] =
    facts.state === 'closed'
      ? []
      : [{ title: say(`requests.follow.expected-${facts.state}`), when: null, kind: 'next' as const }]
  return newest ? [...next, { ...newest, kind: 'now' as const }, ...rest] : next
}

/** A few lines are said otherwise by who did it. */
function lineOf(kind: string, facts: Readonly<Record<string, unknown>>, byStaff: boolean): string {
  if (kind === 'filed' && byStaff) return 'filed_for'
  if (kind === 'closed' && facts.unconfirmed) return 'closed_unconfirmed'
  if (kind === 'heard' && facts.closed) return 'heard_closed'
  if (kind.startsWith('visit_') && facts.by === 'resident') return `${kind}_mine`
  return kind
}

function saidByMe(page: Following): Markup {
  const { language, view, base } = page
  const { row, facts } = view.loaded
  const say = t(language)
  const pictures = view.files.map((file, index) => {
    const name = say('requests.tell.picture', { number: index + 1 })
    const href = `${base}/files/${file.id}`
    return html`<li>${
      file.kind === 'video'
        ? html`<a href="${href}">${say('requests.tell.video', { number: index + 1 })}</a>`
        : html`<a href="${href}"><img src="${`${href}?small=1`}" alt="${name}" loading="lazy"></a>`
    }</li>`
  })
  return html`<div class="said asit">${row.body}</div>${pictures.length > 0 ? html`<ul class="pictures">${pictures}</ul>` : ''}${definitions(
    [
      [say('requests.follow.told-at'), time(when(page, facts.filedAt))],
      [say('requests.follow.where'), whereShown(language, view)],
      [
        say('requests.follow.contact'),
        html`${contactShown(language, view)}${
          view.phoneCorrected
            ? html`<br><a class="unprinted" href="${`${base}/phone`}">${say(view.contact?.phone ? 'requests.follow.phone-wrong' : 'requests.follow.phone-leave')}</a>`
            : ''
        }`,
      ],
      ...aboutHandling(language, view),
      [
        say('requests.follow.publication'),
        say(
          facts.published
            ? 'requests.follow.published'
            : facts.publicationPermitted
              ? 'requests.follow.permitted'
              : 'requests.follow.not-permitted',
        ),
      ],
    ],
  )}`
}

/** The place, and where in it. */
export const whereShown = (language: Language, { place, loaded }: Followed): string =>
  [place?.full, loaded.row.spot].filter(Boolean).join(t(language)('requests.follow.where-between'))

/** Of a complaint: what it is about, and the faults that were ticked. */
export function aboutHandling(language: Language, view: Followed): [string, Content][] {
  const say = t(language)
  const { original } = view
  const { faults } = view.loaded.row
  const number = original && code(original.number)
  const lines: [string, Content][] = []
  if (original)
    lines.push([
      say('requests.follow.about'),
      html`${original.href ? html`<a href="${original.href}">${number}</a>` : number} ${original.title ?? ''}`,
    ])
  if (faults.length > 0)
    lines.push([
      say('requests.follow.faults'),
      faults.map((fault) => say(`requests.fault-of.${fault}`)).join(say('requests.follow.faults-between')),
    ])
  return lines
}

/** How its reporter is reached: as they left it, masked; anonymous; or not at all. */
export function contactShown(language: Language, view: Followed): string {
  const say = t(language)
  if (view.loaded.row.anonymous) return say('requests.follow.anonymous')
  const { name, phone, mail, called } = view.contact ?? { name: null, phone: null, mail: null, called: false }
  const left = [name, phone, mail].filter(Boolean).join(' ')
  return left ? `${left}${called ? say('requests.follow.called') : ''}` : say('requests.tell.no-contact')
}

function acts(page: Following): Markup {
  const { language, view, base } = page
  const say = t(language)
  const link = (act: string, to: string, key: string) =>
    (view.can as readonly string[]).includes(act) ? html`<li><a href="${`${base}/${to}`}">${say(key)}</a></li>` : ''
  const post = (act: string, key: string) =>
    (view.can as readonly string[]).includes(act) && !(act === 'permit-publication' && withdrawn(view))
      ? html`<li><form method="post" action="${`${base}/${act}`}"><button class="button quiet">${say(key)}</button></form></li>`
      : ''
  // What can be done is for the screen; paper shows what was said and done.
  return html`<section class="unprinted"><h2>${say('requests.follow.acts')}</h2><ul class="acts">${link('add', 'add', 'requests.follow.add')}${link(
    'correct',
    'correct',
    'requests.follow.correct',
  )}${view.visit ? '' : link('arrange-visit', 'visit', 'requests.coming.propose')}${post(
    'permit-publication',
    'requests.follow.permit',
  )}${post('forbid-publication', 'requests.follow.forbid')}${
    view.loaded.facts.result === 'solved' ? link('reopen', 'reopen', 'requests.follow.reopen-solved') : ''
  }${link('complain', 'complain', 'requests.follow.complain')}${link(
    'withdraw',
    'withdraw',
    'requests.follow.withdraw',
  )}<li><a href="${`${base}/looked`}">${say('requests.follow.looked')}</a></li></ul></section>`
}

import { timeZone } from '#kernel/calendar/days.ts'
import { type Session, said } from '#kernel/desk/index.ts'
import { fillTemplate, type TemplateField } from '#organise/settings/templates.api.ts'
import type { RequestView } from '../requests.desk.api.ts'

/** The language in which somebody told of something, and is answered. */
export const languageOf = (text: string): 'zh-CN' | 'en' => (/\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en')

/** Templates in the language that is answered in, and the others apart. */
export function inLanguage<T extends { language: string }>(
  templates: readonly T[],
  language: string,
): { own: T[]; others: T[] } {
  return {
    own: templates.filter((one) => one.language === language),
    others: templates.filter((one) => one.language !== language),
  }
}

/**
 * What can be said of a hole in a template without asking: the answer is empty where only whoever answers knows. A masked name is
 * no name to greet anyone by.
 */
export function knownOf(
  request: Pick<RequestView, 'number' | 'title' | 'place' | 'deadline' | 'parts' | 'reporter'>,
  session: Pick<Session, 'person' | 'posts'>,
  language: string,
  now = new Date(),
): (hole: string) => string {
  const part = request.parts.find((one) => one.mine)
  const post = session.posts.find((one) => one.body === part?.body.id) ?? session.posts[0]
  const name = request.reporter.name
  const values: Partial<Record<TemplateField, string | null>> = {
    name: name?.includes('*') ? null : name,
    number: request.number,
    title: request.title,
    place: request.place.name,
    body: part?.body.name ?? post?.bodyName,
    post: post?.name,
    handler: session.person.name,
    date: new Intl.DateTimeFormat(language, { timeZone, month: 'long', day: 'numeric' }).format(now),
    deadline: request.deadline ? said(request.deadline.at, language, now) : null,
  }
  return (hole) => {
    const written = `{${hole}}`
    const filled = fillTemplate(written, values)
    return filled === written ? '' : filled
  }
}

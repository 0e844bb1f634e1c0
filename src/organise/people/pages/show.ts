import type { Act } from '#kernel/access/index.ts'
import type { PageAnswer, PageContent, PageInput } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'

/** Shows a page in the public layout. */
export function show(
  kernel: Kernel,
  act: Pick<Act, 'actor'>,
  input: Pick<PageInput, 'reader' | 'request'>,
  content: PageContent,
  more: Omit<PageAnswer, 'html'> = {},
): PageAnswer {
  const to = { reader: input.reader, request: input.request, signedIn: act.actor.person !== null }
  return { ...more, html: kernel.layOut(content, to) }
}

/** One value of a form's field. */
export function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value.at(-1) : value) ?? ''
}

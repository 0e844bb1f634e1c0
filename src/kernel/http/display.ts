// Language, type and contrast, switched in the middle of a form: what was typed stays, without a script and without being kept.
import type { FastifyRequest } from 'fastify'
import type { Kernel } from '../kernel.ts'
import { changeDisplay, displayCookie, displayHeaders } from '../pages/index.ts'
import { languageCookie } from '../words/index.ts'
import { readerOf } from './asking.ts'

/** The form of a page that has one, for the switches in its header. What Enter stands for is the form's own sending. */
export const filledIn = { form: 'filled', enter: { name: 'do', value: 'send' } } as const

/**
 * The switch that was pressed in a form, if one was. It holds for this very answer too, which shows the form again as it was filled in.
 * @returns the cookies that keep it; null where the form was sent
 */
export function switchPressed(
  kernel: Pick<Kernel, 'config'>,
  request: FastifyRequest,
  pressed: unknown,
): readonly string[] | null {
  if (typeof pressed !== 'string' || pressed === '') return null
  const [setting = '', to = ''] = pressed.split(':')
  const { language, type, contrast } = readerOf(request)
  const display = changeDisplay({ language, settings: { type, contrast } }, { [setting]: to })
  request.cookies[languageCookie] = display.language
  request.cookies[displayCookie] = `${display.settings.type}.${display.settings.contrast}`
  return displayHeaders(display, kernel.config.publicUrl.startsWith('https:'))
}

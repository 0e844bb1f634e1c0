import type { Static } from 'typebox'
import { startOfDay } from '#kernel/calendar/days.ts'
import { call } from '#kernel/desk/index.ts'
import { listCallBacks } from '../requests.acts.api.ts'
import type { Row } from '../requests.lists.api.ts'

type CallBack = Static<(typeof listCallBacks)['schema']['response'][200]>['items'][number]

/** A call back as a row of the list. Who handled it and how is not asked for, so it cannot be shown before the call. */
export function rowOfCallBack(one: CallBack): Row {
  return {
    id: one.request,
    number: one.number,
    title: one.title,
    state: 'answered',
    result: null,
    complaint: false,
    urgency: 'ordinary',
    channel: '',
    placeName: one.placeName,
    path: '',
    categoryName: null,
    holderName: null,
    filedAt: '',
    deadline: {
      step: 'judge',
      at: one.until,
      since: startOfDay(one.drawnOn).toISOString(),
      workingMinutes: 0,
      late: Date.parse(one.until) < Date.now(),
    },
    meToo: 0,
    returns: 0,
    supervised: false,
    can: [],
    version: 0,
  }
}

/** One page of those to be called, in the order of the draw. */
export async function readCallBacks(after: string | undefined, signal: AbortSignal) {
  const page = await call(listCallBacks, { query: { after, limit: 50 }, signal })
  return { items: page.items.map(rowOfCallBack), next: page.next, estimate: page.items.length }
}

export const callBackColumns = ['number', 'title', 'due', 'place'] as const

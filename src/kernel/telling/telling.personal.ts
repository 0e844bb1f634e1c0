import type { PersonalData } from '../privacy/index.ts'
import { t } from '../words/index.ts'
import { chosen, forgetTellingOf } from './telling.store.ts'

/** How often a person wants to be told of news. */
export function tellingData(): PersonalData {
  return {
    room: 'telling',
    async collect(act, person) {
      const say = t(act.language)
      const own = await chosen(act.sql, { purpose: 'own', owner: person })
      const work = await chosen(act.sql, { purpose: 'work', owner: person })
      return [
        {
          heading: 'telling.data.choices',
          rows: [
            ...(own ? [[{ label: 'telling.data.own', value: say(`telling.often.${own}`) }]] : []),
            ...(work ? [[{ label: 'telling.data.work', value: say(`telling.often.${work}`) }]] : []),
          ],
        },
      ]
    },
    erase: (on, person) => forgetTellingOf(on, person),
  }
}

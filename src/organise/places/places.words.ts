import { placeRefusals } from './places.rules.ts'
import { ringFaults } from './places.shape.ts'

/** Texts of places. */
export const placesWords = {
  'zh-CN': {
    'places.unknown': '没有这个地方。',
    'places.refused-kind-not-made-here': '省、市、区县、街道和社区来自全国区划名录；这里只能新设网格、楼栋和站点。',
    'places.refused-kinds-do-not-nest': '这一类地方不能直接设在那里。',
    'places.refused-parent-abolished': '上级地方已撤销。',
    'places.refused-under-itself': '一个地方不能移到自己或自己的下级之下。',
    'places.refused-is-there-already': '它已经在那里了。',
    'places.refused-has-abolished': '这个地方已撤销。',
    'places.refused-not-abolished': '这个地方没有撤销，不用恢复。',
    'places.refused-has-children': '它下面还有地方：请先把它们移走、并入别处或撤销。',
    'places.refused-other-kind': '只能并入同一类的地方。',
    'places.refused-into-itself': '一个地方不能并入自己或自己的下级。',
    'places.refused-same-name': '名称没有变。',
    'places.refused-has-no-parent': '找不到它的上级，不能恢复。',
    'places.refused-ring-too-few': '界线至少要有三个不在一条直线上的点。',
    'places.refused-ring-crosses-itself': '界线自己和自己相交了：请按顺序绕一圈画。',
  },
  en: {
    'places.unknown': 'There is no such place.',
    'places.refused-kind-not-made-here':
      'Provinces, cities, districts, subdistricts and communities come from the national list; only grids, buildings and stations are added here.',
    'places.refused-kinds-do-not-nest': 'A place of this kind cannot lie directly there.',
    'places.refused-parent-abolished': 'The place above has been abolished.',
    'places.refused-under-itself': 'A place cannot be moved below itself.',
    'places.refused-is-there-already': 'It lies there already.',
    'places.refused-has-abolished': 'This place has been abolished.',
    'places.refused-not-abolished': 'This place was not abolished: there is nothing to restore.',
    'places.refused-has-children': 'Places lie below it: move, merge or abolish them first.',
    'places.refused-other-kind': 'A place can only be merged into one of its own kind.',
    'places.refused-into-itself': 'A place cannot be merged into itself or what lies below it.',
    'places.refused-same-name': 'The name is the same.',
    'places.refused-has-no-parent': 'The place above it cannot be found, so it cannot be restored.',
    'places.refused-ring-too-few': 'The line around a place has at least three corners that do not lie in one line.',
    'places.refused-ring-crosses-itself': 'The line crosses itself: draw it once around, from point to point.',
  },
} as const

export const placesFamilies = { 'places.refused-': [...placeRefusals, ...ringFaults] } as const

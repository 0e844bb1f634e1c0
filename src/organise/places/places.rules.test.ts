import { describe, expect, test } from 'vitest'
import type { PlaceKind } from './places.api.ts'
import { mayAbolish, mayCreate, mayMerge, mayMove, mayRename, mayRestore, type PlaceState } from './places.rules.ts'

function place(kind: PlaceKind, path: string, more: Partial<PlaceState> = {}): PlaceState {
  return { id: path, kind, path, parent_id: null, abolished_at: null, ...more }
}
const gone = { abolished_at: '2026-01-01T00:00:00.000Z' }

describe('refusals of acts on places', () => {
  const district = place('district', '98/01/01/')
  const street = place('subdistrict', '98/01/01/001/', { parent_id: district.path })
  const community = place('community', '98/01/01/001/001/', { parent_id: street.path })
  const grid = place('grid', '98/01/01/001/001/g01/', { parent_id: community.path })

  test.each([
    ['a district moved below its own community', mayMove(district, community), 'under-itself'],
    ['a place moved below itself', mayMove(street, street), 'under-itself'],
    ['a community below a district', mayMove(community, district), 'kinds-do-not-nest'],
    ['a community below a grid elsewhere', mayMove(community, place('grid', '98/02/g01/')), 'kinds-do-not-nest'],
    ['to where it is', mayMove(community, { ...street, id: street.path }), 'is-there-already'],
    ['below an abolished place', mayMove(community, place('subdistrict', '98/01/02/001/', gone)), 'parent-abolished'],
    ['an abolished place', mayMove({ ...community, ...gone }, place('subdistrict', '98/01/02/001/')), 'has-abolished'],
    ['a community to another street', mayMove(community, place('subdistrict', '98/01/02/001/')), null],
    ['a grid merged into a community', mayMerge(grid, place('community', '98/02/')), 'other-kind'],
    ['a place merged into what lies below', mayMerge(community, grid), 'into-itself'],
    ['a place merged into itself', mayMerge(community, community), 'into-itself'],
    ['two communities merged', mayMerge(community, place('community', '98/01/01/001/002/')), null],
    ['a merged into an abolished one', mayMerge(community, place('community', '98/02/', gone)), 'has-abolished'],
    ['a subdistrict made here', mayCreate(district, 'subdistrict'), 'kind-not-made-here'],
    ['a grid in an abolished place', mayCreate({ ...community, ...gone }, 'grid'), 'parent-abolished'],
    ['a building below a station', mayCreate(place('station', '98/s01/'), 'building'), 'kinds-do-not-nest'],
    ['a grid in a community', mayCreate(community, 'grid'), null],
    ['what has children abolished', mayAbolish({ ...community, has_children: true }), 'has-children'],
    ['abolished twice', mayAbolish({ ...community, ...gone }), 'has-abolished'],
    ['a living place restored', mayRestore(community, street), 'not-abolished'],
    [
      'restored below an abolished one',
      mayRestore({ ...community, ...gone }, { ...street, ...gone }),
      'parent-abolished',
    ],
    ['restored without a parent', mayRestore({ ...community, ...gone }, null), 'has-no-parent'],
    ['restored', mayRestore({ ...community, ...gone }, street), null],
    ['the same name', mayRename({ ...grid, name: '一', name_en: null }, '一', null), 'same-name'],
    ['another name', mayRename({ ...grid, name: '一', name_en: null }, '二', null), null],
    ['another English name alone', mayRename({ ...grid, name: '一', name_en: null }, '一', 'One'), null],
  ])('%s: %s', (_, refusal, expected) => {
    expect(refusal).toBe(expected)
  })
})

import { expect, test } from 'vitest'
import { labelFinder } from './labels.ts'

const list = [
  ['城乡建设', '安全生产', '安全隐患'],
  ['城乡建设', '城乡规划', '违章建筑'],
  ['城乡建设', '城乡规划', '其他'],
  ['城乡建设', '工程质量', '其他'],
  ['经济管理', '安全生产', '安全隐患'],
  ['交通运输', '交通运输', '出租车管理'],
] as const
const find = labelFinder(list.map(([level1, level2, level3], at) => ({ key: `${at}`, level1, level2, level3 })))

test.each([
  ['城乡建设', { level1: '城乡建设', key: null }],
  [' 城乡 建设 ', { level1: '城乡建设', key: null }],
  ['交通运输', { level1: '交通运输', key: null }],
  ['违章建筑', { level1: '城乡建设', key: '1' }],
  ['城乡规划', { level1: '城乡建设', key: null }],
  ['城乡建设/安全生产/安全隐患', { level1: '城乡建设', key: '0' }],
  ['经济管理 > 安全生产 > 安全隐患', { level1: '经济管理', key: '4' }],
  ['经济管理／安全生产', { level1: '经济管理', key: null }],
  // Which 其他 is not said, yet that it is one of 城乡建设.
  ['其他', { level1: '城乡建设', key: null }],
  ['工程质量/其他', { level1: '城乡建设', key: '3' }],
  ['安全隐患', null],
  ['安全生产', null],
  ['没有这一类', null],
  ['', null],
])('%s', (name, label) => {
  expect(find(name)).toEqual(label)
})

// Categories and texts made up for the tests: what is told in words that the names of the categories do not have.
import type { Labelled } from './learn.ts'
import type { CategoryNamed } from './taxonomy.ts'
import type { Heard } from './words.ts'

const names = [
  ['城乡建设', '市政管理', '路灯照明'],
  ['城乡建设', '市政管理', '自来水供应'],
  ['环境保护', '环境污染', '噪音污染'],
  ['环境保护', '环境污染', '其他'],
  ['教育文体', '考试招生', '招生录取'],
  ['民政', '社会救助', '农村低保'],
] as const

export const categories: CategoryNamed[] = names.map(([level1, level2, level3]) => ({
  key: `${level1}/${level2}/${level3}`,
  level1,
  level2,
  level3,
}))

/** What people say, by category: none of it in the names. */
const sayings: Readonly<Record<string, readonly string[]>> = {
  '城乡建设/市政管理/路灯照明': ['巷口漆黑一片', '晚上走路全靠手电', '电线杆上的灯泡碎了', '摸黑下台阶摔跤'],
  '城乡建设/市政管理/自来水供应': ['龙头拧开没有动静', '水压小得洗不了澡', '阀门井一直往外冒', '水表读数不对'],
  '环境保护/环境污染/噪音污染': ['广场舞音箱吵到十点', '夜里打桩睡不着', '烧烤摊划拳喧哗', '装修电钻响一天'],
  '教育文体/考试招生/招生录取': ['孩子上小学划在哪里', '学区房还算不算数', '班主任说名额满了', '转学要什么材料'],
}

/** Labelled rows that differ from each other, with copies of none. Each is told by somebody else. */
export function madeUp(each: number): Labelled[] {
  return Object.entries(sayings).flatMap(([key, said]) =>
    Array.from({ length: each }, (_, at): Labelled => {
      const [one, other] = [said[at % 4], said[(at + 1 + Math.floor(at / 4)) % 4]]
      const [level1 = ''] = key.split('/')
      return { title: `${one}`, body: `第${at + 1}次说了，${other}，盼着有人来看看。`, level1, key, by: `${key}${at}` }
    }),
  )
}

/** The same words without a category. */
export const unlabelled: Heard[] = Object.values(sayings).flatMap((said) =>
  said.map((one) => ({ title: one, body: `${one}，请帮忙。` })),
)

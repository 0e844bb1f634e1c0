// Invented words with a fixed seed: the same matters at every run, none of them anybody's.

/** Numbers from 0 up to 1, always the same for a seed (mulberry32, a public-domain generator by Tommy Ettinger). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T
}

/** An index below `count`, the first ones much more often: places are not alike in size. */
export function uneven(random: () => number, count: number): number {
  return Math.min(count - 1, Math.floor(count * random() ** 1.7))
}

const spots = '东门,西门,南门,北门,广场边,车棚旁,河岸边,菜场口,学校后面,站台旁'.split(',')
const things =
  '路灯,电梯,下水道,井盖,单元门,楼道灯,垃圾桶,健身器材,绿化带,充电桩,水管,停车位,围墙,监控,屋顶,消防栓,信报箱,步道砖,长椅,喷泉'.split(
    ',',
  )
const troubles =
  '坏了,不亮了,堵住了,松动了,漏水,没人收拾,被占用了,锈得厉害,晃得吓人,声音很大,太暗了,少了一个,一直没修,积水很深,关不上'.split(
    ',',
  )
const wishes = '请派人看看,希望尽快修好,能不能换一个,请给个说法,什么时候能处理,请先围起来,麻烦告诉我们安排'.split(',')
const whens = '昨天晚上,这几天,上周开始,下雨以后,今天早上,每到傍晚,放学的时候,搬来以后,入冬以来,刚才'.split(',')
const whom = '老人出门不方便,孩子差点摔倒,车子进不来,一楼几户都受影响,晚上走路看不清,住户都在问,已经说过一次'.split(',')

/** A matter as residents tell it, of 30 to 200 characters. */
export function matter(random: () => number): { title: string; body: string } {
  const thing = pick(random, things)
  const title = `${Math.floor(random() * 60) + 1}号楼${pick(random, spots)}${thing}${pick(random, troubles)}`
  const sentences = [`${pick(random, whens)}${title}`]
  for (let more = 1 + Math.floor(random() * 5); more > 0; more -= 1) {
    sentences.push(
      `${pick(random, whens)}${pick(random, spots)}的${pick(random, things)}也${pick(random, troubles)}，${pick(random, whom)}`,
    )
  }
  sentences.push(pick(random, wishes))
  return { title, body: `${sentences.join('。')}。` }
}

/** What a unit writes back. */
export function reply(random: () => number): string {
  return `${pick(random, whens)}已到现场，${pick(random, things)}已经换新，${pick(random, spots)}一并查过。如再有问题，请直接打值班电话。`
}

const families = '安柏常丁范葛黄江孔林莫倪欧潘秦任沈汤魏辛叶曾'

/** A plainly invented name. */
export function name(random: () => number): string {
  return `${pick(random, [...families])}例${pick(random, [...'一二三四五六七八九十'])}`
}

/** A number of the range that nobody has. */
export function phone(random: () => number): string {
  return `1390000${String(Math.floor(random() * 10_000)).padStart(4, '0')}`
}

/** A time-ordered id (version 7) for a moment. */
export function idAt(moment: number, random: () => number): string {
  const time = Math.floor(moment).toString(16).padStart(12, '0')
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${'89ab'[Math.floor(random() * 4)]}${hex(3)}-${hex(6)}${hex(6)}`
}

// More invented requests, labelled as in likeness.fixture.ts, about what people write in many ways and what they say whatever it is about:
// one building as 2栋, 2 栋, 二栋, 2号楼, 2#楼; how long it has lasted, that nobody comes, and that it be mended soon. Written and
// labelled before the rules that read them.
import { type Line, pairsOf } from './likeness.fixture.ts'

/** To which the weights were fitted. */
const lines: readonly Line[] = [
  // A drain before building 2, written in as many ways as people have; the same words about other buildings.
  ['drain2', 'five', 200, 'drain', '西苑2栋门口下水道堵了，污水都流到路上'],
  ['drain2', 'five', 201, 'drain', '西苑 2 栋前面的下水道又堵了，臭得很'],
  ['drain2', 'five', 202, null, '西苑二栋下水道堵住了，脏水往外冒，一直没有人来'],
  ['drain2', 'five', 203, 'drain', '２＃楼门前下水道堵塞，走路要绕'],
  ['drain2', 'five', 203, 'drain', '二号楼下水道堵了一个星期，污水满地'],
  ['drain5', 'five', 201, 'drain', '西苑5栋门口下水道堵了，污水都流到路上'],
  ['drain5', 'five', 202, 'drain', '5#楼下水道堵了，一楼人家返水'],
  ['drain12', 'five', 202, 'drain', '西苑十二栋门口下水道堵了，污水流到路上'],
  ['drain12', 'five', 204, null, '西苑 12 幢下水道堵塞，污水流了一地'],
  // Lifts, by building and unit.
  ['lift7-2', 'five', 205, 'lift', '7栋2单元电梯坏了，卡在四楼'],
  ['lift7-2', 'five', 205, 'lift', '七号楼二单元电梯停了，住8楼的老人下不来'],
  ['lift7-2', 'five', 206, null, '7#楼 2 单元的电梯不动了，我家在十一层'],
  ['lift7-1', 'five', 206, 'lift', '7栋1单元电梯坏了，按钮按不动'],
  ['lift8', 'five', 206, 'lift', '8 号楼二单元电梯坏了，卡在四楼'],
  ['lift8', 'five', 207, 'lift', '八栋2单元电梯一直停着，老人下不来'],
  ['lift17', 'five', 206, 'lift', '十七号楼2单元电梯坏了，卡在中间'],
  // Leaks between rooms.
  ['leak301', 'five', 208, 'leak', '6栋301室卫生间漏水，楼下201的天花板全泡了'],
  ['leak301', 'five', 210, 'leak', '六栋楼上三〇一室卫生间一直漏水到我家，天花板掉皮'],
  ['leak502', 'five', 209, 'leak', '9栋502室厨房漏水，楼下天花板泡了'],
  ['leak502', 'five', 211, 'leak', '9 幢 502 厨房往下漏水，把楼下的天花板泡坏了'],
  ['stairs4', 'five', 212, 'public', '4号楼三层楼道灯坏了，上下楼看不见'],
  ['stairs4', 'five', 213, 'public', '四栋3楼的楼道灯不亮，摸黑上楼'],
  ['stairs10', 'five', 213, 'public', '10号楼三层楼道灯坏了，上下楼看不见'],
  // Said of everything: how long, how often, that nobody came, that it be soon. One category each and not one matter.
  ['hole', 'five', 220, 'road', '梅园路路面有个大坑，一个月了一直没有人来修，请尽快处理'],
  ['hole', 'five', 222, 'road', '梅园路上的坑越来越大，骑车差点摔倒，一直没人补'],
  ['bricks', 'five', 221, 'road', '菜场门口人行道地砖翘起来，一个月了一直没有人管，请尽快处理'],
  ['cover', 'five', 221, 'road', '邮局旁边井盖响，反映一个月了，一直没有人来，请你们尽快处理一下'],
  ['sundries', 'five', 220, 'public', '楼道里堆满纸箱，已经一个月了，一直没有人处理，请尽快处理'],
  ['sundries', 'five', 222, 'public', '楼道纸箱堆得人都过不去，着火了怎么办'],
  ['racks', 'five', 221, 'public', '车棚顶棚漏雨，已经一个月了，一直没有人处理，麻烦尽快处理'],
  ['toilet', 'five', 220, null, '公共厕所没有水，已经很长时间没有人管了，希望尽快处理'],
  ['swing', 'five', 220, null, '秋千的链子断了，已经很长时间没有人管了，希望尽快处理'],
  ['swing', 'five', 221, null, '小孩玩的秋千链子断了一根，很危险'],
  ['wall', 'five', 223, 'safety', '围墙歪了要倒，昨天打了好几次电话都没有人接，请马上派人来看'],
  ['glass', 'five', 223, 'safety', '宣传栏玻璃碎了一地，昨天打了好几次电话都没有人接，请马上派人来看'],
  ['glass', 'five', 224, 'safety', '宣传栏的玻璃碎了，小孩会割到手'],
  ['smell', 'five', 225, 'smoke', '早餐店油烟每天早上往楼上飘，请问什么时候能解决'],
  ['burn', 'five', 225, 'smoke', '每天早上有人在河边烧垃圾，请问什么时候能解决'],
  ['burn', 'five', 227, 'smoke', '河边有人烧垃圾，烟很大'],
]

/** To which nothing was fitted. */
const later: readonly Line[] = [
  ['roof14', 'five', 300, 'leak', '东苑14栋楼顶漏雨，顶楼人家墙都湿了'],
  ['roof14', 'five', 301, 'leak', '十四号楼楼顶防水坏了，一下雨就漏雨'],
  ['roof14', 'five', 303, null, '东苑 14# 楼屋顶漏雨，漏到五楼了'],
  ['roof4', 'five', 301, 'leak', '东苑4栋楼顶漏雨，墙都湿了'],
  ['roof4', 'five', 302, 'leak', '四幢楼顶漏雨，顶楼的墙湿透了'],
  ['roof40', 'five', 302, 'leak', '东苑四十号楼楼顶漏雨，顶楼人家墙都湿了'],
  ['door3', 'five', 304, 'door', '3 号楼三单元门锁坏了，门关不上'],
  ['door3', 'five', 305, 'door', '三栋3单元的大门锁坏了，谁都能进'],
  ['door3-1', 'five', 305, 'door', '三栋一单元大门锁坏了，门关不上'],
  ['door13', 'five', 305, 'door', '13栋三单元门锁坏了，门关不上'],
  ['water11', 'five', 306, 'water', '十一座停水了，也没有通知'],
  ['water11', 'five', 306, 'water', '11 座从早上停水到现在'],
  ['water1', 'five', 306, 'water', '1座停水了，也没有通知'],
  ['noise602', 'five', 308, 'noise', '21栋602室夜里装修，电钻吵得睡不着'],
  ['noise602', 'five', 309, 'noise', '二十一幢六〇二室半夜还在用电钻装修'],
  ['noise22', 'five', 309, 'noise', '22栋装修，电钻吵得睡不着'],
  ['lamp2f', 'five', 310, 'lamp', '门诊楼二楼走廊灯不亮'],
  ['lamp2f', 'five', 311, 'lamp', '门诊楼 2 层走廊的灯坏了'],
  ['lamp2b', 'five', 311, 'lamp', '2号楼前面路灯不亮'],
  ['lamp2b', 'five', 312, 'lamp', '二栋门前的路灯坏了，晚上看不见'],
  // Said of everything.
  ['rail', 'five', 320, 'road', '天桥栏杆锈断了，都好几个星期了，打了很多次电话也没人理，麻烦派人来看看'],
  ['rail', 'five', 322, 'road', '过天桥发现栏杆断了，孩子扶着很危险'],
  ['sand', 'five', 321, 'road', '工地门口撒了一路沙子，都好几个星期了，打了很多次电话也没人理'],
  ['zebra', 'five', 321, 'road', '学校门口斑马线磨没了，反映过很多次，到现在还没有解决，麻烦派人来看看'],
  ['zebra', 'five', 324, 'road', '小学门前的斑马线看不清了，车不减速'],
  ['weeds', 'five', 320, 'public', '花坛里长满杂草，拖了半年，到现在也没有解决，请有关部门管一管'],
  ['bench', 'five', 321, 'public', '凉亭的长椅烂了，拖了半年，到现在也没有解决，请有关部门管一管'],
  ['bench', 'five', 322, 'public', '凉亭里长椅木头烂了，坐不了人'],
  ['post', 'five', 323, null, '快递柜占了楼梯口，我们去说了好几回都没有用，能不能快点处理'],
  ['mirror', 'five', 323, null, '拐弯处的反光镜歪了，我们去说了好几回都没有用，能不能快点处理'],
  ['mirror', 'five', 324, null, '路口拐弯的反光镜歪到一边，看不到来车'],
  ['cable', 'five', 325, 'safety', '电线掉下来离地面一人高，上午就报了，一直到现在没有任何人过来，请抓紧时间'],
  ['cable', 'five', 325, 'safety', '有根电线垂下来了，走路会碰到头'],
  ['pit', 'five', 325, 'safety', '施工挖的坑没有围挡，上午就报了，一直到现在没有任何人过来，请抓紧时间'],
]

/** Pairs to which the weights were fitted. */
export const written = pairsOf(lines)
/** Pairs that no weight has seen. */
export const writtenUnseen = pairsOf(later)
/** All texts, by which words count as rare. */
export const writtenTexts: readonly string[] = [...lines, ...later].map((line) => line[4])

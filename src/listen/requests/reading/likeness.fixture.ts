// Invented requests, labelled by what they are about: two of one matter belong together, all others do not. Chosen for what makes it
// hard: one thing told by neighbours in other words; the same words about another building, community or season; one building with
// several troubles; long tirades that share only courtesies.
import type { Told } from './likeness.ts'

const places = {
  /** 五里社区: two buildings of one grid, a third in another grid, the community itself. */
  five3: '32/10/03/001/001/001/003/',
  five5: '32/10/03/001/001/001/005/',
  five9: '32/10/03/001/001/002/009/',
  five: '32/10/03/001/001/',
  /** The community next door, one of another subdistrict, and the district where nobody said more. */
  beside: '32/10/03/001/002/',
  beside7: '32/10/03/001/002/001/007/',
  far: '32/10/03/002/004/',
  district: '32/10/03/',
} as const

/** matter; place; day of filing; category or null; words; and where a point was set, how many metres east and north. */
export type Line = readonly [
  string,
  keyof typeof places,
  number,
  string | null,
  string,
  (readonly [east: number, north: number])?,
]

const lines: readonly Line[] = [
  // A lamp before building 3, told four times; lamps elsewhere in the same words.
  ['lamp3', 'five3', 1, 'lamp', '3号楼门口路灯不亮，天黑以后看不见台阶，老人差点摔倒', [0, 0]],
  ['lamp3', 'five3', 2, 'lamp', '三号楼楼下的路灯坏了两天了，晚上黑漆漆的', [8, 3]],
  ['lamp3', 'five', 3, null, '我住五里社区3栋，单元门前那盏灯不亮，下台阶看不清'],
  ['lamp3', 'five3', 4, 'lamp', '楼门口的路灯什么时候修？晚上回家要打手电', [5, 5]],
  ['lamp5', 'five5', 2, 'lamp', '5号楼门口路灯不亮，天黑以后看不见路', [160, 40]],
  ['lamp5', 'five5', 5, 'lamp', '5栋楼下路灯坏了，晚上看不见，请派人修', [155, 42]],
  ['lamp9', 'five9', 3, 'lamp', '9号楼前面的路灯一闪一闪，晃眼睛'],
  ['lampB', 'beside', 2, 'lamp', '小区路灯不亮，天黑以后看不见台阶，老人差点摔倒', [700, 300]],
  ['lampB', 'beside', 6, 'lamp', '路灯坏了好几天，台阶那里很黑', [708, 296]],
  ['lampF', 'far', 3, 'lamp', '路灯不亮，天黑以后看不见台阶'],
  ['lamp3old', 'five3', -80, 'lamp', '3号楼门口路灯不亮，天黑看不见', [0, 0]],
  // Lifts.
  ['lift5', 'five5', 10, 'lift', '5号楼电梯又停了，住十二楼的老人下不来'],
  ['lift5', 'five5', 10, 'lift', '电梯坏了没人管，物业电话打不通，5栋'],
  ['lift5', 'five5', 11, null, '我妈住十二楼，电梯停运第二天了，买菜都下不了楼'],
  ['lift3', 'five3', 10, 'lift', '3号楼电梯又停了，老人下不来'],
  ['lift3', 'five3', 12, 'lift', '3栋电梯门关不上，一直停在一楼'],
  ['liftB7', 'beside7', 11, 'lift', '7号楼电梯坏了没人管，物业电话打不通'],
  ['liftnoise', 'five5', 12, 'noise', '5号楼电梯运行声音太大，卧室靠着井道，夜里睡不着'],
  // Rubbish and drains of one building.
  ['rubbish3', 'five3', 3, 'rubbish', '3号楼后面垃圾堆了一个星期没人清，苍蝇乱飞'],
  ['rubbish3', 'five3', 5, 'rubbish', '楼后垃圾桶满了好多天，臭得不敢开窗，蚊蝇很多'],
  ['rubbish3', 'five', 6, 'rubbish', '五里社区3号楼北面成了垃圾堆，没人清运'],
  ['rubbish9', 'five9', 4, 'rubbish', '9号楼后面垃圾没人清，苍蝇乱飞'],
  ['rubbishF', 'far', 4, 'rubbish', '垃圾堆了一个星期没人清，臭味很大'],
  ['drain3', 'five3', 4, 'drain', '3号楼后面下水道堵了，污水漫到路上'],
  ['drain3', 'five3', 5, 'drain', '楼后的窨井往外冒脏水，味道很大，路都走不了'],
  ['drain3', 'five3', 6, null, '下水道堵了，污水流到三号楼一楼人家门口'],
  ['drain5', 'five5', 6, 'drain', '5号楼下水道堵了，厨房往上返水'],
  ['leak3', 'five3', 5, 'leak', '3号楼顶层漏雨，天花板发霉，维修基金怎么申请'],
  ['leak3', 'five3', 9, 'leak', '我家住顶楼，屋顶漏水，墙上都霉了，想动用维修基金'],
  ['leak5', 'five5', 9, 'leak', '5号楼楼上邻居卫生间漏水，把我家天花板泡了'],
  // Noise by night: one site told from two communities, another site, dancing, a bar.
  ['site', 'five', 20, 'noise', '锦绣家园工地半夜两点还在浇混凝土，吵得睡不着', [300, 200]],
  ['site', 'beside', 20, 'noise', '锦绣家园施工队凌晨还在打桩，孩子第二天要上学', [420, 260]],
  ['site', 'beside', 21, 'noise', '隔壁锦绣家园二期夜间施工，噪音太大', [400, 250]],
  ['site', 'five', 22, null, '工地夜里施工不停，混凝土车进进出出，根本没法睡', [310, 205]],
  ['site2', 'far', 21, 'noise', '地铁站工地半夜还在施工，吵得睡不着'],
  ['site2', 'far', 23, 'noise', '地铁口夜间施工打桩，噪音大，凌晨两点还没停'],
  ['dance', 'five', 20, 'noise', '广场舞音响太大，晚上九点还不停，孩子没法写作业', [20, 90]],
  ['dance', 'five', 22, 'noise', '小广场每天晚上跳舞放音乐，声音开得震天响，希望管一管', [25, 88]],
  ['danceB', 'beside', 21, 'noise', '广场舞音响太大，晚上九点还不停，吵得头疼', [720, 310]],
  ['bar', 'five', 21, 'noise', '楼下烧烤店凌晨还在营业，喝酒划拳吵得睡不着，油烟也大', [60, 60]],
  ['bar', 'five', 24, 'smoke', '烧烤店油烟直接排到居民窗口，半夜还有人喧哗', [62, 61]],
  // Heating: every winter everybody.
  ['heat3', 'five3', 40, 'heating', '3号楼暖气不热，家里只有十四度'],
  ['heat3', 'five3', 41, 'heating', '三栋整栋楼暖气都是凉的，老人孩子受不了'],
  ['heat5', 'five5', 40, 'heating', '5号楼暖气不热，家里只有十五度'],
  ['heatB', 'beside', 41, 'heating', '暖气不热，家里只有十四度，热力公司不接电话'],
  ['heatF', 'far', 42, 'heating', '小区暖气不热，打热力公司电话没人接'],
  ['heatF', 'far', 43, 'heating', '全小区供暖温度不达标，热力公司的电话一直占线'],
  ['pipe', 'five', 42, 'heating', '五里路供热管道爆了，热水喷到马路上', [90, 10]],
  ['pipe', 'five', 42, 'heating', '五里路口暖气管道漏水，路面都是热气和积水', [95, 12]],
  // Floods in the season.
  ['flood-under', 'beside', 30, 'flood', '一下雨人民路涵洞就积水，车子熄火在里面', [500, 500]],
  ['flood-under', 'five', 30, 'flood', '人民路桥下涵洞积水半米深，过不去', [505, 498]],
  ['flood-garage', 'five5', 30, 'flood', '暴雨灌进地下车库，5号楼下面的车泡了'],
  ['flood-garage', 'five5', 30, 'flood', '地下车库进水，物业没有沙袋，好几辆车被淹'],
  ['flood-far', 'far', 30, 'flood', '一下雨小区门口就积水，出门要趟水'],
  ['flood-ninth', 'five9', 31, 'flood', '下雨天9号楼门前积水，没法出门'],
  // Parking.
  ['park-gate', 'five', 15, 'parking', '小区大门两边停满车，消防通道被堵死'],
  ['park-gate', 'five', 16, 'parking', '消防通道停车没人管，救护车昨天都进不来，大门口那段'],
  ['park-9', 'five9', 16, 'parking', '9号楼前私装地锁霸占公共车位'],
  ['park-9', 'five9', 18, 'parking', '有人在9栋楼下装地锁占车位，物业说管不了'],
  ['park-fee', 'five', 16, 'parking', '小区停车费突然从每月八十涨到一百五，没有公示'],
  ['park-fee', 'five', 19, 'fee', '停车费涨价没有征求业主意见，从80涨到150，谁批准的'],
  ['park-feeB', 'beside', 18, 'parking', '停车费涨价没有公示，每月涨了五十块'],
  // Fees and property managers: the same courtesies, other matters.
  [
    'fee-water',
    'five',
    25,
    'fee',
    '尊敬的领导您好！我是五里社区居民，现反映自来水费突然多了一倍的问题，水表从来没人看过，希望领导重视，尽快解决，谢谢！',
  ],
  [
    'fee-property',
    'five',
    25,
    'fee',
    '尊敬的领导您好！我是五里社区居民，现反映物业费收了不开发票的问题，保安也换成了老头，希望领导重视，尽快解决，谢谢！',
  ],
  [
    'school',
    'five',
    26,
    'school',
    '尊敬的领导您好！我是五里社区居民，想问孩子上学划片到底归哪个小学，希望领导重视，尽快答复，谢谢！',
  ],
  ['school', 'five', 28, 'school', '五里社区今年的小学学区怎么划的？去年是实验小学，今年听说要改'],
  ['school-far', 'far', 27, 'school', '小学划片什么时候公布？我们小区今年归哪个学校'],
  ['fee-property', 'five', 29, 'fee', '物业公司收物业费不给发票，问了三次都说没有'],
  // Dogs, shops, buses, walls.
  ['dog', 'five9', 33, 'dog', '9号楼有人养大狗不拴绳，吓到小孩'],
  ['dog', 'five9', 35, 'dog', '遛狗不牵绳，那条黑色大狗昨天扑了我家孩子，9栋的'],
  ['dogB', 'beside', 34, 'dog', '有人遛狗不拴绳，到处是狗屎'],
  ['bark', 'five9', 34, 'noise', '9号楼隔壁的狗整夜叫，睡不着'],
  ['bus65', 'district', 36, 'bus', '65路公交车间隔太长，等了四十分钟'],
  ['bus65', 'district', 38, 'bus', '65路早高峰要等半个多小时，能不能加几班车'],
  ['bus12', 'district', 37, 'bus', '12路公交车间隔太长，等了半个小时'],
  ['bus65stop', 'district', 37, 'bus', '65路司机到站不停车，老年人招手也不停'],
  ['road-name', 'district', 50, 'road', '潇河大道坑洼不平，下雨都是水坑，什么时候修'],
  ['road-name', 'district', 53, 'road', '潇河大道西段路面破损严重，骑车摔了一跤'],
  ['road-other', 'district', 52, 'road', '建设路坑洼不平，下雨都是水坑，什么时候修'],
  ['slogan', 'far', 54, 'wall', '楼道里贴满小广告，开锁的通下水道的，没人清理'],
  ['slogan-five', 'five3', 54, 'wall', '3号楼楼道里贴满小广告，没人清理'],
  ['charge', 'five', 55, 'charge', '电动车充电桩坏了六个，只剩两个能用'],
  ['charge', 'five', 57, 'charge', '车棚里的充电口大部分没电，电瓶车排队充电'],
  ['chargefire', 'five3', 56, 'fire', '3号楼有人把电瓶车推上楼充电，怕着火'],
  ['chargefire', 'five3', 58, 'fire', '楼道里电动车飞线充电，存在火灾隐患，3栋二单元'],
  ['chargefire9', 'five9', 57, 'fire', '楼道里电动车飞线充电，存在火灾隐患，9栋一单元'],
  // Long and short of the same; two matters in one breath.
  [
    'mall',
    'district',
    60,
    null,
    '万象城商铺预付卡老板跑路，我充了三千块还剩两千四，去派出所说不归他们管，去工商说要等，一个月了没有任何说法，群里有七十多个人都是受害者',
  ],
  ['mall', 'district', 62, 'consumer', '健身房突然关门，预付卡退不了，老板跑路，万象城那家'],
  ['gym-other', 'district', 61, 'consumer', '东门健身房关门了，会员卡的钱退不了'],
  ['water-out', 'five', 44, 'water', '停水一天了也没通知，什么时候来水'],
  ['water-out', 'five5', 44, 'water', '家里没水，5号楼整栋都停水，没看到公告'],
  ['water-out', 'beside', 44, 'water', '今天早上开始停水，没有任何通知，什么时候恢复'],
  ['water-low', 'five5', 46, 'water', '5号楼高层水压太低，洗澡出不了热水'],
  ['tree', 'five', 48, 'tree', '台风把路边大树吹倒了，压在电线上', [70, 40]],
  ['tree', 'five', 48, 'tree', '有棵树倒了，搭在电线上很危险，快来人', [73, 38]],
  ['tree-light', 'five3', 49, 'tree', '楼前大树太高，一楼终年见不到太阳，请修剪'],
  // English.
  ['e-lamp', 'five5', 70, 'lamp', 'The street lamp at the gate is broken, it is too dark at night'],
  ['e-lamp', 'five5', 71, 'lamp', 'No light at the gate of our compound, the lamp has been out since Monday'],
  ['e-lift', 'five5', 70, 'lift', 'The lift in building 5 is broken again, my mother cannot get down'],
  ['e-lift', 'five5', 71, 'lift', 'Elevator of building 5 stopped, the lift has not moved since yesterday'],
  ['e-lift9', 'five9', 71, 'lift', 'The lift in building 9 is broken again'],
  [
    'e-noise',
    'five',
    72,
    'noise',
    'Construction site works all night, nobody can sleep because of the noise',
    [300, 200],
  ],
  ['e-noise', 'five', 73, 'noise', 'Night construction, concrete trucks all night, please stop the noise', [305, 203]],
  ['e-park', 'five', 72, 'parking', 'Cars block the fire lane at the gate, an ambulance could not pass'],
  ['e-park', 'five', 74, 'parking', 'The fire lane is full of parked cars again'],
  ['e-fee', 'five', 73, 'fee', 'The parking fee was raised without any notice'],
  ['e-bus', 'district', 73, 'bus', 'Bus 65 never comes on time, I waited for forty minutes'],
  ['e-trash', 'far', 72, 'rubbish', 'Rubbish has not been collected for a week and it smells'],
]

/** Written once the weights stood and never fitted to: how well those not seen are told apart. */
const later: readonly Line[] = [
  ['steps', 'five3', 100, 'road', '3号楼南门台阶断了一块，老人踩空两次了', [4, 2]],
  ['steps', 'five3', 103, 'road', '3栋南门口的台阶缺了一角，晚上容易踩空', [6, 1]],
  ['steps5', 'five5', 101, 'road', '5号楼北门台阶松动，走上去会晃'],
  ['ramp3', 'five3', 102, 'access', '3号楼门口没有坡道，轮椅上不去'],
  ['pump', 'five', 104, 'noise', '供水泵房夜里嗡嗡响，一楼睡不着', [30, -40]],
  ['pump', 'five', 105, 'noise', '泵房噪音太大，整夜嗡嗡的，能不能加个隔音', [33, -38]],
  ['saw', 'five', 105, 'noise', '门口铝合金店整天切割，噪音太大', [120, 60]],
  ['pumpB', 'beside', 105, 'noise', '水泵房夜里嗡嗡响，吵得睡不着', [690, 310]],
  ['clothes', 'five9', 106, 'public', '9号楼前晾衣架倒了，衣服没处晒'],
  ['clothes', 'five9', 110, 'public', '9栋门前的晾衣架被压倒半个月了没人修'],
  ['clothes-line', 'five9', 107, 'public', '9号楼有人在绿化带拉绳晒被子，不好看'],
  ['pond', 'five', 108, 'water', '小公园池塘发绿发臭，死鱼漂在上面', [200, 150]],
  ['pond', 'five', 111, null, '公园池塘的水臭了，好多死鱼，没人打捞', [205, 148]],
  ['pond-rail', 'five', 109, 'safety', '小公园池塘边的栏杆断了两根，小孩在那玩很危险', [198, 152]],
  ['pond-rail', 'five', 112, 'safety', '池塘栏杆坏了，昨天差点有孩子掉下去，小公园里的', [201, 150]],
  ['mosquito', 'five', 112, 'health', '小区蚊子太多，希望统一消杀一次'],
  ['mosquito', 'five', 115, 'health', '什么时候打药灭蚊？今年蚊子特别多'],
  ['mosquitoB', 'beside', 113, 'health', '小区蚊子太多，什么时候消杀'],
  ['canteen', 'five', 116, 'elder', '社区老年食堂停了两周，老人吃饭没着落'],
  ['canteen', 'five', 118, 'elder', '老年食堂什么时候恢复？我爸每天问一遍'],
  ['canteen-price', 'five', 117, 'elder', '老年食堂一份饭从八块涨到十二块'],
  ['gate', 'five5', 119, 'door', '5号楼单元门禁坏了，谁都能进'],
  ['gate', 'five5', 120, 'door', '门禁刷卡没反应，单元门一直敞着，5栋二单元'],
  ['gate3', 'five3', 120, 'door', '3号楼单元门禁坏了，谁都能进'],
  ['gate-face', 'five5', 121, 'privacy', '5号楼要求刷脸进门，不刷不让进，合法吗'],
  ['fireworks', 'far', 122, 'fire', '小区里有人半夜放烟花，阳台被烧了个洞'],
  ['fireworks', 'far', 123, 'noise', '昨晚半夜又放烟花爆竹，吓得孩子直哭'],
  ['crossing', 'district', 124, 'traffic', '文昌路口的红绿灯绿灯太短，老人走不完'],
  ['crossing', 'district', 127, 'traffic', '文昌路口过街绿灯只有十几秒，根本过不去'],
  ['crossing-other', 'district', 125, 'traffic', '江阳路口的红绿灯绿灯太短，老人走不完'],
  ['crossing-broken', 'district', 126, 'traffic', '文昌路口红绿灯不亮了，车乱开'],
  ['nursery', 'district', 128, 'school', '公办幼儿园摇号结果什么时候公布'],
  ['nursery', 'district', 129, 'school', '幼儿园摇号报完名没下文了，结果在哪里看'],
  ['gas', 'five', 130, 'gas', '小区里一股煤气味，会不会是漏气', [50, 20]],
  ['gas', 'five', 130, 'gas', '楼下闻到很浓的煤气味，快来检查', [55, 24]],
  ['gas-visit', 'five', 131, 'gas', '燃气公司上门安检非要我换表，收三百块'],
  ['pigeon', 'five3', 132, 'animal', '3号楼楼顶有人养鸽子，窗台全是鸽子粪', [0, 0]],
  ['pigeon', 'five3', 136, 'animal', '楼上养的鸽子到处拉屎，晒的被子都脏了', [3, 2]],
  ['e-pump', 'five', 133, 'noise', 'The pump room hums all night and nobody on the ground floor can sleep', [30, -40]],
  ['e-pump', 'five', 134, 'noise', 'Humming noise from the pump room at night, please insulate it', [32, -41]],
  ['e-bin', 'five9', 133, 'rubbish', 'The bins behind building 9 are overflowing'],
  ['e-bin', 'five9', 135, 'rubbish', 'Overflowing bins at building 9, rats everywhere'],
  ['e-bin5', 'five5', 134, 'rubbish', 'The bins behind building 5 are overflowing'],
]

const firstDay = Date.UTC(2026, 2, 1)

/** A line as the reckoning wants it. */
const toldOf = ([matter, where, day, category, text, point]: Line): Told & { readonly matter: string } => ({
  matter,
  text,
  path: places[where],
  filedAt: firstDay + day * 24 * 3_600_000,
  category,
  point: point ? { longitude: 119.4 + point[0] / 95_600, latitude: 32.4 + point[1] / 111_200 } : null,
})

/** Every pair, and whether the two belong together. */
export const pairsOf = (lines: readonly Line[]) => {
  const told = lines.map(toldOf)
  return told.flatMap((one, at) =>
    told.slice(at + 1).map((other) => ({ one, other, together: one.matter === other.matter })),
  )
}

/** The pairs to which the weights were fitted. */
export const labelled = pairsOf(lines)
/** The pairs that no weight has seen. */
export const unseen = pairsOf(later)
/** All texts, by which words count as rare. */
export const texts: readonly string[] = [...lines, ...later].map((line) => line[4])

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fullName, nameForms, sameNames, shortName, spokenName, withoutBegunEnding } from './places.names.ts'
import { ancestorPaths, depthOf, depths, isWithin, lineUp, parentPath, pathAt, pathOfCode } from './places.paths.ts'
import { readPlaceText, substrings } from './places.reading.ts'

describe('names without their kind', () => {
  test.each([
    ['五里居委会', 'community', '五里'],
    ['翠岗花园社区居委会', 'community', '翠岗花园'],
    ['五里社区居民委员会', 'community', '五里'],
    ['李庄村村民委员会', 'community', '李庄'],
    ['李庄村委会', 'community', '李庄'],
    ['新村社区', 'community', '新村'],
    ['怪村', 'community', '怪村'],
    ['居委会', 'community', '居委会'],
    ['巴彦嘎查', 'community', '巴彦'],
    ['万寿路８号 社区', 'community', '万寿路8号'],
    ['邗上街道', 'subdistrict', '邗上'],
    ['月河回族乡', 'subdistrict', '月河'],
    ['竖新镇', 'subdistrict', '竖新'],
    ['邗江区', 'district', '邗江'],
    ['浦东新区', 'district', '浦东'],
    ['东区', 'district', '东区'],
    ['融水苗族自治县', 'district', '融水'],
    ['江北经济技术开发区', 'district', '江北经济技术开发区'],
    ['扬州市', 'city', '扬州'],
    ['恩施土家族苗族自治州', 'city', '恩施'],
    ['巴音郭楞蒙古自治州', 'city', '巴音郭楞'],
    ['市辖区', 'city', '市辖区'],
    ['新疆维吾尔自治区', 'province', '新疆'],
    ['内蒙古自治区', 'province', '内蒙古'],
    ['广西壮族自治区', 'province', '广西'],
    ['第一网格', 'grid', '第一'],
    ['3号楼', 'building', '3'],
  ] as const)('%s (%s) is %s', (name, kind, short) => {
    expect(shortName(name, kind)).toBe(short)
  })

  test('are never empty', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
        fc.pre(name.trim() !== '')
        expect(nameForms(name).at(-1)).not.toBeUndefined()
      }),
    )
  })

  test('are said as people say them', () => {
    expect(spokenName('五里居委会', 'community')).toBe('五里社区')
    expect(spokenName('翠岗花园社区居委会', 'community')).toBe('翠岗花园社区')
    expect(spokenName('李庄村委会', 'community')).toBe('李庄村')
    expect(spokenName('李庄村村民委员会', 'community')).toBe('李庄村')
    expect(spokenName('邗上街道', 'subdistrict')).toBe('邗上街道')
    expect(sameNames('五里社区')).toContain('五里居委会')
    expect(sameNames('五里社区')).not.toContain('五里村委会')
    expect(sameNames('五里村')).toEqual(
      expect.arrayContaining(['五里村委会', '五里村民委员会', '五里村村委会', '五里村村民委员会']),
    )
    expect(withoutBegunEnding('五里居')).toBe('五里')
    expect(withoutBegunEnding('五里社区居')).toBe('五里')
    expect(withoutBegunEnding('五里')).toBeNull()
  })

  test('full names begin at the district and leave out levels that nobody says', () => {
    const chain = [
      { kind: 'province', name: '江苏省', name_en: null },
      { kind: 'city', name: '扬州市', name_en: null },
      { kind: 'district', name: '邗江区', name_en: 'Hanjiang District' },
      { kind: 'subdistrict', name: '邗上街道', name_en: 'Hanshang Subdistrict' },
      { kind: 'community', name: '五里居委会', name_en: 'Wuli Community' },
    ] as const
    expect(fullName([...chain], 'zh-CN')).toBe('邗江区邗上街道五里社区')
    expect(fullName([...chain], 'en')).toBe('Wuli Community, Hanshang Subdistrict, Hanjiang District')
    const capital = [
      { kind: 'province', name: '北京市', name_en: null },
      { kind: 'city', name: '市辖区', name_en: null },
      { kind: 'district', name: '朝阳区', name_en: null },
    ] as const
    expect(fullName([...capital], 'zh-CN', 'province')).toBe('北京市朝阳区')
    const doubled = [
      { kind: 'city', name: '东莞市', name_en: null },
      { kind: 'district', name: '东莞市', name_en: null },
      { kind: 'subdistrict', name: '莞城街道', name_en: null },
    ] as const
    expect(fullName([...doubled], 'zh-CN', 'city')).toBe('东莞市莞城街道')
  })
})

describe('paths', () => {
  const segment = fc.stringMatching(/^[0-9a-z]{1,4}$/)
  const path = fc.array(segment, { minLength: 1, maxLength: 6 }).map((segments) => `${segments.join('/')}/`)
  // As PostgreSQL compares under collation C: byte by byte, which for these characters is how JavaScript compares.
  const inRange = (one: string, above: string) => one >= above && one < `${above}~`

  test('a range holds a place and what lies below it, and nothing else', () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        expect(inRange(one, other)).toBe(one.startsWith(other))
        expect(isWithin(one, other)).toBe(ancestorPaths(one).includes(other))
      }),
    )
  })

  test('a range never leaks to siblings: 3210 and 32100, 001 and 001a', () => {
    fc.assert(
      fc.property(path, segment, fc.stringMatching(/^[0-9a-z]{1,3}$/), segment, (above, name, more, below) => {
        expect(inRange(`${above}${name}${more}/${below}/`, `${above}${name}/`)).toBe(false)
        expect(inRange(`${above}${name}/${below}/`, `${above}${name}/`)).toBe(true)
      }),
    )
  })

  test('the chain of a path grows by a segment', () => {
    expect(ancestorPaths('32/10/03/')).toEqual(['32/', '32/10/', '32/10/03/'])
    expect(parentPath('32/10/03/')).toBe('32/10/')
    expect(parentPath('32/')).toBeNull()
    expect(lineUp('32/10/03/')).toEqual(['32/10/03/', '32/10/', '32/'])
    expect(lineUp('')).toEqual([])
    expect(pathOfCode('321003001001')).toBe('32/10/03/001/001/')
    expect(pathOfCode('3210')).toBe('32/10/')
  })
})

test('a path is cut at a depth, and stays where it ends above it', () => {
  expect(depthOf('32/10/03/001/001/')).toBe(depths.community)
  expect(pathAt('32/10/03/001/001/g01/', depths.community)).toBe('32/10/03/001/001/')
  expect(pathAt('32/10/03/001/001/', depths.district)).toBe('32/10/03/')
  expect(pathAt('32/10/', depths.district)).toBe('32/10/')
})

describe('several names in one breath', () => {
  const known = [
    { name: '扬州市', short_name: '扬州', path: '32/10/' },
    { name: '邗江区', short_name: '邗江', path: '32/10/03/' },
    { name: '邗江镇', short_name: '邗江', path: '44/01/02/003/' },
  ]
  test.each([
    [['扬州邗江五里社区'], '五里社区', ['32/10/03/']],
    [['扬州市邗江区五里社区'], '五里社区', ['32/10/03/']],
    [['邗江', '五里'], '五里', ['32/10/03/', '44/01/02/003/']],
    [['扬州', '邗江', '五里'], '五里', ['32/10/03/']],
  ])('%s leaves %s', (words, rest, paths) => {
    expect(readPlaceText(words, known)[0]).toEqual({ rest, paths })
  })
  test('a name does not run across a space, and what names nothing is not read', () => {
    expect(readPlaceText(['扬', '州五里'], known)).toEqual([])
    expect(readPlaceText(['五里'], known)).toEqual([])
    // Nor does what is left: 江都 says something of itself.
    expect(readPlaceText(['扬州江都', '五里'], known)).toEqual([])
    expect(substrings('邗江五')).toEqual(['邗江', '邗江五', '江五'])
  })
  test('a place and one of the same name within it are looked through once', () => {
    const within = { name: '邗江街道', short_name: '邗江', path: '32/10/03/001/' }
    expect(readPlaceText(['邗江', '五里'], [...known, within])[0]?.paths).toEqual(['32/10/03/', '44/01/02/003/'])
  })
})

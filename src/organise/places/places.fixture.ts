import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll } from 'vitest'

/** A made-up country for tests, as rows of the five lists: code, name and the codes above. */
export const madeUpCountry: Record<string, string> = {
  98: '云州省',
  9801: '溪城市',
  980101: '北溪区',
  980102: '南溪区',
  980101001: '松风街道',
  980101002: '竹影镇',
  980102001: '荷塘街道',
  980101001001: '听泉居委会',
  980101001002: '望云社区居委会',
  980101002001: '石桥村委会',
  980102001001: '听泉社区',
  980102001002: '听泉村民委员会',
  9890: '省直辖县级行政区划',
  989001: '独山市',
  989001001: '独山街道',
  989001001001: '半坡居委会',
  99: '海州省',
  9901: '市辖区',
  990101: '东港区',
  990101001: '灯塔街道',
  990101001001: '听泉北里居委会',
}

const written: string[] = []
afterAll(() => {
  for (const folder of written.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Writes the five lists into a new folder, as the package has them; it goes after the last test of the file. */
export function writeCountry(country: Record<string, string>): URL {
  const folder = mkdtempSync(join(tmpdir(), 'linli-places-'))
  written.push(folder)
  mkdirSync(folder, { recursive: true })
  const codes = Object.keys(country).sort()
  const of = (digits: number) => codes.filter((code) => code.length === digits)
  const lists: [string, string, number, (code: string) => string[]][] = [
    ['provinces.csv', 'code,name', 2, () => []],
    ['cities.csv', 'code,name,provinceCode', 4, (code) => [code.slice(0, 2)]],
    ['areas.csv', 'code,name,cityCode,provinceCode', 6, (code) => [code.slice(0, 4), code.slice(0, 2)]],
    [
      'streets.csv',
      'code,name,areaCode,provinceCode,cityCode',
      9,
      (code) => [code.slice(0, 6), code.slice(0, 2), code.slice(0, 4)],
    ],
    [
      'villages.csv',
      'code,name,streetCode,provinceCode,cityCode,areaCode',
      12,
      (code) => [code.slice(0, 9), code.slice(0, 2), code.slice(0, 4), code.slice(0, 6)],
    ],
  ]
  for (const [file, header, digits, above] of lists) {
    const rows = of(digits).map((code) => [code, `"${country[code]}"`, ...above(code)].join(','))
    writeFileSync(join(folder, file), `${[header, ...rows].join('\n')}\n`)
  }
  return pathToFileURL(`${folder}/`)
}

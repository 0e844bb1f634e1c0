/** A number in the one form in which it is stored, compared and dialled. */
export interface Phone {
  kind: 'mobile' | 'landline' | 'service' | 'abroad'
  /** E.164 where there is one (+8613800138000); service numbers stay as they are dialled (4008123456). */
  number: string
  /** The inner number after 转 or a dash, for a landline. */
  extension?: string
}

/** Area codes of three digits; all others have four (national numbering plan). */
const shortAreaCodes = ['010', '020', '021', '022', '023', '024', '025', '027', '028', '029']

/**
 * Reads a phone as people type it: full-width digits, spaces, dashes, brackets, 86, +86 or 0086 before it, an inner
 * number behind it. A landline without area code takes `areaCode` (such as '0514') where the place knows it.
 * Returns null for what is no number that can be called.
 */
export function normalisePhone(typed: string, areaCode?: string): Phone | null {
  const text = typed.normalize('NFKC').trim()
  // Cut early: nothing that can be called is longer, and the patterns below need not see a megabyte.
  if (text.length > 40) return null
  const [main = '', extension, ...more] = text.split(/\s*(?:转|ext\.?|x)\s*/i)
  if (more.length > 0 || (extension !== undefined && !/^\d{1,6}$/.test(extension))) return null
  const bare = main.replace(/[\s()[\]（）.·‐-―−-]/gu, '')
  if (!/^\+?\d+$/.test(bare)) return null

  const abroad = /^(?:\+|00)(?!86)(\d{7,15})$/.exec(bare)
  if (abroad && (bare.startsWith('+') || bare.length >= 11)) return { kind: 'abroad', number: `+${abroad[1]}` }
  const national = bare.replace(/^(?:\+|00)86/, '').replace(/^86(?=1[3-9]\d{9}$)/, '')
  if (/^1[3-9]\d{9}$/.test(national)) {
    return extension === undefined ? { kind: 'mobile', number: `+86${national}` } : null
  }
  if (/^[48]00\d{7}$/.test(national)) return { kind: 'service', number: national }
  if (/^(?:12345|1\d{2}|95\d{3}|96\d{3,4})$/.test(national)) return { kind: 'service', number: national }

  const withZero = /^[1-9]/.test(national) && bare !== national ? `0${national}` : national
  const split = splitLandline(withZero, main) ?? (areaCode ? splitLandline(areaCode + withZero, '') : null)
  if (!split) return null
  const inner = extension ?? split.extension
  return { kind: 'landline', number: `+86${split.area.slice(1)}${split.local}`, ...(inner ? { extension: inner } : {}) }
}

function splitLandline(digits: string, typed: string): { area: string; local: string; extension?: string } | null {
  const area = shortAreaCodes.find((code) => digits.startsWith(code)) ?? /^0[3-9]\d{2}/.exec(digits)?.[0]
  if (!area) return null
  const local = digits.slice(area.length)
  if (/^[2-8]\d{6,7}$/.test(local)) return { area, local }
  // 0514-87654321-801: the last dash parts the inner number, which the bare digits no longer show.
  const parts = typed.split(/[‐-―−-]/u).map((part) => part.replace(/\D/g, ''))
  const last = parts.at(-1) ?? ''
  if (parts.length >= 3 && /^\d{1,6}$/.test(last)) {
    const outer = local.slice(0, -last.length)
    if (/^[2-8]\d{6,7}$/.test(outer)) return { area, local: outer, extension: last }
  }
  return null
}

/** What staff see of a number: enough to recognise it, too little to call it. 138****8000, 0514****4321. */
export function maskPhone(number: string): string {
  const mobile = /^\+86(1[3-9]\d)\d{4}(\d{4})$/.exec(number)
  if (mobile) return `${mobile[1]}****${mobile[2]}`
  const digits = number.replace(/^\+86(?=\d)/, '0').replace(/^\+/, '')
  if (digits.length < 7) return '*'.repeat(digits.length)
  return `${digits.slice(0, Math.min(4, digits.length - 6))}****${digits.slice(-2)}`
}

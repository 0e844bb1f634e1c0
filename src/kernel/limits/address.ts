import { isIP } from 'node:net'

/**
 * What of an address is counted: an IPv4 address itself, and of an IPv6 address the network of 64 bits, since one
 * household or phone has all the addresses of one. ::ffff:1.2.3.4 is the IPv4 address within.
 */
export function addressKey(address: string): string {
  const bare = address.replace(/%.*$/, '')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  if (mapped && isIP(mapped) === 4) return mapped
  if (isIP(bare) === 4) return bare
  if (isIP(bare) !== 6) return 'unknown'
  const [head = '', tail] = bare.toLowerCase().split('::')
  const front = head === '' ? [] : head.split(':')
  const back = !tail ? [] : tail.split(':')
  // A dotted ending stands for two groups, all of them beyond the first 64 bits unless the address is short.
  const groups = front.length + back.length + (bare.includes('.') ? 1 : 0)
  const all = tail === undefined ? front : [...front, ...Array(Math.max(0, 8 - groups)).fill('0'), ...back]
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

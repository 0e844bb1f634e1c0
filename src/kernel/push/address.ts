// Whom a push may be sent to: an address that a stranger gave, asked by this server. It must not lead into the house's own network.
import { Resolver } from 'node:dns/promises'
import { BlockList, isIP, type LookupFunction } from 'node:net'

const inner = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inner.addSubnet(network, bits, 'ipv4')

const outer = new BlockList()
outer.addSubnet('2000::', 3, 'ipv6')
/**
 * Within 2000::/3, what carries an IPv4 address of its own (6to4, Teredo), belongs to documents (RFC 3849, RFC 9637), or is answered by whatever
 * network one stands in (AS112, RFC 7534).
 */
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
  ['2620:4f:8000::', 48],
  ['2002::', 16],
] as const)
  inner.addSubnet(network, bits, 'ipv6')

/** Whether a network address lies in the open internet. */
export function isPublic(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !inner.check(address, 'ipv4')
  // An IPv4 address in the dress of IPv6 lies outside 2000::/3.
  return family === 6 && outer.check(address, 'ipv6') && !inner.check(address, 'ipv6')
}

/**
 * The address of a push service as it may be asked, or null. By name and at the usual port; names are looked up when they are asked.
 * @param loopback for tests: this machine too, in the clear
 */
export function pushAddress(text: string, loopback: boolean): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || url.username || url.password) return null
  if (loopback && url.hostname === '127.0.0.1' && /^https?:$/.test(url.protocol)) return url
  const named =
    isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 && /^(?!.*\.$)[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(url.hostname)
  return url.protocol === 'https:' && url.port === '' && named ? url : null
}

/**
 * Looks a name up and answers with public addresses alone: what a name leads to is decided by its owner, and anew each time. Asked of the
 * name servers by this program itself, once and for two seconds: the system's own look-up holds one of the few threads that every other
 * name waits for as well.
 */
export const lookupBy =
  (resolver: () => Pick<Resolver, 'resolve4' | 'resolve6'>): LookupFunction =>
  (name, options, answer) => {
    const asked = resolver()
    const of = async (family: 4 | 6) => {
      if (options.family !== undefined && ![0, family, `IPv${family}`].includes(options.family)) return []
      const found = await (family === 4 ? asked.resolve4(name) : asked.resolve6(name)).catch(() => [])
      return found.filter(isPublic).map((address) => ({ address, family }))
    }
    void Promise.all([of(4), of(6)]).then((found) => {
      const open = found.flat()
      const [first] = open
      if (!first) answer(Object.assign(new Error('No public address.'), { code: 'EACCES' }), '')
      else if (options.all) answer(null, open)
      else answer(null, first.address, first.family)
    })
  }

export const publicLookup = lookupBy(() => new Resolver({ timeout: 2_000, tries: 1 }))

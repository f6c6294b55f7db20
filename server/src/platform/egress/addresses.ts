// Which addresses an outgoing connection may reach without anybody's permission, and which it may never reach.
// The ranges are IANA's special-purpose registries; whatever is not plainly public is refused.
import ipaddr from 'ipaddr.js'

export type Address = ipaddr.IPv4 | ipaddr.IPv6

export type Reach =
  /** Anyone's connector may go there. */
  | { readonly kind: 'public' }
  /** An administrator may allow it for one connector; `range` says what it is. */
  | { readonly kind: 'inner'; readonly range: string }
  /** No list may allow it. */
  | { readonly kind: 'never'; readonly range: string }

type Row = readonly [cidr: string, range: string]

// Cloud metadata services hand out credentials to whoever asks from the machine.
const never4: readonly Row[] = [
  ['0.0.0.0/8', 'this host'],
  ['169.254.169.254/32', 'cloud metadata'],
  ['169.254.170.2/32', 'cloud metadata (containers)'],
  ['169.254.170.23/32', 'cloud metadata (pod identity)'],
  ['169.254.0.23/32', 'cloud metadata'],
  ['100.100.100.200/32', 'cloud metadata'],
  ['168.63.129.16/32', 'cloud platform'],
  ['192.0.0.192/32', 'cloud metadata'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved and broadcast'],
]

const inner4: readonly Row[] = [
  ['10.0.0.0/8', 'private network'],
  ['100.64.0.0/10', 'carrier-grade NAT'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private network'],
  ['192.0.0.0/24', 'protocol assignments'],
  ['192.0.2.0/24', 'documentation'],
  ['192.88.99.0/24', '6to4 relay'],
  ['192.168.0.0/16', 'private network'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
]

const never6: readonly Row[] = [
  ['::/128', 'unspecified'],
  ['fd00:ec2::/32', 'cloud metadata'],
  ['fd20:ce::/32', 'cloud metadata'],
  ['fe80::a9fe:a9fe/128', 'cloud metadata'],
  ['ff00::/8', 'multicast'],
]

const inner6: readonly Row[] = [
  ['::1/128', 'loopback'],
  ['64:ff9b::/96', 'NAT64'],
  ['64:ff9b:1::/48', 'NAT64'],
  ['2001::/23', 'protocol assignments and Teredo'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4'],
  ['3fff::/20', 'documentation'],
  ['fc00::/7', 'unique local'],
  ['fe80::/10', 'link-local'],
]

interface Range4 {
  readonly cidr: [ipaddr.IPv4, number]
  readonly range: string
}
interface Range6 {
  readonly cidr: [ipaddr.IPv6, number]
  readonly range: string
}
const ranges4 = (rows: readonly Row[]): readonly Range4[] =>
  rows.map(([cidr, range]) => ({ cidr: ipaddr.IPv4.parseCIDR(cidr), range }))
const ranges6 = (rows: readonly Row[]): readonly Range6[] =>
  rows.map(([cidr, range]) => ({ cidr: ipaddr.IPv6.parseCIDR(cidr), range }))
const table = { never4: ranges4(never4), inner4: ranges4(inner4), never6: ranges6(never6), inner6: ranges6(inner6) }
// Only 2000::/3 is global unicast; the rest of IPv6 is special or not yet given out.
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/** Reads what a resolver or the URL parser wrote, in canonical form only. IPv4 in an IPv6 wrapping comes out as IPv4. */
export function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (!ipaddr.IPv6.isValid(text)) return null
  const address = ipaddr.IPv6.parse(text)
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

export function judgeReach(address: Address): Reach {
  if (address instanceof ipaddr.IPv4) return judge4(address)
  const v6 = address
  const never = table.never6.find(({ cidr }) => v6.match(cidr))
  if (never !== undefined) return { kind: 'never', range: never.range }
  const carried = carriedIpv4(v6)
  for (const each of carried) {
    const reach = judge4(each)
    if (reach.kind === 'never') return reach
  }
  const inner = table.inner6.find(({ cidr }) => v6.match(cidr))
  if (inner !== undefined) return { kind: 'inner', range: inner.range }
  if (!v6.match(globalUnicast)) return { kind: 'inner', range: 'not global unicast' }
  // ISATAP: a public prefix with an IPv4 address behind it.
  const hidden = carried.map(judge4).find((reach) => reach.kind !== 'public')
  return hidden ?? { kind: 'public' }
}

function judge4(address: ipaddr.IPv4): Reach {
  const never = table.never4.find(({ cidr }) => address.match(cidr))
  if (never !== undefined) return { kind: 'never', range: never.range }
  const inner = table.inner4.find(({ cidr }) => address.match(cidr))
  return inner === undefined ? { kind: 'public' } : { kind: 'inner', range: inner.range }
}

/** The IPv4 addresses a transition mechanism would deliver this packet to. */
export function carriedIpv4(address: ipaddr.IPv6): readonly ipaddr.IPv4[] {
  const bytes = address.toByteArray()
  const from = (start: number, invert = 0): ipaddr.IPv4 =>
    new ipaddr.IPv4(bytes.slice(start, start + 4).map((byte) => byte ^ invert))
  const within = (cidr: string): boolean => address.match(ipaddr.IPv6.parseCIDR(cidr))
  const carried: ipaddr.IPv4[] = []
  // ::1 and :: aside, ::a.b.c.d is the old IPv4-compatible form.
  if (within('::/96') && !within('::/127')) carried.push(from(12))
  if (within('::ffff:0:0:0/96')) carried.push(from(12))
  if (within('64:ff9b::/96') || within('64:ff9b:1::/48')) carried.push(from(12))
  if (within('2002::/16')) carried.push(from(2))
  if (within('2001::/32')) carried.push(from(4), from(12, 0xff))
  const interfaceId = bytes
    .slice(8, 12)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  if (interfaceId === '00005efe' || interfaceId === '02005efe') carried.push(from(12))
  return carried
}

/** True when the two are of one family and the first lies in the second. */
export function isWithin(address: Address, cidr: readonly [Address, number]): boolean {
  const [network, bits] = cidr
  return address.kind() === network.kind() && address.match(network, bits)
}

/** `10.0.0.0/8`, or a single address. Null for anything else, and for host bits set: `10.1.2.3/8` is a slip. */
export function parseCidr(text: string): readonly [Address, number] | null {
  const [address = '', bits, ...rest] = text.split('/')
  const network = parseAddress(address)
  // A mapped network would be judged as IPv4 with IPv6 lengths.
  if (network === null || rest.length > 0 || /^::ffff:/i.test(address)) return null
  const width = network.kind() === 'ipv4' ? 32 : 128
  if (bits === undefined) return [network, width]
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > width) return null
  const masked = network.toByteArray().every((byte, i) => {
    const free = Math.min(8, Math.max(0, (i + 1) * 8 - Number(bits)))
    return (byte & ((1 << free) - 1)) === 0
  })
  return masked ? [network, Number(bits)] : null
}

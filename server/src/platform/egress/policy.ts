// What an administrator allows one connector to reach beyond the public internet, and what nobody may allow.
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import ipaddr from 'ipaddr.js'
import { AppError } from '../../kernel/app-error.ts'
import { type Address, carriedIpv4, isWithin, judgeReach, parseAddress, parseCidr } from './addresses.ts'

export const schemes = ['http', 'https', 'tcp', 'tls'] as const
export type Scheme = (typeof schemes)[number]

export interface AllowedTarget {
  /** `10.0.0.0/8`, `192.168.1.5`, `fd12::/16`. */
  readonly cidr: string
  readonly ports: readonly number[] | 'any'
  readonly schemes: readonly Scheme[]
}

export interface EgressPolicy {
  /** The name its owner passes with every request: `slack`, `prometheus:main`, `webhook`. */
  readonly connector: string
  readonly allow: readonly AllowedTarget[]
  /** True: nothing but the list, not even public addresses. */
  readonly onlyAllowed?: boolean
  /** True: its requests carry secrets, so in plain http they go to nothing but the list. */
  readonly plainOnlyAllowed?: boolean
  /** Open exchanges of the connector at once, and of one target of it. */
  readonly maxConcurrent?: number
  readonly maxConcurrentPerTarget?: number
  readonly tls?: TlsPolicy
  /** False for probes: to ask what is down, again and again, is what they are for. */
  readonly breaker?: false
}

export interface TlsPolicy {
  /** PEM, trusted beside the public roots: the company's own authority. */
  readonly authorities?: readonly string[]
  /** PEM client certificate and key, for mutual TLS. */
  readonly certificate?: string
  readonly key?: string
}

/** What no list may open. Functions, because ports and addresses are known only once the process runs. */
export interface Protected {
  /** Ports this installation itself listens on, on every address of this machine. */
  readonly ownPorts: () => readonly number[]
  /** Endpoints by host and port wherever they are: PostgreSQL. A host that is a path is a socket file. */
  readonly endpoints: () => readonly { readonly host: string; readonly port: number }[]
  readonly ownAddresses?: () => readonly string[]
}

export interface Destination {
  readonly connector: string
  readonly scheme: Scheme
  /** As the URL parser writes it, without brackets. */
  readonly host: string
  readonly port: number
}

export type Judgement = { readonly allowed: true } | { readonly allowed: false; readonly sentence: string }

/** The faults of a policy an administrator writes, in their words; empty when it can be kept. */
export function policyFaults(policy: EgressPolicy): readonly string[] {
  const faults: string[] = []
  for (const { cidr, ports, schemes: allowed } of policy.allow) {
    const range = parseCidr(cidr)
    if (range === null)
      faults.push(`"${cidr}" is not a network such as 10.0.0.0/8; the bits behind the length must be 0.`)
    else if (judgeReach(range[0]).kind === 'never' && range[1] >= (range[0].kind() === 'ipv4' ? 8 : 16))
      faults.push(`"${cidr}" can not be allowed: it is a metadata, multicast or reserved range.`)
    if (
      ports !== 'any' &&
      (ports.length === 0 || ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65_535))
    )
      faults.push(`Ports for "${cidr}" must be numbers from 1 to 65535, or "any".`)
    if (allowed.length === 0 || allowed.some((scheme) => !schemes.includes(scheme)))
      faults.push(`Schemes for "${cidr}" must be among ${schemes.join(', ')}.`)
  }
  return faults
}

/** Judges one checked address. `host` only serves the sentence: the decision never rests on a name. */
export function judgeAddress(
  policy: EgressPolicy,
  destination: Destination,
  address: Address,
  protectedAddresses: readonly string[],
): Judgement {
  const { connector, scheme, host, port } = destination
  const to = isIP(host) === 0 ? `${host} leads to` : 'It is'
  const reach = judgeReach(address)
  if (reach.kind === 'never') return refuse(`${to} a ${reach.range} address, which no connector may reach.`)
  if (protectedAddresses.some((each) => isSameHost(each, address)))
    return refuse(`${to} Mainstay itself or its database, which no connector may reach.`)
  if (isAllowed(policy, scheme, address, port)) return { allowed: true }
  const isPlain = policy.plainOnlyAllowed === true && scheme === 'http'
  if (reach.kind === 'public' && policy.onlyAllowed !== true && !isPlain) return { allowed: true }
  const range = reach.kind === 'public' ? 'a public address' : `an address that is not public (${reach.range})`
  return refuse(
    `${to} ${range}, and the list of connector "${connector}" does not allow it on port ${port} by ${scheme}. An administrator can add its network, port and scheme.`,
  )
}

const refuse = (sentence: string): Judgement => ({ allowed: false, sentence })

// A list is read when the process starts, and asked with every request.
const ranges = new WeakMap<AllowedTarget, ReturnType<typeof parseCidr>>()

function rangeOf(target: AllowedTarget): ReturnType<typeof parseCidr> {
  const known = ranges.get(target)
  if (known !== undefined) return known
  const range = parseCidr(target.cidr)
  ranges.set(target, range)
  return range
}

function isAllowed(policy: EgressPolicy, scheme: Scheme, address: Address, port: number): boolean {
  const covers = (each: Address): boolean =>
    policy.allow.some((target) => {
      const { ports, schemes: allowed } = target
      const range = rangeOf(target)
      return (
        range !== null && isWithin(each, range) && allowed.includes(scheme) && (ports === 'any' || ports.includes(port))
      )
    })
  if (!covers(address)) return false
  // Allowing NAT64 as a range must not open the private IPv4 networks behind it.
  const carried = address instanceof ipaddr.IPv6 ? carriedIpv4(address) : []
  return carried.every((each) => judgeReach(each).kind === 'public' || covers(each))
}

function isSameHost(text: string, address: Address): boolean {
  const other = parseAddress(text.split('%')[0] ?? '')
  if (other === null || other.kind() !== address.kind()) return false
  const width = other.kind() === 'ipv4' ? 32 : 128
  // All of 127/8 is this machine, whichever of it the server listens on.
  if (other.kind() === 'ipv4' && other.toByteArray()[0] === 127) return address.match(other, 8)
  return address.match(other, width)
}

export type Resolve = (host: string) => Promise<readonly string[]>

/** The addresses that are protected on this port: this machine's own, and where a protected endpoint's name leads. */
export async function protectedOn(port: number, guard: Protected, resolve: Resolve): Promise<readonly string[]> {
  const endpoints = guard.endpoints().filter((each) => each.port === port)
  const isOwnPort = guard.ownPorts().includes(port)
  // Few requests go to such a port, and asking the machine for its addresses costs a tenth of a whole request.
  if (!isOwnPort && endpoints.length === 0) return []
  const own = ['127.0.0.1', '::1', ...(guard.ownAddresses ?? machineAddresses)()]
  const found: string[] = isOwnPort ? [...own] : []
  for (const endpoint of endpoints) {
    if (endpoint.host === '' || endpoint.host.startsWith('/') || endpoint.host === 'localhost') found.push(...own)
    else if (isIP(endpoint.host) !== 0) found.push(endpoint.host, ...(own.includes(endpoint.host) ? own : []))
    else {
      // A name that does not resolve now might in a moment: fail closed.
      const addresses = await resolve(endpoint.host).catch((cause: unknown) => {
        throw new AppError(
          'unavailable',
          'egress.guard-unresolved',
          'The database host does not resolve, so it can not be kept out of reach.',
          { cause },
        )
      })
      found.push(...addresses, ...(addresses.some((each) => own.includes(each)) ? own : []))
    }
  }
  return found
}

export function machineAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? [])
}

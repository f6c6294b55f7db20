import { expect, test } from 'vitest'
import { parseAddress, parseCidr } from './addresses.ts'
import { afterFailure, type Breaker, closedBreaker, enter, longestPauseMs } from './breaker.ts'
import { judgeAddress, policyFaults, schemes } from './policy.ts'

test.each<{ cidr: string; ports?: readonly number[]; allowed?: readonly 'http'[]; fault: RegExp | null }>([
  { cidr: '10.0.0.0/8', fault: null },
  { cidr: '192.168.1.5', fault: null },
  { cidr: 'fd12:3456::/32', fault: null },
  { cidr: '0.0.0.0/0', fault: null },
  { cidr: '::/0', fault: null },
  { cidr: '10.1.2.3/8', fault: /must be 0/ },
  { cidr: '10.0.0.0/33', fault: /not a network/ },
  { cidr: '10.0.0.0/08x', fault: /not a network/ },
  { cidr: '0x0a000000/8', fault: /not a network/ },
  { cidr: '::ffff:10.0.0.0/104', fault: /not a network/ },
  { cidr: 'mattermost.internal', fault: /not a network/ },
  { cidr: '169.254.169.254', fault: /can not be allowed/ },
  { cidr: '224.0.0.0/4', fault: null },
  { cidr: '224.0.0.0/8', fault: /can not be allowed/ },
  { cidr: 'fd00:ec2::254/128', fault: /can not be allowed/ },
  { cidr: '10.0.0.0/8', ports: [], fault: /Ports/ },
  { cidr: '10.0.0.0/8', ports: [0], fault: /Ports/ },
  { cidr: '10.0.0.0/8', ports: [443, 65_536], fault: /Ports/ },
  { cidr: '10.0.0.0/8', allowed: [], fault: /Schemes/ },
])('$cidr with ports $ports: $fault', ({ cidr, ports, allowed, fault }) => {
  const faults = policyFaults({
    connector: 'test',
    allow: [{ cidr, ports: ports ?? 'any', schemes: allowed ?? schemes }],
  })
  if (fault === null) expect(faults).toEqual([])
  else expect(faults.join('\n')).toMatch(fault)
})

test.each(['::1/128', '127.0.0.1', '10.0.0.0/8', '2000::/3', '255.255.255.254/31'])('%s is a network', (cidr) => {
  expect(parseCidr(cidr)).not.toBeNull()
})

test('the pause of a breaker grows to a minute, one probe at a time', () => {
  let breaker: Breaker = closedBreaker
  for (let i = 0; i < 4; i += 1) breaker = afterFailure(breaker, 0)
  expect(enter(breaker, 0).passes).toBe(true)
  breaker = afterFailure(breaker, 0)
  // Stragglers of the same moment do not lengthen it.
  for (let i = 0; i < 20; i += 1) breaker = afterFailure(breaker, 0)
  const pauses: number[] = []
  let now = 0
  for (let i = 0; i < 6; i += 1) {
    const closed = enter(breaker, now)
    if (closed.passes) throw new Error('passes too early')
    pauses.push(closed.retryAfterMs)
    now += closed.retryAfterMs
    const probe = enter(breaker, now)
    if (!probe.passes) throw new Error('no probe')
    expect(enter(probe.breaker, now).passes).toBe(false)
    breaker = afterFailure(probe.breaker, now)
  }
  expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, longestPauseMs, longestPauseMs])
})

test('a probe whose answer never comes does not keep the breaker open for ever', () => {
  const probe = enter({ failures: 5, probeAt: 0, probingUntil: null }, 0)
  if (!probe.passes) throw new Error('no probe')
  expect(enter(probe.breaker, 59_999).passes).toBe(false)
  expect(enter(probe.breaker, 60_000).passes).toBe(true)
})

test.each([
  ['https to anybody', 'https', '1.1.1.1', true],
  ['http to anybody', 'http', '1.1.1.1', false],
  ['http to what the list names', 'http', '9.9.9.9', true],
  ['http inside, as listed', 'http', '10.2.0.7', true],
  ['http inside, not listed', 'http', '10.3.0.7', false],
] as const)('what carries secrets goes by %s: %s %s', (_name, scheme, to, allowed) => {
  const listed = ['9.9.9.0/24', '10.2.0.0/16'].map((cidr) => ({ cidr, ports: 'any' as const, schemes }))
  const address = parseAddress(to)
  if (address === null) throw new Error(`${to} is no address.`)
  const destination = { connector: 'jira', scheme, host: to, port: 80 }
  const policy = { connector: 'jira', allow: listed, plainOnlyAllowed: true }
  expect(judgeAddress(policy, destination, address, []).allowed).toBe(allowed)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import { tiers } from '../../../kernel/severity.ts'
import {
  decidePhase,
  decideSeverity,
  decideTime,
  type IncidentPhase,
  type IncidentState,
  incidentPhases,
  nextPhases,
} from './lifecycle.ts'
import { impactByTier, impactOf, type MeasuredTimes, measuresOf, summarise } from './metrics.ts'
import {
  commanderVacancies,
  type Holding,
  holdersAt,
  incidentRoles,
  releaseRole,
  roleNamed,
  takeRole,
} from './roles.ts'
import {
  type AffectedService,
  burnClasses,
  burnClassOf,
  isMajor,
  proposeSeverity,
  proposeWithPeople,
} from './severity-proposal.ts'

const start = instant(Date.UTC(2026, 1, 2))
const after = (minutes: number): Instant => plus(start, minutes * minute)

test('severity by tier and burn', () => {
  const rates = { fast: 14.4, sustained: 6, slow: 1, none: 0.99 }
  const table = tiers.map((tier) =>
    burnClasses.map((burn) => proposeSeverity([{ service: 's', tier, burnRate: rates[burn] }]).severity).join(' '),
  )
  expect(table).toEqual(['SEV1 SEV2 SEV3 SEV4', 'SEV2 SEV2 SEV3 SEV4', 'SEV3 SEV3 SEV4 SEV4', 'SEV4 SEV4 SEV4 SEV4'])
  expect([14.39, 5.99, 0.99].map(burnClassOf)).toEqual(['sustained', 'slow', 'none'])
})

const service = (name: string, tier: AffectedService['tier'], burnRate: number | null) => ({
  service: name,
  tier,
  burnRate,
})

test.each<[string, AffectedService[], string, string[]]>([
  ['nothing known', [], 'SEV3', ['No affected service is named yet; SEV3 until one is.']],
  ['burn unknown', [service('a', 0, null)], 'SEV2', ['a (tier 0) has no burn data, counted as sustained: SEV2.']],
  ['tier unknown', [service('a', null, 20)], 'SEV2', ['a (tier unknown, counted as 1) burns 20 times too fast: SEV2.']],
  [
    'the worst of two',
    [service('a', 2, 7.25), service('b', 1, 1)],
    'SEV3',
    ['a (tier 2) burns 7.3 times too fast: SEV3.'],
  ],
  ['within budget', [service('a', 1, 0.2)], 'SEV4', ['a (tier 1) is within its budget: SEV4.']],
  [
    'three at once',
    [service('a', 1, 7), service('b', 2, 2), service('c', 3, 2)],
    'SEV1',
    ['a (tier 1) burns 7 times too fast: SEV2.', '3 services burn at once: one step worse than SEV2.'],
  ],
  [
    'three at once, already the highest',
    [service('a', 0, 20), service('b', 2, 2), service('c', 3, null)],
    'SEV1',
    ['a (tier 0) burns 20 times too fast: SEV1.', '3 services burn at once: already the highest.'],
  ],
  [
    'three, of which one burns',
    [service('a', 1, 7), service('b', 2, 0), service('c', 3, 0)],
    'SEV2',
    ['a (tier 1) burns 7 times too fast: SEV2.'],
  ],
])('severity with %s', (_, affected, severity, reasons) => {
  expect(proposeSeverity(affected)).toEqual({ severity, reasons })
})

const people = [
  { severity: 'SEV1', peopleAffected: 10_000 },
  { severity: 'SEV2', peopleAffected: 1_000 },
  { severity: 'SEV3', peopleAffected: 1 },
  { severity: 'SEV4', peopleAffected: null },
] as const
test.each([
  [0, 'SEV4', null],
  [1, 'SEV3', '1 person affected; from 1 person on it is at least SEV3.'],
  [999, 'SEV3', '999 people affected; from 1 person on it is at least SEV3.'],
  [1_000, 'SEV2', '1,000 people affected; from 1,000 people on it is at least SEV2.'],
  [1_234_567, 'SEV1', '1,234,567 people affected; from 10,000 people on it is at least SEV1.'],
])('%i people make it %s', (count, severity, because) => {
  const calm = proposeSeverity([service('a', 1, 0.2)])
  expect(proposeWithPeople(calm, { people: count, from: people })).toEqual({
    severity,
    reasons: [...calm.reasons, ...(because === null ? [] : [because])],
  })
})

test('few people make nothing less bad', () => {
  const bad = proposeSeverity([service('a', 0, 20)])
  expect(proposeWithPeople(bad, { people: 3, from: people }).severity).toBe('SEV1')
})

test('minutes by tier: in common they count once within a tier', () => {
  const span = (tier: number | null, from: number, to: number) => ({ tier, start: after(from), end: after(to) })
  expect(impactByTier([span(2, 0, 10), span(0, 5, 20), span(0, 0, 10), span(null, 0, 1)], after(60))).toEqual([
    { tier: 0, minutes: 20 },
    { tier: 2, minutes: 10 },
    { tier: null, minutes: 1 },
  ])
})

test('the first word is measured from the declaration; without one it is unknown, never zero', () => {
  const of = (change: Partial<MeasuredTimes>) => measuresOf({ ...times, ...change }).timeToFirstUpdate
  expect(of({ firstToldAt: after(12) })).toEqual(known(7))
  expect(of({})).toEqual({ kind: 'not-yet' })
  expect(of({ resolvedAt: after(50) })).toEqual({
    kind: 'unknown',
    because: 'Nobody was told before it was resolved.',
  })
})

test('SEV1 and SEV2 are major', () => {
  expect((['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const).map(isMajor)).toEqual([true, true, false, false])
})

const times: MeasuredTimes = {
  firstToldAt: null,
  impactStartedAt: start,
  detectedAt: after(2),
  declaredAt: after(5),
  acknowledgedAt: after(4),
  mitigatedAt: null,
  resolvedAt: null,
}
const incident = (phase: IncidentPhase, change: Partial<MeasuredTimes> = {}): IncidentState => ({
  phase,
  severity: 'SEV2',
  times: { ...times, ...change },
})

test('the ways of an incident', () => {
  const ways = incidentPhases.map((from) =>
    incidentPhases.map((to) => {
      const decision = decidePhase(incident(from), to, 'because', after(30))
      return decision.ok ? 'yes' : decision.refusal.code.replace('incidents.', '')
    }),
  )
  expect(ways).toEqual([
    // Only planned work is planned, and it has ways of its own.
    ['same-phase', 'no-such-way', 'no-such-way', 'no-such-way', 'no-such-way', 'no-such-way'],
    ['no-such-way', 'same-phase', 'yes', 'no-such-way', 'yes', 'no-such-way'],
    ['no-such-way', 'no-such-way', 'same-phase', 'yes', 'yes', 'no-such-way'],
    ['no-such-way', 'no-such-way', 'yes', 'same-phase', 'yes', 'no-such-way'],
    ['no-such-way', 'no-such-way', 'yes', 'no-such-way', 'same-phase', 'yes'],
    ['no-such-way', 'no-such-way', 'yes', 'no-such-way', 'no-such-way', 'same-phase'],
  ])
  for (const [index, from] of incidentPhases.entries()) {
    expect(nextPhases(from)).toEqual(incidentPhases.filter((_, to) => ways[index]?.[to] === 'yes'))
  }
})

test.each<[IncidentPhase, IncidentPhase, boolean]>([
  ['triage', 'active', true],
  ['triage', 'resolved', false],
  ['active', 'mitigated', true],
  ['active', 'resolved', true],
  ['mitigated', 'resolved', true],
  ['mitigated', 'active', false],
  ['resolved', 'active', false],
  ['resolved', 'reviewed', true],
  ['reviewed', 'active', false],
])('from %s to %s without a reason: %s', (from, to, ok) => {
  const decision = decidePhase(incident(from), to, ' ', after(30))
  expect(decision.ok ? 'ok' : decision.refusal.code).toBe(ok ? 'ok' : 'incidents.reason-missing')
})

test.each<[IncidentPhase, IncidentPhase, Partial<MeasuredTimes>, Partial<MeasuredTimes>]>([
  ['active', 'mitigated', {}, { mitigatedAt: after(30), resolvedAt: null }],
  ['active', 'resolved', {}, { mitigatedAt: after(30), resolvedAt: after(30) }],
  ['mitigated', 'resolved', { mitigatedAt: after(9) }, { mitigatedAt: after(9), resolvedAt: after(30) }],
  ['mitigated', 'active', { mitigatedAt: after(9) }, { mitigatedAt: null, resolvedAt: null }],
  ['resolved', 'active', { mitigatedAt: after(9), resolvedAt: after(10) }, { mitigatedAt: null, resolvedAt: null }],
  ['triage', 'resolved', {}, { mitigatedAt: null, resolvedAt: after(30) }],
  ['triage', 'active', { acknowledgedAt: null }, { acknowledgedAt: after(30) }],
  [
    'resolved',
    'reviewed',
    { mitigatedAt: after(9), resolvedAt: after(10) },
    { mitigatedAt: after(9), resolvedAt: after(10) },
  ],
])('times from %s to %s', (from, to, before, expected) => {
  const decision = decidePhase(incident(from, before), to, 'because', after(30))
  expect(decision.ok && decision.state.times).toEqual({ ...times, ...expected })
})

test('a change of severity says why', () => {
  const code = (to: 'SEV1' | 'SEV2', reason: string) => {
    const decision = decideSeverity(incident('active'), to, reason)
    return decision.ok ? decision.state.severity : decision.refusal.code
  }
  expect([code('SEV1', 'All payments fail'), code('SEV1', ' '), code('SEV2', 'x')]).toEqual([
    'SEV1',
    'incidents.reason-missing',
    'incidents.same-severity',
  ])
})

test('a time is corrected with a reason and in order', () => {
  const state = incident('active')
  const of = (...[which, at, reason = 'log says so']: [Parameters<typeof decideTime>[1], Instant | null, string?]) => {
    const decision = decideTime(state, which, at, reason, after(60))
    return decision.ok ? decision.state.times[which] : decision.refusal.sentence
  }
  expect(of('impactStartedAt', after(-7))).toBe(after(-7))
  expect(of('acknowledgedAt', null)).toBeNull()
  expect(of('detectedAt', after(5))).toBe('The acknowledgement would lie before the detection.')
  expect(of('mitigatedAt', after(61))).toBe('The mitigation cannot lie in the future.')
  expect(of('mitigatedAt', after(6), ' ')).toBe('Say why the mitigation is corrected.')
  const resolved = decideTime(incident('resolved', { resolvedAt: after(9) }), 'resolvedAt', null, 'x', after(60))
  expect(resolved.ok ? null : resolved.refusal.code).toBe('incidents.time-needed')
})

const known = (minutes: number) => ({ kind: 'known', ms: minutes * minute })

test('measures', () => {
  expect(measuresOf({ ...times, mitigatedAt: after(20), resolvedAt: after(50) })).toEqual({
    timeToDetect: known(2),
    timeToAcknowledge: known(2),
    timeToMitigate: known(20),
    timeToResolve: known(50),
    timeToFirstUpdate: { kind: 'unknown', because: 'Nobody was told before it was resolved.' },
  })
})

test('what is missing is unknown or not yet, never zero', () => {
  const kinds = (change: Partial<MeasuredTimes>) =>
    Object.values(measuresOf({ ...times, ...change })).map((each) =>
      each.kind === 'unknown' ? each.because : each.kind,
    )
  expect(kinds({})).toEqual(['known', 'known', 'not-yet', 'not-yet', 'not-yet'])
  expect(kinds({ impactStartedAt: null, resolvedAt: after(9), acknowledgedAt: null })).toEqual([
    'The start of the impact is not recorded.',
    'Nobody acknowledged it before it was resolved.',
    'The time of mitigation is not recorded.',
    'The start of the impact is not recorded.',
    'Nobody was told before it was resolved.',
  ])
  expect(kinds({ detectedAt: null })).toEqual([
    'The time of detection is not recorded.',
    'The time of detection is not recorded.',
    'not-yet',
    'not-yet',
    'not-yet',
  ])
  expect(kinds({ impactStartedAt: after(3) })[0]).toBe('The time of detection lies before the start of the impact.')
  expect(measuresOf({ ...times, impactStartedAt: after(2) }).timeToDetect).toEqual(known(0))
})

test('a median leaves the unknown out and counts them', () => {
  const measures = measuresOf(times)
  const all = [1, 100, 3, 4].map((each) => ({ kind: 'known', ms: each }) as const)
  expect(summarise([...all, { kind: 'unknown', because: 'x' }, measures.timeToResolve])).toEqual({
    medianMs: 3.5,
    known: 4,
    unknown: 1,
    notYet: 1,
  })
  expect(summarise([])).toEqual({ medianMs: null, known: 0, unknown: 0, notYet: 0 })
})

test('minutes of impact count once, however many services are hurt', () => {
  const span = (from: number, to: number | null) => ({ start: after(from), end: to === null ? null : after(to) })
  expect(impactOf([], start)).toEqual({ minutes: null, spans: [], ongoing: false })
  expect(impactOf([span(0, 10), span(5, 15), span(20, 21)], after(60))).toMatchObject({ minutes: 16, ongoing: false })
  expect(impactOf([span(0, 10), span(50, null)], after(60.5))).toMatchObject({ minutes: 20.5, ongoing: true })
})

test('a commander hands over in one event, and an open incident never loses one', () => {
  let holdings: readonly Holding[] = []
  const said: string[] = []
  const act = (decision: ReturnType<typeof takeRole>) => {
    said.push(decision.ok ? decision.reason : decision.refusal.code)
    if (decision.ok) holdings = decision.holdings
  }
  act(takeRole(holdings, 'commander', 'ana', start))
  act(takeRole(holdings, 'commander', 'ana', after(1)))
  act(takeRole(holdings, 'commander', 'ben', after(5)))
  act(releaseRole(holdings, 'commander', 'ben', true, after(6)))
  act(takeRole(holdings, 'expert', 'cyd', after(6)))
  act(takeRole(holdings, 'expert', 'dov', after(7)))
  act(releaseRole(holdings, 'expert', 'ana', true, after(8)))
  act(releaseRole(holdings, 'commander', 'ben', false, after(9)))
  expect(said).toEqual([
    'ana is commander.',
    'incidents.role-held',
    'ana handed the role of commander to ben.',
    'incidents.commander-needed',
    'cyd is expert.',
    'dov is expert.',
    'incidents.role-not-held',
    'ben is no longer commander.',
  ])
  expect([4.9, 5, 8.9, 9].map((each) => holdersAt(holdings, 'commander', after(each)).join())).toEqual([
    'ana',
    'ben',
    'ben',
    '',
  ])
  expect(holdersAt(holdings, 'expert', after(9))).toEqual(['cyd', 'dov'])
  expect(commanderVacancies(holdings, { start: after(-3), end: after(20) })).toEqual([
    { start: after(-3), end: start },
    { start: after(9), end: after(20) },
  ])
})

test('a role of one person has at most one at every instant, and an open incident keeps its commander', () => {
  const act = fc.record({
    role: fc.constantFrom(...incidentRoles),
    person: fc.constantFrom('ana', 'ben', 'cyd'),
    take: fc.boolean(),
    waitMs: fc.nat(3),
  })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      let holdings: readonly Holding[] = []
      let now = start
      let commanded = false
      for (const { role, person, take, waitMs } of acts) {
        now = plus(now, waitMs)
        const decision = take ? takeRole(holdings, role, person, now) : releaseRole(holdings, role, person, true, now)
        if (decision.ok) holdings = decision.holdings
        commanded ||= decision.ok && take && role === 'commander'
        for (const each of incidentRoles.filter((one) => one !== 'expert' && one !== 'observer')) {
          for (let at = start; at <= now; at = plus(at, 1)) expect(holdersAt(holdings, each, at).length).toBeLessThan(2)
        }
        if (commanded) expect(holdersAt(holdings, 'commander', now)).toHaveLength(1)
      }
    }),
    { numRuns: 100 },
  )
})

test.each([
  ['commander', 'commander'],
  ['IC', 'commander'],
  ['comms', 'communications-lead'],
  ['ops', 'operations-lead'],
  ['communications', 'communications-lead'],
  ['scr', 'scribe'],
  // Two begin so: handing over the wrong one is worse than asking again.
  ['comm', null],
  ['constructor', null],
  ['', null],
])('the role %j is %s', (word, role) => {
  expect(roleNamed(word)).toBe(role)
})

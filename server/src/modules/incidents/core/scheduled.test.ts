import { expect, test } from 'vitest'
import { hour } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import { decidePhase, type IncidentState, nextPhases } from './lifecycle.ts'
import { measuresOf } from './metrics.ts'
import { planTurn, refuseNewEnd, refusePlan, refuseWentWrong } from './scheduled.ts'

const now = instant(Date.UTC(2026, 2, 1, 12))
const inHours = (hours: number): Instant => plus(now, hours * hour)
const plan = { startsAt: inHours(2), endsAt: inHours(4) }

test.each([
  [inHours(2), inHours(4), null],
  [inHours(-1), inHours(4), /past/],
  [inHours(2), inHours(2), /ends before/],
  [inHours(2), inHours(24 * 40), /31 days/],
  [inHours(24 * 401), inHours(24 * 401 + 1), /400 days/],
])('a plan from %s to %s', (startsAt, endsAt, sentence) => {
  const refusal = refusePlan({ startsAt, endsAt }, now)
  if (sentence === null) expect(refusal).toBeNull()
  else expect(refusal?.sentence).toMatch(sentence)
})

test('of work under way only the end moves, and only ahead', () => {
  expect(refuseNewEnd({ startsAt: inHours(-2), endsAt: inHours(1) }, now)).toBeNull()
  expect(refuseNewEnd({ startsAt: inHours(-2), endsAt: inHours(0) }, now)?.sentence).toMatch(/Resolve it/)
  expect(refuseNewEnd({ startsAt: inHours(-2), endsAt: inHours(24 * 31) }, now)?.sentence).toMatch(/31 days/)
})

test.each([
  ['scheduled', 'planned', 0, { do: 'wait', until: inHours(2) }],
  ['scheduled', 'planned', 2, { do: 'begin' }],
  // A clock that jumped, or a server that slept over the whole of it.
  ['scheduled', 'planned', 400, { do: 'begin' }],
  ['scheduled', 'active', 3, { do: 'wait', until: inHours(4) }],
  ['scheduled', 'active', 4, { do: 'remind' }],
  ['scheduled', 'resolved', 5, { do: 'nothing' }],
  ['normal', 'active', 5, { do: 'nothing' }],
] as const)('%s and %s, %d hours on', (kind, phase, hours, turn) => {
  expect(planTurn({ kind, phase }, plan, inHours(hours))).toEqual(turn)
})

test.each([
  ['scheduled', 'active', null],
  ['scheduled', 'planned', 'incidents.not-begun'],
  ['scheduled', 'resolved', 'incidents.not-begun'],
  ['normal', 'active', 'incidents.not-scheduled'],
  ['drill', 'active', 'incidents.not-scheduled'],
] as const)('a %s one that is %s goes wrong', (kind, phase, code) => {
  expect(refuseWentWrong({ kind, phase })?.code ?? null).toBe(code)
})

const none = { impactStartedAt: null, detectedAt: null, acknowledgedAt: null, mitigatedAt: null, resolvedAt: null }
const state: IncidentState = {
  phase: 'planned',
  severity: 'SEV4',
  times: { ...none, declaredAt: inHours(-48) },
  kind: 'scheduled',
}

test('planned work is begun, or called off with a reason; nothing of it is measured', () => {
  expect(nextPhases('planned', 'scheduled')).toEqual(['active', 'resolved'])
  expect(nextPhases('active', 'scheduled')).toEqual(['resolved'])
  expect(decidePhase(state, 'mitigated', null, now)).toMatchObject({
    ok: false,
    refusal: { code: 'incidents.no-such-way' },
  })
  expect(decidePhase(state, 'resolved', ' ', now)).toMatchObject({ refusal: { code: 'incidents.reason-missing' } })
  expect(decidePhase(state, 'resolved', 'A launch.', now)).toMatchObject({ ok: true, reason: 'A launch.' })
  const begun = decidePhase(state, 'active', null, now)
  expect(begun).toMatchObject({ ok: true, state: { phase: 'active', times: none } })
  const done = begun.ok ? decidePhase(begun.state, 'resolved', null, inHours(1)) : begun
  expect(done).toMatchObject({ ok: true, state: { times: { ...none, resolvedAt: inHours(1) } } })
  const told = { ...state.times, firstToldAt: now, resolvedAt: now, kind: 'scheduled' as const }
  expect(new Set(Object.values(measuresOf(told)).map((each) => each.kind))).toEqual(new Set(['unknown']))
})

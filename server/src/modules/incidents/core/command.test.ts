import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Actor } from '../../../kernel/actor.ts'
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { decideBackfill } from './backfill.ts'
import { defaultIncidentPolicy, readIncidentPolicy } from './incident-policy.ts'
import { incidentKinds, mayReadIncident, readerFor } from './incident-reader.ts'
import { proposeSeverity } from './severity-proposal.ts'

const at = (minutes: number): Instant => instant(minutes * minute)
const person = (teams: string[] = []): Actor => ({ kind: 'person', id: 'p1', name: 'Ana', role: 'responder', teams })
const key: Actor = { kind: 'key', id: 'k1', name: 'ana', role: 'responder', teams: [], scopes: [] }

test.each([
  { actor: person(), name: 'ana', readers: ['person:ana'], may: true },
  { actor: person(['web']), name: null, readers: ['team:web'], may: true },
  { actor: person(), name: null, readers: ['account:p1'], may: true },
  { actor: person(), name: null, readers: ['person:ana', 'person:Ana', 'team:web'], may: false },
  { actor: key, name: null, readers: ['person:ana'], may: false }, // a key may be called anything
  { actor: key, name: null, readers: ['account:k1'], may: true },
  { actor: { ...key, role: 'admin' as const }, name: null, readers: [], may: true },
  { actor: { kind: 'link' as const, id: 'ana', name: 'ana' }, name: 'ana', readers: ['person:ana'], may: true },
])('$actor.kind $name reads one for $readers: $may', ({ actor, name, readers, may }) => {
  expect(mayReadIncident(readerFor(actor, name), { kind: 'security', readers })).toBe(may)
})

test('only security incidents are restricted', () => {
  for (const kind of incidentKinds)
    expect(mayReadIncident({ all: false, names: [] }, { kind, readers: [] })).toBe(kind !== 'security')
})

test.each([
  { times: [0, 1, 2, 3, 4], ok: true },
  { times: [0, null, null, null, 4], ok: true },
  { times: [null, 1, 2, 3, 4], ok: false },
  { times: [0, 1, 2, 3, null], ok: false },
  { times: [0, 3, 2, 3, 4], ok: false },
  { times: [5, null, null, null, 4], ok: false },
  { times: [0, null, null, null, 99], ok: false },
])('back-filled with $times: $ok', ({ times, ok }) => {
  const [a, b, c, d, e] = times.map((each) => (each === null ? null : at(each)))
  const decision = decideBackfill(
    {
      impactStartedAt: a ?? null,
      detectedAt: b ?? null,
      acknowledgedAt: c ?? null,
      mitigatedAt: d ?? null,
      resolvedAt: e ?? null,
    },
    at(50),
  )
  expect(decision.ok).toBe(ok)
  if (decision.ok) expect(decision.times.mitigatedAt).not.toBeNull()
})

test('a policy is read over the defaults', () => {
  expect(readIncidentPolicy(null)).toBe(defaultIncidentPolicy)
  const read = readIncidentPolicy({ severities: { SEV1: { updateEvery: '15m' }, SEV2: { updateEvery: 'never' } } })
  expect(read.severities.map((each) => each.updateEveryMs)).toEqual([15 * minute, null, 240 * minute, null])
  expect(read.severities.map((each) => each.postmortem)).toEqual([true, true, false, false])
})

const burning = (service: string, more: object = {}) => ({ service, tier: 2 as const, burnRate: 8, ...more })
test.each([
  { affected: [burning('a')], severity: 'SEV3' },
  { affected: [burning('a', { burnRate: 2 })], severity: 'SEV4' },
  { affected: [burning('a', { burnRate: 2, budgetLeft: -0.1 })], severity: 'SEV3' }, // nothing is left to burn
  { affected: [burning('a', { burnRate: 2, journeys: ['Buy'] })], severity: 'SEV3' },
  { affected: [burning('a', { burnRate: 0, journeys: ['Buy'] })], severity: 'SEV4' },
  { affected: [burning('a', { journeys: ['Buy', 'Search'] })], severity: 'SEV2' },
])('$affected is $severity', ({ affected, severity }) => {
  expect(proposeSeverity(affected).severity).toBe(severity)
})

test('more that is wrong never makes it less severe', () => {
  const service = fc.record({
    service: fc.constantFrom('a', 'b', 'c', 'd'),
    tier: fc.constantFrom(null, 0 as const, 1 as const, 2 as const, 3 as const),
    burnRate: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
    budgetLeft: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
    journeys: fc.subarray(['Buy', 'Search']),
  })
  fc.assert(
    fc.property(fc.array(service, { minLength: 1, maxLength: 6 }), service, (some, more) => {
      expect(proposeSeverity([...some, more]).severity <= proposeSeverity(some).severity).toBe(true)
    }),
  )
})

import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { readIncidentPolicy } from './incident-policy.ts'
import type { Holding } from './roles.ts'
import { type VacancyRule, type VacantIncident, vacanciesOf } from './vacancy.ts'

const start = instant(Date.UTC(2026, 2, 1, 2))
const after = (minutes: number) => plus(start, minutes * minute)
const rules: readonly VacancyRule[] = [
  { role: 'commander', severities: ['SEV1'], afterMs: 5 * minute, page: { kind: 'schedule', name: 'major' } },
  { role: 'commander', severities: ['SEV1', 'SEV2'], afterMs: 10 * minute, page: null },
  { role: 'communications-lead', severities: ['SEV1'], afterMs: 20 * minute, page: { kind: 'team', name: 'support' } },
]
const led = (from: number, to: number | null): Holding => ({
  ...{ role: 'commander', person: 'ana', since: after(from), until: to === null ? null : after(to) },
})
const incident = (change: Partial<VacantIncident> = {}): VacantIncident => ({
  ...{ kind: 'normal', phase: 'active', severity: 'SEV1', activeSince: start, holdings: [] },
  ...change,
})

test('nobody holds it: by the first rule for the role, from when it was confirmed', () => {
  expect(vacanciesOf(rules, incident())).toEqual([
    { role: 'commander', since: start, dueAt: after(5), page: { kind: 'schedule', name: 'major' } },
    { role: 'communications-lead', since: start, dueAt: after(20), page: { kind: 'team', name: 'support' } },
  ])
  expect(vacanciesOf(rules, incident({ severity: 'SEV2' }))).toEqual([
    { role: 'commander', since: start, dueAt: after(10), page: null },
  ])
  expect(vacanciesOf(rules, incident({ severity: 'SEV3' }))).toEqual([])
})

test('held it is not vacant, and given up it is from then on', () => {
  const severity = 'SEV2' as const
  expect(vacanciesOf(rules, incident({ severity, holdings: [led(1, null)] }))).toEqual([])
  const left = [led(1, 8), led(20, 30)]
  expect(vacanciesOf(rules, incident({ severity, holdings: left }))).toMatchObject([{ since: after(30) }])
  // A new beginning: reopened after somebody had led it before.
  expect(vacanciesOf(rules, incident({ severity, holdings: left, activeSince: after(60) }))).toMatchObject([
    { since: after(60) },
  ])
})

test.each([
  ...(['drill', 'backfilled', 'scheduled', 'security'] as const).map((kind) => ({ kind })),
  ...(['planned', 'triage', 'mitigated', 'resolved'] as const).map((phase) => ({ phase })),
])('nobody is paged for %o', (change) => {
  expect(vacanciesOf(rules, incident(change))).toEqual([])
})

test('read from the policy: severities, time and rota have what is usual unless said', () => {
  const of = (vacancies: object[]) => readIncidentPolicy(JSON.parse(JSON.stringify({ vacancies }))).vacancies
  expect(of([{ role: 'commander' }])).toEqual([
    { role: 'commander', severities: ['SEV1', 'SEV2'], afterMs: 10 * minute, page: null },
  ])
  expect(of([{ role: 'scribe', severities: ['SEV1'], after: '1h', page: { policy: 'majors' } }])).toEqual([
    { role: 'scribe', severities: ['SEV1'], afterMs: 60 * minute, page: { kind: 'policy', name: 'majors' } },
  ])
  expect(of([{ role: 'nobody' }])).toEqual([])
  expect(readIncidentPolicy(null).vacancies).toEqual([])
})

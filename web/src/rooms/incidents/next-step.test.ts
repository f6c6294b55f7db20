import { expect, test } from 'vitest'
import { impactSentence, nextSentence, stepsFrom } from './next-step.ts'

const base = { status: 'active', roles: [{ role: 'commander' }] } as const
const all = ['triage', 'active', 'mitigated', 'resolved'] as const

test.each([
  [{ ...base, roles: [{ role: 'scribe' }] }, 'command'],
  [{ ...base, status: 'triage' as const }, 'Confirm'],
  [base, 'Stop the harm'],
  [{ ...base, status: 'mitigated' as const }, 'holds'],
  [{ status: 'resolved' as const, roles: [] }, 'mark it reviewed'],
  [{ status: 'reviewed' as const, roles: [] }, 'over'],
  [{ ...base, status: 'planned' as const, kind: 'scheduled' as const }, 'begins by itself'],
  [{ ...base, kind: 'scheduled' as const }, 'goes wrong'],
  [{ ...base, status: 'resolved' as const, kind: 'scheduled' as const }, 'Nothing: it is over.'],
])('the next step of %o', (incident, words) => {
  expect(nextSentence(incident)).toContain(words)
})

test.each(all)('from %s: only what is allowed, never to itself, each by its own key', (status) => {
  const steps = stepsFrom(status, all)
  expect(steps.map((step) => step.to).sort()).toEqual(all.filter((each) => each !== status).sort())
  expect(new Set(steps.map((step) => step.keys)).size).toBe(steps.length)
  expect(stepsFrom(status, [])).toEqual([])
})

test('the usual step comes first', () => {
  expect(stepsFrom('triage', all)[0]?.title).toBe('Confirm')
  expect(stepsFrom('active', all)[0]?.title).toBe('Mitigated')
  expect(stepsFrom('mitigated', all)[0]?.title).toBe('Resolve')
  expect(stepsFrom('planned', ['active', 'resolved']).map((step) => step.title)).toEqual(['Begin now', 'Call off'])
})

test.each([
  [{ minutes: null, ongoing: true }, '', 'not known'],
  [{ minutes: 1, ongoing: false }, '', 'were hurt for 1 minute.'],
  [{ minutes: 0.4, ongoing: true }, '', 'have been hurt for less than a minute.'],
  [{ minutes: 90.4, ongoing: true }, '', 'have been hurt for 90 minutes.'],
  [{ minutes: 38, ongoing: true }, 'checkout is tier 0', 'have been hurt for 38 minutes. SEV1: checkout is tier 0'],
])('impact %o', (impact, severityReason, words) => {
  const hurt = { ...impact, people: null, regions: [], customers: [] }
  expect(impactSentence({ severity: 'SEV1', severityReason, impact: hurt })).toContain(words)
})

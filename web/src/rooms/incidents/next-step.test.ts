import { expect, test } from 'vitest'
import { nextSentence, stepsFrom } from './next-step.ts'

const base = {
  status: 'active',
  acknowledgedAt: '2026-03-01T09:00:00Z',
  roles: [{ role: 'commander' }],
  impact: null,
} as const

test.each([
  [{ ...base, acknowledgedAt: null }, 'acknowledges'],
  [{ ...base, roles: [{ role: 'scribe' }] }, 'command'],
  [{ ...base, status: 'triage' as const }, 'Confirm'],
  [base, 'Stop the harm'],
  [{ ...base, status: 'mitigated' as const }, 'holds'],
  [{ ...base, status: 'resolved' as const, acknowledgedAt: null }, 'over'],
])('the next step of %o', (incident, words) => {
  expect(nextSentence(incident)).toContain(words)
})

test('no status leads to itself, and each step of a status has its own key', () => {
  for (const status of ['triage', 'active', 'mitigated', 'resolved'] as const) {
    const steps = stepsFrom(status)
    expect(steps.map((step) => step.to)).not.toContain(status)
    expect(new Set(steps.map((step) => step.keys)).size).toBe(steps.length)
  }
})

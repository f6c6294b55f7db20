import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { type Contact, noRules, type PersonalRules } from '../../notifications/core/index.ts'
import type { EscalationPolicy } from './escalation-policy.ts'
import type { Schedule } from './schedule.ts'
import { simulate } from './simulate.ts'

const sunday = instant(Date.UTC(2026, 1, 8, 3))
const phone: Contact = { id: 'phone', kind: 'webpush', label: 'phone', verified: true }
const mail: Contact = { id: 'mail', kind: 'email', label: 'mail', verified: true }
const both: PersonalRules = {
  high: [
    { delayMs: 0, contact: 'phone' },
    { delayMs: 2 * minute, contact: 'mail' },
  ],
  low: [{ delayMs: 0, contact: 'mail' }],
}
const schedule: Schedule = {
  name: 'web',
  rotations: [
    {
      name: 'primary',
      zone: 'UTC',
      start: '2026-02-02T09:00',
      turn: { unit: 'week', every: 1 },
      members: [{ person: 'ana' }, { person: 'ben' }],
    },
  ],
  overrides: [],
}
const policy: EscalationPolicy = {
  name: 'web',
  levels: [
    { targets: [{ kind: 'schedule', schedule: 'web' }], waitMs: 5 * minute },
    { targets: [{ kind: 'person', person: 'gone' }], waitMs: 5 * minute },
    { targets: [{ kind: 'person', person: 'cyd' }], waitMs: 5 * minute },
  ],
  repeat: 0,
  ackTimeoutMs: null,
  pageOnHandOver: true,
  fallbackOwner: 'mia',
}
const people = new Map([
  ['ana', { rules: both, contacts: [phone, mail] }],
  ['ben', { rules: both, contacts: [phone, mail] }],
  ['cyd', { rules: noRules, contacts: [mail, { ...phone, verified: false }] }],
  ['gone', { rules: both, contacts: [{ ...phone, verified: false }] }],
])
const order = { policy, schedules: [schedule], people, at: sunday, urgency: 'high' } as const

test('who is paged on Sunday at 03:00, when, on what and why', () => {
  const found = simulate(order)
  expect(found.unrouted).toBe(false)
  expect(
    found.messages.map(
      (each) => `${(each.at - sunday) / minute} L${each.level} ${each.person} ${each.channel}: ${each.because}`,
    ),
  ).toEqual([
    '0 L1 ana webpush: on call in schedule web; personal rule for high urgency',
    '2 L1 ana email: on call in schedule web; personal rule for high urgency',
    '5 L3 cyd email: named in the policy; no usable rule for high urgency',
  ])
  expect(found.trace.map((each) => each.code)).toEqual([
    'oncall.paged',
    'oncall.level-empty',
    'oncall.paged',
    'oncall.rounds-used',
  ])
  expect(found.findings.map((each) => `${each.person} ${each.code}`)).toEqual(['cyd notifications.no-usable-rule'])
  expect(found.complete).toBe(true)
})

test('low urgency reaches the first level on its own rules', () => {
  const found = simulate({ ...order, urgency: 'low' })
  expect(found.messages.map((each) => `${each.person} ${each.channel}`)).toEqual(['ana email'])
})

test('a hand-over during the page is part of the answer', () => {
  const found = simulate({ ...order, at: instant(Date.UTC(2026, 1, 9, 8, 58)) })
  expect(found.messages.filter((each) => each.channel === 'webpush').map((each) => each.person)).toEqual(['ana', 'ben'])
})

test('nobody at all is an answer with its reason', () => {
  const found = simulate({ ...order, people: new Map() })
  expect(found.unrouted).toBe(true)
  expect(found.messages).toEqual([])
  expect(found.trace.at(-1)?.sentence).toBe(
    'No level of policy web has anyone who can be reached, and the fallback owner mia cannot be reached.',
  )
})

import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import type { Contact } from './contact.ts'
import { checkPersonalRules, failOver, noRules, type PersonalRules, planDeliveries } from './personal-rules.ts'

const start = instant(Date.UTC(2026, 1, 2))
const phone: Contact = { id: 'phone', kind: 'webpush', label: 'Pixel 9', verified: true }
const mail: Contact = { id: 'mail', kind: 'email', label: 'ana@example.org', verified: true }
const hook: Contact = { id: 'hook', kind: 'webhook', label: 'pager bridge', verified: true }
const rules = (...high: [number, string][]): PersonalRules => ({
  high: high.map(([minutes, contact]) => ({ delayMs: minutes * minute, contact })),
  low: [],
})

test.each<[string, PersonalRules, Contact[], string[], string[]]>([
  ['in order of time', rules([5, 'mail'], [0, 'phone']), [mail, phone], ['0 phone', '5 mail'], []],
  ['a reminder on the same contact', rules([0, 'phone'], [2, 'phone']), [phone], ['0 phone', '2 phone'], []],
  [
    'an unverified contact is left out',
    rules([0, 'phone'], [5, 'mail']),
    [{ ...mail, verified: false }, phone],
    ['0 phone'],
    ['contact-unverified'],
  ],
  ['a deleted contact is left out', rules([0, 'phone'], [5, 'gone']), [phone], ['0 phone'], ['contact-unknown']],
  [
    'no rule: everything verified at once, fastest first',
    noRules,
    [hook, mail, phone],
    ['0 phone', '0 mail', '0 hook'],
    ['no-usable-rule'],
  ],
  [
    'no usable rule: the same',
    rules([9, 'gone']),
    [mail, phone],
    ['0 phone', '0 mail'],
    ['contact-unknown', 'no-usable-rule'],
  ],
  ['nothing at once', rules([3, 'phone']), [phone], ['3 phone'], ['no-immediate-step']],
  [
    'nobody can be reached',
    rules([0, 'phone']),
    [{ ...phone, verified: false }],
    [],
    ['contact-unverified', 'no-verified-contact'],
  ],
])('%s', (_, given, contacts, expected, findings) => {
  const plan = planDeliveries(given, contacts, 'high', start)
  expect(plan.deliveries.map((each) => `${(each.at - start) / minute} ${each.contact}`)).toEqual(expected)
  expect(plan.deliveries.map((each) => each.order)).toEqual(expected.map((_, index) => index + 1))
  expect(plan.findings.map((each) => each.code)).toEqual(findings.map((each) => `notifications.${each}`))
})

test('a failed channel brings the next one forward, then any other verified one, each once', () => {
  const contacts = [hook, mail, phone, { ...phone, id: 'old', verified: false }]
  const plan = planDeliveries(rules([0, 'phone'], [10, 'mail']), contacts, 'high', start)
  const tried = new Set<string>()
  const path: string[] = []
  const orders = new Set(plan.deliveries.map((each) => each.order))
  for (let next = plan.deliveries[0]; next !== undefined; next = failOver(plan, contacts, tried, start) ?? undefined) {
    path.push(next.contact)
    tried.add(next.contact)
    if (path.length > 1) expect(orders.has(next.order)).toBe(false)
    orders.add(next.order)
  }
  expect(path).toEqual(['phone', 'mail', 'hook'])
})

test('rules are refused with a place', () => {
  const faults = checkPersonalRules(rules([-1, 'phone'], [241, 'mail'], [0, 'nope']), [phone, mail])
  expect(faults.map((each) => each.pointer)).toEqual(['/high/0/delayMs', '/high/1/delayMs', '/high/2/contact'])
})

import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { type TimelineFact, timelineEntry } from './timeline-entry.ts'
import { timelineTemplates } from './timeline-templates.ts'

const fact = (type: string, data: JsonObject = {}, reason: string | null = null): TimelineFact => ({
  type,
  at: instant(0),
  actor: { kind: 'person', id: 'ana', name: 'Ana' },
  data,
  reason,
})

test.each<[string, JsonObject, string | null, string]>([
  [
    'alert.opened',
    { service: 'checkout', summary: 'Payments fail', severity: 'critical' },
    null,
    'Alert opened on checkout: Payments fail (critical)',
  ],
  ['alert.opened', { summary: 'Payments fail' }, null, 'Alert opened: Payments fail'],
  ['alert.acknowledged', {}, null, 'Ana acknowledged'],
  ['alert.silent', { summary: 'x' }, null, 'Alert ended because its sender fell silent: x'],
  [
    'page.requested',
    { people: [{ person: 'ben' }, { person: 'cyd' }], level: 2, round: 1 },
    null,
    'Paged ben, cyd at level 2, round 1',
  ],
  ['page.level-skipped', { level: 1 }, 'nobody is on call', 'Level 1 skipped: nobody is on call'],
  [
    'delivery.failed',
    { person: 'ben', channel: 'email' },
    'mailbox full',
    'Could not reach ben by email: mailbox full',
  ],
  [
    'page.webhooks-requested',
    { webhooks: [{ webhook: 'board' }, { webhook: 'bot' }], level: 1, round: 2 },
    null,
    'Told webhook board, bot at level 1, round 2',
  ],
  ['delivery.sent', { person: null, webhook: 'board', channel: 'webhook' }, null, 'Sent to webhook board'],
  [
    'delivery.failed',
    { person: null, webhook: 'board', channel: 'webhook' },
    'The receiver answered 500.',
    'Could not reach webhook board: The receiver answered 500.',
  ],
  ['incident.declared', { severity: 'SEV2', title: 'Checkout down' }, null, 'Ana declared SEV2: Checkout down'],
  [
    'incident.severity-changed',
    { from: 'SEV3', to: 'SEV1' },
    'all payments fail',
    'Ana changed severity from SEV3 to SEV1: all payments fail',
  ],
  [
    'incident.role-handed-over',
    { from: 'Ben', person: 'Cyd', role: 'commander' },
    null,
    'Ben handed the role of commander to Cyd',
  ],
  ['objective.burning', { sentence: 'checkout burns 14 times too fast.' }, null, 'checkout burns 14 times too fast.'],
  ['something.new', { text: 'x' }, 'just so', 'something.new by Ana: just so'],
  ['constructor', {}, null, 'constructor by Ana'],
  // A field the sentence cannot do without is missing: say what is known instead of a sentence with a hole.
  ['incident.declared', { severity: 'SEV2' }, null, 'incident.declared by Ana'],
])('%s %j: %s', (type, data, reason, sentence) => {
  expect(timelineEntry(fact(type, data, reason))).toBe(sentence)
})

test('who acted', () => {
  const by = (kind: 'automation' | 'key' | 'link') =>
    timelineEntry({ ...fact('alert.acknowledged'), actor: { kind, id: 'x', name: 'oncall.escalate' } })
  expect([by('automation'), by('key'), by('link')]).toEqual([
    'Mainstay (oncall.escalate) acknowledged',
    'key oncall.escalate acknowledged',
    'oncall.escalate (by link) acknowledged',
  ])
})

test('text from outside stays one short line', () => {
  const sentence = timelineEntry(fact('incident.note-added', { text: `a\nb ${'😀'.repeat(300)}` }))
  expect(sentence).toMatch(/^Ana noted: a b 😀/)
  expect(sentence.length).toBeLessThan(220)
  expect(sentence.isWellFormed()).toBe(true)
})

test.each(Object.entries(timelineTemplates))(
  '%s reads as a sentence with all its fields and with the fewest',
  (type, template) => {
    const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
    const data = (all: readonly string[]) => Object.fromEntries(all.map((name) => [name, `<${name}>`]))
    const full = timelineEntry(fact(type, data(names(template)), '<reason>'))
    const least = timelineEntry(fact(type, data(names(template.replace(/\[[^\]]*\]/g, '')))))
    for (const sentence of [full, least]) {
      expect(sentence).not.toMatch(/[{}[\]]|undefined| {2}|[:;,(] ?$|^\s|\s$/)
      expect(sentence.startsWith(type)).toBe(false)
    }
    for (const name of names(template)) expect(full).toContain(name === 'actor' ? 'Ana' : `<${name}>`)
    expect(type).toMatch(/^[a-z]+\.[a-z-]+$/)
  },
)

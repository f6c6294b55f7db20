import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import { judgeProof } from './action-proof.ts'
import { checkFactors, type Factor } from './factors.ts'
import { canonicalJson, decidePublication } from './publication.ts'
import { draftSections } from './sections.ts'
import { addWorkingDays, isWorkingDay } from './working-days.ts'

const at = (text: string): Instant => instant(Date.parse(text))

test.each([
  { from: '2026-03-02T10:00:00Z', days: 5, due: '2026-03-09T10:00:00Z' }, // Monday to Monday
  { from: '2026-03-06T23:59:00Z', days: 1, due: '2026-03-09T23:59:00Z' }, // Friday to Monday
  { from: '2026-03-07T10:00:00Z', days: 1, due: '2026-03-09T10:00:00Z' }, // Saturday to Monday
  { from: '2026-12-31T10:00:00Z', days: 2, due: '2027-01-04T10:00:00Z' },
])('$days working days from $from: $due', ({ from, days, due }) => {
  expect(addWorkingDays(at(from), days)).toBe(at(due))
})

test('the right number of working days lies between, and it ends on one', () => {
  const some = fc.integer({ min: 0, max: 4_000_000_000_000 })
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 40 }), (from, days) => {
      const due = addWorkingDays(instant(from), days)
      expect(isWorkingDay(due)).toBe(true)
      expect(new Date(due).getUTCDay() % 6).not.toBe(0)
      let counted = 0
      for (let each = from + day; each <= due; each += day) if (isWorkingDay(instant(each))) counted += 1
      expect(counted).toBe(days)
    }),
  )
})

const factor = (id: string, ...leadsTo: string[]): Factor => ({ id, text: id, kind: 'latent', leadsTo })
test.each([
  { factors: [factor('a', 'b'), factor('b'), factor('c', 'b')], faults: [] },
  { factors: [factor('a'), factor('a')], faults: ['/factors/1/id'] },
  { factors: [factor('a', 'x')], faults: ['/factors/0/leadsTo/0'] },
  { factors: [factor('a', 'a')], faults: ['/factors'] },
  { factors: [factor('a', 'b'), factor('b', 'c'), factor('c', 'a')], faults: ['/factors'] },
])('factors $factors have faults at $faults', ({ factors, faults }) => {
  expect(checkFactors(factors).map((each) => each.pointer)).toEqual(faults)
})

const full = { note: null, summary: 'It failed.', factors: 1, actions: 1 }
test.each([
  { status: 'draft', to: 'review', order: full, code: 'ok' },
  { status: 'draft', to: 'published', order: full, code: 'postmortems.no-such-way' },
  { status: 'draft', to: 'review', order: { ...full, summary: ' ' }, code: 'postmortems.incomplete' },
  { status: 'draft', to: 'review', order: { ...full, factors: 0 }, code: 'postmortems.incomplete' },
  { status: 'review', to: 'published', order: full, code: 'ok' },
  { status: 'review', to: 'published', order: { ...full, actions: 0 }, code: 'postmortems.reason-missing' },
  { status: 'review', to: 'published', order: { ...full, actions: 0, note: 'Retired.' }, code: 'ok' },
  { status: 'review', to: 'draft', order: full, code: 'postmortems.reason-missing' },
  { status: 'published', to: 'review', order: { ...full, note: 'A wrong time.' }, code: 'ok' },
] as const)('$status to $to with $order: $code', ({ status, to, order, code }) => {
  const decision = decidePublication({ status, to, ...order })
  expect(decision.ok ? 'ok' : decision.code).toBe(code)
})

test('the same content is the same text, whatever the order of its keys', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}')
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse())
      const plain = JSON.parse(JSON.stringify(turned))
      expect(canonicalJson(plain)).toBe(canonicalJson(JSON.parse(JSON.stringify(value))))
      expect(JSON.parse(canonicalJson(plain))).toEqual(plain)
    }),
  )
})

const since = at('2026-03-02T00:00:00Z')
const good = { state: 'good', detail: 'Green.' } as const
test.each([
  { after: 1, seen: good, state: 'waiting' },
  { after: 14, seen: good, state: 'proven' },
  { after: 14, seen: { state: 'unknown', detail: 'No data.' }, state: 'waiting' },
  { after: 1, seen: { state: 'bad', detail: 'It burns.' }, state: 'recurred' },
  { after: 99, seen: { state: 'bad', detail: 'It burns.' }, state: 'recurred' },
  { after: 1, seen: { state: 'gone', detail: 'There is no such objective.' }, state: 'recurred' },
] as const)('after $after days $seen.state: $state', ({ after, seen, state }) => {
  const verdict = judgeProof(since, 14 * day, seen, plus(since, after * day))
  expect(verdict.state).toBe(state)
  if (verdict.state === 'waiting') expect(verdict.lookAt).toBeGreaterThan(plus(since, after * day))
})

test('a draft says what is known and leaves the rest to people', () => {
  const draft = draftSections({
    ...{ title: 'Payments fail', number: 7, severity: 'SEV1', services: ['payment'] },
    ...{ impactStatement: null, impactMinutes: 25, detectMs: 120_000, mitigateMs: null },
    ...{ causes: ['The card network was down.'], mitigations: [], decisions: [] },
  })
  expect(draft.summary).toBe(
    'Incident 7 (SEV1) on payment: Payments fail. Users were hurt for 25 minutes. It was detected after 2 minutes.',
  )
  expect(draft['what-happened']).toBe('- Confirmed: The card network was down.')
  expect(draft.lucky).toBe('')
})

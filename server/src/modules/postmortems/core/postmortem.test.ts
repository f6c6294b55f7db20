import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant, plus } from '../../../kernel/instant.ts'
import { instantOf, wall, wallAt } from '../../oncall/core/index.ts'
import { judgeDrills, judgeProof } from './action-proof.ts'
import { complianceOf } from './compliance.ts'
import { checkFactors, type Factor } from './factors.ts'
import { lookAtDue } from './lateness.ts'
import { canonicalJson, decidePublication } from './publication.ts'
import { draftSections } from './sections.ts'
import { addWorkingDays, holidaysBetween, isWorkingDay, nextWorkingTime } from './working-days.ts'

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

// Berlin; Good Friday and Easter Monday of 2026.
const holiday = (date: string) => ({ start: at(`${date}T00:00:00+02:00`), end: at(`${date}T24:00:00+02:00`) })
const berlin = {
  localOf: (moment: Instant) => wallAt('Europe/Berlin', moment),
  instantOf: (local: number) => instantOf('Europe/Berlin', wall(local)),
  holidays: [holiday('2026-04-03'), holiday('2026-04-06')],
}
test.each([
  { from: '2026-04-02T08:00:00Z', days: 1, due: '2026-04-07T08:00:00Z', left: 2 }, // Thursday to Tuesday
  { from: '2026-04-03T08:00:00Z', days: 1, due: '2026-04-07T08:00:00Z', left: 1 },
  { from: '2026-03-27T09:00:00Z', days: 1, due: '2026-03-30T08:00:00Z', left: 0 }, // The clocks went forward.
  { from: '2026-04-09T22:30:00Z', days: 1, due: '2026-04-12T22:30:00Z', left: 0 }, // Friday there already.
])('$days working days from $from in Berlin: $due', ({ from, days, due, left }) => {
  expect(formatInstant(addWorkingDays(at(from), days, berlin))).toBe(formatInstant(at(due)))
  expect(holidaysBetween(at(from), at(due), berlin)).toBe(left)
})

test('a calendar of holidays only ends, and a reminder moves to the next working day', () => {
  const never = { ...berlin, holidays: [{ start: at('2020-01-01T00:00:00Z'), end: at('2040-01-01T00:00:00Z') }] }
  expect(addWorkingDays(at('2026-04-02T08:00:00Z'), 5, never)).toBeGreaterThan(at('2027-01-01T00:00:00Z'))
  expect(nextWorkingTime(at('2026-04-04T08:00:00Z'), berlin)).toBe(at('2026-04-07T08:00:00Z'))
  expect(nextWorkingTime(at('2026-04-07T08:00:00Z'), berlin)).toBe(at('2026-04-07T08:00:00Z'))
})

test('by their day: early and late counted, what is not due yet left aside', () => {
  const record = (due: string, published: string | null) => ({
    ...{ severity: 'SEV1', team: null, dueAt: at(due) },
    publishedAt: published === null ? null : at(published),
    excused: false,
  })
  const now = at('2026-03-10T00:00:00Z')
  expect(complianceOf([], now)).toEqual({ due: 0, onTime: 0, late: 0, open: 0, ratio: null, excused: 0 })
  const records = [
    record('2026-03-09T00:00:00Z', '2026-03-09T00:00:00Z'),
    record('2026-03-20T00:00:00Z', '2026-03-02T00:00:00Z'),
    record('2026-03-08T00:00:00Z', '2026-03-09T00:00:00Z'),
    record('2026-03-08T00:00:00Z', null),
    record('2026-03-20T00:00:00Z', null),
  ]
  expect(complianceOf(records, now)).toEqual({ due: 4, onTime: 2, late: 2, open: 1, ratio: 0.5, excused: 0 })
  // What needs none is told beside; published after all, it counts as any other.
  const excused = records.map((each) => ({ ...each, excused: true }))
  expect(complianceOf(excused, now)).toEqual({ due: 3, onTime: 2, late: 1, open: 0, ratio: 2 / 3, excused: 2 })
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
  { after: 0, seen: { state: 'passed', detail: 'Drill 3 was mitigated.' }, state: 'proven' },
  { after: 13, seen: { state: 'awaited', detail: 'No drill.' }, state: 'waiting' },
  { after: 14, seen: { state: 'awaited', detail: 'No drill.' }, state: 'recurred' },
] as const)('after $after days $seen.state: $state', ({ after, seen, state }) => {
  const verdict = judgeProof(since, 14 * day, seen, plus(since, after * day))
  expect(verdict.state).toBe(state)
  if (verdict.state === 'waiting') expect(verdict.lookAt).toBeGreaterThan(plus(since, after * day))
})

// Friday 10:00 in UTC is when it is due.
const due = at('2026-03-06T10:00:00Z')
test.each([
  { now: '2026-03-05T09:59:00Z', say: 'nothing', next: '2026-03-05T10:00:00Z' },
  { now: '2026-03-05T10:00:00Z', say: 'due-soon', next: '2026-03-06T10:00:00Z' },
  { now: '2026-03-06T10:00:00Z', say: 'overdue', next: '2026-03-09T10:00:00Z' },
  { now: '2026-03-07T10:00:00Z', say: 'nothing', next: '2026-03-09T10:00:00Z' },
  { now: '2026-03-10T10:00:00Z', say: 'overdue', next: '2026-03-11T10:00:00Z' },
  // Three working days late.
  { now: '2026-03-11T10:00:00Z', say: 'overdue', next: '2026-03-12T10:00:00Z', escalated: true },
])('at $now: $say, next look $next', ({ now, say, next, escalated = false }) => {
  const look = lookAtDue({ dueAt: due, now: at(now), everyDays: 1 }, { afterDays: 3 })
  expect(look).toEqual({ say, lookAt: at(next), ...(say === 'overdue' ? { escalated } : {}) })
})

test('whatever is due is said before, then late, and above once it is late enough; each look lies ahead', () => {
  const some = fc.integer({ min: 0, max: 4_000_000_000_000 })
  fc.assert(
    fc.property(
      some,
      some,
      fc.constantFrom(1, 7),
      fc.integer({ min: 1, max: 20 }),
      (due, now, everyDays, afterDays) => {
        const [dueAt, then] = [instant(due), instant(now)]
        const look = lookAtDue({ dueAt, now: then, everyDays }, { afterDays })
        expect(look.lookAt).toBeGreaterThan(then)
        if (look.say !== 'nothing') expect(look.say === 'overdue').toBe(then >= dueAt)
        if (look.say === 'overdue') expect(look.escalated).toBe(then >= addWorkingDays(dueAt, afterDays))
      },
    ),
  )
})

test('of drills that began after the work was done the newest decides', () => {
  const drill = (number: number, hours: number, tookMinutes: number | null) => {
    const declaredAt = plus(since, hours * hour)
    const resolvedAt = plus(declaredAt, 6 * hour)
    return { number, declaredAt, resolvedAt, mitigatedAt: plus(declaredAt, (tookMinutes ?? 6 * 60) * minute) }
  }
  const judge = (mitigatedWithinMs: number | null, ...drills: ReturnType<typeof drill>[]) =>
    judgeDrills({ service: 'payment', mitigatedWithinMs }, since, drills)
  expect(judge(null)).toEqual({ state: 'awaited', detail: 'No drill of payment has ended since.' })
  expect(judge(null, drill(1, -1, 5)).state).toBe('awaited')
  expect(judge(null, drill(1, 1, null)).detail).toBe('Drill 1 of payment ended without being mitigated.')
  expect(judge(10 * minute, drill(1, 1, 10)).state).toBe('passed')
  expect(judge(10 * minute, drill(1, 1, 11))).toEqual({
    state: 'bad',
    detail: 'Drill 1 of payment took 11 minutes to mitigate, not 10 minutes.',
  })
  expect(judge(10 * minute, drill(1, 1, 11), drill(2, 2, 9)).state).toBe('passed')
  expect(judge(10 * minute, drill(2, 2, 9), drill(3, 3, null)).state).toBe('bad')
  expect(judge(null, drill(1, 1, 150)).detail).toBe('Drill 1 of payment was mitigated within 2 h 30 min.')
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
  const withImpact = (impactStatement: string) =>
    draftSections({
      ...{ title: 'Payments fail', number: 7, severity: 'SEV1', services: [], impactStatement, impactMinutes: 25 },
      ...{ detectMs: null, mitigateMs: null, causes: [], mitigations: [], decisions: [] },
    }).summary
  expect(withImpact('Nobody can pay')).toBe(
    'Incident 7 (SEV1): Payments fail. Nobody can pay. Users were hurt for 25 minutes.',
  )
  expect(withImpact('Payments fail.')).toBe('Incident 7 (SEV1): Payments fail. Users were hurt for 25 minutes.')
  expect(draft['what-happened']).toBe('- Confirmed: The card network was down.')
  expect(draft.lucky).toBe('')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import { decideOrder, type Occurrence, stateOf, stretchesOf } from './occurrence.ts'
import { mostAhead, planAhead } from './plan.ts'
import { coveredServices, type MaintenanceWindow } from './window.ts'

const at = (text: string): Instant => instant(Date.parse(text))
const noon = at('2026-03-02T12:00:00Z')
const window: MaintenanceWindow = {
  ...{ name: 'nightly', title: 'Nightly', reason: 'Vacuum', team: null, services: ['db'], dependants: 'none' },
  ...{ budget: 'drop', announce: null },
  recurrence: { rule: 'FREQ=DAILY', start: '2026-03-01 23:00', timeZone: 'UTC', lastsMs: 2 * hour },
}

/** What would stand in the store after a plan. */
function live(existing: readonly Occurrence[], to: MaintenanceWindow | null, now: Instant): readonly Occurrence[] {
  const covers = to?.services ?? []
  const { add, change, drop } = planAhead({ window: to, covers, declaredBy: 'ana', existing, now })
  const changed = new Map(change.map((each) => [each.id, each]))
  const kept = existing.filter((each) => !drop.includes(each.id)).map((each) => changed.get(each.id) ?? each)
  const fresh = add.map(
    (each, index): Occurrence => ({
      ...each,
      ...{
        id: `${now} ${index}`,
        window: 'nightly',
        title: to?.title ?? '',
        reason: to?.reason ?? '',
        team: null,
        declaredBy: 'ana',
      },
      ...{ announce: null, services: covers, budget: to?.budget ?? 'drop', coverFrom: each.startsAt, earlier: [] },
      ...{
        announcedAt: null,
        beganAt: null,
        overAt: null,
        cancelledAt: null,
        changedBy: null,
        changedBecause: null,
        led: false,
      },
    }),
  )
  return [...kept, ...fresh].sort((a, b) => a.startsAt - b.startsAt)
}
const state = (rows: readonly Occurrence[], now: Instant) => rows.map((each) => stateOf(each, now))
const by = (now: Instant) => ({ name: 'ana', because: 'done', now })
const must = (decision: ReturnType<typeof decideOrder>): Occurrence => {
  if (!decision.ok) throw new Error(decision.detail)
  return decision.occurrence
}

test('three months ahead, and the same again changes nothing', () => {
  const rows = live([], window, noon)
  expect(rows).toHaveLength(92)
  expect(rows[0]?.startsAt).toBe(at('2026-03-02T23:00:00Z'))
  const again = planAhead({ window, covers: ['db'], declaredBy: 'ana', existing: live(rows, window, noon), now: noon })
  expect([again.add, again.drop]).toEqual([[], []])
  const hourly = { ...window, recurrence: { ...window.recurrence, rule: 'FREQ=HOURLY', lastsMs: 10 * minute } }
  expect(live([], hourly, noon)).toHaveLength(mostAhead)
})

test('declared while its time runs it begins with the declaration', () => {
  const late = at('2026-03-02T23:30:00Z')
  const [first] = live([], window, late)
  expect(first).toMatchObject({
    plannedAt: at('2026-03-02T23:00:00Z'),
    startsAt: late,
    endsAt: plus(late, 90 * minute),
  })
})

test('another declaration changes what is to come; what was stays, what runs goes on from now', () => {
  const rows = live([], window, noon)
  const running = at('2026-03-03T23:30:00Z')
  const other = { ...window, services: ['db', 'cache'], budget: 'good' as const }
  const [past, now, next] = live(rows, other, running)
  expect(past).toEqual(rows[0])
  expect(stretchesOf(now ?? rows[1] ?? fail())).toEqual([
    { services: ['db'], budget: 'drop', start: rows[1]?.startsAt, end: running },
    { services: ['db', 'cache'], budget: 'good', start: running, end: rows[1]?.endsAt },
  ])
  expect(next).toMatchObject({ services: ['db', 'cache'], budget: 'good', earlier: [] })
})
const fail = (): never => {
  throw new Error('missing')
}

test('another hour while it runs is the same one, with another end', () => {
  const rows = live([], window, noon)
  const running = at('2026-03-02T23:30:00Z')
  const longer = { ...window, recurrence: { ...window.recurrence, start: '2026-03-01 22:00', lastsMs: 4 * hour } }
  const [now] = live(rows, longer, running)
  expect(now).toMatchObject({ id: rows[0]?.id, startsAt: rows[0]?.startsAt, endsAt: at('2026-03-03T02:00:00Z') })
})

test('removed, it ends now, and what nobody heard of is gone; what was announced is cancelled', () => {
  const told = live([], window, noon).map((each, index) => (index === 1 ? { ...each, announcedAt: noon } : each))
  const running = at('2026-03-02T23:30:00Z')
  const left = live(told, null, running)
  expect(left.map((each) => [each.startsAt, each.endsAt])).toEqual([
    [told[0]?.startsAt, running],
    [told[1]?.startsAt, told[1]?.endsAt],
  ])
  expect(state(left, running)).toEqual(['completed', 'cancelled'])
})

test('what a person ended, extended or cancelled the rule does not bring back', () => {
  const rows = live([], window, noon)
  const running = at('2026-03-02T23:30:00Z')
  const [first, second, third] = rows
  if (first === undefined || second === undefined || third === undefined) throw fail()
  const ended = must(decideOrder(first, { kind: 'end' }, by(running)))
  const cancelled = must(decideOrder(second, { kind: 'cancel' }, by(running)))
  const longer = must(decideOrder(third, { kind: 'extend', until: plus(third.endsAt, hour) }, by(running)))
  const after = live([ended, cancelled, longer, ...rows.slice(3)], window, plus(running, minute))
  expect(state(after, plus(running, minute)).slice(0, 3)).toEqual(['completed', 'cancelled', 'scheduled'])
  expect(after[2]?.endsAt).toBe(plus(third.endsAt, hour))
  expect(after.filter((each) => each.plannedAt === second.plannedAt)).toHaveLength(1)
})

test('made longer than its rule has it, it goes on, until its window is removed; shortened by its window it ends now', () => {
  const once = { ...window, recurrence: { ...window.recurrence, rule: null } }
  const early = at('2026-03-01T12:00:00Z')
  const [first] = live([], once, early)
  const running = at('2026-03-01T23:30:00Z')
  const longer = must(decideOrder(first ?? fail(), { kind: 'extend', until: at('2026-03-02T05:00:00Z') }, by(running)))
  const late = at('2026-03-02T03:00:00Z')
  expect(live([longer], once, late)).toEqual([longer])
  expect(live([longer], null, late)[0]?.endsAt).toBe(late)
  const shorter = { ...once, recurrence: { ...once.recurrence, lastsMs: 10 * minute } }
  expect(live([first ?? fail()], shorter, running)[0]?.endsAt).toBe(running)
})

test.each([
  { order: { kind: 'end' } as const, when: noon, says: 'has not begun' },
  { order: { kind: 'cancel' } as const, when: at('2026-03-02T23:30:00Z'), says: 'under way' },
  { order: { kind: 'end' } as const, when: at('2026-03-03T02:00:00Z'), says: 'completed already' },
  { order: { kind: 'extend', until: at('2026-03-02T23:59:00Z') } as const, when: noon, says: 'name a later time' },
  { order: { kind: 'extend', until: at('2026-06-02T00:00:00Z') } as const, when: noon, says: '31 days at most' },
])('refused: $order.kind, $says', ({ order, when, says }) => {
  const [first] = live([], window, noon)
  const decision = decideOrder(first ?? fail(), order, by(when))
  expect(decision.ok ? '' : decision.detail).toContain(says)
})

test('whatever is declared and whenever, what was is never changed, and no two of one window overlap', () => {
  const declared = fc.record({
    hour: fc.integer({ min: 0, max: 23 }),
    lastsMs: fc.constantFrom(30 * minute, 3 * hour, 12 * hour),
    services: fc.constantFrom(['db'], ['cache'], ['cache', 'db']),
    gone: fc.boolean(),
    laterMs: fc.integer({ min: minute, max: 2 * day }),
  })
  fc.assert(
    fc.property(fc.array(declared, { minLength: 1, maxLength: 6 }), (steps) => {
      let [rows, now]: [readonly Occurrence[], Instant] = [[], noon]
      for (const step of steps) {
        now = plus(now, step.laterMs)
        const start = `2026-03-01 ${String(step.hour).padStart(2, '0')}:00`
        const recurrence = { ...window.recurrence, start, lastsMs: step.lastsMs }
        const before = rows
        rows = live(rows, step.gone ? null : { ...window, services: step.services, recurrence }, now)
        for (const each of before) {
          const after = rows.find((row) => row.id === each.id)
          const past = (row: Occurrence) =>
            stretchesOf(row).flatMap((part) => (part.start < now ? [{ ...part, end: Math.min(part.end, now) }] : []))
          // Parts that were cut are the same time with the same services.
          const flat = (row: Occurrence) =>
            past(row).flatMap((part) => part.services.map((name) => `${name} ${part.start} ${part.end}`))
          if (stateOf(each, now) !== 'scheduled') expect(flat(after ?? fail())).toEqual(flat(each))
        }
        const open = rows.filter((each) => each.cancelledAt === null && each.endsAt > now)
        for (const [index, each] of open.entries())
          expect(each.startsAt).toBeGreaterThanOrEqual(open[index - 1]?.endsAt ?? 0)
      }
    }),
    { numRuns: 40 },
  )
})

test('dependants are followed when asked, hard ones alone or all', () => {
  const dependencies = [
    { from: 'shop', to: 'checkout', strength: 'hard' as const },
    { from: 'checkout', to: 'db', strength: 'hard' as const },
    { from: 'report', to: 'db', strength: 'soft' as const },
    { from: 'mail', to: 'report', strength: 'hard' as const },
  ]
  const of = (dependants: 'none' | 'hard' | 'all') => coveredServices({ services: ['db'], dependants }, dependencies)
  expect(of('none')).toEqual(['db'])
  expect(of('hard')).toEqual(['checkout', 'db', 'shop'])
  expect(of('all')).toEqual(['checkout', 'db', 'mail', 'report', 'shop'])
})

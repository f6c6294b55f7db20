import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hour, minute, second } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import { decideFlush, type Flush, type FlushReason, firstFlushAt, type LastTold, nextFlushAt } from './dispatch.ts'

const t0 = instant(1_790_000_000_000)
const usual = { waitMs: 30 * second, intervalMs: 5 * minute, repeatMs: 4 * hour }
const at = (ms: number): Instant => plus(t0, ms)
const last = (firing: string[]): LastTold => ({ at: t0, firing: new Set(firing) })
const flush = (of: Partial<Flush>): Flush => ({
  last: null,
  firing: [],
  resolved: [],
  repeatMs: usual.repeatMs,
  ...of,
})

test.each<[string, Partial<Flush>, number, FlushReason | null]>([
  ['nothing was said, something fires', { firing: ['a'] }, 0, 'first notification'],
  ['nothing was said, something ended', { resolved: ['a'] }, 0, null],
  ['something new fires', { last: last(['a']), firing: ['a', 'b'] }, 0, 'new alerts added'],
  ['all had ended, something fires', { last: last([]), firing: ['b'] }, 0, 'first notification'],
  ['all ended', { last: last(['a']), resolved: ['a'] }, 0, 'all alerts resolved'],
  ['all had ended already', { last: last([]), resolved: ['b'] }, 0, null],
  ['one of two ended', { last: last(['a', 'b']), firing: ['b'], resolved: ['a'] }, 0, 'some alerts resolved'],
  ['an end nobody heard the beginning of', { last: last(['a']), firing: ['a'], resolved: ['c'] }, 0, null],
  ['nothing changed', { last: last(['a']), firing: ['a'] }, usual.repeatMs - 1, null],
  [
    'nothing changed for the repeat interval',
    { last: last(['a']), firing: ['a'] },
    usual.repeatMs,
    'repeat interval elapsed',
  ],
  ['everything is muted', { last: last(['a']) }, 10 * usual.repeatMs, null],
  ['muted and heard again', { last: last(['a']), firing: ['a'] }, minute, null],
])('%s', (_, of, ms, reason) => {
  expect(decideFlush(flush(of), at(ms)).reason).toBe(reason)
})

// A group as a dispatcher keeps it: alerts come and go at their times, flushes come on the beat.
function play(
  events: readonly { readonly ms: number; readonly id: string; readonly ends: boolean }[],
  untilMs: number,
) {
  const said: { ms: number; reason: FlushReason; news: readonly string[] }[] = []
  const firing = new Set<string>()
  const resolved = new Set<string>()
  let known: LastTold | null = null
  let flushAt: Instant | null = null
  let next = 0
  for (;;) {
    const event = events[next]
    const eventAt: Instant | null = event === undefined ? null : at(event.ms)
    if (event !== undefined && eventAt !== null && (flushAt === null || eventAt <= flushAt)) {
      next += 1
      if (event.ends && firing.delete(event.id)) resolved.add(event.id)
      if (!event.ends) {
        resolved.delete(event.id)
        firing.add(event.id)
        flushAt ??= firstFlushAt(eventAt, eventAt, usual, eventAt)
      }
      continue
    }
    if (flushAt === null || flushAt > at(untilMs)) return said
    const verdict = decideFlush(flush({ last: known, firing: [...firing], resolved: [...resolved] }), flushAt)
    known = verdict.last
    if (verdict.reason !== null) said.push({ ms: flushAt - t0, reason: verdict.reason, news: verdict.news })
    resolved.clear()
    flushAt = firing.size === 0 ? null : nextFlushAt(flushAt, usual, flushAt)
  }
}

test('a group from its first alert to its last, with the usual timers', () => {
  const said = play(
    [
      { ms: 0, id: 'A', ends: false },
      { ms: 20 * second, id: 'B', ends: false },
      { ms: 2 * minute, id: 'C', ends: false },
      { ms: 3 * minute, id: 'C', ends: true },
      { ms: 6 * minute, id: 'A', ends: true },
      { ms: 5 * hour, id: 'B', ends: true },
      { ms: 6 * hour, id: 'A', ends: false },
    ],
    7 * hour,
  )
  expect(said).toEqual([
    { ms: 30 * second, reason: 'first notification', news: ['A', 'B'] },
    // Nothing at 5m30: nobody had heard of C.
    { ms: 10 * minute + 30 * second, reason: 'some alerts resolved', news: [] },
    { ms: 4 * hour + 10 * minute + 30 * second, reason: 'repeat interval elapsed', news: [] },
    { ms: 5 * hour + 30 * second, reason: 'all alerts resolved', news: [] },
    // A new group with a new wait.
    { ms: 6 * hour + 30 * second, reason: 'first notification', news: ['A'] },
  ])
})

test('what ends and fires again between two flushes is no news', () => {
  const said = play(
    [
      { ms: 0, id: 'A', ends: false },
      { ms: minute, id: 'A', ends: true },
      { ms: 2 * minute, id: 'A', ends: false },
    ],
    30 * minute,
  )
  expect(said.map((each) => each.reason)).toEqual(['first notification'])
})

test.each([
  ['young', 0, 0, 30 * second],
  ['exactly as old as the wait', -30 * second, 0, 30 * second],
  ['older than the wait', -31 * second, 0, 0],
  ['joined a group that waits', 5 * second, 10 * second, 30 * second],
  ['of the future', hour, 0, 30 * second],
])('the first flush of an alert that is %s', (_, started, now, expected) => {
  expect(firstFlushAt(t0, at(started), usual, at(now)) - t0).toBe(expected)
})

test('flushes keep to the beat, however late one is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 1e7 }), (late, intervalMs) => {
      const next = nextFlushAt(t0, { ...usual, intervalMs }, at(late))
      expect((next - t0) % intervalMs).toBe(0)
      expect(next).toBeGreaterThan(at(late))
      expect(next - at(late)).toBeLessThanOrEqual(Math.max(intervalMs, t0 + intervalMs - at(late)))
    }),
  )
})

const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 })
test('whatever happened: every firing alert is in what was said, and is news once', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ firing: ids, resolved: ids, ms: fc.integer({ min: 1, max: 1e8 }) })), (steps) => {
      let known: LastTold | null = null
      let now = t0
      for (const step of steps) {
        now = plus(now, step.ms)
        const resolved = step.resolved.filter((id) => !step.firing.includes(id))
        const before: LastTold | null = known
        const verdict = decideFlush(flush({ last: before, firing: step.firing, resolved }), now)
        known = verdict.last
        for (const id of step.firing) expect(known?.firing.has(id)).toBe(true)
        for (const id of verdict.news) expect(before?.firing.has(id) ?? false).toBe(false)
        if (verdict.reason === null) expect(known).toBe(before)
        if (verdict.reason === 'repeat interval elapsed')
          expect(now - (before?.at ?? now)).toBeGreaterThanOrEqual(usual.repeatMs)
        // Who asks again at once is told nothing.
        expect(decideFlush(flush({ last: known, firing: step.firing }), now).reason).toBeNull()
      }
    }),
  )
})

// Conditions of correctness on the way in, each over 10,000 generated lives: what is counted is a fold of what was said,
// whatever is lost and said again, and no sender can make it take more room.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { advanceSeries, type CounterReading, type CounterState, openCounter } from './counter.ts'
import { admitGroups, groupKey, groupValues } from './grouping.ts'
import { defaultRules, type SeriesRules } from './series.ts'

/** Ten thousand lives take a while on a slow machine. */
const patient = { timeout: 300_000 }

const numRuns = 10_000
const now = instant(100_000_000)

type Slices = Map<number, number>
interface Stored {
  readonly state: CounterState
  readonly slices: Slices
}

/** What the store writes in one transaction: the state of the series as JSON, and the amounts it placed. */
const checkpoint = ({ state, slices }: Stored): Stored => ({
  state: JSON.parse(JSON.stringify(state)),
  slices: new Map(slices),
})

function take({ state, slices }: Stored, readings: readonly CounterReading[]): Stored {
  let reached = state
  for (const each of readings) {
    const step = advanceSeries(reached, each, now)
    reached = step.state
    for (const { sliceStart, counts } of step.deltas)
      slices.set(sliceStart, (slices.get(sliceStart) ?? 0) + (counts[0] ?? 0))
  }
  return { state: reached, slices }
}

const placed = ({ slices }: Stored) => [...slices].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b)

const batches = fc.array(
  fc.array(fc.record({ wait: fc.integer({ min: 1, max: 30_000 }), value: fc.nat(50) }), { minLength: 1, maxLength: 4 }),
  { minLength: 1, maxLength: 6 },
)

test.each(['cumulative', 'delta'] as const)(
  'C4 crash safety: after any crashes, with batches sent again from anywhere before them, %s readings count as if nothing had happened',
  patient,
  (temporality) => {
    fc.assert(
      fc.property(
        batches,
        fc.array(fc.record({ at: fc.nat(5), kept: fc.nat(5), again: fc.nat(5) }), { maxLength: 4 }),
        (given, crashes) => {
          let at = 600_000
          const said = given.map((batch) =>
            batch.map(({ wait, value }): CounterReading => {
              at += wait
              return { at: instant(at), value, startAt: null }
            }),
          )
          const rules: SeriesRules = {
            ...defaultRules,
            temporality,
            latenessMs: 900_000,
            intervalMs: 10_000,
            previousReportAt: instant(590_000),
          }
          const start = (): Stored => ({ state: openCounter(rules), slices: new Map() })
          const straight = take(start(), said.flat())
          // Checkpoints in order; a crash loses whatever came after the last one.
          let saved = checkpoint(start())
          let taken = 0
          for (const { at: until, kept, again } of crashes) {
            const end = Math.min(said.length, taken + until)
            let live = checkpoint(saved)
            const safe = Math.min(end, taken + kept)
            for (let index = taken; index < end; index += 1) {
              live = take(live, said[index] ?? [])
              if (index < safe) saved = checkpoint(live)
            }
            // The sender does not know what was kept: it begins again some batches earlier.
            taken = Math.max(0, safe - again)
          }
          const back = take(checkpoint(saved), said.slice(taken).flat())
          expect(placed(back)).toEqual(placed(straight))
          expect(back.state.carry).toBe(straight.state.carry)
        },
      ),
      { numRuns },
    )
  },
)

const event = fc.record({
  tenant: fc.option(
    fc.integer({ min: 0, max: 12 }).map((each) => `t${each}`),
    { nil: undefined },
  ),
  good: fc.nat(1_000),
  bad: fc.nat(100),
})

test('C2 conservation: groups and the one of all others add up to the whole, whatever the limit', patient, () => {
  fc.assert(
    fc.property(fc.array(fc.array(event, { maxLength: 8 }), { maxLength: 6 }), fc.nat(6), (given, most) => {
      const rule = { by: ['tenant'], most }
      const groups = new Map<string, { good: number; bad: number }>()
      const rest = { good: 0, bad: 0 }
      const whole = { good: 0, bad: 0 }
      for (const batch of given) {
        const keyed = batch.map((each) => ({ ...each, key: groupKey(groupValues(rule, () => each.tenant)) }))
        const without = keyed.map((each) => each.key).filter((key) => !groups.has(key))
        for (const key of admitGroups(rule, groups.size, without).fresh) groups.set(key, { good: 0, bad: 0 })
        for (const { key, good, bad } of keyed)
          for (const sum of [whole, groups.get(key) ?? rest]) {
            sum.good += good
            sum.bad += bad
          }
      }
      const parts = [...groups.values(), rest]
      expect(parts.reduce((all, each) => all + each.good, 0)).toBe(whole.good)
      expect(parts.reduce((all, each) => all + each.bad, 0)).toBe(whole.bad)
      expect(groups.size).toBeLessThanOrEqual(most)
    }),
    { numRuns },
  )
})

test(
  'C12 bounded memory: a series remembers no more than it may, and what it cannot place is said, never dropped in silence',
  patient,
  () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.integer({ min: 0, max: 900_000 }), value: fc.nat(9) }), { maxLength: 24 }),
        fc.integer({ min: 2, max: 6 }),
        (given, keep) => {
          let state = openCounter({ ...defaultRules, temporality: 'delta', keep, latenessMs: 300_000 })
          let [counted, refused, said] = [0, 0, 0]
          for (const { at, value } of given) {
            said += value
            const step = advanceSeries(state, { at: instant(1_000_000 + at), value, startAt: null }, now)
            state = step.state
            expect(state.recent.length).toBeLessThanOrEqual(keep)
            counted += step.deltas.reduce((all, each) => all + (each.counts[0] ?? 0), 0)
            const isRefused = step.findings.some(({ kind }) => ['too-late', 'duplicate', 'conflict'].includes(kind))
            if (isRefused) refused += value
          }
          expect(counted + refused).toBe(said)
        },
      ),
      { numRuns },
    )
  },
)

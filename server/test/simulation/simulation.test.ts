// The decisions that page people, driven through months of virtual time and everything that can break in them. The big
// run is a command: `npm run simulate -- --seeds 2000 --days 30`.
import { expect, test } from 'vitest'
import { describeOptions, type Options, usual } from './options.ts'
import { plants } from './planted.ts'
import { simulate } from './run.ts'
import { explain, shrink } from './shrink.ts'

const seeds = 50
const days = 10

/** The trace is only made for a seed that fails. */
function hold(options: Options) {
  const result = simulate(options)
  if (result.violation !== null) expect.fail(explain(shrink(result)))
  return result
}

test(`${seeds} seeds of ${days} days keep every promise`, { timeout: 300_000 }, () => {
  const totals = { alerts: 0, pages: 0, sent: 0, acknowledged: 0, copies: 0 }
  const met = new Set<string>()
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { counts, faults } = hold({ ...usual, seed, days })
    for (const name of ['alerts', 'pages', 'sent', 'acknowledged', 'copies'] as const) totals[name] += counts[name]
    for (const fault of faults) met.add(fault)
  }
  // A world in which nothing happens would keep every promise too.
  expect(totals.alerts).toBeGreaterThan(1_000)
  expect(totals.pages).toBeGreaterThan(2_000)
  expect(totals.acknowledged).toBeGreaterThan(500)
  expect(totals.copies).toBeGreaterThan(10)
  expect(met.size).toBe(25)
})

test('a run is a function of its options, bit for bit', { timeout: 120_000 }, () => {
  for (const seed of [3, 4, 5]) {
    const options = { ...usual, seed, days: 4 }
    const [first, second, told] = [simulate(options), simulate(options), simulate(options, true)]
    expect(second.digest).toBe(first.digest)
    expect(second.events).toBe(first.events)
    // Also when its trace is kept, or a failing seed would not be the one that is shown.
    expect(told.digest).toBe(first.digest)
    expect(simulate({ ...options, seed: seed + 100 }).digest).not.toBe(first.digest)
  }
})

test('a seed that fails is told with what led to it and the command that replays it', { timeout: 120_000 }, () => {
  const failed = simulate({ ...usual, seed: 1, days: 12, plant: 'silence-hides-everything' })
  const small = shrink(failed)
  expect(small.violation?.invariant).toBe('I9')
  expect(small.faults.length).toBeLessThan(failed.faults.length)
  expect(small.options.days).toBeLessThanOrEqual(12)
  const told = explain(small)
  expect(told).toContain('no silence in force names it')
  expect(told).toContain(describeOptions(small.options))
  expect(told.split('\n').length).toBeLessThan(70)
})

test('25 bugs and more were planted, each under its own name', () => {
  expect(plants.length).toBeGreaterThanOrEqual(25)
  expect(new Set(plants.map((each) => each.name)).size).toBe(plants.length)
})

const held = new Set<string>()

test.each(plants.map((each) => [each.name, each] as const))(
  'the planted bug %s is found',
  { timeout: 120_000 },
  (name, { breaks, found }) => {
    const options = { ...usual, ...found }
    const key = `${found.seed}/${found.days}`
    if (!held.has(key)) hold(options)
    held.add(key)
    const { violation } = simulate({ ...options, plant: name })
    expect(breaks).toContain(violation?.invariant ?? 'nothing broke')
  },
)

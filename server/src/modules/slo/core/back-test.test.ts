import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { rational, toNumber } from '../../../kernel/rational.ts'
import { detectedAfter, type Outcome, runBackTest } from './back-test.ts'
import { budgetFraction, budgetOf } from './budget.ts'
import { detectionMs, resetMs } from './burn.ts'
import { compileRules, defaultCoverageFloor } from './judge.ts'
import { sumOfWindow } from './ring.ts'
import { compileSpend } from './spend.ts'
import { defaultTiers, planTiers } from './tiers.ts'
import type { TimedSlice } from './window.ts'

const target = rational(999, 1000)
const days = 31

/** Two days of the past of an objective of 30 days, 100 requests a minute. */
function past(
  failing: (minuteOfRange: number) => number,
  more: { target?: typeof target; missing?: (minuteOfRange: number) => boolean } = {},
): Outcome {
  const goal = more.target ?? target
  const plan = planTiers(defaultTiers(30 * day, minute), budgetFraction(goal), 30 * day)
  const rules = compileRules(
    {
      budget: budgetFraction(goal),
      tiers: plan.tiers,
      coverageFloor: defaultCoverageFloor,
      staleAfterMs: 2 * minute,
      leastBadForPage: 5,
    },
    [30 * day],
  )
  const [from, to] = [instant(days * day), instant((days + 2) * day)]
  const slices: TimedSlice[] = []
  for (let at = 0; at < to; at += minute) {
    const bad = at < from ? 0 : failing((at - from) / minute)
    if (more.missing?.((at - from) / minute) === true) continue
    slices.push({ start: instant(at), slice: { state: 'closed', good: 100 - bad, bad } })
  }
  const rule = compileSpend({ method: 'occurrences' })
  const window = rules.windows.indexOf(30 * day)
  const spec = { sliceMs: minute, windows: rules.windows, rule, born: instant(0) }
  const run = runBackTest({
    spec,
    rules,
    slices,
    from,
    to,
    budgetOf: (ring) => budgetOf(goal, sumOfWindow(ring, window), 1),
  })
  for (;;) {
    const step = run.next()
    if (step.done === true) return step.value
  }
}

// R21: detection and reset of a steady failure, to the slice.
test.each([
  { says: 'a total outage', bad: 100, lasts: 30, pages: 1 },
  { says: 'fifteen percent for ten minutes', bad: 15, lasts: 10, pages: 1 },
  { says: 'a tenth of the budget’s pace', bad: 0, lasts: 60, pages: 0 },
])('$says', ({ bad, lasts, pages }) => {
  const outcome = past((at) => (at >= 600 && at < 600 + lasts ? bad : 0))
  const paged = outcome.alerts.filter((each) => each.severity === 'page')
  expect(paged).toHaveLength(pages)
  const failure = { start: instant(days * day + 600 * minute), end: instant(days * day + (600 + lasts) * minute) }
  const after = detectedAfter(outcome.alerts, failure)
  if (pages === 0) expect(after).toBeNull()
  else {
    const exact = detectionMs(hour, rational(144, 10), rational(1, 1000), rational(bad, 100))
    expect(after).toBe(Math.floor(toNumber(exact ?? rational(0)) / minute + 1) * minute)
    const shortest = resetMs(5 * minute, rational(144, 10), rational(1, 1000), rational(bad, 100))
    expect((paged[0]?.endedAt ?? 0) - failure.end).toBeGreaterThan(toNumber(shortest ?? rational(0)) - minute)
  }
})

test('a laxer target spends less and pages later or never', () => {
  const failing = (at: number) => (at >= 600 && at < 660 ? 3 : 0)
  const [strict, lax] = [past(failing), past(failing, { target: rational(99, 100) })]
  expect(strict.alerts.some((each) => each.severity === 'page')).toBe(true)
  expect(lax.alerts).toEqual([])
  expect(strict.budget).toMatchObject({ state: 'measured', met: true })
  expect(toNumber(strict.worst?.remaining ?? rational(1))).toBeLessThan(toNumber(lax.worst?.remaining ?? rational(0)))
  expect(strict.judgedSlices).toBe(2 * 1_440)
})

// R32: what was not measured neither fires nor ends an alert.
test('a hole in the measurements changes no verdict', () => {
  const outcome = past((at) => (at >= 600 && at < 630 ? 50 : 0), { missing: (at) => at >= 620 && at < 700 })
  const [page] = outcome.alerts.filter((each) => each.severity === 'page')
  expect(page?.endedAt).toBeGreaterThan(days * day + 700 * minute)
})

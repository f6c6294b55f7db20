import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hour, minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { type Rational, rational } from '../../../kernel/rational.ts'
import { decidePolicy, type Episode, type Standing } from './decide-policy.ts'
import { conditionFault, type PolicyStep, stepSentence, usualLeave } from './policy.ts'

const percent = (value: number): Rational => rational(Math.round(value * 100), 10_000)
const level = (name: string, at: number, more: Partial<PolicyStep> = {}): PolicyStep => ({
  name,
  when: { kind: 'remaining', atMost: percent(at), leavesAbove: usualLeave.remaining(percent(at)) },
  heldMs: hour,
  actions: [],
  ...more,
})
const byIncident: PolicyStep = {
  name: 'one-incident',
  when: { kind: 'incident', above: percent(20), leavesAtMost: percent(16) },
  heldMs: 0,
  actions: [],
}
const policy = { steps: [level('half', 50), level('spent', 0)] }
const at = (minutes: number) => instant(minutes * minute)
const left = (minutes: number, remaining: number | null): Standing => ({
  asOf: at(minutes),
  remaining: remaining === null ? null : percent(remaining),
  incidents: null,
  classes: null,
})

/** Applies decisions one after another, as the room does. */
function live(steps: readonly PolicyStep[], standings: readonly Standing[]) {
  let open: Episode[] = []
  const told: string[] = []
  for (const standing of standings) {
    const decision = decidePolicy({ steps }, standing, open)
    for (const each of decision.left) told.push(`left ${open.find((one) => one.id === each.id)?.step}`)
    open = open
      .filter((each) => !decision.left.some((gone) => gone.id === each.id))
      .map((each) => {
        const moved = decision.held.find((one) => one.id === each.id)
        return moved === undefined ? each : { ...each, clearSince: moved.clearSince }
      })
    for (const { step, cause } of decision.entered) {
      told.push(`entered ${step.name}`)
      open.push({ id: `${step.name} ${cause} ${standing.asOf}`, step: step.name, cause, clearSince: null })
    }
  }
  return { told, open }
}

test.each([
  { says: 'well above', remaining: 80, enters: [] },
  { says: 'exactly at the level', remaining: 50, enters: ['half'] },
  { says: 'a hair above', remaining: 50.01, enters: [] },
  { says: 'nothing left', remaining: 0, enters: ['half', 'spent'] },
  { says: 'far overspent', remaining: -4_000, enters: ['half', 'spent'] },
  { says: 'unknown', remaining: null, enters: [] },
])('$says: enters $enters', ({ remaining, enters }) => {
  expect(decidePolicy(policy, left(0, remaining), []).entered.map((each) => each.step.name)).toEqual(enters)
})

test('a step ends when the budget has been above its own level for a while, and not before', () => {
  const half = [level('half', 50)]
  expect(live(half, [left(0, 40), left(10, 56), left(69, 56), left(70, 56)]).told).toEqual([
    'entered half',
    'left half',
  ])
  expect(live(half, [left(0, 40), left(10, 56), left(69, 56)]).told).toEqual(['entered half'])
  // Between the levels nothing changes, however long it lasts.
  expect(live(half, [left(0, 40), left(10, 54), left(600, 54)]).told).toEqual(['entered half'])
  // Clear time begins anew after a dip, and after a stretch of which nothing is known.
  expect(live(half, [left(0, 40), left(10, 56), left(60, 55), left(70, 56), left(120, 56)]).told).toHaveLength(1)
  expect(live(half, [left(0, 40), left(10, 56), left(60, null), left(70, 56), left(120, 56)]).told).toHaveLength(1)
})

test('a step that the policy has no more ends', () => {
  const { open } = live([level('half', 50)], [left(0, 40)])
  expect(decidePolicy({ steps: [level('spent', 0)] }, left(1, 40), open).left).toHaveLength(1)
})

test('each incident that spent too much is an episode of its own; one that the ledger forgot spent nothing', () => {
  const share = (id: string, value: number) => ({ id, label: `#${id}`, share: percent(value) })
  const seen = (minutes: number, incidents: Standing['incidents']): Standing => ({ ...left(minutes, 10), incidents })
  const { told, open } = live(
    [byIncident],
    [
      seen(0, [share('1', 25), share('2', 20)]),
      seen(1, [share('1', 19), share('2', 21)]),
      seen(2, null),
      seen(3, [share('2', 30)]),
    ],
  )
  expect(told).toEqual(['entered one-incident', 'entered one-incident', 'left one-incident'])
  expect(open.map((each) => each.cause)).toEqual(['2'])
})

const anyStanding = fc.record({
  gap: fc.integer({ min: 1, max: 40 }),
  remaining: fc.option(fc.integer({ min: -200, max: 100 }), { nil: null }),
})
const story = fc.array(anyStanding, { minLength: 1, maxLength: 80 }).map((each) => {
  let now = 0
  return each.map(({ gap, remaining }) => {
    now += gap
    return left(now, remaining)
  })
})

test('no data never changes anything; a decision that was carried out leaves nothing to do', () => {
  fc.assert(
    fc.property(story, (standings) => {
      const { open } = live(policy.steps, standings)
      const last = standings.at(-1)
      if (last === undefined) return
      const unknown = decidePolicy(policy, { ...last, remaining: null }, open)
      expect([...unknown.entered, ...unknown.left]).toEqual([])
      const again = decidePolicy(policy, last, open)
      expect([...again.entered, ...again.left]).toEqual([])
    }),
  )
})

test('never two stays in one step, never a flap: between two entries lie an hour above the upper level', () => {
  fc.assert(
    fc.property(story, (standings) => {
      let open: Episode[] = []
      const entries = new Map<string, number>()
      for (const standing of standings) {
        const decision = decidePolicy(policy, standing, open)
        for (const { id } of decision.left) {
          const step = policy.steps.find((each) => each.name === open.find((one) => one.id === id)?.step)
          if (step?.when.kind !== 'remaining') throw new Error('An episode of no step.')
          // Every reading of the last hour was known and above the upper level.
          const upper = step.when.leavesAbove
          const recent = standings.filter((each) => each.asOf <= standing.asOf && each.asOf >= standing.asOf - hour)
          for (const each of recent)
            expect(each.remaining !== null && each.remaining.num * upper.den > upper.num * each.remaining.den).toBe(
              true,
            )
          entries.delete(step.name)
        }
        open = open
          .filter((each) => !decision.left.some((gone) => gone.id === each.id))
          .map((each) => ({
            ...each,
            clearSince: decision.held.find((one) => one.id === each.id)?.clearSince ?? keep(decision, each),
          }))
        for (const { step, cause } of decision.entered) {
          expect(entries.has(step.name)).toBe(false)
          entries.set(step.name, standing.asOf)
          open.push({ id: step.name, step: step.name, cause, clearSince: null })
        }
      }
    }),
  )
})
const keep = (decision: ReturnType<typeof decidePolicy>, { id, clearSince }: Episode) =>
  decision.held.some((one) => one.id === id) ? null : clearSince

test.each([
  { says: 'left below where it is entered', when: { atMost: percent(50), leavesAbove: percent(40) }, fault: /below/ },
  { says: 'always entered', when: { atMost: percent(100), leavesAbove: percent(100) }, fault: /always/ },
  { says: 'never left', when: { atMost: percent(97), leavesAbove: percent(102) }, fault: /never/ },
  { says: 'sound', when: { atMost: percent(0), leavesAbove: percent(0) }, fault: null },
])('a condition that is $says', ({ when, fault }) => {
  const found = conditionFault({ kind: 'remaining', ...when })
  if (fault === null) expect(found).toBeNull()
  else expect(found).toMatch(fault)
})

test('steps say when they begin and end', () => {
  expect(stepSentence(level('half', 50))).toBe(
    'The budget left is 50 % or less. Ends when more than 55 % has been left for 1h.',
  )
  expect(stepSentence(byIncident)).toBe(
    'One incident spent more than 20 % of the budget. Ends when it has been 16 % or less.',
  )
})

// A journey over any stretch, step by step: in which of them a part that it needs failed.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { JourneyDefinition } from '../core/journey.ts'
import { judgeJourney } from '../core/judge-journey.ts'
import type { Tally } from '../core/member-tally.ts'
import { compileSpend } from '../core/spend.ts'
import { stepOf } from '../core/step-of.ts'
import type { ExclusionRow } from '../exclusions.store.ts'
import { listJourneys } from '../journeys.store.ts'
import { findObjectives, type ObjectiveRow } from '../objectives.store.ts'
import { readStates } from '../states.store.ts'
import { objectivesWithin } from './check-journey.ts'
import { evaluatePart, type JourneyRun } from './evaluate-journey.ts'
import { fillFormerSteps } from './former-streams.ts'
import { coverageOf } from './load-days.ts'
import { type TallyWindow, tallyObjectives } from './tally-objectives.ts'
import { streamsOf } from './tally-period.ts'

export interface JourneySteps {
  readonly steps: Uint8Array
  readonly stepMs: number
  readonly from: Instant
  readonly asOf: Instant
  /** How far the slowest of its objectives was told of. */
  readonly told: Instant
  /** The objectives it passes through. */
  readonly names: readonly string[]
}

/** From `born` on, silence of a member is expected to have been measured. Null: there is no such journey. */
export async function journeySteps(
  queries: Queries,
  name: string,
  order: {
    readonly from: Instant
    readonly until: Instant
    readonly born: Instant
    readonly exclusions: readonly ExclusionRow[]
  },
): Promise<JourneySteps | null> {
  // What is not known stays so, however the journey, or one within it, treats it itself.
  const journeys = new Map(
    (await listJourneys(queries)).map(({ definition }) => [
      definition.name,
      { ...definition, missing: 'unknown' } satisfies JourneyDefinition,
    ]),
  )
  const found = journeys.get(name)
  if (found === undefined) return null
  const names = objectivesWithin(found, journeys)
  const rows = (await findObjectives(queries, names)).map((row) => ({ ...row, born: order.born }))
  const states = await readStates(queries, names)
  const stepMs = stepOf(rows.map((row) => row.definition.sliceMs)) ?? 60_000
  const told = states.map((state) => state.asOf)
  const asOf = told.length === 0 ? order.until : told.reduce((a, b) => (b < a ? b : a))
  const from = instant(Math.floor(order.from / stepMs) * stepMs)
  const until = instant(Math.max(from, Math.floor(Math.min(order.until, asOf) / stepMs) * stepMs))
  const tallies = await tallyObjectives(queries, rows, order.exclusions, { from, until, stepMs }, new Map())
  await fillBefore(queries, { rows, tallies, exclusions: order.exclusions, window: { from, until, stepMs } })
  const run: JourneyRun = {
    ...{ definition: found, tallies, steps: (until - from) / stepMs },
    world: { journeys, exclusions: order.exclusions, tallies: new Map() },
    rows: new Map(rows.map((row) => [row.name, row])),
    states: new Map(states.map((state) => [state.name, state])),
  }
  const { steps } = judgeJourney(
    found,
    found.members.map(({ part }) => evaluatePart(part, found, run)),
  )
  return { steps, stepMs, from, asOf: until, told: asOf, names }
}

async function fillBefore(
  queries: Queries,
  order: {
    readonly rows: readonly ObjectiveRow[]
    readonly tallies: ReadonlyMap<string, Tally>
    readonly exclusions: readonly ExclusionRow[]
    readonly window: TallyWindow
  },
): Promise<void> {
  const { rows, tallies, exclusions, window } = order
  const streams = await streamsOf(
    queries,
    rows.map((row) => row.name),
  )
  for (const row of rows) {
    const [stream, tally] = [streams.get(row.name), tallies.get(row.name)]
    if (stream === undefined || tally === undefined) continue
    const { budgeting, target } = row.definition
    await fillFormerSteps(queries, stream, tally.steps, {
      ...{ ...window, born: row.born, rule: compileSpend(budgeting) },
      least: budgeting.method === 'timeslices' ? budgeting.sliceTarget : target,
      coveredOf: (sliceMs) => coverageOf(row, exclusions, { from: window.from, to: window.until, sliceMs }),
    })
  }
}

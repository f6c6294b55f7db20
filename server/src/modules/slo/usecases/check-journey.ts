// What can only be said of a journey with the objectives and journeys it names at hand.
import type { Fault } from '../../../kernel/app-error.ts'
import { day, formatDuration, hour, minute } from '../../../kernel/duration.ts'
import { nearest } from '../../../kernel/names.ts'
import { type Rational, toNumber } from '../../../kernel/rational.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Admission } from '../../../platform/resources/resource-kind.ts'
import { atLeast, judgeCeiling, type Needed, serialOf, usedBy } from '../core/ceiling.ts'
import {
  deepestJourney,
  depthOf,
  findCycle,
  type JourneyDefinition,
  journeysIn,
  mostJourneyObjectives,
  objectivesIn,
} from '../core/journey.ts'
import { stepOf } from '../core/step-of.ts'
import { longestWindow } from '../definition.ts'
import { mostJourneys } from '../journeys.contract.ts'
import { listJourneys } from '../journeys.store.ts'
import { findObjectives, namesOfObjectives, type ObjectiveRow } from '../objectives.store.ts'

export async function checkJourney(tx: Tx, definition: JourneyDefinition): Promise<Admission> {
  const stored = await listJourneys(tx)
  const others = stored.map((each) => each.definition).filter((each) => each.name !== definition.name)
  const taken = stored.some(
    (each) => each.definition.name === definition.name && each.definition.source !== definition.source,
  )
  if (taken) return refuse('/metadata/name', `The composite SLO ${definition.name} is a journey of this name already.`)
  if (others.length >= mostJourneys)
    return refuse('/metadata/name', `There are ${mostJourneys} journeys, and no more are kept.`)
  const byName = new Map([...others, definition].map((each) => [each.name, each]))
  const journeysOf = (name: string) => {
    const found = byName.get(name)
    return found === undefined ? [] : journeysIn(found)
  }
  const cycle = findCycle(definition.name, journeysOf)
  if (cycle !== null) return refuse('/spec/members', `A journey cannot pass through itself: ${cycle.join(' → ')}.`)
  if (depthOf(definition.name, journeysOf) > deepestJourney)
    return refuse('/spec/members', `Journeys stand at most ${deepestJourney} deep in each other.`)
  const names = objectivesWithin(definition, byName)
  if (names.length > mostJourneyObjectives)
    return refuse(
      '/spec/members',
      `It passes through ${names.length} objectives; at most ${mostJourneyObjectives} are taken.`,
    )
  const rows = new Map((await findObjectives(tx, names)).map((row) => [row.name, row]))
  const faults = [...(await missingFaults(tx, definition, rows)), ...windowFaults(definition, [...rows.values()])]
  return { faults, warnings: faults.length > 0 ? [] : ceilingWarnings(definition, byName, rows) }
}

const refuse = (pointer: string, detail: string): Admission => ({ faults: [{ pointer, detail }], warnings: [] })

/** Its own, and those of the journeys in it. There is no cycle. */
export function objectivesWithin(
  definition: JourneyDefinition,
  byName: ReadonlyMap<string, JourneyDefinition>,
): readonly string[] {
  const inner = journeysIn(definition).flatMap((name) => {
    const found = byName.get(name)
    return found === undefined ? [] : objectivesWithin(found, byName)
  })
  return [...new Set([...objectivesIn(definition), ...inner])]
}

async function missingFaults(
  tx: Tx,
  { members }: JourneyDefinition,
  rows: ReadonlyMap<string, ObjectiveRow>,
): Promise<readonly Fault[]> {
  const named = members.flatMap(({ part }, index) =>
    part.kind === 'objective'
      ? [{ name: part.name, pointer: `/spec/members/${index}/objective` }]
      : part.kind === 'any-of'
        ? part.objectives.map((name, place) => ({ name, pointer: `/spec/members/${index}/anyOf/${place}` }))
        : [],
  )
  const missing = named.filter(({ name }) => !rows.has(name))
  if (missing.length === 0) return []
  const known = await namesOfObjectives(tx)
  return missing.map(({ name, pointer }) => {
    const near = nearest(name, known)
    return { pointer, detail: `There is no objective ${name}.${near === null ? '' : ` Did you mean ${near}?`}` }
  })
}

// What telemetry keeps of slices, whatever an objective needs.
const keptMs = (sliceMs: number) => (sliceMs < minute ? 2 * hour : 35 * day)

function windowFaults({ windowMs }: JourneyDefinition, rows: readonly ObjectiveRow[]): readonly Fault[] {
  const stepMs = stepOf(rows.map((row) => row.definition.sliceMs))
  if (stepMs === null) {
    const lengths = [...new Set(rows.map((row) => formatDuration(row.definition.sliceMs)))].join(', ')
    return [{ pointer: '/spec/members', detail: `Slices of ${lengths} have no common step of an hour or less.` }]
  }
  if (windowMs % stepMs !== 0)
    return [{ pointer: '/spec/window', detail: `It must be a whole number of steps of ${formatDuration(stepMs)}.` }]
  return rows.flatMap(({ name, definition }) => {
    const longest = Math.max(longestWindow(definition), keptMs(definition.sliceMs))
    if (windowMs <= longest) return []
    return [{ pointer: '/spec/window', detail: `Of ${name} only ${formatDuration(longest)} are kept.` }]
  })
}

/** Members that promise less than the journey. What was measured is said on its page: it moves. */
function ceilingWarnings(
  definition: JourneyDefinition,
  byName: ReadonlyMap<string, JourneyDefinition>,
  rows: ReadonlyMap<string, ObjectiveRow>,
): readonly Fault[] {
  const { target, members, windowMs } = definition
  if (target === null) return []
  const needed = members.map(({ part, use }): Needed & { readonly pointer: string } => {
    const promised = promiseOf(part, byName, rows)
    const name = part.kind === 'any-of' ? part.objectives.join(' or ') : part.name
    return { name, promised: promised === null ? null : usedBy(use, promised), measured: null, pointer: '' }
  })
  const promises = needed.flatMap(({ promised }) => (promised === null ? [] : [promised]))
  const promised = promises.length < needed.length ? null : serialOf(promises)
  const verdict = judgeCeiling(target, needed, { promised, measured: null }, { who: 'its members', windowMs })
  return verdict.state === 'above-promised' ? [{ pointer: '/spec/target', detail: verdict.sentence }] : []
}

function promiseOf(
  part: JourneyDefinition['members'][number]['part'],
  byName: ReadonlyMap<string, JourneyDefinition>,
  rows: ReadonlyMap<string, ObjectiveRow>,
): Rational | null {
  if (part.kind === 'journey') return byName.get(part.name)?.target ?? null
  const names = part.kind === 'objective' ? [part.name] : part.objectives
  const targets = names.flatMap((name) => rows.get(name)?.definition.target ?? [])
  if (targets.length < names.length) return null
  return part.kind === 'objective' ? (targets[0] ?? null) : atLeast(part.need, targets)
}

/** For display and comparison in views. */
export const numberOrNull = (value: Rational | null): number | null => (value === null ? null : toNumber(value))

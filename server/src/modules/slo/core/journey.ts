// A journey: what users come to do, promised over the objectives it passes through. Types, and what may not be declared.
import type { Rational } from '../../../kernel/rational.ts'
import type { Calendar } from './calendar.ts'

export const journeyModes = ['weighted', 'worst', 'any-bad', 'budget-weighted'] as const
/**
 * `weighted`: the mean of its members by weight. `worst`: its worst member. `any-bad`: the share of time in which no
 * member failed. `budget-weighted`: the budgets of its members are spent together (OpenSLO's composites).
 */
export type JourneyMode = (typeof journeyModes)[number]

export const missingPolicies = ['unknown', 'bad', 'leave-out'] as const
/** What a member that was not measured counts for. Never good: an outage could hide behind it. */
export type MissingPolicy = (typeof missingPolicies)[number]

export type JourneyPart =
  | { readonly kind: 'objective'; readonly name: string }
  | { readonly kind: 'journey'; readonly name: string }
  /** Redundant: `need` of them are enough. */
  | { readonly kind: 'any-of'; readonly need: number; readonly objectives: readonly string[] }

export interface JourneyMember {
  readonly part: JourneyPart
  readonly weight: Rational
  /** Share of the journeys that pass through it: 1 unless it is optional. */
  readonly use: Rational
}

export interface JourneyDefinition {
  readonly name: string
  /** The kind of document that declares it. */
  readonly source: 'JourneyObjective' | 'SLO'
  readonly displayName: string
  readonly description: string
  /** The Journey of the catalog, when it is told. */
  readonly journey: string | null
  readonly team: string | null
  /** Null: its members' budgets are its budget (OpenSLO's composites promise nothing together). */
  readonly target: Rational | null
  readonly windowMs: number
  /** The budget begins anew with each period; without it the window rolls. */
  readonly calendar?: Calendar
  readonly mode: JourneyMode
  readonly missing: MissingPolicy
  readonly members: readonly JourneyMember[]
}

/** Journeys in journeys: deeper than this nobody reads. */
export const deepestJourney = 5
/** Each is read slice by slice whenever the journey is evaluated. */
export const mostJourneyObjectives = 50

const named = (part: JourneyPart): string | null => (part.kind === 'journey' ? part.name : null)

export const journeysIn = (definition: Pick<JourneyDefinition, 'members'>): readonly string[] =>
  definition.members.flatMap(({ part }) => named(part) ?? [])

/** Objectives it names itself, each once. */
export const objectivesIn = (definition: Pick<JourneyDefinition, 'members'>): readonly string[] => [
  ...new Set(
    definition.members.flatMap(({ part }) =>
      part.kind === 'objective' ? [part.name] : part.kind === 'any-of' ? part.objectives : [],
    ),
  ),
]

/** The way back to itself, `buy → pay → buy`; null when there is none. Depth first. */
export function findCycle(name: string, journeysOf: (name: string) => readonly string[]): readonly string[] | null {
  const clean = new Set<string>()
  const walk = (at: string, way: readonly string[]): readonly string[] | null => {
    const seen = way.indexOf(at)
    if (seen !== -1) return [...way.slice(seen), at]
    if (clean.has(at)) return null
    for (const next of journeysOf(at)) {
      const cycle = walk(next, [...way, at])
      if (cycle !== null) return cycle
    }
    clean.add(at)
    return null
  }
  return walk(name, [])
}

/** 1 for a journey without journeys. Call only where there is no cycle. */
export function depthOf(name: string, journeysOf: (name: string) => readonly string[]): number {
  return 1 + Math.max(0, ...journeysOf(name).map((each) => depthOf(each, journeysOf)))
}

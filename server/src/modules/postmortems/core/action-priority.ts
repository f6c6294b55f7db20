// What to do first: the risk an action takes away, over the work it is. A formula of a few factors that everybody can
// follow by hand; it orders a board, it decides nothing.
import { day } from '../../../kernel/duration.ts'
import type { Severity } from '../../../kernel/severity.ts'
import type { ActionKind } from './action-proof.ts'

export const actionSizes = ['S', 'M', 'L'] as const
export type ActionSize = (typeof actionSizes)[number]

/** Hours of work: a day, three days, two weeks. */
export const sizeHours: Readonly<Record<ActionSize, number>> = { S: 8, M: 24, L: 80 }
/** What nobody has estimated counts as this. */
export const usualSize: ActionSize = 'M'

/** Each severity weighs twice the next. */
const severityPoints: Readonly<Record<Severity, number>> = { SEV1: 8, SEV2: 4, SEV3: 2, SEV4: 1 }
/** Prevention takes all of the risk away, the rest makes it shorter or less likely. */
const kindShare: Readonly<Record<ActionKind, number>> = { prevent: 1, mitigate: 0.6, detect: 0.5, process: 0.4 }
// Beyond this the order would be made by one outlier.
export const mostRepeats = 5
const mostHurtHours = 4
/** How long a similar failure counts as the same risk. */
export const repeatsWithinMs = 365 * day

export interface RiskFacts {
  readonly severity: string
  /** Other postmortems of the last year that share a service, and how often its signal did not hold. */
  readonly repeats: number
  /** Null: not known, which adds nothing. */
  readonly hurtMinutes: number | null
}

export interface ActionPriority {
  readonly points: number
  /** Points for each day of work: what a board is sorted by. */
  readonly perDay: number
  readonly sentence: string
}

export function priorityOf(
  action: { readonly kind: ActionKind; readonly size: ActionSize | null },
  facts: RiskFacts,
): ActionPriority {
  const { severity, hurtMinutes } = facts
  const base = Object.entries(severityPoints).find(([name]) => name === severity)?.[1] ?? severityPoints.SEV4
  const repeats = Math.min(mostRepeats, facts.repeats)
  const hurtHours = Math.min(mostHurtHours, (hurtMinutes ?? 0) / 60)
  const share = kindShare[action.kind]
  const points = round(base * (1 + repeats) * (1 + hurtHours) * share)
  const size = action.size ?? usualSize
  const perDay = round(points / (sizeHours[size] / 8))
  const factors = [
    `${severity} ${base}`,
    ...(repeats === 0 ? [] : [`× ${1 + repeats} for ${repeats} ${repeats === 1 ? 'repeat' : 'repeats'}`]),
    ...(hurtHours === 0 ? [] : [`× ${round(1 + hurtHours)} for ${Math.round(hurtMinutes ?? 0)} min of hurt users`]),
    ...(share === 1
      ? []
      : [`× ${share} because it ${share === 0.5 ? 'detects' : share === 0.6 ? 'mitigates' : 'changes how we work'}`]),
  ]
  const work = `${sizeHours[size]} h${action.size === null ? ' (nobody has estimated it)' : ''}`
  return { points, perDay, sentence: `${factors.join(' ')} = ${points} points of risk; over ${work}, ${perDay} a day.` }
}

const round = (value: number): number => Math.round(value * 10) / 10

export const ageBuckets = [
  { name: 'under 30 days', fromMs: 0 },
  { name: '30 to 89 days', fromMs: 30 * day },
  { name: '90 to 179 days', fromMs: 90 * day },
  { name: '180 days and more', fromMs: 180 * day },
] as const

export interface AgeCount {
  readonly bucket: string
  readonly actions: number
  readonly overdue: number
}

/** Of what is not done: how long it has been agreed. */
export function ageingOf(
  open: readonly { readonly createdAt: number; readonly dueAt: number }[],
  now: number,
): readonly AgeCount[] {
  return ageBuckets.map(({ name, fromMs }, index) => {
    const untilMs = ageBuckets[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY
    const inside = open.filter((each) => now - each.createdAt >= fromMs && now - each.createdAt < untilMs)
    return { bucket: name, actions: inside.length, overdue: inside.filter((each) => each.dueAt < now).length }
  })
}

// An objective as it is stored and run: what is counted, against which target, over which window, and what alerts.
import type { JsonObject } from '../../kernel/json.ts'
import { type Rational, rational } from '../../kernel/rational.ts'
import type { StreamSource } from '../telemetry/index.ts'
import { budgetFraction } from './core/budget.ts'
import type { BudgetAlerts } from './core/budget-alerts.ts'
import { type Calendar, longestPeriodMs } from './core/calendar.ts'
import type { GroupSettings } from './core/group.ts'
import {
  type CompiledRules,
  compileRules,
  defaultCoverageFloor,
  defaultLeastBad,
  defaultStaleMs,
} from './core/judge.ts'
import type { Budgeting } from './core/spend.ts'
import type { TierPlan } from './core/tiers.ts'

export interface Definition {
  readonly name: string
  readonly document: string
  readonly displayName: string
  readonly description: string
  readonly service: string
  readonly kind: 'availability' | 'latency'
  /** Name of the SLI, when it has one. */
  readonly indicator: string | null
  readonly source: StreamSource
  readonly target: Rational
  /** Of a calendar window: what people mean by its word, 30 days for a month. */
  readonly windowMs: number
  /** The budget begins anew with each period; without it the window rolls. */
  readonly calendar?: Calendar
  readonly sliceMs: number
  readonly budgeting: Budgeting
  readonly plan: TierPlan
  /** Who is told, as the alert policies name them: escalation policies and such. */
  readonly notify: readonly string[]
  readonly alertWhenNoData: boolean
  /** Absent: events are not told apart. */
  readonly groups?: GroupSettings
  /** Failures below which a page is a ticket; absent for the default. */
  readonly leastBadForPage?: number
  readonly budgetAlerts?: BudgetAlerts
}

export function compileDefinition(definition: Definition): CompiledRules {
  return compileRules(
    {
      budget: budgetFraction(definition.target),
      tiers: definition.plan.tiers,
      coverageFloor: defaultCoverageFloor,
      staleAfterMs: defaultStaleMs(definition.sliceMs),
      // The guard is about few events; slice methods count time, where one bad slice is as long as any other.
      leastBadForPage:
        definition.budgeting.method === 'occurrences' ? (definition.leastBadForPage ?? defaultLeastBad) : 0,
    },
    [
      ...(definition.calendar === undefined ? [definition.windowMs] : []),
      ...(definition.budgetAlerts?.drop == null ? [] : [definition.budgetAlerts.drop.withinMs]),
    ],
  )
}

/** The longest stretch that any of its numbers looks back over. */
export function longestWindow(definition: Definition): number {
  const { windowMs, calendar } = definition
  const longest = calendar === undefined ? windowMs : longestPeriodMs(calendar)
  return Math.max(
    longest,
    definition.budgetAlerts?.drop?.withinMs ?? 0,
    ...definition.plan.tiers.map((tier) => tier.longMs),
  )
}

/** Fractions become texts: JSON has no whole numbers of any size. */
export function writeExact(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}` : each)))
}

/** The shape it was written with; nothing is checked. */
export function readExact<Shape>(stored: JsonObject): Shape {
  return JSON.parse(JSON.stringify(stored), (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('num' in value) || !('den' in value)) return value
    const { num, den } = value
    return typeof num === 'string' && typeof den === 'string' ? rational(BigInt(num), BigInt(den)) : value
  })
}

export const toStored = (definition: Definition): JsonObject => writeExact(definition)

export const fromStored = (stored: JsonObject): Definition => readExact(stored)

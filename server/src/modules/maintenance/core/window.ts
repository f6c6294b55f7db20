// A maintenance as it is declared: which services, when, why, and what becomes of pages, budgets and customers' words.
import { type Dependency, dependantsOf, radiusIn } from '../../catalog/core/index.ts'
import type { Recurrence } from './recurrence.ts'

/** Who is covered beside the services named: nobody, those that fail with them, or everybody who calls them. */
export const dependantWords = ['none', 'hard', 'all'] as const
export type Dependants = (typeof dependantWords)[number]

/** What its time is to an objective: not expected at all, as if all had gone well, or counted as ever. */
export const treatments = ['drop', 'good', 'count'] as const
export type Treatment = (typeof treatments)[number]

export const announcedStates = ['under_maintenance', 'degraded_performance', 'partial_outage', 'major_outage'] as const

/** What customers read on status pages that show one of the services. Without it nothing is published. */
export interface Announcement {
  readonly title: string
  readonly text: string
  /** How long before it begins. */
  readonly aheadMs: number
  /** How the components stand while it lasts. */
  readonly impact: (typeof announcedStates)[number]
}

export interface MaintenanceWindow {
  readonly name: string
  readonly title: string
  readonly reason: string
  readonly team: string | null
  readonly services: readonly string[]
  readonly dependants: Dependants
  readonly budget: Treatment
  readonly recurrence: Recurrence
  readonly announce: Announcement | null
}

/** Sorted. O(what is reached). */
export function coveredServices(
  { services, dependants }: Pick<MaintenanceWindow, 'services' | 'dependants'>,
  dependencies: readonly Dependency[],
): readonly string[] {
  if (dependants === 'none') return [...new Set(services)].sort()
  const callers = dependantsOf(dependencies)
  const reached = services.flatMap((service) => radiusIn(callers, service))
  const touched = reached.filter((each) => dependants === 'all' || !each.softened).map((each) => each.service)
  return [...new Set([...services, ...touched])].sort()
}

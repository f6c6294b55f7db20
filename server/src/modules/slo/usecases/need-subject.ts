// What a policy acts on and a review looks at, as it is declared: an objective by its name, a journey by its key.
import { AppError } from '../../../kernel/app-error.ts'
import type { Rational } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findService } from '../../catalog/index.ts'
import { subjectOf } from '../core/subject.ts'
import { findJourney, readJourneyBudgets } from '../journeys.store.ts'
import { findObjective } from '../objectives.store.ts'
import { needObjective } from './describe-objectives.ts'

export interface DeclaredSubject {
  readonly key: string
  /** Null: it promises what its members do. */
  readonly target: Rational | null
  readonly version: number
  /** Its own, or those it passes through. */
  readonly services: readonly string[]
}

export async function needSubject(queries: Queries, key: string): Promise<DeclaredSubject> {
  const { kind, name } = subjectOf(key)
  if (kind === 'objective') {
    const { definition, version, service } = await needObjective(queries, name)
    return { key, target: definition.target, version, services: [service] }
  }
  const { definition, version } = await needJourney(queries, name)
  const services = (await readJourneyBudgets(queries)).find((each) => each.name === name)?.services ?? []
  return { key, target: definition.target, version, services }
}

export async function needJourney(queries: Queries, name: string) {
  const row = await findJourney(queries, name)
  if (row === null) throw new AppError('not-found', 'slo.unknown-journey', `There is no journey objective ${name}.`)
  return row
}

/** Who answers for it: the team of its service, or the journey's own. Null also when it is not declared. */
export async function teamOfSubject(queries: Queries, key: string): Promise<string | null> {
  const { kind, name } = subjectOf(key)
  if (kind === 'journey') return (await findJourney(queries, name))?.definition.team ?? null
  const objective = await findObjective(queries, name)
  return objective === null ? null : ((await findService(queries, objective.service))?.team ?? null)
}

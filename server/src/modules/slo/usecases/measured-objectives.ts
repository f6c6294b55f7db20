// Which objectives an agreement is measured by: its own, or those its journey passes through.
import type { Queries } from '../../../platform/database/queries.ts'
import type { Agreement } from '../core/agreement.ts'
import { listJourneys } from '../journeys.store.ts'
import { objectivesWithin } from './check-journey.ts'

export async function objectivesOfAgreement(
  queries: Queries,
  { subject }: Pick<Agreement, 'subject'>,
): Promise<readonly string[]> {
  if (subject.kind === 'objective') return [subject.name]
  const journeys = new Map((await listJourneys(queries)).map(({ definition }) => [definition.name, definition]))
  const found = journeys.get(subject.name)
  return found === undefined ? [] : objectivesWithin(found, journeys)
}

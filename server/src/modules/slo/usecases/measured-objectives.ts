// Which objectives an agreement is measured by: its own, or those its journey passes through.
import type { Queries } from '../../../platform/database/queries.ts'
import { listAgreements } from '../agreements.store.ts'
import type { Agreement } from '../core/agreement.ts'
import type { JourneyDefinition } from '../core/journey.ts'
import { listJourneys } from '../journeys.store.ts'
import { objectivesWithin } from './check-journey.ts'

export async function objectivesOfAgreement(
  queries: Queries,
  { subject }: Pick<Agreement, 'subject'>,
): Promise<readonly string[]> {
  return subject.kind === 'objective' ? [subject.name] : within(subject.name, await readJourneys(queries))
}

/** Agreements that are measured by one of these objectives, with the first of them. */
export async function agreementsMeasuredBy(
  queries: Queries,
  objectives: readonly string[],
): Promise<readonly { readonly agreement: string; readonly objective: string }[]> {
  const rows = await listAgreements(queries)
  if (rows.length === 0) return []
  const journeys = await readJourneys(queries)
  return rows.flatMap(({ agreement: { name, subject } }) => {
    const measuredBy = subject.kind === 'objective' ? [subject.name] : within(subject.name, journeys)
    const objective = measuredBy.find((each) => objectives.includes(each))
    return objective === undefined ? [] : [{ agreement: name, objective }]
  })
}

type Journeys = ReadonlyMap<string, JourneyDefinition>

const readJourneys = async (queries: Queries): Promise<Journeys> =>
  new Map((await listJourneys(queries)).map(({ definition }) => [definition.name, definition]))

function within(name: string, journeys: Journeys): readonly string[] {
  const found = journeys.get(name)
  return found === undefined ? [] : objectivesWithin(found, journeys)
}

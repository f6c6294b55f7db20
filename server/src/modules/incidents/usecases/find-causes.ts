// Where to look first in an incident: by its alerts, by changes before them, and by what is measured of the services
// it hurts and of those they call.
import { day, minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { listAlertsOfIncidents } from '../../alerts/index.ts'
import { listChangeRows } from '../../changes/index.ts'
import { hurtOf, joinCauses, type ProbableCause, rankCauses, rankMeasured } from '../core/index.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import type { IncidentRow } from '../incidents.store.ts'
import { mostAlerts } from './opening.ts'
import { graphBeneath, placesOf, symptomOf } from './place-alert.ts'

const changesBeforeMs = 60 * minute
const mostChanges = 100
// Detection comes after the beginning; what deviates long after the first alert is more likely another thing.
const leadMs = 10 * minute
const trailMs = 10 * minute
/** What is usual is what it was in the day before. */
const usualMs = day

export interface FoundCauses {
  readonly causes: readonly ProbableCause[]
  /** What was measured and looked at; null when nothing is. */
  readonly looked: { readonly series: number; readonly services: number; readonly deviating: number } | null
}

/** Empty when nothing speaks for any service. */
export async function findCauses(
  queries: Queries,
  ports: Pick<IncidentsPorts, 'measured'>,
  incident: IncidentRow,
  now: Instant,
): Promise<FoundCauses> {
  const symptoms = (await listAlertsOfIncidents(queries, [incident.id], mostAlerts)).map(symptomOf)
  const places = [...new Set([...symptoms.flatMap(placesOf), ...incident.services])]
  const first = symptoms.reduce<Instant>(
    (min, each) => (each.startedAt < min ? each.startedAt : min),
    beganAt(incident),
  )
  if (places.length === 0) return { causes: [], looked: null }
  const graph = await graphBeneath(queries, places)
  const near = new Set([...places, ...places.flatMap((each) => graph.calleesOf(each))])
  const changes = await listChangeRows(
    queries,
    { services: [...near], from: plus(first, -changesBeforeMs), to: plus(first, 5 * minute) },
    null,
    mostChanges,
  )
  const byAlerts = symptoms.length === 0 ? [] : rankCauses({ symptoms, changes, graph })
  const start = plus(first, -leadMs)
  const reference = { start: plus(start, -usualMs), end: start }
  const window = { start, end: now < first + trailMs ? now : plus(first, trailMs) }
  const series = (await ports.measured?.(queries, graph.services, { start: reference.start, end: window.end })) ?? []
  if (series.length === 0) return { causes: byAlerts, looked: null }
  const hurt = symptoms.length > 0 ? hurtOf(symptoms) : places.map((service) => ({ service, measured: null }))
  const byMeasure = rankMeasured({ series, graph, reference: [reference], window, hurt })
  return {
    causes: joinCauses(byAlerts, byMeasure),
    looked: {
      series: series.length,
      services: new Set(series.map((each) => each.service)).size,
      deviating: byMeasure.length,
    },
  }
}

const beganAt = (incident: IncidentRow): Instant =>
  incident.impactStartedAt ?? incident.detectedAt ?? incident.declaredAt

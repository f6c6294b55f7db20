// What is remembered of incidents, as far as somebody may read it, in the words that are compared.
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { listAlertKindsOf } from '../../alerts/index.ts'
import type { IncidentReader } from '../../incidents/core/index.ts'
import { beganAt, type IncidentRow, listIncidentRows } from '../../incidents/index.ts'
import { listLearntOf } from '../../postmortems/index.ts'
import { type Prepared, prepare, type WordWeights, weighWords } from '../core/index.ts'
import { listClassesOf } from '../learning.store.ts'
import { counts } from './order.ts'

/** Incidents that one is compared with: the newest before it. */
export const mostRemembered = 1_000

export interface Memory {
  /** The newest first. */
  readonly rows: readonly IncidentRow[]
  readonly traits: ReadonlyMap<string, Prepared>
  readonly weights: WordWeights
}

/** Incidents declared up to a moment. What the reader may not read is not even counted in the weights of words. */
export async function readMemory(queries: Queries, reader: IncidentReader, until: Instant | null): Promise<Memory> {
  const to = until === null ? null : plus(until, 1)
  const filter = { reader, status: null, service: null, severity: null, search: null, from: null, to }
  const rows = (await listIncidentRows(queries, filter, null, mostRemembered)).filter(counts)
  const traits = await traitsOf(queries, rows)
  return { rows, traits, weights: weighWords([...traits.values()]) }
}

export async function traitsOf(queries: Queries, rows: readonly IncidentRow[]): Promise<ReadonlyMap<string, Prepared>> {
  const ids = rows.map((row) => row.id)
  const alerts = byIncident(await listAlertKindsOf(queries, ids))
  const classes = byIncident(await listClassesOf(queries, ids))
  const learnt = new Map((await listLearntOf(queries, ids)).map((each) => [each.incidentId, each]))
  return new Map(
    rows.map((row) => {
      const written = learnt.get(row.id)
      const texts = [
        row.impactStatement ?? '',
        written?.summary ?? '',
        ...(written?.factors ?? []).map((each) => each.text),
      ]
      const traits = {
        id: row.id,
        title: row.title,
        text: texts.join(' '),
        services: row.services,
        alerts: (alerts.get(row.id) ?? []).map(({ service, title }) =>
          service === null ? title : `${service}: ${title}`,
        ),
        classes: [...new Set((classes.get(row.id) ?? []).map((each) => each.class))],
      }
      return [row.id, prepare(traits)]
    }),
  )
}

function byIncident<Row extends { readonly incidentId: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const known = found.get(row.incidentId)
    if (known === undefined) found.set(row.incidentId, [row])
    else known.push(row)
  }
  return found
}

/** Whether one began before the other; of the same moment, the one that was declared first. */
export function isEarlier(one: IncidentRow, other: IncidentRow): boolean {
  const [a, b] = [beganAt(one), beganAt(other)]
  return a < b || (a === b && one.number < other.number)
}

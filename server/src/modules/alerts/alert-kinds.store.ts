// All SQL on which kinds of alerts incidents had: what they are compared by.
import { type Queries, sql } from '../../platform/database/queries.ts'

/** Which kinds of alerts each of these incidents had: a service and a title, however often they came; 20,000 at most. */
export async function listAlertKindsOf(
  queries: Queries,
  incidents: readonly string[],
): Promise<readonly { readonly incidentId: string; readonly service: string | null; readonly title: string }[]> {
  return queries.many(sql<{ incidentId: string; service: string | null; title: string }>`
    select distinct incident_id as "incidentId", service, title from alerts where incident_id = any(${[...incidents]}::uuid[])
    order by incident_id, service, title limit 20000`)
}

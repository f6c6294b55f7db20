// All SQL on roles that nobody held for so long that somebody was paged.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { IncidentRole } from './core/index.ts'

export interface VacancyRow {
  readonly incidentId: string
  readonly role: IncidentRole
  readonly since: Instant
  readonly pagedAt: Instant
  readonly rota: string | null
  readonly because: string
  readonly endedAt: Instant | null
}

const columns = sql`incident_id as "incidentId", role, since, paged_at as "pagedAt", rota, because, ended_at as "endedAt"`

/** The newest first; 50 at most. */
export async function listVacancies(queries: Queries, incidentId: string): Promise<readonly VacancyRow[]> {
  return queries.many(sql<VacancyRow>`
    select ${columns} from incident_vacancies where incident_id = ${incidentId} order by paged_at desc, role limit 50`)
}

export async function insertVacancy(
  tx: Tx,
  row: Pick<VacancyRow, 'incidentId' | 'role' | 'since' | 'rota' | 'because'>,
): Promise<void> {
  await tx.run(sql`
    insert into incident_vacancies (incident_id, role, since, rota, because)
    values (${row.incidentId}, ${row.role}, ${timestamp(row.since)}, ${row.rota}, ${row.because})`)
}

/** Those of a role that were paged for and are over now. */
export async function endVacancies(tx: Tx, incidentId: string, role: IncidentRole): Promise<readonly VacancyRow[]> {
  return tx.many(sql<VacancyRow>`
    update incident_vacancies set ended_at = mainstay_now() where incident_id = ${incidentId} and role = ${role} and ended_at is null
    returning ${columns}`)
}

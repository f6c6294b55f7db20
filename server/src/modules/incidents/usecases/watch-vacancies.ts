// Looks for roles that nobody holds, and has the rota paged that the policy names: once for each time, until somebody takes it.
import { automation } from '../../../kernel/actor.ts'
import { formatInstant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type IncidentRole, type Vacancy, type VacancyRule, vacanciesOf, vacancyMessage } from '../core/index.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import { type IncidentRow, listHoldings, listOpenIncidents, lockIncident } from '../incidents.store.ts'
import { vacancyPaged } from '../vacancies.contract.ts'
import { endVacancies, insertVacancy, listVacancies } from '../vacancies.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { readPolicy } from './read-policy.ts'

const actor = automation('incidents.watch-vacancies')

export const vacancyKey = (incidentId: string, { role, since }: Pick<Vacancy, 'role' | 'since'>): string =>
  `vacancy ${incidentId} ${role} ${since}`

export async function lookForVacancies(needs: Needs, ports: IncidentsPorts): Promise<void> {
  const { vacancies: rules } = await readPolicy(needs.database)
  // Most houses declare none: then nothing else is read.
  if (rules.length === 0 || ports.pageRole === undefined) return
  const now = await needs.database.now()
  for (const row of await listOpenIncidents(needs.database, { all: true })) {
    const due = vacanciesOf(rules, await standingOf(needs.database, row)).filter((each) => each.dueAt <= now)
    if (due.length > 0) await needs.database.transaction((tx) => pageFor(tx, needs, ports, { id: row.id, rules }))
  }
}

const standingOf = async (queries: Parameters<typeof listHoldings>[0], row: IncidentRow) => ({
  kind: row.kind,
  phase: row.status,
  severity: row.severity,
  activeSince: row.acknowledgedAt ?? row.declaredAt,
  holdings: await listHoldings(queries, row.id),
})

/** Looked at again under its lock: whoever took the role meanwhile is not paged over. */
async function pageFor(
  tx: Tx,
  needs: Needs,
  ports: IncidentsPorts,
  { id, rules }: { readonly id: string; readonly rules: readonly VacancyRule[] },
): Promise<void> {
  const incident = await lockIncident(tx, id)
  if (incident === null) return
  const now = await tx.now()
  const known = await listVacancies(tx, id)
  const isKnown = ({ role, since }: Vacancy) => known.some((each) => each.role === role && each.since === since)
  for (const vacancy of vacanciesOf(rules, await standingOf(tx, incident))) {
    if (vacancy.dueAt > now || isKnown(vacancy)) continue
    const paged = await ports.pageRole?.(tx, {
      incident,
      actor,
      key: vacancyKey(id, vacancy),
      rota: vacancy.page,
      message: vacancyMessage(incident, vacancy.role),
    })
    const rota = paged?.rota ?? null
    const because = paged?.because ?? 'There is nobody to page.'
    await insertVacancy(tx, { incidentId: id, role: vacancy.role, since: vacancy.since, rota, because })
    await needs.journal.publish(tx, vacancyPaged, {
      ...entryOf(incident, actor, because),
      data: {
        ...dataOf(incident),
        role: vacancy.role,
        since: formatInstant(vacancy.since),
        ...(rota === null ? {} : { rota }),
      },
    })
  }
}

/** Somebody took it: nobody else is asked any more. */
export async function endVacancyPages(
  needs: Needs,
  ports: IncidentsPorts,
  { incidentId, role }: { readonly incidentId: string; readonly role: IncidentRole },
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    for (const ended of await endVacancies(tx, incidentId, role))
      await ports.endRolePage?.(tx, vacancyKey(incidentId, ended))
  })
}

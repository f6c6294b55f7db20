// A role that nobody holds: what is told and done about it.
import type { JsonObject } from '../../kernel/json.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import type { IncidentData } from './incidents.contract.ts'

export const vacancyPaged = defineEvent<
  IncidentData & { readonly role: string; readonly since: string; readonly rota?: string }
>({ type: 'incident.vacancy-paged', summary: 'Nobody held a role for so long that somebody was paged' })

export const watchVacancies = defineJob<JsonObject>({ kind: 'incidents.watch-vacancies', lane: 'normal' })

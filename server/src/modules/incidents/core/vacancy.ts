// Which role nobody holds for so long that the policy has somebody paged for it. Decided from what stands in the rows, so that it
// is the same however late or often it is asked.
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Severity } from '../../../kernel/severity.ts'
import type { IncidentKind } from './incident-reader.ts'
import type { IncidentPhase } from './lifecycle.ts'
import { type Holding, type IncidentRole, roleInWords } from './roles.ts'

export const rotaKinds = ['policy', 'schedule', 'team'] as const
export interface Rota {
  readonly kind: (typeof rotaKinds)[number]
  readonly name: string
}

export interface VacancyRule {
  readonly role: IncidentRole
  readonly severities: readonly Severity[]
  readonly afterMs: number
  /** Null: the way in which the incident's own team is paged. */
  readonly page: Rota | null
}

export interface Vacancy {
  readonly role: IncidentRole
  readonly since: Instant
  readonly dueAt: Instant
  readonly page: Rota | null
}

export interface VacantIncident {
  readonly kind: IncidentKind
  readonly phase: IncidentPhase
  readonly severity: Severity
  /** When it was said to be one: before, the escalation of its alerts looks for somebody. */
  readonly activeSince: Instant
  readonly holdings: readonly Holding[]
}

/** Roles that somebody is missing in, each by the rule that comes first for it. None of what is no real failure. */
export function vacanciesOf(rules: readonly VacancyRule[], incident: VacantIncident): readonly Vacancy[] {
  if (incident.kind !== 'normal' || incident.phase !== 'active') return []
  const found = new Map<IncidentRole, Vacancy>()
  for (const { role, severities, afterMs, page } of rules) {
    if (!severities.includes(incident.severity) || found.has(role)) continue
    const holdings = incident.holdings.filter((each) => each.role === role)
    if (holdings.some((each) => each.until === null)) continue
    const left = holdings.flatMap((each) => (each.until === null ? [] : [each.until]))
    const since = left.reduce((last, each) => (each > last ? each : last), incident.activeSince)
    found.set(role, { role, since, dueAt: plus(since, afterMs), page })
  }
  return [...found.values()]
}

/** What whoever is paged reads; nothing of the incident that only its readers may know. */
export const vacancyMessage = (
  { number, severity, title }: { readonly number: number; readonly severity: Severity; readonly title: string },
  role: IncidentRole,
): string => `${severity}, nobody is ${roleInWords(role)} of incident ${number}: ${title}`.slice(0, 300)

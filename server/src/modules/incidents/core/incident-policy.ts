// What each severity means, how often people are told, and which incidents are reviewed. Declared as an IncidentPolicy
// named `default`; without one these definitions hold.
import { minute, parseDuration } from '../../../kernel/duration.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import { type Severity, severities } from '../../../kernel/severity.ts'
import { incidentRoles } from './roles.ts'
import { type UpdateAudience, updateAudiences } from './updates.ts'
import { rotaKinds, type VacancyRule } from './vacancy.ts'

export interface SeverityDefinition {
  readonly severity: Severity
  readonly meaning: string
  /** Null: no update is promised. */
  readonly updateEveryMs: number | null
  readonly postmortem: boolean
  /** From so many people on it is proposed at least; null: their number says nothing. */
  readonly peopleAffected: number | null
}

export interface IncidentPolicy {
  /** Worst first, always four. */
  readonly severities: readonly SeverityDefinition[]
  readonly postmortemDueDays: number
  /** What is told to these a second person approves. */
  readonly updateApproval: readonly UpdateAudience[]
  /** Which role is not left vacant, and who is paged for it; nobody unless it is declared. */
  readonly vacancies: readonly VacancyRule[]
}

export const defaultIncidentPolicy: IncidentPolicy = {
  severities: [
    {
      severity: 'SEV1',
      meaning:
        'A promise to most users is broken, data is at risk, or money is lost by the minute. Everybody needed comes.',
      updateEveryMs: 30 * minute,
      postmortem: true,
      peopleAffected: 10_000,
    },
    {
      severity: 'SEV2',
      meaning: 'An important journey fails for many users, or a tier 0 or 1 service burns its budget within hours.',
      updateEveryMs: 60 * minute,
      postmortem: true,
      peopleAffected: 1_000,
    },
    {
      severity: 'SEV3',
      meaning: 'Some users are hurt, or a way around exists. The owning team answers at once.',
      updateEveryMs: 240 * minute,
      postmortem: false,
      peopleAffected: 1,
    },
    {
      severity: 'SEV4',
      meaning: 'No user is hurt yet. It is handled in working hours.',
      updateEveryMs: null,
      postmortem: false,
      peopleAffected: null,
    },
  ],
  postmortemDueDays: 5,
  updateApproval: [],
  vacancies: [],
}

/** Reads a declared policy over the defaults; what is not said stays as it is. */
export function readIncidentPolicy(spec: JsonObject | null): IncidentPolicy {
  if (spec === null) return defaultIncidentPolicy
  const given = objectOf(spec.severities)
  const { postmortemDueDays: days, updateApproval: approval } = spec
  return {
    severities: severities.map((severity, index) => {
      const standard = defaultIncidentPolicy.severities[index] ?? neverDefined
      const said = objectOf(given?.[severity])
      if (said === null) return { ...standard, severity }
      const every = said.updateEvery
      return {
        severity,
        meaning: typeof said.meaning === 'string' ? said.meaning : standard.meaning,
        updateEveryMs:
          every === 'never' ? null : typeof every === 'string' ? parseDuration(every) : standard.updateEveryMs,
        postmortem: typeof said.postmortem === 'boolean' ? said.postmortem : standard.postmortem,
        peopleAffected: typeof said.peopleAffected === 'number' ? said.peopleAffected : standard.peopleAffected,
      }
    }),
    postmortemDueDays: typeof days === 'number' ? days : defaultIncidentPolicy.postmortemDueDays,
    updateApproval: updateAudiences.filter((each) => Array.isArray(approval) && approval.includes(each)),
    vacancies: Array.isArray(spec.vacancies) ? spec.vacancies.flatMap(readVacancy) : [],
  }
}

const usualAfterMs = 10 * minute

function readVacancy(given: JsonValue): readonly VacancyRule[] {
  const said = objectOf(given)
  const role = incidentRoles.find((each) => each === said?.role)
  if (said === null || role === undefined) return []
  const { severities: which, after, page } = said
  const named = objectOf(page)
  const kind = rotaKinds.find((each) => typeof named?.[each] === 'string')
  const name = kind === undefined ? undefined : named?.[kind]
  return [
    {
      role,
      severities: Array.isArray(which) ? severities.filter((each) => which.includes(each)) : ['SEV1', 'SEV2'],
      afterMs: (typeof after === 'string' ? parseDuration(after) : null) ?? usualAfterMs,
      page: kind === undefined || typeof name !== 'string' ? null : { kind, name },
    },
  ]
}

const neverDefined: SeverityDefinition = {
  severity: 'SEV4',
  meaning: '',
  updateEveryMs: null,
  postmortem: false,
  peopleAffected: null,
}

function objectOf(value: JsonValue | undefined): JsonObject | null {
  return value !== undefined && isJsonObject(value) ? value : null
}

// IncidentPolicy: what the severities mean here and what follows from each. There is one, named `default`.
import { Type } from 'typebox'
import { parseDuration } from '../../../kernel/duration.ts'
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts'
import { severities } from '../../../kernel/severity.ts'
import { Name, Text, Words } from '../../../platform/http/schemas.ts'
import type { ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { incidentRoles, rotaKinds, updateAudiences } from '../core/index.ts'

const Definition = Type.Object({
  meaning: Type.Optional(Text(500, 'In words everybody decides the same way by.')),
  updateEvery: Type.Optional(Text(20, 'How often people are told while it is open: `30m`, or `never`.')),
  peopleAffected: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000_000_000,
      description: 'From so many people on it is proposed at least. 10000, 1000 and 1 for SEV1 to SEV3 unless said.',
    }),
  ),
  postmortem: Type.Optional(Type.Boolean({ description: 'Opens a postmortem when such an incident is resolved.' })),
})

export const IncidentPolicySpec = Type.Object({
  severities: Type.Optional(
    Type.Object({
      SEV1: Type.Optional(Definition),
      SEV2: Type.Optional(Definition),
      SEV3: Type.Optional(Definition),
      SEV4: Type.Optional(Definition),
    }),
  ),
  postmortemDueDays: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 60,
      description: 'Working days until a postmortem is to be published. 5 unless said.',
    }),
  ),
  updateApproval: Type.Optional(
    Type.Array(Words(updateAudiences), {
      maxItems: 5,
      description: 'Audiences of updates: what is told to these is proposed, and a second person approves it.',
    }),
  ),
  vacancies: Type.Optional(
    Type.Array(
      Type.Object({
        role: Words(incidentRoles),
        severities: Type.Optional(
          Type.Array(Words(severities), { maxItems: 4, description: 'SEV1, SEV2 unless said.' }),
        ),
        after: Type.Optional(Text(20, 'How long nobody holds it before somebody is paged: `10m` unless said.')),
        page: Type.Optional(
          Type.Object(
            {
              policy: Type.Optional(Name),
              schedule: Type.Optional(Name),
              team: Type.Optional(Name),
            },
            { description: 'One of them. Left out: the one escalation policy of a team of the incident.' },
          ),
        ),
      }),
      {
        maxItems: 20,
        description: 'Roles of an active incident that are not left vacant; the first rule for a role counts.',
      },
    ),
  ),
})

const rotas = { policy: 'EscalationPolicy', schedule: 'Schedule', team: 'Team' } as const

function vacanciesIn({ vacancies }: JsonObject) {
  const given = Array.isArray(vacancies) ? vacancies : []
  return given.flatMap((said, at) => {
    if (!isJsonObject(said)) return []
    const { page } = said
    return [{ said, named: page !== undefined && isJsonObject(page) ? page : null, pointer: `/spec/vacancies/${at}` }]
  })
}

export const policyName = 'default'

export const incidentPolicyKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'IncidentPolicy',
  plural: 'incidentpolicies',
  aliases: ['incidentpolicy'],
  summary: 'What each severity means, how often people are told, which incidents are reviewed',
  order: 90,
  spec: IncidentPolicySpec,
  owner: () => null,
  references: ({ spec }) =>
    vacanciesIn(spec).flatMap(({ named, pointer }) =>
      rotaKinds.flatMap((each) => {
        const name = named?.[each]
        return typeof name === 'string' ? [{ kind: rotas[each], name, pointer: `${pointer}/page/${each}` }] : []
      }),
    ),
  admit: ({ metadata, spec }) => {
    const faults = severities.flatMap((severity) => {
      const all = spec.severities
      const said = all !== undefined && isJsonObject(all) ? all[severity] : undefined
      const every = said !== undefined && isJsonObject(said) ? said.updateEvery : undefined
      return typeof every === 'string' && every !== 'never' && parseDuration(every) === null
        ? [
            {
              pointer: `/spec/severities/${severity}/updateEvery`,
              detail: `"${every}" is no duration. Write 30m, 1h30m or never.`,
            },
          ]
        : []
    })
    for (const { said, named, pointer } of vacanciesIn(spec)) {
      if (typeof said.after === 'string' && parseDuration(said.after) === null)
        faults.push({ pointer: `${pointer}/after`, detail: `"${said.after}" is no duration. Write 10m or 1h.` })
      if (named !== null && rotaKinds.filter((each) => named[each] !== undefined).length !== 1)
        faults.push({ pointer: `${pointer}/page`, detail: 'Name one of policy, schedule and team.' })
    }
    if (metadata.name !== policyName)
      faults.push({ pointer: '/metadata/name', detail: `There is one policy, and its name is "${policyName}".` })
    return { faults, warnings: [] }
  },
}

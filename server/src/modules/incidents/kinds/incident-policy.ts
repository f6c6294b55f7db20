// IncidentPolicy: what the severities mean here and what follows from each. There is one, named `default`.
import { Type } from 'typebox'
import { parseDuration } from '../../../kernel/duration.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { severities } from '../../../kernel/severity.ts'
import { Text, Words } from '../../../platform/http/schemas.ts'
import type { ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { updateAudiences } from '../core/index.ts'

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
})

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
  references: () => [],
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
    if (metadata.name !== policyName)
      faults.push({ pointer: '/metadata/name', detail: `There is one policy, and its name is "${policyName}".` })
    return { faults, warnings: [] }
  },
}

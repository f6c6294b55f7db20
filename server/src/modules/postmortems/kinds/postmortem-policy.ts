// PostmortemPolicy: when reviews are due, who must look at them, and how public versions leave. There is one, `default`.
import { Type } from 'typebox'
import { isJsonObject } from '../../../kernel/json.ts'
import { severities } from '../../../kernel/severity.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { Name, Text } from '../../../platform/http/schemas.ts'
import type { ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { findResource } from '../../catalog/index.ts'
import { type PostmortemPolicy, readPostmortemPolicy } from '../core/index.ts'

const Rule = Type.Object({
  dueDays: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 60, description: 'Working days; as the IncidentPolicy says unless said.' }),
  ),
  review: Type.Optional(
    Type.Object({
      reviewers: Type.Optional(
        Type.Array(Name, { maxItems: 50, description: 'Names of Person objects who are asked.' }),
      ),
      team: Type.Optional(Name),
      quorum: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 50,
          description: 'Approvals without which it is not published. 1 when somebody is named, else 0.',
        }),
      ),
    }),
  ),
})

export const PostmortemPolicySpec = Type.Object({
  organisation: Type.Optional(Text(120, 'At the head of what is printed or public.')),
  publicBySecond: Type.Optional(
    Type.Boolean({
      description: 'A public version is let out by somebody else than who prepared it. True unless said.',
    }),
  ),
  budgetShare: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      description:
        'Opens a postmortem, however severe the incident was, when it spent this share of the budget of an objective: 0.2.',
    }),
  ),
  nearMissTier: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 4,
      description:
        'Opens a postmortem, however severe the incident was, when 0 people were affected and it touched a service of this tier or a more important one.',
    }),
  ),
  escalation: Type.Optional(
    Type.Object({
      afterDays: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 60,
          description: 'Working days after which what is late is told to those above, too; 3 unless said.',
        }),
      ),
      to: Type.Optional(
        Type.Array(Name, {
          maxItems: 10,
          description: 'Names of Person objects; the lead of the team that owns the service unless said.',
        }),
      ),
    }),
  ),
  calendars: Type.Optional(
    Type.Object({
      teams: Type.Optional(
        Type.Record(Type.String({ maxLength: 63 }), Name, {
          description: 'For each team the Schedule whose holidays are no working days.',
        }),
      ),
      everyone: Type.Optional(Name),
    }),
  ),
  severities: Type.Optional(
    Type.Object({
      SEV1: Type.Optional(Rule),
      SEV2: Type.Optional(Rule),
      SEV3: Type.Optional(Rule),
      SEV4: Type.Optional(Rule),
    }),
  ),
})

const policyName = 'default'

const ruleIn = (spec: Readonly<Record<string, unknown>>, severity: string) => {
  const all = isJsonObject(spec.severities) ? spec.severities[severity] : undefined
  const review = isJsonObject(all) ? all.review : undefined
  return isJsonObject(review) ? review : null
}

const escalatedTo = (spec: Readonly<Record<string, unknown>>): readonly string[] => {
  const to = isJsonObject(spec.escalation) ? spec.escalation.to : undefined
  return Array.isArray(to) ? to.filter((each) => typeof each === 'string') : []
}

const schedulesIn = (spec: Readonly<Record<string, unknown>>) => {
  const calendars = isJsonObject(spec.calendars) ? spec.calendars : {}
  const teams = isJsonObject(calendars.teams) ? Object.entries(calendars.teams) : []
  return [
    ...teams.map(([team, name]) => ({ name, pointer: `/spec/calendars/teams/${team}` })),
    { name: calendars.everyone, pointer: '/spec/calendars/everyone' },
  ].flatMap(({ name, pointer }) => (typeof name === 'string' ? [{ name, pointer }] : []))
}

export const postmortemPolicyKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'PostmortemPolicy',
  plural: 'postmortempolicies',
  aliases: ['postmortempolicy'],
  summary: 'When postmortems are due, who must review them, and how public versions leave',
  order: 91,
  spec: PostmortemPolicySpec,
  owner: () => null,
  references: ({ spec }) => [
    ...severities.flatMap((severity) => {
      const { reviewers, team } = ruleIn(spec, severity) ?? {}
      const at = `/spec/severities/${severity}/review`
      const people = Array.isArray(reviewers) ? reviewers.filter((each) => typeof each === 'string') : []
      return [
        ...people.map((name, index) => ({ kind: 'Person', name, pointer: `${at}/reviewers/${index}` })),
        ...(typeof team === 'string' ? [{ kind: 'Team', name: team, pointer: `${at}/team` }] : []),
      ]
    }),
    ...escalatedTo(spec).map((name, index) => ({ kind: 'Person', name, pointer: `/spec/escalation/to/${index}` })),
    ...schedulesIn(spec).map(({ name, pointer }) => ({ kind: 'Schedule', name, pointer })),
  ],
  admit: ({ metadata, spec }) => {
    const faults = severities.flatMap((severity) => {
      const review = ruleIn(spec, severity)
      const { reviewers, quorum, team } = review ?? {}
      return Array.isArray(reviewers) &&
        team === undefined &&
        reviewers.length > 0 &&
        typeof quorum === 'number' &&
        quorum > reviewers.length
        ? [
            {
              pointer: `/spec/severities/${severity}/review/quorum`,
              detail: `${quorum} approvals cannot come from ${reviewers.length} reviewers.`,
            },
          ]
        : []
    })
    if (metadata.name !== policyName)
      faults.push({ pointer: '/metadata/name', detail: `There is one policy, and its name is "${policyName}".` })
    return { faults, warnings: [] }
  },
}

export async function readPolicyOfReviews(queries: Queries): Promise<PostmortemPolicy> {
  const stored = await findResource(queries, { kind: 'PostmortemPolicy', name: policyName })
  return readPostmortemPolicy(stored?.document.spec ?? null)
}

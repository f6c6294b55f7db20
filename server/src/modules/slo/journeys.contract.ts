// Names of `slo` that leave: journeys, and what can be promised at most.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Name, Nullable, Ratio, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { journeyModes, missingPolicies } from './core/journey.ts'
import { objectiveStates, shownStates } from './slo.contract.ts'

const Count = Type.Integer({ minimum: 0 })
const Share = Nullable(Type.Number({ description: 'A share; null when it is not known.' }))
const ceilingStates = ['fits', 'unknown', 'above-promised', 'above-measured'] as const

export const JourneyMemberView = Type.Object(
  {
    kind: Words(['objective', 'journey', 'any-of']),
    name: Type.String({ description: 'Of the objective or journey; of redundant objectives their names.' }),
    displayName: Type.String(),
    service: Nullable(Type.String()),
    depth: Type.Integer({ minimum: 0, description: '0: its own member. 1 and more: a part of the member before it.' }),
    weight: Type.Number(),
    use: Type.Number({ description: 'Share of the journeys that pass through it.' }),
    need: Nullable(Type.Integer({ description: 'How many of the parts that follow are enough.' })),
    target: Share,
    attainment: Share,
    attainmentText: Type.String({ description: '`99.83 %`, cut and never rounded up; `not known`.' }),
    state: Words(objectiveStates),
    remainingRatio: Share,
    measuredRatio: Share,
    worst: Type.Boolean({ description: 'No other member did worse.' }),
    badSteps: Count,
    aloneSteps: Type.Integer({ minimum: 0, description: 'Of those, while no other member failed.' }),
  },
  { title: 'JourneyMember' },
)
export type JourneyMemberView = Static<typeof JourneyMemberView>

export const CeilingView = Type.Object(
  {
    state: Words(ceilingStates),
    promised: Nullable(
      Type.Number({ description: 'What all that is needed promises together; null when one does not.' }),
    ),
    measured: Nullable(Type.Number({ description: 'What it did together over the window.' })),
    sentence: Nullable(Type.String()),
  },
  { title: 'TargetCeiling', description: 'It assumes that failures are independent of each other.' },
)
export type CeilingView = Static<typeof CeilingView>

const summary = {
  name: Name,
  displayName: Type.String(),
  source: Words(['JourneyObjective', 'SLO']),
  journey: Nullable(Type.String({ description: 'The Journey of the catalog.' })),
  team: Nullable(Type.String()),
  target: Nullable(Ratio),
  targetText: Nullable(Type.String({ description: 'Exactly as promised, in percent.' })),
  windowMs: Count,
  mode: Words(journeyModes),
  missing: Words(missingPolicies),
  state: Words(shownStates, '`expired`: its promise ended, and nothing worse is to be said.'),
  since: Nullable(Time),
  asOf: Nullable(Time),
  sentence: Type.String(),
  review: Words(['none', 'upcoming', 'due', 'overdue'], 'Whether somebody is asked to look at it again.'),
  expiresAt: Nullable(Time),
  attainment: Share,
  remainingRatio: Nullable(Type.Number({ description: 'Of its budget; below 0 when overspent.' })),
  weighted: Share,
  product: Nullable(Type.Number({ description: 'Of its members: what users see who need them all.' })),
  worst: Share,
  joint: Nullable(Type.Number({ description: 'Share of the time in which no member failed.' })),
}

export const JourneySummary = Type.Object(summary, { title: 'JourneyObjectiveSummary' })
export type JourneySummary = Static<typeof JourneySummary>

export const Journey = Type.Object(
  {
    ...summary,
    description: Type.String(),
    stepMs: Type.Integer({ minimum: 0, description: 'Members are seen together in steps of this length.' }),
    steps: Type.Object(
      { good: Count, bad: Count, unknown: Count, idle: Count },
      { title: 'JourneySteps', description: 'Steps of the window in which all was well, any member failed, …' },
    ),
    texts: Type.Object(
      {
        attainment: Type.String(),
        weighted: Type.String(),
        product: Type.String(),
        worst: Type.String(),
        joint: Type.String(),
      },
      { title: 'JourneyTexts', description: 'The shares as they are to be read: cut, never rounded up.' },
    ),
    ceiling: CeilingView,
    members: Type.Array(JourneyMemberView),
  },
  { title: 'JourneyObjective' },
)
export type JourneyReply = Static<typeof Journey>

export const mostJourneys = 200

export const listJourneys = operation({
  id: 'journey-objectives.list',
  method: 'GET',
  path: '/api/v1/journey-objectives',
  summary: 'Journeys with what they came to, as of the last evaluation',
  description: `At most ${mostJourneys} are declared. Evaluated every minute.`,
  reply: Type.Object({ items: Type.Array(JourneySummary) }),
})

export const readJourney = operation({
  id: 'journey-objectives.read',
  method: 'GET',
  path: '/api/v1/journey-objectives/{name}',
  summary: 'One journey: members, weights, worst, product beside mean, ceiling',
  description: 'Evaluated anew from the slices of its members.',
  params: Type.Object({ name: Name }),
  reply: Journey,
  errors: ['slo.unknown-journey'],
})

export const readCeiling = operation({
  id: 'objectives.ceiling',
  method: 'GET',
  path: '/api/v1/objectives/{name}/ceiling',
  summary: 'Whether the target can be kept with the services it depends on',
  description:
    'Of each hard dependency of the service the best promise of availability counts, and what was measured of it. Soft dependencies are listed and left out.',
  params: Type.Object({ name: Name }),
  reply: Type.Object(
    {
      target: Ratio,
      ceiling: CeilingView,
      dependencies: Type.Array(
        Type.Object(
          {
            service: Name,
            strength: Words(['hard', 'soft']),
            objective: Nullable(Type.String()),
            target: Nullable(Ratio),
            targetText: Nullable(Type.String()),
            attainment: Nullable(Type.Number({ description: 'Over its own window.' })),
          },
          { title: 'CeilingDependency' },
        ),
      ),
    },
    { title: 'ObjectiveCeiling' },
  ),
  errors: ['slo.unknown-objective'],
})

export type JourneyChangedData = {
  readonly journey: string
  readonly from: string | null
  readonly to: string
  readonly attainment: number | null
  readonly remaining: number | null
  readonly sentence: string
} & JsonObject

export const journeyStateChanged = defineEvent<JourneyChangedData>({
  type: 'journey.state-changed',
  summary: 'A journey became ok, burning, exhausted, unmeasured or idle',
})

export const evaluateJourneys = defineJob({ kind: 'slo.evaluate-journeys', lane: 'bulk', leaseMs: 60_000 })

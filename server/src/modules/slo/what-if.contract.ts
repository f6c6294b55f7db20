// Names of `slo` that leave: questions that change nothing, of another definition and for another engine.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Name, Nullable, Ratio, Time, Words } from '../../platform/http/schemas.ts'

const params = Type.Object({ name: Name })
const Millis = Type.Integer({ minimum: 0 })
const Positive = Type.Integer({ minimum: 1_000 })

export const TierOrder = Type.Object(
  {
    level: Words(['page', 'ticket']),
    longMs: Positive,
    shortMs: Positive,
    threshold: Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 }),
  },
  { title: 'BurnTierOrder' },
)

const PastAlert = Type.Object(
  { level: Words(['page', 'ticket']), tier: Type.String(), firedAt: Time, endedAt: Nullable(Time) },
  { title: 'PastAlert' },
)

export const BackTestOutcome = Type.Object(
  {
    target: Ratio,
    windowMs: Millis,
    indicator: Nullable(Type.Number({ description: 'Of the last window, in the units of the method.' })),
    totalBad: Type.Number(),
    spentBad: Type.Number(),
    remainingRatio: Nullable(Type.Number()),
    worst: Nullable(Type.Object({ remainingRatio: Type.Number(), at: Time })),
    exhaustedMs: Type.Integer({ description: 'How long the budget was overspent.' }),
    pages: Type.Integer(),
    tickets: Type.Integer(),
    alerts: Type.Array(PastAlert, { description: 'The first 200.' }),
    tiers: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          level: Words(['page', 'ticket']),
          longMs: Millis,
          shortMs: Millis,
          threshold: Type.Number(),
          share: Type.Number(),
          note: Nullable(Type.String()),
          detectsOutageMs: Nullable(Type.Integer({ description: 'From the beginning of a total outage.' })),
          resetsMs: Nullable(Type.Integer({ description: 'After the end of one.' })),
        },
        { title: 'BackTestTier' },
      ),
    ),
    refused: Type.Array(Type.String(), { description: 'Tiers that could never fire.' }),
  },
  { title: 'BackTestOutcome' },
)
export type BackTestOutcome = Static<typeof BackTestOutcome>

export const backTest = operation({
  id: 'objectives.back-test',
  method: 'POST',
  path: '/api/v1/objectives/{name}/back-test',
  summary: 'What another definition would have said of the past',
  description:
    'Judges the stored counts with the present and with the proposed definition. Nothing is changed. Up to 35 days, as far as counts are kept.',
  params,
  body: Type.Object({
    target: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 })),
    windowMs: Type.Optional(Positive),
    sliceTarget: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'For timeslices.' })),
    tiers: Type.Optional(Type.Array(TierOrder, { minItems: 1, maxItems: 12 })),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  }),
  reply: Type.Object({
    from: Time,
    to: Time,
    measuredRatio: Type.Number({ description: 'Share of the range that was measured.' }),
    current: BackTestOutcome,
    proposed: BackTestOutcome,
    incidents: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          label: Type.String(),
          from: Time,
          to: Time,
          currentAfterMs: Nullable(Type.Integer({ description: 'Until it paged; null when it did not.' })),
          proposedAfterMs: Nullable(Type.Integer()),
        },
        { title: 'BackTestIncident' },
      ),
    ),
  }),
  errors: ['slo.unknown-objective', 'slo.bad-proposal', 'telemetry.bad-range'],
})

export const exportRules = operation({
  id: 'objectives.prometheus-rules',
  method: 'GET',
  path: '/api/v1/objectives/{name}/prometheus-rules',
  summary: 'Recording and alert rules for a Prometheus server, right as sums of events',
  params,
  reply: Type.Object({
    yaml: Type.String({ description: 'A rule file.' }),
    warnings: Type.Array(Type.String()),
  }),
  errors: ['slo.unknown-objective', 'slo.no-prometheus-rules'],
})

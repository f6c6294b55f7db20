// Every name about anomalies that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { SignalServiceName } from './signals.contract.ts'

export const anomalySignals = ['traffic', 'errors', 'latency'] as const
export type AnomalySignal = (typeof anomalySignals)[number]
export const anomalyEnds = ['back', 'learnt', 'unmeasured', 'gone'] as const
export type AnomalyEnd = (typeof anomalyEnds)[number]

const Signal = Words(
  anomalySignals,
  'traffic: events a minute. errors: the share that failed. latency: how long nine of ten requests took at most; of an objective, the share that was too slow.',
)
const Objective = Nullable(Type.String({ description: 'Whose counts it was read from; null: the golden signals.' }))

export const Anomaly = Type.Object(
  {
    id: Id,
    service: Type.String(),
    signal: Signal,
    objective: Objective,
    sentence: Type.String({ description: 'What is unusual: "Traffic: 3.1× the usual Saturday 02:00 (…)".' }),
    value: Type.Number({ description: 'Events a minute, a share, or milliseconds.' }),
    usual: Type.Number(),
    score: Type.Number({ description: 'From 0.5, the threshold, to 1.' }),
    startedAt: Time,
    endedAt: Nullable(Time),
    endedBecause: Nullable(
      Words(
        anomalyEnds,
        'back: as usual again. learnt: it lasted ten hours, so it is held to be usual. unmeasured, gone: nobody knows.',
      ),
    ),
    alerted: Type.Boolean({ description: 'An AnomalyWatch made it an alert.' }),
  },
  { title: 'Anomaly' },
)
export type Anomaly = Static<typeof Anomaly>

export const listAnomalies = operation({
  id: 'anomalies.list',
  method: 'GET',
  path: '/api/v1/anomalies',
  summary: 'What is or was unusual for services, newest first',
  description: 'Hints, no alarms: they page nobody unless an AnomalyWatch says so. Kept for 90 days.',
  query: Type.Object({
    ...PageQuery,
    service: Type.Optional(SignalServiceName),
    signal: Type.Optional(Words(anomalySignals)),
    state: Type.Optional(Words(['open', 'ended'])),
    from: Type.Optional(Type.String({ format: 'date-time', description: 'Those that lasted beyond this.' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Those that began before this.' })),
  }),
  reply: Page(Anomaly),
})

export const WatchedSeries = Type.Object(
  {
    service: Type.String(),
    signal: Signal,
    objective: Objective,
    mode: Words(['alert', 'hint', 'off']),
    timeZone: Type.String(),
    steps: Type.Integer({ description: 'Steps of five minutes it has learnt from.' }),
    learning: Type.Boolean({ description: 'Nothing is told yet: fewer than 180 steps, 15 hours, were measured.' }),
    lastAt: Nullable(Time),
  },
  { title: 'WatchedSeries' },
)
export type WatchedSeries = Static<typeof WatchedSeries>

export const listWatchedSeries = operation({
  id: 'anomalies.series',
  method: 'GET',
  path: '/api/v1/anomalies/series',
  summary: 'What is watched for anomalies, and how much of it is learnt',
  query: Type.Object({ ...PageQuery, service: Type.Optional(SignalServiceName) }),
  reply: Page(WatchedSeries),
})

export type AnomalyBeganData = {
  readonly service: string
  readonly signal: AnomalySignal
  readonly objective: string | null
  readonly sentence: string
  readonly value: number
  readonly usual: number
  readonly startedAt: string
  /** Null: a hint, nobody is told. */
  readonly alert: 'info' | 'warning' | null
} & JsonObject
export const anomalyBegan = defineEvent<AnomalyBeganData>({
  type: 'anomaly.began',
  summary: 'A signal of a service left what is usual for it',
})

export type AnomalyEndedData = {
  readonly service: string
  readonly signal: AnomalySignal
  readonly objective: string | null
  readonly sentence: string
  readonly because: AnomalyEnd
  readonly endedAt: string
  readonly alerted: boolean
} & JsonObject
export const anomalyEnded = defineEvent<AnomalyEndedData>({
  type: 'anomaly.ended',
  summary: 'A signal of a service is as usual again, or what it became is learnt',
})

export const findAnomaliesJob = defineJob({ kind: 'telemetry.find-anomalies', lane: 'bulk', leaseMs: 60_000 })

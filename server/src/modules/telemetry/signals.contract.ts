// Golden signals of services: what leaves the room.
import { type Static, Type } from 'typebox'
import { minute } from '../../kernel/duration.ts'
import { operation } from '../../platform/http/operation.ts'
import { Nullable, Ratio, Time, Words } from '../../platform/http/schemas.ts'

/** A service that tells of itself has the name that it says, declared or not. */
export const SignalServiceName = Type.String({ minLength: 1, maxLength: 100 })
export const mostSignalPoints = 1_500

const Count = Type.Integer({ minimum: 0 })

const SignalPercentile = Type.Object(
  {
    seconds: Nullable(
      Type.Number({ description: 'Off by the smallest share at worst. Null: above every edge there is.' }),
    ),
    low: Type.Number({ description: 'The exact percentile is not below this.' }),
    high: Nullable(Type.Number({ description: 'Nor above this; null when its bucket has no upper edge.' })),
    error: Nullable(Ratio),
  },
  {
    title: 'SignalPercentile',
    description:
      'In seconds, by nearest rank. `error`: how far `seconds` may be from the exact one, as a share of that.',
  },
)

export const SignalPoint = Type.Object(
  {
    start: Time,
    state: Words(
      ['measured', 'partial', 'gap'],
      'gap: nobody told of its traffic. partial: somebody told of a part of it, and what stands here is of that part.',
    ),
    measuredMs: Type.Integer({ description: 'How much of the step was told of.' }),
    traffic: Nullable(
      Type.Object({ requests: Count, perSecond: Type.Number({ description: 'Over the time that was measured.' }) }),
    ),
    errors: Nullable(
      Type.Object(
        {
          count: Count,
          judged: Type.Integer({ minimum: 0, description: 'Requests that say how they ended.' }),
          ratio: Nullable(Ratio),
        },
        { description: 'Null when there were requests and none says how it ended.' },
      ),
    ),
    latency: Nullable(Type.Object({ p50: SignalPercentile, p90: SignalPercentile, p99: SignalPercentile })),
    saturation: Nullable(
      Type.Object(
        {
          highest: Ratio,
          of: Words(['cpu', 'memory', 'loop', 'pool']),
          all: Type.Record(Type.String(), Type.Number()),
        },
        { description: 'The fullest that was told; 1 is full. loop: the event loop. pool: connections.' },
      ),
    ),
  },
  { title: 'SignalPoint' },
)
export type SignalPoint = Static<typeof SignalPoint>

export const SignalStanding = Type.Object(
  {
    signal: Words(['traffic', 'errors', 'latency', 'saturation']),
    state: Words(['told', 'silent', 'never'], 'silent: nothing came for more than five minutes.'),
    lastAt: Nullable(Time),
    sentence: Type.String(),
  },
  { title: 'SignalStanding' },
)
export type SignalStanding = Static<typeof SignalStanding>

export const ServiceSignals = Type.Object(
  {
    service: Type.String(),
    from: Time,
    to: Time,
    stepMs: Type.Integer(),
    resolution: Words(['minute', 'hour']),
    lastAt: Nullable(Time),
    signals: Type.Array(SignalStanding),
    bound: Type.String({ description: 'How exact the percentiles are, in words.' }),
    findings: Type.Array(
      Type.Object({ kind: Type.String(), count: Type.Integer(), lastAt: Time, sentence: Type.String() }),
    ),
    points: Type.Array(SignalPoint),
  },
  { title: 'ServiceSignals' },
)
export type ServiceSignals = Static<typeof ServiceSignals>

export const readSignals = operation({
  id: 'telemetry.signals',
  method: 'GET',
  path: '/api/v1/services/{name}/signals',
  summary: 'Golden signals of a service: traffic, errors, latency and saturation',
  description: `At most ${mostSignalPoints} points. A step that nobody told of is a gap, not a zero.`,
  params: Type.Object({ name: SignalServiceName }),
  query: Type.Object({
    from: Time,
    to: Time,
    step: Type.Optional(
      Type.Integer({ minimum: minute, description: 'Milliseconds; whole minutes. What fits a chart unless said.' }),
    ),
  }),
  reply: ServiceSignals,
  errors: ['telemetry.unknown-service', 'telemetry.bad-range'],
})

// Coverage and cost: what leaves the room.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Name, Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { coverageColumns } from './core/index.ts'
import { SignalServiceName } from './signals.contract.ts'

const Cell = Type.Object(
  {
    column: Words(coverageColumns),
    state: Words(['present', 'silent', 'missing'], 'silent: it was told once, and not for five minutes now.'),
    lastAt: Nullable(Time),
    sentence: Type.String(),
  },
  { title: 'CoverageCell' },
)

const Cost = Type.Object(
  {
    amount: Type.Number(),
    currency: Type.String(),
  },
  { title: 'SampleCost', description: 'By MAINSTAY_SAMPLE_PRICE; what you pay, not what Mainstay charges.' },
)

const UsedDay = Type.Object(
  {
    day: Time,
    whole: Type.Boolean({ description: 'The day is over. Else it is counted so far, up to five minutes behind.' }),
    samples: Type.Integer(),
    series: Type.Integer({ description: 'Different ones in the day; beyond 64 of a metric within some 5 %.' }),
    cost: Nullable(Cost),
  },
  { title: 'UsedDay' },
)

export const ServiceCoverage = Type.Object(
  {
    service: Type.String(),
    displayName: Type.String(),
    declared: Type.Boolean({ description: 'It stands in the catalog; else only its telemetry speaks of it.' }),
    team: Nullable(Type.String()),
    tier: Nullable(Type.Integer()),
    cells: Type.Array(Cell),
    missing: Type.Integer({
      description: 'Cells that are not present; traces, which Mainstay does not take in, do not count.',
    }),
    lastAt: Nullable(Time),
    usage: Nullable(UsedDay),
    storedBytes: Type.Integer({ description: 'What its signals of the last 24 hours take in the database, about.' }),
  },
  { title: 'ServiceCoverage' },
)
export type ServiceCoverage = Static<typeof ServiceCoverage>

export const listCoverage = operation({
  id: 'telemetry.coverage',
  method: 'GET',
  path: '/api/v1/telemetry/coverage',
  summary: 'Which service lacks which signal, since when, and what its telemetry costs',
  query: Type.Object({
    ...PageQuery,
    search: Type.Optional(Type.String({ maxLength: 100 })),
    team: Type.Optional(Name),
    missing: Type.Optional(Words([...coverageColumns, 'any'], 'Only services that lack this.')),
    sort: Type.Optional(Words(['name', 'missing', 'samples'], 'By name unless said.')),
  }),
  reply: Type.Object({
    ...Page(ServiceCoverage).properties,
    summary: Type.Object({
      services: Type.Integer({ description: 'That match, without `missing`.' }),
      complete: Type.Integer(),
      missing: Type.Array(Type.Object({ column: Words(coverageColumns), services: Type.Integer() })),
      samples: Type.Integer({ description: 'Of the day shown with each service.' }),
      cost: Nullable(Cost),
    }),
  }),
})

const Finding = Type.Object(
  { code: Type.String(), about: Type.String(), example: Type.String(), sentence: Type.String() },
  { title: 'MetricFinding' },
)

export const readCoverage = operation({
  id: 'telemetry.service-coverage',
  method: 'GET',
  path: '/api/v1/services/{name}/coverage',
  summary: 'What one service sends, metric by metric, and what is odd about it',
  description: 'Metrics of the newest day within eight, most samples first; at most 500.',
  params: Type.Object({ name: SignalServiceName }),
  reply: Type.Object(
    {
      ...ServiceCoverage.properties,
      metrics: Type.Array(
        Type.Object(
          {
            name: Type.String(),
            kind: Type.String(),
            unit: Type.String(),
            samples: Type.Integer(),
            series: Type.Integer(),
            share: Type.Number({ description: 'Of the samples of the service.' }),
            lastAt: Time,
            findings: Type.Array(Finding),
          },
          { title: 'MetricUsage' },
        ),
      ),
    },
    { title: 'ServiceCoverageDetail' },
  ),
  errors: ['telemetry.unknown-service'],
})

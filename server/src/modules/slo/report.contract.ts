// Names of `slo` that leave: what was attained in a period.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Name, Nullable, Ratio, Time, Words } from '../../platform/http/schemas.ts'
import { periodKinds } from './core/attainment.ts'

const Count = Type.Integer({ minimum: 0 })
const verdicts = ['met', 'missed', 'unknown'] as const

export const ReportRow = Type.Object(
  {
    objective: Name,
    displayName: Type.String(),
    service: Type.String(),
    team: Nullable(Type.String()),
    tier: Nullable(Type.Integer()),
    target: Ratio,
    targetText: Type.String({ description: 'Exactly as promised, in percent: `99.9`.' }),
    attained: Nullable(Type.Number({ description: 'Good share; null when nothing is known.' })),
    attainedText: Type.String({ description: '`99.942 %`, cut and never rounded up; `not known`.' }),
    verdict: Words(verdicts, '`unknown`: nothing happened, or less than nine tenths of the time was measured.'),
    good: Count,
    bad: Count,
    badMinutes: Type.Number({ description: 'Time in which a smaller share was good than is promised.' }),
    unknownMinutes: Type.Number({ description: 'Time of which nothing is known.' }),
    measuredRatio: Nullable(Type.Number({ description: 'Of the time that was expected; null when none was.' })),
  },
  { title: 'SloReportRow' },
)
export type ReportRow = Static<typeof ReportRow>

const Group = Type.Object(
  {
    key: Type.String({ description: 'Empty for what has no team or tier.' }),
    objectives: Count,
    met: Count,
    missed: Count,
    unknown: Count,
    badMinutes: Type.Number(),
    unknownMinutes: Type.Number(),
    pages: Type.Integer({ description: 'Pages of its services in the period, whatever they were about.' }),
  },
  { title: 'SloReportGroup' },
)

export const ReportQuery = Type.Object({
  period: Type.Optional(Words(periodKinds, '`month` unless said. `trailing`: so many `days` up to `at`.')),
  zone: Type.Optional(
    Type.String({ maxLength: 60, description: 'IANA zone in which periods begin; UTC unless said.' }),
  ),
  at: Type.Optional(Time),
  ago: Type.Optional(Type.Integer({ minimum: 0, maximum: 60, description: '1: the period before.' })),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 400, description: 'Of a trailing period; 30 unless said.' })),
  service: Type.Optional(Name),
  team: Type.Optional(Name),
  tier: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
})
export type ReportAsked = Static<typeof ReportQuery>

export const mostReported = 300

export const SloReport = Type.Object(
  {
    period: Type.Object({
      kind: Words(periodKinds),
      start: Time,
      end: Time,
      zone: Type.String(),
      running: Type.Boolean(),
    }),
    madeAt: Time,
    rows: Type.Array(ReportRow),
    services: Type.Array(Group),
    teams: Type.Array(Group),
    tiers: Type.Array(Group),
    total: Group,
    notes: Type.Array(Type.String(), { description: 'What a reader must know of these numbers.' }),
  },
  { title: 'SloReport' },
)
export type SloReport = Static<typeof SloReport>

export const readReport = operation({
  id: 'slo-report.read',
  method: 'GET',
  path: '/api/v1/slo-report',
  summary: 'What objectives attained in a week, month, quarter, year or trailing period; by service, team and tier',
  description: `From slices and their roll-up, exactly; what was not measured is never good. A trailing period begins at a quarter of an hour. At most ${mostReported} objectives. As comma-separated values: /api/v1/slo-report.csv.`,
  query: ReportQuery,
  reply: SloReport,
  errors: ['slo.bad-period', 'slo.report-too-large'],
})

export const reportErrors = [
  { code: 'slo.bad-period', summary: 'The zone is none, or the period lies in the future.' },
  {
    code: 'slo.report-too-large',
    summary: 'More objectives than one report holds; narrow it by service, team or tier.',
  },
] as const

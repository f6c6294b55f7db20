// What alerts were worth: a word from whoever took them, and what they cost by rule, service and team.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Id, Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import type { AlertData } from './alert-data.ts'

export const Useful = Type.Boolean({
  description: 'Whether it was worth telling people of: true when something had to be done, false for noise.',
})

export const AlertRating = Type.Object(
  { id: Id, useful: Nullable(Type.Boolean()), by: Nullable(Type.String()), at: Nullable(Time) },
  { title: 'AlertRating' },
)

export const rateAlert = operation({
  id: 'alerts.rate',
  method: 'POST',
  path: '/api/v1/alerts/{id}/rating',
  summary: 'Say whether an alert was worth it, open or over; null takes it back',
  params: Type.Object({ id: Id }),
  body: Type.Object({ useful: Nullable(Useful) }),
  reply: AlertRating,
  errors: ['alerts.unknown'],
})

export const qualityKeys = ['rule', 'service', 'team'] as const
export type QualityKey = (typeof qualityKeys)[number]

const counts = {
  alerts: Type.Integer({ description: 'Episodes that began in the span.' }),
  pages: Type.Integer({ description: 'Those people were told of.' }),
  pagesForNothing: Type.Integer({
    description: 'Told of, and rated as noise or over before anybody answered (unless rated useful).',
  }),
  pagesAfterHours: Type.Integer({
    description: 'Told outside Monday to Friday, 08:00 to 18:00, in the zone asked for.',
  }),
  ended: Type.Integer(),
  selfHealed: Type.Integer({ description: 'Over by themselves, unanswered.' }),
  useful: Type.Integer({ description: 'Rated useful.' }),
  noise: Type.Integer({ description: 'Rated as noise.' }),
  openMs: Type.Integer({ description: 'How long they were open, added up, up to the end of the span.' }),
  critical: Type.Integer(),
  criticalWithRunbook: Type.Integer(),
  criticalWithTeam: Type.Integer(),
}
export const QualityCounts = Type.Object(counts, { title: 'AlertQualityCounts' })
export const QualityRow = Type.Object(
  {
    name: Nullable(Type.String({ description: 'Null for alerts that name none.' })),
    ...counts,
    lastAt: Time,
  },
  { title: 'AlertQualityRow' },
)
export type QualityRow = Static<typeof QualityRow>

export const readQuality = operation({
  id: 'alerts.quality',
  method: 'GET',
  path: '/api/v1/alert-quality',
  summary: 'Noise and toil by rule, service or team, the worst first',
  description: 'Counts what ended since the upgrade that brought it, and what is open.',
  query: Type.Object({
    by: Type.Optional(Words(qualityKeys)),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
    zone: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$',
        maxLength: 64,
        description: 'For what is after hours (default UTC).',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  }),
  reply: Type.Object(
    {
      by: Words(qualityKeys),
      from: Time,
      to: Time,
      total: QualityCounts,
      items: Type.Array(QualityRow, { description: '100 unless asked for more.' }),
      more: Type.Boolean(),
      quiet: Type.Array(Type.Object({ rule: Type.String(), lastAt: Time }), {
        description: 'Rules that fired once and not for 90 days, the longest silent first (100 at most).',
      }),
    },
    { title: 'AlertQuality' },
  ),
  errors: ['alerts.quality-span', 'alerts.unknown-zone'],
})

export const alertRated = defineEvent<AlertData & { readonly useful: boolean | null; readonly by: string }>({
  type: 'alert.rated',
  summary: 'Somebody said whether the alert was worth it',
})

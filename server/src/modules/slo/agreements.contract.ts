// Names of `slo` that leave: service-level agreements, how their periods stand, and what is handed to a customer.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Name, Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { agreementPeriods } from './core/agreement.ts'

export const mostAgreements = 500
/** Of a year: more would not be read. The sums are over all of them. */
export const mostOutages = 200

const Money = Type.Object(
  { amount: Type.String({ description: 'Exact: `120.00`.' }), currency: Type.String() },
  { title: 'Money' },
)
const Minutes = Type.Number({ minimum: 0 })
const verdicts = ['kept', 'missed', 'open'] as const

const Credit = Type.Object(
  {
    percentText: Type.String({ description: 'Of the fee, after the cap: `10`.' }),
    belowText: Nullable(Type.String({ description: 'Due because less was attained; null: none is.' })),
    amount: Nullable(Money),
    capped: Type.Boolean(),
    text: Type.String({ description: '`10 % of the fee, 120.00 EUR (cap)`; `none`.' }),
  },
  { title: 'AgreementCredit' },
)

export const AgreementTerms = Type.Object(
  {
    customer: Type.String(),
    subject: Type.Object({ kind: Words(['objective', 'journey']), name: Name }),
    targetText: Type.String({ description: 'In percent, exactly: `99.9`.' }),
    period: Words(agreementPeriods),
    timeZone: Type.String(),
    from: Nullable(Type.String()),
    until: Nullable(Type.String()),
    counts: Words(['requests', 'downtime']),
    downtime: Nullable(Type.String({ description: 'When a minute is down, in a sentence.' })),
    unmeasured: Words(['open', 'down']),
    exclusions: Type.Array(Type.String()),
    fee: Nullable(Money),
    credits: Type.Array(Type.Object({ belowText: Type.String(), percentText: Type.String() })),
    capText: Nullable(Type.String()),
  },
  { title: 'AgreementTerms' },
)
export type AgreementTerms = Static<typeof AgreementTerms>

export const Statement = Type.Object(
  {
    name: Name,
    displayName: Type.String(),
    /** Of the agreement that it was judged by. */
    version: Type.Integer(),
    terms: AgreementTerms,
    period: Type.Object({
      start: Time,
      end: Time,
      zone: Type.String(),
      title: Type.String({ description: '`October 2026`, `third quarter of 2026`.' }),
      running: Type.Boolean(),
    }),
    asOf: Time,
    verdict: Words(verdicts, '`open`: what was not measured decides.'),
    sentence: Type.String(),
    attainedText: Type.String({ description: 'Cut and never rounded up; a span when not all is known; `not known`.' }),
    attainedLeast: Nullable(Type.Number()),
    attainedMost: Nullable(Type.Number()),
    good: Nullable(Type.Integer({ description: 'Requests; null where downtime is counted.' })),
    bad: Nullable(Type.Integer()),
    expectedMinutes: Minutes,
    excludedMinutes: Minutes,
    unknownMinutes: Minutes,
    downMinutes: Nullable(Minutes),
    exclusions: Type.Array(Type.Object({ from: Time, to: Time, reason: Type.String() }), {
      description: 'As they fell into the period; at most 200.',
    }),
    outages: Type.Array(
      Type.Object({ from: Time, to: Time, minutes: Minutes, counted: Type.Boolean() }, { title: 'AgreementOutage' }),
      { description: 'At most 200. Not counted: too short by the contract.' },
    ),
    creditLeast: Credit,
    creditMost: Credit,
    next: Nullable(
      Type.Object(
        {
          belowText: Type.String(),
          percentText: Type.String(),
          leftMs: Nullable(Type.Integer({ minimum: 0, description: 'Of full downtime, at the usual traffic.' })),
          leftRequests: Nullable(Type.Integer({ minimum: 0 })),
          usedRatio: Type.Number({ description: 'Of what may be lost before it is due.' }),
          sentence: Type.String(),
        },
        { title: 'AgreementNextCredit' },
      ),
    ),
    settled: Nullable(
      Type.Object({ at: Time, by: Type.String(), reason: Nullable(Type.String()) }, { title: 'AgreementSettled' }),
    ),
    notes: Type.Array(Type.String()),
  },
  { title: 'AgreementStatement' },
)
export type Statement = Static<typeof Statement>

export const AgreementSummary = Type.Object(
  {
    name: Name,
    displayName: Type.String(),
    customer: Type.String(),
    subject: Type.Object({ kind: Words(['objective', 'journey']), name: Name }),
    team: Nullable(Type.String()),
    targetText: Type.String(),
    period: Words(agreementPeriods),
    title: Nullable(Type.String({ description: 'Of the period that runs; null before the first look.' })),
    verdict: Words(verdicts),
    attainedText: Type.String(),
    sentence: Type.String(),
    warning: Nullable(Type.String({ description: 'A credit is near, or due.' })),
    asOf: Nullable(Time),
    unsettled: Type.Integer({ description: 'Periods that ended and wait for somebody’s decision.' }),
    removed: Type.Boolean({
      description: 'It is not declared any more: what is said is of the last period that was settled.',
    }),
  },
  { title: 'AgreementSummary' },
)
export type AgreementSummary = Static<typeof AgreementSummary>

export const listAgreements = operation({
  id: 'agreements.list',
  method: 'GET',
  path: '/api/v1/agreements',
  summary: 'Service-level agreements and how their running periods stand',
  description: `At most ${mostAgreements} are declared. Looked at every five minutes. Of those that were removed, the ${mostAgreements} that were settled last are listed.`,
  query: Type.Object({
    state: Type.Optional(
      Words(['declared', 'removed', 'all'], '`declared` unless said. `removed`: what was settled of them stays.'),
    ),
  }),
  reply: Type.Object({ items: Type.Array(AgreementSummary) }),
})

export const readAgreement = operation({
  id: 'agreements.read',
  method: 'GET',
  path: '/api/v1/agreements/{name}',
  summary: 'One agreement: its terms, the period that runs, and what was settled',
  description: 'Of one that was removed, what was settled stays; `effectiveAt` and `current` are null then.',
  params: Type.Object({ name: Name }),
  reply: Type.Object(
    {
      name: Name,
      displayName: Type.String(),
      description: Type.String(),
      team: Nullable(Type.String()),
      version: Type.Integer(),
      effectiveAt: Nullable(Time),
      terms: AgreementTerms,
      current: Nullable(Statement),
      periods: Type.Array(
        Type.Object(
          {
            start: Time,
            end: Time,
            title: Type.String(),
            verdict: Words(verdicts),
            attainedText: Type.String(),
            credit: Credit,
            settled: Type.Boolean(),
          },
          { title: 'AgreementPeriod' },
        ),
        { description: 'Those that ended, newest first; at most 24.' },
      ),
    },
    { title: 'Agreement' },
  ),
  errors: ['slo.unknown-agreement'],
})

export const StatementQuery = Type.Object({
  at: Type.Optional(Time),
  ago: Type.Optional(Type.Integer({ minimum: 0, maximum: 60, description: '1: the period before.' })),
  end: Type.Optional({
    ...Time,
    description:
      'The end of the period that begins at `at`, as it was settled: the terms of now may have another there.',
  }),
})
export type StatementAsked = Static<typeof StatementQuery>

export const StatementParams = Type.Object({ name: Name })

export const readStatement = operation({
  id: 'agreements.statement',
  method: 'GET',
  path: '/api/v1/agreements/{name}/statement',
  summary: 'What a period came to: attained, downtime, exclusions, credit',
  description:
    'A settled period as it was settled; any other computed anew. As comma-separated values: …/statement.csv.',
  params: Type.Object({ name: Name }),
  query: StatementQuery,
  reply: Statement,
  errors: ['slo.unknown-agreement', 'slo.bad-period'],
})

export const settleAgreement = operation({
  id: 'agreements.settle',
  method: 'POST',
  path: '/api/v1/agreements/{name}/settle',
  summary: 'Settle a period that ended: what was not measured counts as up, or as down',
  description: 'Periods of which everything is known are settled by themselves. What is settled is not written again.',
  params: Type.Object({ name: Name }),
  body: Type.Object({
    start: Time,
    unmeasured: Words(['up', 'down']),
    reason: Type.String({ minLength: 3, maxLength: 500 }),
  }),
  reply: Statement,
  errors: ['slo.unknown-agreement', 'slo.cannot-settle'],
})

export type AgreementWarnedData = {
  readonly agreement: string
  readonly customer: string
  readonly belowText: string
  readonly percentText: string
  readonly sentence: string
} & JsonObject

export const creditNear = defineEvent<AgreementWarnedData>({
  type: 'agreement.credit-near',
  summary: 'Four fifths of what may be lost before a credit is due are lost',
})
export const creditDue = defineEvent<AgreementWarnedData>({
  type: 'agreement.credit-due',
  summary: 'A credit is due in the period that runs',
})

export type AgreementSettledData = {
  readonly agreement: string
  readonly customer: string
  readonly start: string
  readonly verdict: string
  readonly percentText: string
  readonly amount: string | null
  readonly sentence: string
} & JsonObject

export const agreementSettled = defineEvent<AgreementSettledData>({
  type: 'agreement.settled',
  summary: 'A period of an agreement was settled',
})

/** One of them: right after its document or what it is measured by changed. */
export const lookAtAgreement = defineJob<{ readonly agreement: string }>({
  kind: 'slo.look-at-agreement',
  lane: 'normal',
  leaseMs: 60_000,
})
export const watchAgreements = defineJob({ kind: 'slo.watch-agreements', lane: 'bulk', leaseMs: 300_000 })

export const agreementErrors = [
  { code: 'slo.unknown-agreement', summary: 'There is no such agreement.' },
  { code: 'slo.cannot-settle', summary: 'The period still runs, or was settled before.' },
] as const

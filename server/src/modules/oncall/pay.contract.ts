// Names of the room `oncall` around pay: hours by kind, signed off, and corrected by lines of their own.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { timeClasses } from './core/index.ts'

/** Of years in which people were paid in our zones. */
export const payDay = /^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$/
const Day = (description: string) => Type.String({ pattern: payDay.source, maxLength: 10, description })
const TimeClass = Words(
  timeClasses,
  'Where the person lives. A holiday goes before a weekend, a weekend before a night; weekday is the rest.',
)
const hours = {
  class: TimeClass,
  standbyMs: Type.Integer({ description: 'On call.' }),
  awakeMs: Type.Integer({ description: 'Called out.' }),
}
const PaySum = Type.Object(hours, { title: 'PaySum' })

const PayPerson = Type.Object(
  {
    person: Name,
    displayName: Type.String(),
    zone: Type.String(),
    days: Type.Array(Type.Object({ date: Type.String({ description: 'Of the person’s calendar.' }), ...hours })),
    sums: Type.Array(PaySum, { description: 'The days, by kind of hour.' }),
    corrections: Type.Array(
      Type.Object({ id: Id, ...hours, reason: Type.String(), by: Type.String(), at: Time }, { title: 'PayCorrection' }),
    ),
    total: Type.Array(PaySum, { description: 'The sums with the corrections.' }),
    alsoElsewhereMs: Type.Integer({ description: 'Of the time on call: on call for another team as well.' }),
    alsoElsewhereAwakeMs: Type.Integer({ description: 'Of the time called out: counted for another team as well.' }),
    differs: Type.Array(PaySum, {
      description: 'What the record has more (or less, below zero) than what was signed and corrected.',
    }),
  },
  { title: 'PayPerson' },
)
export type PayPerson = Static<typeof PayPerson>

export const PayStatement = Type.Object(
  {
    team: Name,
    displayName: Type.String(),
    from: Type.String(),
    until: Type.String({ description: 'The first day after it.' }),
    state: Words(['running', 'open', 'signed'], 'Open: it is over for everybody, and may be signed.'),
    id: Nullable(Id),
    signedBy: Nullable(Type.String()),
    signedAt: Nullable(Time),
    reads: Words(['everybody', 'own'], 'Whose lines you may read.'),
    unrecordedMs: Type.Integer({
      description:
        'Of the period: before any schedule of the team was on record, or somebody was on call and it is not known for whom.',
    }),
    people: Type.Array(PayPerson),
    earlier: Type.Array(
      Type.Object({ from: Type.String(), until: Type.String(), signedBy: Type.String(), signedAt: Time }),
      { description: 'What was signed for this team, newest first; 24 at most.' },
    ),
  },
  { title: 'PayStatement' },
)
export type PayStatement = Static<typeof PayStatement>

export const PayPeriod = Type.Object({
  from: Type.Optional(Day('The first day: 2026-11-01. The last whole month unless said.')),
  until: Type.Optional(Day('The first day after it: 2026-12-01.')),
})

const errors = ['oncall.unknown-team', 'oncall.pay-period']

export const readPay = operation({
  id: 'pay.read',
  method: 'GET',
  path: '/api/v1/oncall/pay/{team}',
  summary: 'Hours on call and called out, by person and kind of hour; what was signed stays as it was',
  description:
    'Everybody reads their own lines; the lead of the team and administrators read all of them. From the schedules of the ' +
    'team and the pages that came on duty. As comma-separated values: /api/v1/oncall/pay/{team}/csv. 100 days at most.',
  params: Type.Object({ team: Name }),
  query: PayPeriod,
  reply: PayStatement,
  errors,
})

export const signPay = operation({
  id: 'pay.sign',
  method: 'POST',
  path: '/api/v1/oncall/pay/{team}/sign',
  summary: 'Sign a period off: its lines are kept as they are and never change',
  params: Type.Object({ team: Name }),
  body: Type.Object({ from: Day('The first day.'), until: Day('The first day after it.') }),
  reply: PayStatement,
  status: 201,
  errors: [...errors, 'oncall.pay-not-yours', 'oncall.pay-not-over', 'oncall.pay-pages-gone', 'oncall.pay-signed'],
})

const most = 366 * 86_400_000
export const correctPay = operation({
  id: 'pay.correct',
  method: 'POST',
  path: '/api/v1/pay-statements/{id}/corrections',
  summary: 'Add a line to what was signed: more, or less, with its reason',
  params: Type.Object({ id: Id }),
  body: Type.Object({
    person: Name,
    class: TimeClass,
    standbyMs: Type.Optional(Type.Integer({ minimum: -most, maximum: most })),
    awakeMs: Type.Optional(Type.Integer({ minimum: -most, maximum: most })),
    reason: Text(500, 'Stands beside the line.'),
  }),
  reply: PayStatement,
  status: 201,
  errors: ['oncall.unknown-statement', 'oncall.pay-not-yours', 'oncall.pay-nothing', 'oncall.unknown-person'],
})

export type PayData = {
  readonly team: string
  readonly from: string
  readonly until: string
  /** The id of the line that was added. */
  readonly correction?: string
} & JsonObject
export const paySigned = defineEvent<PayData>({ type: 'pay.signed', summary: 'Hours on call were signed off' })
export const payCorrected = defineEvent<PayData>({
  type: 'pay.corrected',
  summary: 'A line was added to hours that were signed off',
})
export const payEvents = [paySigned, payCorrected]

export const payErrors = [
  { code: 'oncall.pay-period', summary: 'The period ends before it begins, names no day, or is longer than 100 days.' },
  { code: 'oncall.pay-not-yours', summary: 'The lead of the team or an administrator signs and corrects.' },
  { code: 'oncall.pay-not-over', summary: 'The period is not over where everybody lives.' },
  { code: 'oncall.pay-pages-gone', summary: 'Pages of the period are removed already: sign from a later day on.' },
  { code: 'oncall.pay-signed', summary: 'The period, or a part of it, is signed already: add a correction.' },
  { code: 'oncall.unknown-statement', summary: 'There is no such signed statement.' },
  { code: 'oncall.unknown-person', summary: 'There is no such person.' },
  { code: 'oncall.pay-nothing', summary: 'A correction adds or takes away something.' },
] as const

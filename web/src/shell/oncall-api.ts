// What the console asks about on-call health and pay; beside api.ts, which holds the rest of the room.
import type {
  HandOverNote,
  OnCallFigures,
  OnCallHealth,
  OnCallHealthSpan,
  PayPerson,
  PayStatement,
  PersonOnCallHealth,
  TeamOnCallHealth,
} from '../../../client/src/index.ts'
import { client } from './http.ts'

export type {
  HandOverNote,
  OnCallFigures,
  OnCallHealth,
  OnCallHealthSpan,
  PayPerson,
  PayStatement,
  PersonOnCallHealth,
  TeamOnCallHealth,
}
export type TimeClass = PayPerson['sums'][number]['class']

export interface PayPeriod {
  readonly from: string
  readonly until: string
}

export interface PayCorrectionOrder {
  readonly person: string
  readonly class: TimeClass
  readonly standbyMs: number
  readonly awakeMs: number
  readonly reason: string
}

export const health = {
  all: (weeks: number, signal: AbortSignal) => client['oncall.health']({ query: { weeks }, signal }),
  team: (team: string, weeks: number, signal: AbortSignal) =>
    client['oncall.team-health']({ params: { team }, query: { weeks }, signal }),
}

/** Of the shift under way, or of the one before while the new one is fresh. */
export const readHandOver = (name: string, signal: AbortSignal) =>
  client['schedules.hand-over']({ params: { name }, signal })

export const pay = {
  read: (team: string, period: PayPeriod, signal: AbortSignal) =>
    client['pay.read']({ params: { team }, query: period, signal }),
  sign: (team: string, period: PayPeriod) => client['pay.sign']({ params: { team }, body: period }),
  correct: (id: string, body: PayCorrectionOrder) => client['pay.correct']({ params: { id }, body }),
  /** Where a browser fetches the same as comma-separated values. */
  csvAddress: (team: string, { from, until }: PayPeriod) =>
    `/api/v1/oncall/pay/${encodeURIComponent(team)}/csv?${new URLSearchParams({ from, until })}`,
}

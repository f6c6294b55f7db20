// What the console asks of an objective beyond reading it: what-if, corrections, calendar periods.
import type { Client } from '../../../client/src/index.ts'
import { client } from './http.ts'

type Asked<Id extends keyof Client> = NonNullable<Parameters<Client[Id]>[0]>
type Body<Id extends keyof Client> = Asked<Id> extends { readonly body: infer Order } ? Order : never
type Reply<Id extends keyof Client> = Awaited<ReturnType<Client[Id]>>

export type Proposal = Body<'objectives.back-test'>
export type BackTest = Reply<'objectives.back-test'>
export type PastOutcome = BackTest['current']
export type CorrectionOrder = Body<'objectives.correct'>
export type Correction = Reply<'objectives.correct'>

export type ObjectiveGroups = Reply<'objectives.groups'>
export type ObjectiveGroup = ObjectiveGroups['items'][number]
export type GroupLedger = Reply<'objectives.group-ledger'>
export type GroupSort = NonNullable<NonNullable<Asked<'objectives.groups'>['query']>['sort']>

export const objectiveRoom = {
  backTest: (name: string, body: Proposal) => client['objectives.back-test']({ params: { name }, body }),
  periods: (name: string, signal: AbortSignal) => client['objectives.periods']({ params: { name }, signal }),
  corrections: (name: string, signal: AbortSignal) => client['objectives.corrections']({ params: { name }, signal }),
  groups: (name: string, query: { search?: string; sort: GroupSort; limit: number }, signal: AbortSignal) =>
    client['objectives.groups']({ params: { name }, query, signal }),
  groupLedger: (name: string, most: number, signal: AbortSignal) =>
    client['objectives.group-ledger']({ params: { name }, query: { most }, signal }),
  correct: (name: string, body: CorrectionOrder) => client['objectives.correct']({ params: { name }, body }),
  withdraw: (name: string, id: string, reason: string) =>
    client['objectives.withdraw-correction']({ params: { name, id }, body: { reason } }),
}

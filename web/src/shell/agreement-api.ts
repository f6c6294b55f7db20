// What the console asks of service-level agreements.
import type { Client } from '../../../client/src/index.ts'
import { client } from './http.ts'

type Reply<Id extends keyof Client> = Awaited<ReturnType<Client[Id]>>

export type AgreementLine = Reply<'agreements.list'>['items'][number]
export type Agreement = Reply<'agreements.read'>
export type Statement = Reply<'agreements.statement'>

export interface PeriodAsked {
  /** Its first instant. */
  readonly at: string
  /** Its end, as it was settled: the terms of now may have another period there. */
  readonly end?: string
}

export const agreements = {
  list: (state: 'declared' | 'removed', signal: AbortSignal) => client['agreements.list']({ query: { state }, signal }),
  read: (name: string, signal: AbortSignal) => client['agreements.read']({ params: { name }, signal }),
  /** Null is the period that runs. */
  statement: (name: string, period: PeriodAsked | null, signal: AbortSignal) =>
    client['agreements.statement']({ params: { name }, query: period ?? {}, signal }),
  settle: (name: string, body: { start: string; unmeasured: 'up' | 'down'; reason: string }) =>
    client['agreements.settle']({ params: { name }, body }),
  /** Where a browser fetches the same as comma-separated values. */
  csvAddress: (name: string, period: PeriodAsked) =>
    `/api/v1/agreements/${encodeURIComponent(name)}/statement.csv?${new URLSearchParams({ ...period })}`,
}

// What the console asks of service-level agreements.
import type { Client } from '../../../client/src/index.ts'
import { client } from './http.ts'

type Reply<Id extends keyof Client> = Awaited<ReturnType<Client[Id]>>

export type AgreementLine = Reply<'agreements.list'>['items'][number]
export type Agreement = Reply<'agreements.read'>
export type Statement = Reply<'agreements.statement'>
export type Credit = Statement['creditLeast']

export const agreements = {
  list: (signal: AbortSignal) => client['agreements.list']({ signal }),
  read: (name: string, signal: AbortSignal) => client['agreements.read']({ params: { name }, signal }),
  /** `at`: an instant in the period; null is the one that runs. */
  statement: (name: string, at: string | null, signal: AbortSignal) =>
    client['agreements.statement']({ params: { name }, query: at === null ? {} : { at }, signal }),
  settle: (name: string, body: { start: string; unmeasured: 'up' | 'down'; reason: string }) =>
    client['agreements.settle']({ params: { name }, body }),
  /** Where a browser fetches the same as comma-separated values. */
  csvAddress: (name: string, at: string) =>
    `/api/v1/agreements/${encodeURIComponent(name)}/statement.csv?${new URLSearchParams({ at })}`,
}

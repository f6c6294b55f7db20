// What the console asks about error-budget policies and reports: what holds up changes, exceptions, tasks, attainment.
import type { Client } from '../../../client/src/index.ts'
import { client } from './http.ts'

type Asked<Id extends keyof Client> = NonNullable<Parameters<Client[Id]>[0]>
type Body<Id extends keyof Client> = Asked<Id> extends { readonly body: infer Order } ? Order : never
type Reply<Id extends keyof Client> = Awaited<ReturnType<Client[Id]>>

export type ExceptionOrder = Body<'change-exceptions.ask'>
export type ObjectivePolicy = Reply<'objectives.policies'>['items'][number]

export type ReportQuery = NonNullable<Asked<'slo-report.read'>['query']>
export type Report = Reply<'slo-report.read'>

// More than that nobody reads at a glance; the command line lists all.
const limit = 200

export const policies = {
  list: (signal: AbortSignal) => client['budget-policies.list']({ signal }),
  ofObjective: (name: string, signal: AbortSignal) => client['objectives.policies']({ params: { name }, signal }),
  ofJourney: (name: string, signal: AbortSignal) => client['journey-objectives.policies']({ params: { name }, signal }),
  holds: (signal: AbortSignal) => client['change-holds.list']({ query: { limit }, signal }),
  exceptions: (signal: AbortSignal) => client['change-exceptions.list']({ query: { limit }, signal }),
  tasks: (signal: AbortSignal) => client['budget-tasks.list']({ query: { limit }, signal }),
  except: (body: ExceptionOrder) => client['change-exceptions.ask']({ body }),
  approve: (id: string) => client['change-exceptions.approve']({ params: { id } }),
  withdraw: (id: string, reason: string) => client['change-exceptions.withdraw']({ params: { id }, body: { reason } }),
  closeTask: (id: string, outcome: 'done' | 'dropped', note: string) =>
    client['budget-tasks.close']({ params: { id }, body: { outcome, note } }),
}

export const reports = {
  read: (query: ReportQuery, signal: AbortSignal) => client['slo-report.read']({ query, signal }),
  /** Where a browser fetches the same as comma-separated values. */
  csvAddress: (query: ReportQuery) =>
    `/api/v1/slo-report.csv?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))}`,
}

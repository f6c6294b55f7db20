// What the console asks about planned work, and about where an alert would go.
import type { Client } from '../../../client/src/index.ts'
import { client } from './http.ts'

type Asked<Id extends keyof Client> = NonNullable<Parameters<Client[Id]>[0]>
type Body<Id extends keyof Client> = Asked<Id> extends { readonly body: infer Order } ? Order : never
type Reply<Id extends keyof Client> = Awaited<ReturnType<Client[Id]>>

export type MaintenanceDraft = Body<'maintenance.preview'>
export type MaintenancePreview = Reply<'maintenance.preview'>
export type MaintenanceOccurrence = Reply<'maintenance.read'>
export type Calendar = Reply<'changes.calendar'>
export type Explanation = Reply<'alerts.explain'>
export type RouteTree = Reply<'routing.tree'>
export type RoutingReplay = Reply<'routing.replay'>

export interface Range {
  readonly from: string
  readonly to: string
}

export const maintenance = {
  list: (query: Range & { readonly service?: string }, signal: AbortSignal) =>
    client['maintenance.list']({ query: { ...query, limit: 500 }, signal }),
  read: (id: string, signal: AbortSignal) => client['maintenance.read']({ params: { id }, signal }),
  calendar: (query: Range & { readonly service?: string }, signal: AbortSignal) =>
    client['changes.calendar']({ query, signal }),
  preview: (body: MaintenanceDraft, signal: AbortSignal) => client['maintenance.preview']({ body, signal }),
  declare: (document: object) =>
    client['resources.apply']({ body: { documents: JSON.stringify(document), manager: 'console' } }),
  remove: (name: string) => client['resources.delete']({ params: { plural: 'maintenancewindows', name } }),
  end: (id: string, reason: string) => client['maintenance.end']({ params: { id }, body: { reason } }),
  extend: (id: string, until: string, reason: string) =>
    client['maintenance.extend']({ params: { id }, body: { until, reason } }),
  cancel: (id: string, reason: string) => client['maintenance.cancel']({ params: { id }, body: { reason } }),
}

export const routing = {
  tree: (signal: AbortSignal) => client['routing.tree']({ signal }),
  read: (signal: AbortSignal) => client['routing.read']({ signal }),
  explain: (body: Body<'alerts.explain'>) => client['alerts.explain']({ body }),
  replay: (body: Body<'routing.replay'>) => client['routing.replay']({ body }),
}

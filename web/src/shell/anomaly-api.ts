// What the console asks of anomalies.
import type { Client } from '../../../client/src/index.ts'
import { client } from './http.ts'

type Reply<Id extends keyof Client> = Awaited<ReturnType<Client[Id]>>

export type Anomaly = Reply<'anomalies.list'>['items'][number]
export type WatchedSeries = Reply<'anomalies.series'>['items'][number]

export const anomalies = {
  ofService: (service: string, range: { readonly from: string; readonly to?: string }, signal: AbortSignal) =>
    client['anomalies.list']({ query: { service, limit: 50, ...range }, signal }),
  series: (service: string, signal: AbortSignal) =>
    client['anomalies.series']({ query: { service, limit: 100 }, signal }),
}

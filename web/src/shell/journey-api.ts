// What the console asks of journeys, and of what a target can be at most.
import type { Client } from '../../../client/src/index.ts'
import { client } from './http.ts'

type Reply<Id extends keyof Client> = Awaited<ReturnType<Client[Id]>>

export type Journey = Reply<'journey-objectives.read'>
export type JourneyMember = Journey['members'][number]
export type JourneySummary = Reply<'journey-objectives.list'>['items'][number]
export type ObjectiveCeiling = Reply<'objectives.ceiling'>

export const journeys = {
  list: (signal: AbortSignal) => client['journey-objectives.list']({ signal }),
  read: (name: string, signal: AbortSignal) => client['journey-objectives.read']({ params: { name }, signal }),
  ceiling: (objective: string, signal: AbortSignal) =>
    client['objectives.ceiling']({ params: { name: objective }, signal }),
}

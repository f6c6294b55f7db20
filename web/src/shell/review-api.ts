// What the console asks about reviews of objectives and journeys, and promises that end.
import type { Client } from '../../../client/src/index.ts'
import { client } from './http.ts'

type Asked<Id extends keyof Client> = NonNullable<Parameters<Client[Id]>[0]>
type Body<Id extends keyof Client> = Asked<Id> extends { readonly body: infer Order } ? Order : never
type Reply<Id extends keyof Client> = Awaited<ReturnType<Client[Id]>>

export type ReviewOrder = Body<'objectives.record-review'>
export type ReviewFilter = NonNullable<NonNullable<Asked<'objective-reviews.list'>['query']>['state']>

export type ReviewSubject = Reply<'objective-reviews.list'>['items'][number]['subject']

export const listReviews = (
  state: ReviewFilter,
  page: { readonly limit?: number; readonly cursor?: string },
  signal: AbortSignal,
) => client['objective-reviews.list']({ query: { ...page, state }, signal })

/** By what is looked at. */
export const reviewsOf = {
  objective: {
    read: (name: string, signal: AbortSignal) => client['objectives.review']({ params: { name }, signal }),
    figures: (name: string, signal: AbortSignal) => client['objectives.review-figures']({ params: { name }, signal }),
    record: (name: string, body: ReviewOrder) => client['objectives.record-review']({ params: { name }, body }),
  },
  journey: {
    read: (name: string, signal: AbortSignal) => client['journey-objectives.review']({ params: { name }, signal }),
    figures: (name: string, signal: AbortSignal) =>
      client['journey-objectives.review-figures']({ params: { name }, signal }),
    record: (name: string, body: ReviewOrder) => client['journey-objectives.record-review']({ params: { name }, body }),
  },
}

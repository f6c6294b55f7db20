import { Answer, type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { journeyKey } from './core/subject.ts'
import * as contract from './reviews.contract.ts'
import type { SloPorts } from './slo.ports.ts'
import { makeReviewFigures } from './usecases/make-figures.ts'
import { teamOfSubject } from './usecases/need-subject.ts'
import { describeReviews, readReviewsOf } from './usecases/read-reviews.ts'
import { recordReview } from './usecases/record-review.ts'

export function reviewRoutes(needs: Needs, ports: SloPorts): readonly BoundOperation[] {
  const { database } = needs
  return [
    route(contract.listReviews, async ({ query }) => {
      const { limit = 100, state = 'open', owner = null, service = null } = query
      const [order, objective] = decodeCursor(query.cursor, ['number', 'string']) ?? []
      const isPlace = typeof order === 'number' && Number.isSafeInteger(order) && typeof objective === 'string'
      const rows = await describeReviews(
        database,
        { state, owner, service },
        isPlace ? { order, objective } : null,
        limit + 1,
      )
      return toPage(
        rows,
        limit,
        ({ row }) => [row.order, row.objective],
        ({ shown }) => shown,
      )
    }),
    ...routesOf(needs, ports, objectiveOperations, (name) => name),
    ...routesOf(needs, ports, journeyOperations, journeyKey),
  ]
}

const objectiveOperations = {
  read: contract.readReview,
  figures: contract.readReviewFigures,
  record: contract.recordReview,
}
const journeyOperations = {
  read: contract.readJourneyReview,
  figures: contract.readJourneyFigures,
  record: contract.recordJourneyReview,
}

function routesOf(
  needs: Needs,
  ports: SloPorts,
  operations: typeof objectiveOperations | typeof journeyOperations,
  keyOf: (name: string) => string,
): readonly BoundOperation[] {
  const { database } = needs
  return [
    route(operations.read, ({ params }) => readReviewsOf(database, keyOf(params.name))),
    route(operations.figures, ({ params }) => makeReviewFigures(database, ports, keyOf(params.name))),
    route(
      operations.record,
      async ({ params, body, actor }) => {
        const { decision, reason, newTarget = null } = body
        const order = { key: keyOf(params.name), decision, reason, newTarget, actor }
        return new Answer(await recordReview(needs, ports, order), { status: 201 })
      },
      // Who promised something for it.
      ({ params }) => teamOfSubject(database, keyOf(params.name)),
    ),
  ]
}

import { instant, parseInstant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { Answer, type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { findService } from '../catalog/index.ts'
import { journeyKey } from './core/subject.ts'
import { findTask, listTasks } from './episodes.store.ts'
import { findException, listExceptions, listHolds } from './holds.store.ts'
import * as contract from './policies.contract.ts'
import type { SloPorts } from './slo.ports.ts'
import { closeTask, presentTask } from './usecases/close-task.ts'
import { readChangeDecision } from './usecases/decide-change.ts'
import {
  describePolicies,
  describePoliciesOf,
  describePolicy,
  presentException,
  presentHolds,
} from './usecases/describe-policies.ts'
import { approveException, askException, withdrawException } from './usecases/except-changes.ts'

/** A place in a list by time: the instant and the id of its last row. */
function placeIn(cursor: string | undefined) {
  const [at, id] = decodeCursor(cursor, ['number', 'string']) ?? []
  const isPlace = typeof at === 'number' && Number.isSafeInteger(at) && typeof id === 'string' && uuid.test(id)
  return isPlace ? { at: instant(at), id } : null
}
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const subjectIn = (asked: { readonly objective?: string; readonly journey?: string }): string | null =>
  asked.journey === undefined ? (asked.objective ?? null) : journeyKey(asked.journey)

export function policyRoutes(needs: Needs, ports: SloPorts): readonly BoundOperation[] {
  const { database } = needs
  return [
    route(contract.listPolicies, async () => ({ items: await describePolicies(database) })),
    route(contract.readPolicy, ({ params }) => describePolicy(database, params.name)),
    route(contract.readObjectivePolicies, async ({ params }) => ({
      items: await describePoliciesOf(database, params.name),
    })),
    route(contract.readJourneyPolicies, async ({ params }) => ({
      items: await describePoliciesOf(database, journeyKey(params.name)),
    })),
    route(contract.listHolds, async ({ query }) => {
      const { limit = 100, service = null, state = 'in-force' } = query
      const now = await database.now()
      const place = placeIn(query.cursor)
      const rows = await listHolds(
        database,
        { service, objective: subjectIn(query), inForceAt: state === 'all' ? null : now },
        place === null ? null : { since: place.at, id: place.id },
        limit + 1,
      )
      const page = toPage(
        rows,
        limit,
        (row) => [row.since, row.id],
        (row) => row,
      )
      return { ...page, items: await presentHolds(database, page.items, now) }
    }),
    route(contract.decideChange, ({ query }) =>
      readChangeDecision(database, {
        service: query.service,
        at: query.at === undefined ? null : parseInstant(query.at),
        kind: query.kind ?? null,
      }),
    ),
    route(contract.listExceptions, async ({ query }) => {
      const { limit = 100, service = null, state = 'open' } = query
      const now = await database.now()
      const place = placeIn(query.cursor)
      const rows = await listExceptions(
        database,
        { service, openAt: state === 'all' ? null : now },
        place === null ? null : { askedAt: place.at, id: place.id },
        limit + 1,
      )
      return toPage(
        rows,
        limit,
        (row) => [row.askedAt, row.id],
        (row) => presentException(row, now),
      )
    }),
    route(contract.askException, async ({ body, actor }) => {
      const { service, policy = null, reason, approver = null } = body
      const from = body.from === undefined ? null : parseInstant(body.from)
      const until = parseInstant(body.until) ?? instant(0)
      return new Answer(await askException(needs, ports, { service, policy, reason, from, until, approver, actor }), {
        status: 201,
      })
    }),
    route(contract.approveException, ({ params, actor }) => approveException(needs, ports, { id: params.id, actor })),
    route(
      contract.withdrawException,
      ({ params, body, actor }) => withdrawException(needs, ports, { id: params.id, reason: body.reason, actor }),
      async ({ params }) => teamOf(database, (await findException(database, params.id))?.service ?? null),
    ),
    route(contract.listTasks, async ({ query }) => {
      const { limit = 100, state = 'open', owner = null } = query
      const now = await database.now()
      const place = placeIn(query.cursor)
      const rows = await listTasks(
        database,
        { state: state === 'all' ? null : state, owner, objective: subjectIn(query) },
        place === null ? null : { dueAt: place.at, id: place.id },
        limit + 1,
      )
      return toPage(
        rows,
        limit,
        (row) => [row.dueAt, row.id],
        (row) => presentTask(row, now),
      )
    }),
    route(
      contract.closeTask,
      ({ params, body, actor }) => closeTask(needs, ports, { id: params.id, ...body, actor }),
      async ({ params }) => teamOf(database, (await findTask(database, params.id))?.service ?? null),
    ),
  ]
}

async function teamOf(queries: Queries, service: string | null): Promise<string | null> {
  return service === null ? null : ((await findService(queries, service))?.team ?? null)
}

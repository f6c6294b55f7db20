// The review over HTTP.
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { day } from '../../kernel/duration.ts'
import { formatInstant, type Instant, instant, parseInstant, plus } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { readerFor } from '../incidents/core/index.ts'
import { listRestricted } from '../incidents/index.ts'
import { listActionsOf } from './actions.store.ts'
import { complianceOf, type DueRecord, stateOfReviewer } from './core/index.ts'
import type { PostmortemsPorts } from './postmortems.ports.ts'
import { listDue, listInReview, type PostmortemRow } from './postmortems.store.ts'
import { summarizePostmortem } from './present-postmortem.ts'
import * as contract from './review.contract.ts'
import { listComments, listReviewers } from './review.store.ts'
import { needPostmortem, type Order } from './usecases/postmortem-entry.ts'
import * as review from './usecases/review-postmortem.ts'

function timeOf(text: string): Instant {
  const at = parseInstant(text)
  if (at === null) throw new AppError('invalid', 'postmortems.bad-time', `${text} is no time.`)
  return at
}

export function reviewRoutes(needs: Needs, ports: PostmortemsPorts): readonly BoundOperation[] {
  const { database } = needs
  const orderOf = async (id: string, actor: Actor): Promise<Order> => ({
    ...{ id, actor, by: await ports.personOf(actor) },
    reader: readerFor(actor, await ports.declaredNameOf(actor)),
  })
  const present = async (row: PostmortemRow): Promise<contract.ReviewReply> => {
    const { textHash, missing, ...standing } = await review.standingOf(database, row)
    const reviewers = await listReviewers(database, [row.id])
    return {
      ...standing,
      missing: [...missing],
      textHash,
      reviewers: reviewers.map((each) => ({
        ...{ person: each.person, askedBy: each.askedBy, askedAt: formatInstant(each.askedAt) },
        ...{ state: stateOfReviewer(each, textHash), reason: each.reason },
        decidedAt: each.decidedAt === null ? null : formatInstant(each.decidedAt),
      })),
      comments: (await listComments(database, row.id)).map(({ id, section, body, by, at, resolvedBy, resolvedAt }) => ({
        ...{ comment: id, section, body, by, at: formatInstant(at) },
        resolved: resolvedBy === null || resolvedAt === null ? null : { by: resolvedBy, at: formatInstant(resolvedAt) },
      })),
    }
  }

  return [
    route(contract.readReview, async ({ params, actor }) =>
      present(await needPostmortem(database, params.id, (await orderOf(params.id, actor)).reader)),
    ),
    route(contract.askReviewer, async ({ params, body, actor }) =>
      present(await review.askForReview(needs, ports, { ...(await orderOf(params.id, actor)), ...body })),
    ),
    route(contract.decideReview, async ({ params, body, actor }) => {
      const { decision, textHash, reason = null } = body
      return present(
        await review.decideOnReview(needs, { ...(await orderOf(params.id, actor)), decision, textHash, reason }),
      )
    }),
    route(contract.addComment, async ({ params, body, actor }) =>
      present(await review.commentOn(needs, { ...(await orderOf(params.id, actor)), ...body })),
    ),
    route(contract.resolveComment, async ({ params, body, actor }) =>
      present(
        await review.answerComment(needs, { ...(await orderOf(params.id, actor)), comment: params.comment, ...body }),
      ),
    ),
    route(contract.readCompliance, async ({ query, actor }) => {
      const now = await database.now()
      const { closed } = await listRestricted(database, (await orderOf('', actor)).reader)
      const end = query.to === undefined ? now : timeOf(query.to)
      const start = query.from === undefined ? plus(end, -90 * day) : timeOf(query.from)
      const records = await listDue(database, closed, { start, end })
      const by = <Key extends string | null>(keyOf: (record: DueRecord) => Key) =>
        [...new Set(records.map(keyOf))]
          .sort((a, b) => (a ?? '').localeCompare(b ?? ''))
          .map((key) => ({
            key,
            ...complianceOf(
              records.filter((each) => keyOf(each) === key),
              now,
            ),
          }))
      return {
        ...{ from: formatInstant(start), to: formatInstant(end), ...complianceOf(records, now) },
        severities: by((each) => each.severity).map(({ key, ...rest }) => ({ severity: key, ...rest })),
        teams: by((each) => each.team).map(({ key, ...rest }) => ({ team: key, ...rest })),
      }
    }),
    route(contract.readAgenda, async ({ query, actor }) => {
      const limit = query.limit ?? 100
      const { closed } = await listRestricted(database, (await orderOf('', actor)).reader)
      const [at, id] = decodeCursor(query.cursor, ['number', 'string']) ?? []
      const after = typeof at === 'number' && typeof id === 'string' ? { at: instant(at), id } : null
      const rows = await listInReview(database, closed, after, limit + 1)
      const actions = await listActionsOf(
        database,
        rows.map((row) => row.id),
      )
      const now = await database.now()
      const items = []
      for (const row of rows) {
        const { textHash: _, missing, ...standing } = await review.standingOf(database, row)
        const waitsSince = row.reviewAt ?? row.openedAt
        items.push({ row, waitsSince, standing: { ...standing, missing: [...missing] } })
      }
      return toPage(
        items,
        limit,
        (each) => [each.waitsSince, each.row.id],
        (each) => ({
          postmortem: summarizePostmortem(each.row, actions, now),
          waitsSince: formatInstant(each.waitsSince),
          ...each.standing,
        }),
      )
    }),
  ]
}

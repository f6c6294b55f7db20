import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { listRestricted } from '../incidents/index.ts'
import { askers, placeOf } from './asking.ts'
import type { LearningPorts } from './learning.ports.ts'
import * as contract from './problems.contract.ts'
import { listProblemRows } from './problems.store.ts'
import { changeProblemText, moveProblemTo, openProblemOf } from './usecases/keep-problem.ts'
import { linkToProblem, unlinkFromProblem } from './usecases/link-problem.ts'
import { needProblem, presentProblem, summarizeProblems } from './usecases/read-problems.ts'

export function problemsRoutes(needs: Needs, ports: LearningPorts): readonly BoundOperation[] {
  const { database } = needs
  const { readerOf, orderOf } = askers(ports)
  const named = (body: { readonly incident?: string; readonly action?: string }) => ({
    incident: body.incident ?? null,
    action: body.action ?? null,
  })
  return [
    route(contract.listProblems, async ({ query, actor }) => {
      const reader = await readerOf(actor)
      const limit = query.limit ?? 100
      const filter = {
        closed: (await listRestricted(database, reader)).closed,
        state: query.state ?? null,
        service: query.service ?? null,
        number: query.number ?? null,
      }
      const rows = await listProblemRows(database, filter, placeOf(query.cursor), limit + 1)
      const page = toPage(
        rows,
        limit,
        (row) => [row.openedAt, row.id],
        (row) => row,
      )
      return { items: [...(await summarizeProblems(database, page.items, reader))], nextCursor: page.nextCursor }
    }),
    route(contract.readProblem, async ({ params, actor }) => {
      const reader = await readerOf(actor)
      return presentProblem(database, await needProblem(database, params.id, reader), reader)
    }),
    route(contract.openProblem, async ({ body, actor }) => {
      const order = await orderOf(actor)
      const { incidents = [], ...text } = body
      return presentProblem(database, await openProblemOf(needs, { ...order, text, incidents }), order.reader)
    }),
    route(contract.changeProblem, async ({ params, body, actor }) => {
      const order = await orderOf(actor)
      const saved = await changeProblemText(needs, { ...order, id: params.id, text: body })
      return presentProblem(database, saved, order.reader)
    }),
    route(contract.moveProblem, async ({ params, body, actor }) => {
      const order = await orderOf(actor)
      const { to, note = null } = body
      return presentProblem(database, await moveProblemTo(needs, { ...order, id: params.id, to, note }), order.reader)
    }),
    route(contract.linkProblem, async ({ params, body, actor }) => {
      const order = await orderOf(actor)
      const saved = await linkToProblem(needs, { ...order, id: params.id, ...named(body) })
      return presentProblem(database, saved, order.reader)
    }),
    route(contract.unlinkProblem, async ({ params, body, actor }) => {
      const order = await orderOf(actor)
      const saved = await unlinkFromProblem(needs, { ...order, id: params.id, ...named(body), reason: body.reason })
      return presentProblem(database, saved, order.reader)
    }),
  ]
}

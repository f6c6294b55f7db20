import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { formatInstant, parseInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { readerFor } from '../incidents/core/index.ts'
import { listRestricted } from '../incidents/index.ts'
import { listHookRows } from './hooks.store.ts'
import { presentHook, presentRuns, presentWorkflows } from './present-workflow.ts'
import { decideStepOf, retryStepOf } from './usecases/answer-step.ts'
import { forgetHook, keepHook } from './usecases/keep-hooks.ts'
import { listDeclared } from './usecases/read-workflows.ts'
import { startByHand } from './usecases/start-runs.ts'
import { testWorkflow } from './usecases/test-workflow.ts'
import * as contract from './workflows.contract.ts'
import type { WorkflowsPorts } from './workflows.ports.ts'
import { listLastRuns, listRunRows, type RunRow } from './workflows.store.ts'

export function workflowsRoutes(needs: Needs, ports: WorkflowsPorts): readonly BoundOperation[] {
  return [...readingRoutes(needs, ports), ...actingRoutes(needs, ports), ...hookRoutes(needs, ports)]
}

const readerOf = async (ports: WorkflowsPorts, actor: Actor) => readerFor(actor, await ports.declaredNameOf(actor))

function readingRoutes(needs: Needs, ports: WorkflowsPorts): readonly BoundOperation[] {
  const { database } = needs
  const closedTo = async (actor: Actor) => (await listRestricted(database, await readerOf(ports, actor))).closed
  return [
    route(contract.listWorkflows, async ({ actor }) => {
      const declared = await listDeclared(database)
      const names = declared.map(({ workflow }) => workflow.name)
      const last = await listLastRuns(database, names, await closedTo(actor))
      return { items: [...(await presentWorkflows(database, declared, last))] }
    }),
    route(contract.listRuns, async ({ query, actor }) => {
      const limit = query.limit ?? 50
      const filter = {
        workflow: query.workflow ?? null,
        incident: query.incident ?? null,
        state: query.state ?? null,
        closed: await closedTo(actor),
      }
      const cursor = cursorOf(decodeCursor(query.cursor, ['string', 'string']))
      const page = toPage(
        await listRunRows(database, filter, cursor, limit + 1),
        limit,
        (row) => [formatInstant(row.createdAt), row.id],
        (row) => row,
      )
      return { items: [...(await presentRuns(database, page.items))], nextCursor: page.nextCursor }
    }),
    route(contract.testWorkflow, async ({ params, body, actor }) => {
      const result = await testWorkflow(database, {
        workflow: params.name,
        incidentId: body.incident,
        cause: body.cause ?? null,
        reader: await readerOf(ports, actor),
      })
      return { workflow: params.name, ...result, steps: [...result.steps] }
    }),
  ]
}

function cursorOf(cursor: readonly (string | number | null)[] | null) {
  if (cursor === null) return null
  const at = parseInstant(String(cursor[0]))
  const id = String(cursor[1])
  if (at === null || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new AppError('invalid', 'http.bad-cursor', 'The cursor is not one of ours. Start again without it.')
  return { at, id }
}

function actingRoutes(needs: Needs, ports: WorkflowsPorts): readonly BoundOperation[] {
  const one = async (row: RunRow) => {
    const [reply] = await presentRuns(needs.database, [row])
    if (reply === undefined) throw new AppError('not-found', 'workflows.unknown-run', 'There is no such run.')
    return reply
  }
  const actOf = async ({ id, step }: { id: string; step: number }, actor: Actor) => ({
    runId: id,
    step,
    actor,
    reader: await readerOf(ports, actor),
    by: await ports.personOf(actor),
  })
  return [
    route(contract.startWorkflow, async ({ params, body, actor }) =>
      one(
        await startByHand(needs, {
          workflow: params.name,
          incidentId: body.incident,
          actor,
          reader: await readerOf(ports, actor),
          by: await ports.personOf(actor),
        }),
      ),
    ),
    route(contract.decideStep, async ({ params, body, actor }) =>
      one(
        await decideStepOf(needs, ports, {
          ...(await actOf(params, actor)),
          approve: body.approve,
          text: body.text ?? null,
        }),
      ),
    ),
    route(contract.retryStep, async ({ params, actor }) =>
      one(await retryStepOf(needs, ports, await actOf(params, actor))),
    ),
  ]
}

function hookRoutes(needs: Needs, ports: WorkflowsPorts): readonly BoundOperation[] {
  return [
    route(contract.listHooks, async () => ({ items: (await listHookRows(needs.database)).map(presentHook) })),
    route(contract.keepHook, async ({ params, body, actor }) => {
      const order = { name: params.name, url: body.url, secret: body.secret ?? null, actor }
      const { row, secret } = await keepHook(needs, ports, { ...order, by: await ports.personOf(actor) })
      return { hook: presentHook(row), secret }
    }),
    route(contract.removeHookOperation, async ({ params, actor }) => {
      await forgetHook(needs, { name: params.name, actor })
      return null
    }),
  ]
}

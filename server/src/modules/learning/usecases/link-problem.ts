// What belongs to a problem: its incidents, and the corrective actions that are to eliminate it.
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { mayReadIncident } from '../../incidents/core/index.ts'
import { beganAt, findIncident, type IncidentRow } from '../../incidents/index.ts'
import { findAction } from '../../postmortems/index.ts'
import { problemChanged } from '../problems.contract.ts'
import {
  linkAction,
  linkIncident,
  listActionLinks,
  listIncidentLinks,
  type ProblemRow,
  saveProblem,
  unlinkAction,
  unlinkIncident,
} from '../problems.store.ts'
import { checkCounts, loadIncident, type Order } from './order.ts'
import { loadProblem, moveTo, tellOf } from './problem-entry.ts'

const mostIncidents = 500
const mostActions = 100

export interface LinkOrder extends Order {
  readonly id: string
  readonly incident: string | null
  readonly action: string | null
}

const nothingNamed = () => new AppError('invalid', 'problems.nothing-named', 'Name one that is to be changed.')

export async function linkToProblem(needs: Needs, order: LinkOrder): Promise<ProblemRow> {
  return needs.database.transaction(async (tx) => {
    let problem = await loadProblem(tx, order.id, order.reader)
    if (order.incident === null && order.action === null) throw nothingNamed()
    if (order.incident !== null) {
      const incident = await loadIncident(tx, order.incident, order.reader)
      checkCounts(incident)
      const because = `Incident ${incident.number} belongs to it.`
      problem = await takeIncidentIn(needs, tx, order, { problemId: problem.id, incident, because })
    }
    if (order.action !== null) problem = await takeActionIn(needs, tx, order, { problem, actionId: order.action })
    return problem
  })
}

/** Comes it again while it is watched, or after, the problem is open again. */
export async function takeIncidentIn(
  needs: Needs,
  tx: Tx,
  order: Order,
  {
    problemId,
    incident,
    because,
  }: { readonly problemId: string; readonly incident: IncidentRow; readonly because: string },
): Promise<ProblemRow> {
  const problem = await loadProblem(tx, problemId, order.reader)
  if ((await listIncidentLinks(tx, [problem.id])).length >= mostIncidents)
    throw new AppError('limited', 'problems.too-many', `A problem holds ${mostIncidents} incidents.`)
  const link = { problemId, incidentId: incident.id, by: order.by, at: await tx.now() }
  if (!(await linkIncident(tx, link))) return problem
  const saved = await saveProblem(tx, problem)
  await tellOf(needs, tx, problemChanged, saved, { actor: order.actor, reason: because })
  if (saved.watchedSince === null || beganAt(incident) <= saved.watchedSince) return saved
  return moveTo(needs, tx, saved, {
    to: 'open',
    because: `It came again with incident ${incident.number}.`,
    actor: order.actor,
    by: order.by,
  })
}

async function takeActionIn(
  needs: Needs,
  tx: Tx,
  order: Order,
  { problem, actionId }: { readonly problem: ProblemRow; readonly actionId: string },
): Promise<ProblemRow> {
  const action = await findAction(tx, actionId)
  const of = action === null ? null : await findIncident(tx, action.incidentId)
  if (action === null || of === null || !mayReadIncident(order.reader, of))
    throw new AppError('not-found', 'actions.unknown', 'There is no such action.')
  // Otherwise the problem would show to all what only those named may read.
  const links = await listIncidentLinks(tx, [problem.id])
  if (of.kind === 'security' && !links.some((each) => each.incidentId === of.id))
    throw new AppError(
      'conflict',
      'problems.restricted-action',
      `It is an action of incident ${of.number}, which is restricted: add that incident first, and the problem is restricted, too.`,
    )
  if ((await listActionLinks(tx, [problem.id])).length >= mostActions)
    throw new AppError('limited', 'problems.too-many', `A problem holds ${mostActions} actions.`)
  if (!(await linkAction(tx, problem.id, action.id))) return problem
  const saved = await saveProblem(tx, problem)
  const reason = `Action ${action.number} is to eliminate it.`
  await tellOf(needs, tx, problemChanged, saved, { actor: order.actor, reason })
  return saved
}

export async function unlinkFromProblem(
  needs: Needs,
  order: LinkOrder & { readonly reason: string },
): Promise<ProblemRow> {
  return needs.database.transaction(async (tx) => {
    const problem = await loadProblem(tx, order.id, order.reader)
    const { incident: id, action, actor, reason } = order
    if (id === null && action === null) throw nothingNamed()
    const incident = id === null ? null : await findIncident(tx, id)
    const gone = [
      id !== null && (await unlinkIncident(tx, problem.id, id)),
      action !== null && (await unlinkAction(tx, problem.id, action)),
    ]
    if (!gone.includes(true)) return problem
    const saved = await saveProblem(tx, problem)
    const beside = incident === null ? [] : [incident]
    await tellOf(needs, tx, problemChanged, saved, { actor, reason, beside })
    return saved
  })
}

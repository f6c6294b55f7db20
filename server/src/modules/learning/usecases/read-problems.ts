// Problems as they leave through the API, with what belongs to them as far as the reader may see it.
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { IncidentReader } from '../../incidents/core/index.ts'
import { beganAt, type IncidentRow, listIncidentsById, listRestricted } from '../../incidents/index.ts'
import { type ActionFact, listActionsById } from '../../postmortems/index.ts'
import { daysInWords, nextProblemStates } from '../core/index.ts'
import { presentSeen, timeOrNull } from '../present-learning.ts'
import type { ProblemReply, ProblemSummaryReply } from '../problems.contract.ts'
import { findProblem, listActionLinks, listIncidentLinks, listMoves, type ProblemRow } from '../problems.store.ts'
import { unknownProblem } from './problem-entry.ts'

interface Parts {
  readonly incidents: readonly IncidentRow[]
  readonly actions: readonly ActionFact[]
}

/** Of each problem its incidents, the latest first, and its actions. */
async function partsOf(
  queries: Queries,
  problems: readonly ProblemRow[],
  reader: IncidentReader,
): Promise<ReadonlyMap<string, Parts>> {
  const ids = problems.map((each) => each.id)
  const links = await listIncidentLinks(queries, ids)
  const incidents = await listIncidentsById(queries, [...new Set(links.map((each) => each.incidentId))], reader)
  const plans = await listActionLinks(queries, ids)
  const { closed } = await listRestricted(queries, reader)
  const actions = (await listActionsById(queries, [...new Set(plans.map((each) => each.actionId))])).filter(
    (each) => !closed.includes(each.incidentId),
  )
  const incidentOf = new Map(incidents.map((each) => [each.id, each]))
  const actionOf = new Map(actions.map((each) => [each.id, each]))
  return new Map(
    ids.map((id) => [
      id,
      {
        incidents: links
          .flatMap((each) => (each.problemId === id ? (incidentOf.get(each.incidentId) ?? []) : []))
          .sort((a, b) => beganAt(b) - beganAt(a) || b.number - a.number),
        actions: plans
          .flatMap((each) => (each.problemId === id ? (actionOf.get(each.actionId) ?? []) : []))
          .sort((a, b) => a.number - b.number),
      },
    ]),
  )
}

const none: Parts = { incidents: [], actions: [] }

function summaryOf(row: ProblemRow, { incidents, actions }: Parts, now: Instant): ProblemSummaryReply {
  const count = (state: ActionFact['state']) => actions.filter((each) => each.state === state).length
  const [last] = incidents
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    state: row.state,
    class: row.class,
    services: [...row.services],
    owner: row.owner,
    dueAt: timeOrNull(row.dueAt),
    overdue: isLate(row, now),
    openedAt: formatInstant(row.openedAt),
    incidents: incidents.length,
    lastSeenAt: last === undefined ? null : formatInstant(beganAt(last)),
    actions: { open: count('open'), proving: count('proving'), proven: count('proven'), dropped: count('dropped') },
    windowMs: row.windowMs,
    watchedSince: timeOrNull(row.watchedSince),
  }
}

export function isLate(row: Pick<ProblemRow, 'state' | 'dueAt'>, now: Instant): boolean {
  return ['open', 'known-error', 'planned'].includes(row.state) && row.dueAt !== null && row.dueAt < now
}

export async function summarizeProblems(
  queries: Queries,
  rows: readonly ProblemRow[],
  reader: IncidentReader,
): Promise<readonly ProblemSummaryReply[]> {
  const parts = await partsOf(queries, rows, reader)
  const now = await queries.now()
  return rows.map((row) => summaryOf(row, parts.get(row.id) ?? none, now))
}

const mostShown = 100

export async function presentProblem(queries: Queries, row: ProblemRow, reader: IncidentReader): Promise<ProblemReply> {
  const parts = (await partsOf(queries, [row], reader)).get(row.id) ?? none
  const now = await queries.now()
  const moves = await listMoves(queries, row.id)
  return {
    ...summaryOf(row, parts, now),
    cause: row.cause,
    workaround: row.workaround,
    plan: row.plan,
    linkedIncidents: parts.incidents.slice(0, mostShown).map(presentSeen),
    linkedActions: parts.actions.map((each) => ({
      id: each.id,
      number: each.number,
      title: each.title,
      owner: each.owner,
      state: each.state,
      dueAt: formatInstant(each.dueAt),
      overdue: each.state === 'open' && each.dueAt < now,
      postmortem: each.postmortemId,
    })),
    moves: moves.map(({ at, before, after, because, by }) => ({ at: formatInstant(at), before, after, because, by })),
    sentence: sentenceOf(row, parts),
    openedBy: row.openedBy,
    next: [...nextProblemStates(row.state)],
    version: row.version,
  }
}

function sentenceOf(row: ProblemRow, { actions }: Parts): string {
  const window = daysInWords(row.windowMs)
  const since = row.watchedSince
  if (row.state === 'watching' && since !== null)
    return `Nothing of it since ${dayOf(since)}. Proven on ${dayOf(plus(since, row.windowMs))}, if it does not repeat until then (${window}).`
  if (row.state === 'eliminated' && since !== null) return `It did not repeat for ${window} from ${dayOf(since)}.`
  if (row.state === 'accepted') return 'It stays, and it was decided so.'
  const open = actions.filter((each) => each.state === 'open').length
  if (actions.length === 0) return `No corrective action is linked yet. When it is done, it is watched for ${window}.`
  if (open > 0)
    return `${open} of ${actions.length} actions ${open === 1 ? 'is' : 'are'} not done. Then it is watched for ${window}.`
  return `All of its actions are done: it can be watched for ${window} now.`
}

const dayOf = (at: Instant): string => formatInstant(at).slice(0, 10)

export async function needProblem(queries: Queries, id: string, reader: IncidentReader): Promise<ProblemRow> {
  const { closed } = await listRestricted(queries, reader)
  const row = await findProblem(queries, id, closed)
  if (row === null) throw unknownProblem()
  return row
}

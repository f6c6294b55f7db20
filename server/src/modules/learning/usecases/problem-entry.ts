// Loading a problem for somebody, moving it, and how it stands in the journal.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import type { IncidentReader } from '../../incidents/core/index.ts'
import { beganAt, type IncidentRow, listIncidentsById, listRestricted } from '../../incidents/index.ts'
import { judgeElimination, type ProblemState } from '../core/index.ts'
import * as contract from '../problems.contract.ts'
import { addMove, listIncidentLinks, lockProblem, type ProblemRow, saveProblem } from '../problems.store.ts'
import { linksOf } from './order.ts'

export const unknownProblem = () => new AppError('not-found', 'problems.unknown', 'There is no such problem.')

export async function loadProblem(tx: Tx, id: string, reader: IncidentReader): Promise<ProblemRow> {
  const { closed } = await listRestricted(tx, reader)
  const row = await lockProblem(tx, id, closed)
  if (row === null) throw unknownProblem()
  return row
}

/** Every incident of it, whoever asks: for what the product decides by itself. */
export async function incidentsOf(tx: Tx, problem: ProblemRow): Promise<readonly IncidentRow[]> {
  const links = await listIncidentLinks(tx, [problem.id])
  return listIncidentsById(
    tx,
    links.map((each) => each.incidentId),
    { all: true },
  )
}

interface Telling {
  readonly actor: Actor
  readonly reason?: string
  /** One that belongs to it no more, or not yet. */
  readonly beside?: readonly IncidentRow[]
}

export async function tellOf(
  needs: Needs,
  tx: Tx,
  event: typeof contract.problemOpened,
  problem: ProblemRow,
  { actor, reason, beside = [] }: Telling,
): Promise<void> {
  const own = await incidentsOf(tx, problem)
  const incidents = [...own, ...beside.filter((each) => !own.some(({ id }) => id === each.id))]
  const services = problem.services.map((id) => ({ kind: 'service', id }))
  const links = [...linksOf(incidents), ...services]
  await needs.journal.publish(tx, event, {
    actor,
    subject: { kind: 'problem', id: problem.id },
    links: links.filter(
      (one, place) => links.findIndex((each) => each.kind === one.kind && each.id === one.id) === place,
    ),
    ...(reason === undefined ? {} : { reason }),
    data: { problemId: problem.id, number: problem.number, title: problem.title, state: problem.state },
  })
}

export interface Move {
  readonly to: ProblemState
  readonly because: string
  readonly actor: Actor
  readonly by: string
}

export async function moveTo(needs: Needs, tx: Tx, problem: ProblemRow, move: Move): Promise<ProblemRow> {
  const now = await tx.now()
  const watchedSince = move.to === 'watching' ? now : move.to === 'eliminated' ? problem.watchedSince : null
  const saved = await saveProblem(tx, { ...problem, state: move.to, watchedSince })
  const { to: after, because, by } = move
  await addMove(tx, { problemId: problem.id, at: now, before: problem.state, after, because, by })
  await tellOf(needs, tx, move.to === 'eliminated' ? contract.problemEliminated : contract.problemMoved, saved, {
    actor: move.actor,
    reason: because,
  })
  await lookAgain(tx, saved)
  return saved
}

/** One row of work for each problem that is watched; none for the others. */
export async function lookAgain(tx: Tx, problem: ProblemRow): Promise<void> {
  if (problem.state !== 'watching' || problem.watchedSince === null)
    await cancelWork(tx, contract.watchProblem, problem.id)
  else
    await addWork(
      tx,
      contract.watchProblem,
      { problemId: problem.id },
      { key: problem.id, dueAt: plus(problem.watchedSince, problem.windowMs) },
    )
}

/** It is over when its time is: what came in between opened it again right away. */
export async function watchProblemFor(needs: Needs, problemId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const problem = await lockProblem(tx, problemId, [])
    if (problem === null || problem.state !== 'watching' || problem.watchedSince === null) return
    const now: Instant = await tx.now()
    const seen = (await incidentsOf(tx, problem)).map((row) => ({ number: row.number, beganAt: beganAt(row) }))
    const verdict = judgeElimination(problem.watchedSince, problem.windowMs, seen, now)
    if (verdict.state === 'waiting') return lookAgain(tx, problem)
    const actor = automation('learning')
    const to = verdict.state === 'repeated' ? 'open' : 'eliminated'
    await moveTo(needs, tx, problem, { to, because: verdict.because, actor, by: actor.name })
  })
}

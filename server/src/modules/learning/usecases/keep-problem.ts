// Opens, writes and moves problems.
import { AppError } from '../../../kernel/app-error.ts'
import { type Instant, parseInstant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findServices } from '../../catalog/index.ts'
import type { IncidentRow } from '../../incidents/index.ts'
import { listActionsById } from '../../postmortems/index.ts'
import { decideProblemMove, type ProblemState } from '../core/index.ts'
import { problemChanged, problemOpened } from '../problems.contract.ts'
import {
  addMove,
  insertProblem,
  linkIncident,
  listActionLinks,
  type ProblemRow,
  saveProblem,
} from '../problems.store.ts'
import { checkCounts, loadIncident, type Order } from './order.ts'
import { loadProblem, lookAgain, moveTo, tellOf } from './problem-entry.ts'
import { checkClass, readLearning } from './read-policy.ts'

export interface ProblemText {
  readonly title?: string
  readonly cause?: string | null
  readonly workaround?: string | null
  readonly plan?: string | null
  readonly class?: string | null
  readonly services?: readonly string[]
  readonly owner?: string | null
  readonly dueAt?: string | null
  readonly windowMs?: number
}

async function checkText(tx: Tx, text: ProblemText): Promise<void> {
  if (text.class != null) await checkClass(tx, text.class)
  const services = text.services ?? []
  const known = new Set((await findServices(tx, services)).map((each) => each.name))
  const unknown = services.find((each) => !known.has(each))
  if (unknown !== undefined)
    throw new AppError('invalid', 'problems.unknown-service', `There is no service ${unknown}.`)
}

function timeOf(text: string): Instant {
  const at = parseInstant(text)
  if (at === null) throw new AppError('invalid', 'problems.bad-time', `${text} is no time.`)
  return at
}

export async function openProblemOf(
  needs: Needs,
  order: Order & { readonly text: ProblemText & { readonly title: string }; readonly incidents: readonly string[] },
): Promise<ProblemRow> {
  return needs.database.transaction(async (tx) => {
    const { text, by, actor } = order
    await checkText(tx, text)
    const incidents: IncidentRow[] = []
    // In the order of their ids, so that two who open at once never wait in a ring.
    for (const id of [...new Set(order.incidents)].sort()) incidents.push(await loadIncident(tx, id, order.reader))
    incidents.forEach(checkCounts)
    const now = await tx.now()
    const { eliminationWindowMs } = await readLearning(tx)
    const problem = await insertProblem(tx, {
      id: needs.newId(),
      title: text.title,
      cause: text.cause ?? null,
      state: 'open',
      class: text.class ?? null,
      services: [...new Set(text.services ?? incidents.flatMap((each) => each.services))].slice(0, 50),
      owner: text.owner ?? null,
      workaround: text.workaround ?? null,
      plan: null,
      dueAt: null,
      windowMs: eliminationWindowMs,
      watchedSince: null,
      openedBy: by,
      openedAt: now,
    })
    for (const { id } of incidents) await linkIncident(tx, { problemId: problem.id, incidentId: id, by, at: now })
    const because =
      incidents.length === 0
        ? 'Opened by hand.'
        : `Opened from ${incidents.map((each) => `incident ${each.number}`).join(', ')}.`
    await addMove(tx, { problemId: problem.id, at: now, before: null, after: 'open', because, by })
    await tellOf(needs, tx, problemOpened, problem, { actor, reason: because })
    return problem
  })
}

export async function changeProblemText(
  needs: Needs,
  order: Order & { readonly id: string; readonly text: ProblemText },
): Promise<ProblemRow> {
  return needs.database.transaction(async (tx) => {
    const problem = await loadProblem(tx, order.id, order.reader)
    await checkText(tx, order.text)
    const { dueAt, ...text } = order.text
    const due = dueAt === undefined ? {} : { dueAt: dueAt === null ? null : timeOf(dueAt) }
    const wanted: ProblemRow = { ...problem, ...text, ...due }
    if (wanted.state === 'known-error' && (wanted.workaround ?? '').trim() === '')
      throw new AppError(
        'invalid',
        'problems.incomplete',
        'A known error keeps its workaround: move it back to open first.',
      )
    const saved = await saveProblem(tx, wanted)
    if (saved.windowMs !== problem.windowMs) await lookAgain(tx, saved)
    await tellOf(needs, tx, problemChanged, saved, { actor: order.actor, reason: writtenOf(Object.keys(order.text)) })
    return saved
  })
}

const partWords: Readonly<Record<string, string>> = { dueAt: 'due day', windowMs: 'time of watching' }

/** "plan and due day", as a person would say it. */
function writtenOf(parts: readonly string[]): string {
  const words = parts.map((part) => partWords[part] ?? part)
  const last = words.pop() ?? 'nothing'
  return words.length === 0 ? `its ${last}.` : `its ${words.join(', ')} and ${last}.`
}

export async function moveProblemTo(
  needs: Needs,
  order: Order & { readonly id: string; readonly to: ProblemState; readonly note: string | null },
): Promise<ProblemRow> {
  return needs.database.transaction(async (tx) => {
    const problem = await loadProblem(tx, order.id, order.reader)
    const { state, workaround, plan } = problem
    const links = await listActionLinks(tx, [problem.id])
    const actions = await listActionsById(
      tx,
      links.map((each) => each.actionId),
    )
    const decision = decideProblemMove({
      ...{ state, workaround, plan, to: order.to, note: order.note },
      actions: actions.map((each) => each.state),
    })
    if (!decision.ok) throw new AppError(decision.kind, decision.code, decision.sentence)
    const { to, actor, by } = order
    return moveTo(needs, tx, problem, { to, because: decision.because, actor, by })
  })
}

// Corrective actions: agreed, done, and proven by their signal, or open again because it did not hold.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import {
  type ActionRow,
  insertAction,
  isProving,
  listActionsOf,
  lockAction,
  lockProving,
  type Recurring,
  saveAction,
} from '../actions.store.ts'
import {
  type ActionKind,
  type ActionSize,
  firstLook,
  judgeProof,
  nextActionStates,
  type ProofSignal,
} from '../core/index.ts'
import * as contract from '../postmortems.contract.ts'
import type { PostmortemsPorts } from '../postmortems.ports.ts'
import { findPostmortem, type PostmortemRow } from '../postmortems.store.ts'
import { checkSignal, lookAtSignal } from './look-at-signal.ts'
import {
  actionDataOf,
  entryOf,
  loadPostmortem,
  needPostmortem,
  type Order,
  unknownPostmortem,
} from './postmortem-entry.ts'

const mostActions = 100

export async function addCorrectiveAction(
  needs: Needs,
  order: Order & {
    readonly title: string
    readonly kind: ActionKind
    readonly owner: string
    readonly dueAt: Instant
    readonly size: ActionSize | null
    readonly signal: ProofSignal | null
  },
): Promise<ActionRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadPostmortem(tx, order)
    if ((await listActionsOf(tx, [row.id])).length >= mostActions)
      throw new AppError('limited', 'postmortems.too-many', `A postmortem holds ${mostActions} actions.`)
    if (order.signal !== null) await checkSignal(tx, order.signal)
    const action = await insertAction(tx, {
      id: needs.newId(),
      postmortemId: row.id,
      incidentId: row.incidentId,
      title: order.title,
      kind: order.kind,
      size: order.size,
      owner: order.owner,
      dueAt: order.dueAt,
      state: 'open',
      signal: order.signal,
      createdBy: order.by,
      createdAt: await tx.now(),
    })
    await addWork(
      tx,
      contract.remindAction,
      { actionId: action.id },
      { key: action.id, dueAt: firstLook(action.dueAt) },
    )
    await tellOfAction(tx, needs, contract.actionAdded, { row, action, actor: order.actor })
    return action
  })
}

interface Telling {
  readonly row: PostmortemRow
  readonly action: ActionRow
  readonly actor: Actor
  readonly reason?: string
  /** Who hears of it besides its owner, because it is late. */
  readonly above?: readonly string[]
}

export async function tellOfAction(
  tx: Tx,
  needs: Needs,
  event: typeof contract.actionAdded,
  told: Telling,
): Promise<void> {
  const links = [
    { kind: 'action', id: told.action.id },
    { kind: 'person', id: told.action.owner },
    ...(told.above ?? []).map((id) => ({ kind: 'person', id })),
  ]
  await needs.journal.publish(tx, event, {
    ...(await entryOf(tx, told.row, told.actor, told.reason, links)),
    data: actionDataOf(told.row, told.action),
  })
}

async function loadAction(tx: Tx, order: Order): Promise<{ row: PostmortemRow; action: ActionRow }> {
  const action = await lockAction(tx, order.id)
  const unknown = () => new AppError('not-found', 'actions.unknown', 'There is no such action.')
  if (action === null) throw unknown()
  const row = await needPostmortem(tx, action.postmortemId, order.reader).catch((error: unknown) => {
    if (error instanceof AppError && error.code === unknownPostmortem().code) throw unknown()
    throw error
  })
  return { row, action }
}

function checkWay(action: ActionRow, to: ActionRow['state']): void {
  const ways = nextActionStates(action.state)
  if (!ways.includes(to))
    throw new AppError(
      'conflict',
      'actions.no-such-way',
      `An action that is ${action.state} goes to ${ways.join(' or ')}, not to ${to}.`,
    )
}

export async function changeCorrectiveAction(
  needs: Needs,
  order: Order & {
    readonly owner?: string
    readonly dueAt?: Instant
    readonly size?: ActionSize | null
    readonly signal?: ProofSignal
    readonly state?: 'open' | 'dropped'
    readonly reason: string | null
  },
): Promise<ActionRow> {
  return needs.database.transaction(async (tx) => {
    const { row, action } = await loadAction(tx, order)
    const { owner, dueAt, size, signal, state, reason } = order
    if (signal !== undefined) {
      if (action.state === 'proving' || action.state === 'proven')
        throw new AppError(
          'conflict',
          'actions.being-proven',
          'What proves it cannot change while it is being proven. Reopen it first.',
        )
      await checkSignal(tx, signal)
    }
    let saved = action
    if (owner !== undefined || dueAt !== undefined || size !== undefined || signal !== undefined) {
      saved = await saveAction(tx, {
        ...action,
        owner: owner ?? action.owner,
        dueAt: dueAt ?? action.dueAt,
        size: size === undefined ? action.size : size,
        signal: signal ?? action.signal,
      })
      await addWork(
        tx,
        contract.remindAction,
        { actionId: action.id },
        { key: action.id, dueAt: firstLook(saved.dueAt) },
      )
      await tellOfAction(tx, needs, contract.actionChanged, { row, action: saved, actor: order.actor })
    }
    if (state !== undefined) {
      checkWay(saved, state)
      if (reason === null)
        throw new AppError(
          'invalid',
          'postmortems.reason-missing',
          `Say why it is ${state === 'open' ? 'open again' : 'dropped'}.`,
        )
      saved = await saveAction(tx, { ...saved, state, provingSince: null, provenAt: null })
      await cancelWork(tx, contract.proveAction, saved.id)
      await tellOfAction(tx, needs, state === 'open' ? contract.actionReopened : contract.actionDropped, {
        row,
        action: saved,
        actor: order.actor,
        reason,
      })
    }
    return saved
  })
}

/** The work is done; without a signal nobody will ever know whether it helped. */
export async function finishCorrectiveAction(
  needs: Needs,
  order: Order & { readonly signal: ProofSignal | null; readonly note: string | null },
): Promise<ActionRow> {
  return needs.database.transaction(async (tx) => {
    const { row, action } = await loadAction(tx, order)
    checkWay(action, 'proving')
    const signal = order.signal ?? action.signal
    if (signal === null)
      throw new AppError('invalid', 'actions.signal-missing', 'Say what will show that it worked.', {
        faults: [
          {
            pointer: '/signal',
            detail:
              'An objective that stays green, an alert that does not come back, a readiness check that passes, or a drill.',
          },
        ],
      })
    await checkSignal(tx, signal)
    const now = await tx.now()
    const saved = await saveAction(tx, {
      ...action,
      state: 'proving',
      signal,
      provingSince: now,
      seen: 'Watched from now on.',
    })
    await addWork(
      tx,
      contract.proveAction,
      { actionId: saved.id },
      { key: saved.id, dueAt: plus(now, Math.min(day, signal.windowMs)) },
    )
    await tellOfAction(tx, needs, contract.actionFinished, {
      row,
      action: saved,
      actor: order.actor,
      ...(order.note === null ? {} : { reason: order.note }),
    })
    return saved
  })
}

const prover = automation('postmortems.prove-action')

/** Looks at the signal; confirms the action, opens it again, or looks again later. */
export async function proveCorrectiveAction(
  needs: Needs,
  ports: Pick<PostmortemsPorts, 'checkOf'>,
  actionId: string,
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const action = await lockAction(tx, actionId)
    const row = action === null ? null : await findPostmortem(tx, action.postmortemId)
    if (
      action === null ||
      row === null ||
      action.state !== 'proving' ||
      action.signal === null ||
      action.provingSince === null
    )
      return
    const now = await tx.now()
    const seen = await lookAtSignal(tx, ports, action.signal, action.provingSince)
    const verdict = judgeProof(action.provingSince, action.signal.windowMs, seen, now)
    if (verdict.state === 'waiting') {
      await saveAction(tx, { ...action, seen: verdict.because })
      await addWork(tx, contract.proveAction, { actionId }, { key: actionId, dueAt: verdict.lookAt })
    } else if (verdict.state === 'proven') {
      const saved = await saveAction(tx, { ...action, state: 'proven', provenAt: now, seen: verdict.because })
      await tellOfAction(tx, needs, contract.actionProven, {
        row,
        action: saved,
        actor: prover,
        reason: verdict.because,
      })
    } else await openAgain(tx, needs, row, action, verdict.because)
  })
}

async function openAgain(tx: Tx, needs: Needs, row: PostmortemRow, action: ActionRow, because: string): Promise<void> {
  const saved = await saveAction(tx, {
    ...action,
    state: 'open',
    provingSince: null,
    provenAt: null,
    seen: because,
    reopened: action.reopened + 1,
  })
  await cancelWork(tx, contract.proveAction, action.id)
  await addWork(tx, contract.remindAction, { actionId: action.id }, { key: action.id, dueAt: firstLook(saved.dueAt) })
  await tellOfAction(tx, needs, contract.actionReopened, { row, action: saved, actor: prover, reason: because })
}

/** Something an action was to prevent has happened: it is open again, also when it counted as proven. */
export async function noteRecurrences(
  needs: Needs,
  recurring: readonly { readonly signal: Recurring; readonly because: string }[],
): Promise<void> {
  // Asked for every alert that opens; hardly ever is one meant.
  const signals = recurring.map((each) => each.signal)
  if (signals.length === 0 || !(await isProving(needs.database, signals))) return
  for (const { signal, because } of recurring) await noteRecurrence(needs, signal, because)
}

async function noteRecurrence(needs: Needs, signal: Recurring, because: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    for (const action of await lockProving(tx, signal)) {
      const row = await findPostmortem(tx, action.postmortemId)
      if (row !== null) await openAgain(tx, needs, row, action, because)
    }
  })
}

/** A drill of these services is over: whoever waits for one looks now, and what an earlier one proved may not hold. */
export async function noteDrill(needs: Needs, services: readonly string[]): Promise<void> {
  const signals = services.map((service) => ({ kind: 'drill', service }) as const)
  if (signals.length === 0 || !(await isProving(needs.database, signals))) return
  await needs.database.transaction(async (tx) => {
    const now = await tx.now()
    for (const signal of signals)
      for (const action of await lockProving(tx, signal))
        if (action.state === 'proving')
          await addWork(tx, contract.proveAction, { actionId: action.id }, { key: action.id, dueAt: now })
        else await lookAgain(tx, needs, action)
  })
}

async function lookAgain(tx: Tx, needs: Needs, action: ActionRow): Promise<void> {
  const row = await findPostmortem(tx, action.postmortemId)
  if (row === null || action.signal === null || action.provingSince === null) return
  const seen = await lookAtSignal(tx, {}, action.signal, action.provingSince)
  if (seen.state === 'bad') await openAgain(tx, needs, row, action, seen.detail)
}

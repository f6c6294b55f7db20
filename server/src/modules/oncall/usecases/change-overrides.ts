// Overrides: made with a reason, taken back without rewriting what was.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError, type Fault } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findResource } from '../../catalog/index.ts'
import { checkOverride, knownSources } from '../core/index.ts'
import { readSchedule } from '../kinds/read-spec.ts'
import { type OverrideOrder, overrideCreated, overrideDeleted } from '../oncall.contract.ts'
import { lockOpenOfSchedule, saveEscalation } from '../oncall.store.ts'
import {
  endOverride,
  insertOverride,
  lockOverride,
  type OverrideRow,
  removeOverride,
  toOverride,
} from '../overrides.store.ts'
import { syncWakeUp } from './save-step.ts'

export interface CreateOrder {
  readonly schedule: string
  readonly body: OverrideOrder
  readonly actor: Actor
  /** The event of another calendar it comes from. */
  readonly calendarUid?: string
}

export async function createOverride(needs: Needs, order: CreateOrder): Promise<OverrideRow> {
  return needs.database.transaction((tx) => putOverride(tx, needs, order))
}

/** Inside the caller's transaction: a swap that is accepted, a calendar that is read. */
export async function putOverride(tx: Tx, needs: Needs, order: CreateOrder): Promise<OverrideRow> {
  const { body, actor } = order
  const stored = await findResource(tx, { kind: 'Schedule', name: order.schedule })
  if (stored === null) throw unknownSchedule(order.schedule)
  const now = await tx.now()
  const asked: Omit<OverrideRow, 'createdAt'> = {
    id: needs.newId(),
    schedule: order.schedule,
    kind: body.kind,
    person: body.person,
    covers: body.covers ?? null,
    rotation: body.rotation ?? null,
    shift: body.shift ?? null,
    startsAt: parseInstant(body.start) ?? now,
    endsAt: parseInstant(body.end) ?? now,
    reason: body.reason,
    createdBy: actor.name,
    calendarUid: order.calendarUid ?? null,
  }
  const known = knownSources(readSchedule(stored.document, []))
  const faults: Fault[] = [...checkOverride(toOverride({ ...asked, createdAt: now }), known)]
  for (const [name, pointer] of [
    [body.person, '/person'],
    [body.covers, '/covers'],
  ] as const) {
    if (name !== undefined && (await findResource(tx, { kind: 'Person', name })) === null)
      faults.push({ pointer, detail: `There is no person "${name}" in the catalog.` })
  }
  if (body.covers !== undefined && body.kind !== 'replace')
    faults.push({ pointer: '/covers', detail: 'Only an override of kind replace covers somebody.' })
  if (asked.endsAt <= now) faults.push({ pointer: '/end', detail: 'It lies in the past, which is never changed.' })
  if (faults.length > 0)
    throw new AppError('invalid', 'oncall.override-refused', 'The override cannot be kept as it is.', { faults })
  // From now on: who was on call until this moment stays on record.
  const row = await insertOverride(tx, { ...asked, startsAt: instant(Math.max(asked.startsAt, now)) })
  await needs.journal.publish(tx, overrideCreated, { ...entry(row, actor), reason: row.reason })
  await lookAgain(tx, row.schedule, [row.startsAt, row.endsAt], now)
  return row
}

export async function deleteOverride(needs: Needs, order: { readonly id: string; readonly actor: Actor }) {
  await needs.database.transaction((tx) => takeBackOverride(tx, needs, order))
}

export async function takeBackOverride(
  tx: Tx,
  needs: Needs,
  order: { readonly id: string; readonly actor: Actor },
): Promise<void> {
  const row = await lockOverride(tx, order.id)
  const now = await tx.now()
  if (row === null || row.endsAt <= now)
    throw new AppError('not-found', 'oncall.unknown-override', 'There is no such override, or it has ended.')
  if (row.startsAt >= now) await removeOverride(tx, row.id)
  else await endOverride(tx, row.id, now)
  await needs.journal.publish(tx, overrideDeleted, entry(row, order.actor))
  await lookAgain(tx, row.schedule, [now], now)
}

/** Escalations under way look again at whoever is on call when the override begins or ends. */
async function lookAgain(tx: Tx, schedule: string, instants: readonly Instant[], now: Instant): Promise<void> {
  const at = instant(Math.max(now, Math.min(...instants)))
  for (const row of await lockOpenOfSchedule(tx, schedule)) {
    const { state } = row
    if (!state.policy.pageOnHandOver) continue
    if (state.phase.kind === 'exhausted' && state.phase.because === 'low-urgency') continue
    if (state.handOverAt !== null && state.handOverAt <= at) continue
    const next = { ...state, handOverAt: at }
    await saveEscalation(tx, row.id, next, now)
    await syncWakeUp(tx, row.id, next.phase.kind === 'escalating' && next.phase.nextAt < at ? next.phase.nextAt : at)
  }
}

function entry(row: OverrideRow, actor: Actor) {
  return {
    actor,
    subject: { kind: 'schedule', id: row.schedule },
    links: [{ kind: 'person', id: row.person }, ...(row.covers === null ? [] : [{ kind: 'person', id: row.covers }])],
    data: {
      schedule: row.schedule,
      person: row.person,
      start: formatInstant(row.startsAt),
      end: formatInstant(row.endsAt),
    },
  }
}

export const unknownSchedule = (name: string): AppError =>
  new AppError('not-found', 'oncall.unknown-schedule', `There is no schedule ${name}.`)

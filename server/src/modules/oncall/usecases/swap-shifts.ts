// Swap requests: asked with a reason, answered once, carried out as overrides in the same transaction.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError, type Fault } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { EventType } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findResource } from '../../catalog/index.ts'
import {
  finalSchedule,
  judgeAccept,
  judgeDecline,
  judgeRequest,
  judgeWithdraw,
  lintSchedule,
  type Refusal,
  type Schedule,
  type Shift,
} from '../core/index.ts'
import {
  type SwapData,
  type SwapOrder,
  swapAccepted,
  swapDeclined,
  swapRequested,
  swapWithdrawn,
} from '../cover.contract.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { answerSwap, insertSwap, lockSwap, type SwapRow } from '../swaps.store.ts'
import { putOverride, unknownSchedule } from './change-overrides.ts'
import { loadSchedules } from './load-directory.ts'

type Ports = Pick<OncallPorts, 'nameOf'>

export async function requestSwap(
  needs: Needs,
  ports: Ports,
  order: { readonly schedule: string; readonly body: SwapOrder; readonly actor: Actor },
): Promise<SwapRow> {
  const { body, actor } = order
  const me = await nameOf(ports, actor)
  return needs.database.transaction(async (tx) => {
    const now = await tx.now()
    const asked = {
      id: needs.newId(),
      schedule: order.schedule,
      asker: me,
      start: parseInstant(body.start) ?? now,
      end: parseInstant(body.end) ?? now,
      candidate: body.candidate ?? null,
      back:
        body.back === undefined
          ? null
          : { start: parseInstant(body.back.start) ?? now, end: parseInstant(body.back.end) ?? now },
      reason: body.reason,
      state: 'open' as const,
    }
    const faults: Fault[] = []
    if (asked.end <= asked.start) faults.push({ pointer: '/end', detail: 'The end must be later than the start.' })
    if (asked.back !== null && asked.back.end <= asked.back.start)
      faults.push({ pointer: '/back/end', detail: 'The end must be later than the start.' })
    if (asked.candidate !== null && (await findResource(tx, { kind: 'Person', name: asked.candidate })) === null)
      faults.push({ pointer: '/candidate', detail: `There is no person "${asked.candidate}" in the catalog.` })
    if (faults.length > 0)
      throw new AppError('invalid', 'oncall.swap-unclear', 'The request cannot be kept as it is.', { faults })
    const schedule = await loadOne(tx, needs, order.schedule, asked)
    throwIf(judgeRequest(asked, shiftsOf(schedule, asked), now))
    const row = await insertSwap(tx, asked)
    await publish(tx, needs, swapRequested, row, actor, row.reason)
    return row
  })
}

export async function acceptSwap(
  needs: Needs,
  ports: Ports,
  order: { readonly id: string; readonly note: string | null; readonly despite: boolean; readonly actor: Actor },
): Promise<SwapRow> {
  const me = await nameOf(ports, order.actor)
  return needs.database.transaction(async (tx) => {
    const swap = await lockKnown(tx, order.id)
    const now = await tx.now()
    const schedule = await loadOne(tx, needs, swap.schedule, swap)
    throwIf(judgeAccept(swap, me, shiftsOf(schedule, swap), now))
    if (!order.despite) refuseStrain(schedule, swap, me, now)
    const cover = async (covers: string, person: string, span: Interval) =>
      putOverride(tx, needs, {
        schedule: swap.schedule,
        actor: order.actor,
        body: {
          kind: 'replace',
          person,
          covers,
          start: formatInstant(span.start),
          end: formatInstant(span.end),
          reason: `Swap: ${swap.reason}`.slice(0, 500),
        },
      })
    await cover(swap.asker, me, swap)
    if (swap.back !== null) await cover(me, swap.asker, swap.back)
    const row = await answerSwap(tx, swap.id, { state: 'accepted', by: me, note: order.note })
    await publish(tx, needs, swapAccepted, row, order.actor, order.note)
    return row
  })
}

export async function declineSwap(
  needs: Needs,
  ports: Ports,
  order: { readonly id: string; readonly note: string | null; readonly actor: Actor },
): Promise<SwapRow> {
  const me = await nameOf(ports, order.actor)
  return needs.database.transaction(async (tx) => {
    const swap = await lockKnown(tx, order.id)
    throwIf(judgeDecline(swap, me, await tx.now()))
    const row = await answerSwap(tx, swap.id, { state: 'declined', by: me, note: order.note })
    await publish(tx, needs, swapDeclined, row, order.actor, order.note)
    return row
  })
}

export async function withdrawSwap(
  needs: Needs,
  ports: Ports,
  order: { readonly id: string; readonly actor: Actor },
): Promise<SwapRow> {
  const me = await nameOf(ports, order.actor)
  return needs.database.transaction(async (tx) => {
    const swap = await lockKnown(tx, order.id)
    throwIf(judgeWithdraw(swap, me, await tx.now()))
    const row = await answerSwap(tx, swap.id, { state: 'withdrawn', by: me, note: null })
    await publish(tx, needs, swapWithdrawn, row, order.actor, null)
    return row
  })
}

/** Too little rest is the taker's to decide, but not by oversight. */
function refuseStrain(schedule: Schedule, swap: SwapRow, taker: string, now: Instant): void {
  const id = 'swap'
  const after: Schedule = {
    ...schedule,
    overrides: [
      ...schedule.overrides,
      { kind: 'replace', id, reason: id, person: taker, covers: swap.asker, start: swap.start, end: swap.end },
      ...(swap.back === null
        ? []
        : [{ kind: 'replace' as const, id, reason: id, person: swap.asker, covers: taker, ...swap.back }]),
    ],
  }
  const window = { start: instant(Math.max(now, swap.start - 3 * day)), end: instant(swap.end + 3 * day) }
  const facts = {
    zone: schedule.rotations[0]?.zone ?? 'UTC',
    window,
    holidays: [],
    unreachable: new Set<string>(),
    elsewhere: [],
  }
  const before = new Set(lintSchedule(schedule, facts).map((each) => each.sentence))
  const strain = lintSchedule(after, facts).filter(
    (each) => each.code === 'short-rest' && each.people.includes(taker) && !before.has(each.sentence),
  )
  if (strain.length === 0) return
  throw new AppError(
    'conflict',
    'oncall.swap-strain',
    'You would have too little rest. Accept with despite: true if you mean it.',
    {
      faults: strain.map((each) => ({ pointer: '/despite', detail: each.sentence })),
    },
  )
}

async function loadOne(
  tx: Tx,
  needs: Needs,
  name: string,
  swap: Interval & { readonly back: Interval | null },
): Promise<Schedule> {
  const start = instant(Math.min(swap.start, swap.back?.start ?? swap.start) - 3 * day)
  const end = instant(Math.max(swap.end, swap.back?.end ?? swap.end) + 3 * day)
  const [schedule] = await loadSchedules(tx, needs.log, [name], start, end)
  if (schedule === undefined) throw unknownSchedule(name)
  return schedule
}

function shiftsOf(schedule: Schedule, swap: Interval & { readonly back: Interval | null }): readonly Shift[] {
  const spans = swap.back === null ? [swap] : [swap, swap.back]
  return spans.flatMap(({ start, end }) => finalSchedule(schedule, { start, end }).shifts)
}

async function nameOf(ports: Ports, actor: Actor): Promise<string> {
  const name = await ports.nameOf(actor)
  if (name !== null) return name
  throw new AppError('forbidden', 'oncall.swap-nobody', 'Only a person of the catalog has shifts to swap.')
}

async function lockKnown(tx: Tx, id: string): Promise<SwapRow> {
  const swap = await lockSwap(tx, id)
  if (swap === null) throw new AppError('not-found', 'oncall.unknown-swap', 'There is no such swap request.')
  return swap
}

function throwIf(refusal: Refusal | null): void {
  if (refusal !== null) throw new AppError(refusal.kind, refusal.code, refusal.sentence)
}

async function publish(
  tx: Tx,
  needs: Needs,
  event: EventType<SwapData>,
  row: SwapRow,
  actor: Actor,
  reason: string | null,
): Promise<void> {
  const people = [row.asker, row.candidate, row.answeredBy].flatMap((each) => each ?? [])
  await needs.journal.publish(tx, event, {
    actor,
    subject: { kind: 'schedule', id: row.schedule },
    links: [...new Set(people)].map((id) => ({ kind: 'person', id })),
    ...(reason === null ? {} : { reason }),
    data: {
      swap: row.id,
      schedule: row.schedule,
      asker: row.asker,
      candidate: row.candidate,
      start: formatInstant(row.start),
      end: formatInstant(row.end),
      by: row.answeredBy,
    },
  })
}

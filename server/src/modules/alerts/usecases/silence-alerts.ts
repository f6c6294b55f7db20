// A silence holds pages back for a while; alerts open, end and are counted as without one.
// What it held is heard when it ends: at once when a person ends it, else at the next sweep.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { published } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { silenceChanged, silenceCreated, silenceEnded } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { lockHeldBy } from '../alerts.store.ts'
import {
  describeEnds,
  formatMatcher,
  type Matcher,
  readSilence,
  type Silence,
  type SilenceDraft,
  type SilenceEnds,
  silenceState,
  withoutTicket,
} from '../core/index.ts'
import { readEnds } from '../read-ends.ts'
import {
  endSilence,
  insertSilence,
  lockSilence,
  replaceEnds,
  repointIncident,
  type SilenceRow,
  updateSilence,
} from '../silences.store.ts'
import { hearAtOnce, holdMatching } from './hold-alerts.ts'

export interface SilenceOrder {
  readonly sets: readonly (readonly Matcher[])[]
  readonly startsAt: Instant | null
  readonly endsAt: Instant | null
  readonly reason: string
  readonly actor: Actor
  readonly by: string
  readonly endsWith?: SilenceEnds | null
}

export async function createSilence(needs: Needs, ports: AlertsPorts, order: SilenceOrder): Promise<SilenceRow> {
  return needs.database.transaction(async (tx) => {
    // Asked here, with the incident held: one that is resolved right now would never end it.
    const endsWith = order.endsWith == null ? null : await readEnds(tx, ports, order.endsWith)
    return create(tx, needs, ports, { ...order, endsWith })
  })
}

async function create(tx: Tx, needs: Needs, ports: AlertsPorts, order: SilenceOrder): Promise<SilenceRow> {
  const now = await tx.now()
  const draft = draftOf(order, now)
  const read = checked(needs.newId(), draft, now)
  const row = { id: read.id, ...draft, createdBy: order.by, updatedAt: now, endsWith: order.endsWith ?? null }
  await insertSilence(tx, row)
  const held = row.startsAt <= now ? await holdMatching(tx, ports, read, now) : 0
  await needs.journal.publish(tx, silenceCreated, { ...entryOf(order, read), data: dataOf(read, held, row.endsWith) })
  return row
}

/**
 * The same silence when only its end, its words or a start yet to come change; else the old one ends and another begins,
 * so that nobody reads a matcher into the past. Answers the one that holds now; null when there is none with this id.
 */
export async function editSilence(
  needs: Needs,
  ports: AlertsPorts,
  id: string,
  order: SilenceOrder,
): Promise<SilenceRow | null> {
  return needs.database.transaction(async (tx) => {
    const old = await lockSilence(tx, id)
    if (old === null) return null
    const now = await tx.now()
    const draft = draftOf(order, now)
    const state = silenceState(old, now)
    // Starts are compared to the second: programs send them back with fewer digits.
    const sameStart = Math.floor(draft.startsAt / 1_000) === Math.floor(old.startsAt / 1_000)
    const pastStart = order.startsAt === null || order.startsAt <= now
    const fits = state === 'active' ? sameStart || pastStart : state === 'pending' && draft.startsAt >= now
    if (!fits || wordsOf(old.sets) !== wordsOf(order.sets)) {
      // Programs that know no other ends than a time keep those it has.
      const kept = order.endsWith === undefined && state !== 'expired' ? old.endsWith : order.endsWith
      const made = await create(tx, needs, ports, { ...order, endsWith: kept ?? null })
      if (state !== 'expired') await end(tx, needs, ports, { id, actor: order.actor })
      return made
    }
    const kept = { ...draft, startsAt: state === 'active' ? old.startsAt : draft.startsAt }
    const read = checked(id, kept, now)
    const endsWith = order.endsWith === undefined ? old.endsWith : order.endsWith
    const row = { id, ...kept, createdBy: order.by, updatedAt: now, endsWith }
    await updateSilence(tx, row)
    // Pages that wait wait for the end that holds now.
    for (const alert of await lockHeldBy(tx, id, 500))
      if (alert.status === 'firing') await ports.paging.snooze(tx, alert.id, order.by, row.endsAt)
    const held = row.startsAt <= now ? await holdMatching(tx, ports, read, now) : 0
    await needs.journal.publish(tx, silenceChanged, { ...entryOf(order, read), data: dataOf(read, held, row.endsWith) })
    return row
  })
}

const wordsOf = (sets: SilenceOrder['sets']): string => JSON.stringify(sets.map((set) => set.map(formatMatcher)))

function draftOf(order: SilenceOrder, now: Instant) {
  const startsAt = order.startsAt === null || order.startsAt < now ? now : order.startsAt
  return { sets: order.sets, startsAt, endsAt: order.endsAt ?? now, by: order.by, reason: order.reason }
}

function checked(id: string, draft: SilenceDraft, now: Instant): Silence {
  const read = readSilence(id, draft, now)
  if (read.ok) return read.silence
  throw new AppError('invalid', 'alerts.silence-invalid', 'The silence cannot be kept like this.', {
    faults: read.faults,
  })
}

const entryOf = (order: SilenceOrder, silence: Silence) => ({
  actor: order.actor,
  subject: { kind: 'silence', id: silence.id },
  reason: order.reason,
})

const dataOf = (silence: Pick<SilenceRow, 'sets' | 'startsAt' | 'endsAt'>, held: number, ends: SilenceEnds | null) => ({
  ...(ends === null ? {} : { endsWith: [...describeEnds(ends)] }),
  matchers: silence.sets.map((set) => set.map(formatMatcher).join(', ')),
  startsAt: formatInstant(silence.startsAt),
  endsAt: formatInstant(silence.endsAt),
  held,
})

export async function expireSilence(
  needs: Needs,
  ports: AlertsPorts,
  order: { readonly id: string; readonly actor: Actor },
): Promise<void> {
  await needs.database.transaction((tx) => end(tx, needs, ports, order))
}

/** For what ends silences by itself: nothing when a person was faster. */
export async function endInTransaction(
  tx: Tx,
  needs: Needs,
  ports: AlertsPorts,
  order: { readonly id: string; readonly actor: Actor; readonly because: string },
): Promise<void> {
  const row = await lockSilence(tx, order.id)
  if (row !== null && row.endsAt > (await tx.now())) await end(tx, needs, ports, order)
}

/** Their incident is the same as another one: they hold until that one is resolved. */
export async function followMerge(
  needs: Needs,
  order: {
    readonly from: string
    readonly into: { readonly id: string; readonly number: number }
    readonly actor: Actor
  },
): Promise<void> {
  const { into, actor } = order
  await needs.database.transaction(async (tx) => {
    const rows = await repointIncident(tx, order.from, { incident: into.id, incidentNumber: String(into.number) })
    const reason = `Its incident was merged into incident ${into.number}.`
    await needs.journal.publishAll(
      tx,
      rows.map((row) => {
        const data = dataOf(row, 0, row.endsWith)
        return published(silenceChanged, { actor, subject: { kind: 'silence', id: row.id }, reason, data })
      }),
    )
  })
}

/** Nobody hears of its ticket any more: said once, and the time it was given ends it. */
export async function loseTicket(
  needs: Needs,
  order: { readonly id: string; readonly ticket: string; readonly actor: Actor },
): Promise<void> {
  const { id, ticket, actor } = order
  await needs.database.transaction(async (tx) => {
    const old = await lockSilence(tx, id)
    // Edited or ended meanwhile.
    if (old?.endsWith?.ticket !== ticket) return
    const row = await replaceEnds(tx, id, withoutTicket(old.endsWith))
    if (row === null) return
    const key = old.endsWith.ticketKey ?? ticket
    await needs.journal.publish(tx, silenceChanged, {
      ...{ actor, subject: { kind: 'silence', id } },
      reason: `Ticket ${key} is not looked after any more: the silence ends by its time.`,
      data: dataOf(row, 0, row.endsWith),
    })
  })
}

async function end(
  tx: Tx,
  needs: Needs,
  ports: AlertsPorts,
  order: { readonly id: string; readonly actor: Actor; readonly because?: string },
): Promise<void> {
  const ended = await endSilence(tx, order.id)
  if (ended === null)
    throw new AppError('not-found', 'alerts.unknown-silence', 'There is no such silence, or it is already over.')
  await hearAtOnce(tx, needs, ports, { id: order.id, because: order.because ?? null })
  await needs.journal.publish(tx, silenceEnded, {
    actor: order.actor,
    subject: { kind: 'silence', id: order.id },
    ...(order.because === undefined ? {} : { reason: order.because }),
    data: { reason: ended.reason },
  })
}

// A silence holds pages back for a while; alerts open, end and are counted as without one.
// What it held is heard when it ends: at once when a person ends it, else at the next sweep.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { silenceCreated, silenceEnded } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { formatMatcher, type Matcher, readSilence } from '../core/index.ts'
import { endSilence, insertSilence, type SilenceRow } from '../silences.store.ts'
import { hearAtOnce, holdMatching } from './hold-alerts.ts'

export interface SilenceOrder {
  readonly sets: readonly (readonly Matcher[])[]
  readonly startsAt: Instant | null
  readonly endsAt: Instant | null
  readonly reason: string
  readonly actor: Actor
  readonly by: string
}

export async function createSilence(needs: Needs, ports: AlertsPorts, order: SilenceOrder): Promise<SilenceRow> {
  return needs.database.transaction(async (tx) => {
    const now = await tx.now()
    const draft = {
      sets: order.sets,
      startsAt: order.startsAt ?? now,
      endsAt: order.endsAt ?? now,
      by: order.by,
      reason: order.reason,
    }
    const read = readSilence(needs.newId(), draft, now)
    if (!read.ok)
      throw new AppError('invalid', 'alerts.silence-invalid', 'The silence cannot be kept like this.', {
        faults: read.faults,
      })
    const row: SilenceRow = {
      id: read.silence.id,
      sets: order.sets,
      startsAt: draft.startsAt,
      endsAt: draft.endsAt,
      createdBy: order.by,
      reason: order.reason,
    }
    await insertSilence(tx, row)
    const held = row.startsAt <= now ? await holdMatching(tx, ports, read.silence, now) : 0
    await needs.journal.publish(tx, silenceCreated, {
      actor: order.actor,
      subject: { kind: 'silence', id: row.id },
      reason: order.reason,
      data: {
        matchers: read.silence.sets.map((set) => set.map(formatMatcher).join(', ')),
        startsAt: formatInstant(row.startsAt),
        endsAt: formatInstant(row.endsAt),
        held,
      },
    })
    return row
  })
}

export async function expireSilence(
  needs: Needs,
  ports: AlertsPorts,
  order: { readonly id: string; readonly actor: Actor },
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const ended = await endSilence(tx, order.id)
    if (ended === null)
      throw new AppError('not-found', 'alerts.unknown-silence', 'There is no such silence, or it is already over.')
    await hearAtOnce(tx, needs, ports, order.id)
    await needs.journal.publish(tx, silenceEnded, {
      actor: order.actor,
      subject: { kind: 'silence', id: order.id },
      data: { reason: ended.reason },
    })
  })
}

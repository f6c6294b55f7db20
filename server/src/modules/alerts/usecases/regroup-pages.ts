// Keeps a page that several alerts share true: what it says, and whether anybody still needs it. One transaction, one
// page, under the lock of its row; asked for by whoever joins, leaves or ends.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, findAlert } from '../alerts.store.ts'
import { isWorse, speakerOf } from '../core/index.ts'
import { dropGroup, findLastEnded, listMemberLines, lockGroup, type MemberLine } from '../page-groups.store.ts'
import { findHold } from '../silences.store.ts'

export async function regroup(needs: Needs, ports: AlertsPorts, group: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    if ((await lockGroup(tx, group)) !== null) await regroupLocked(tx, ports, group)
  })
}

/** The caller holds the row of the page. */
export async function regroupLocked(tx: Tx, ports: AlertsPorts, group: string): Promise<void> {
  const members = await listMemberLines(tx, group)
  const speaking = speakingOf(group, members)
  const speaker = speaking === null ? null : await findAlert(tx, speaking.id)
  if (speaker === null) return endOrQuieten(tx, ports, group)
  await ports.paging.describe(tx, group, speaker, othersThan(speaker, members))
}

export function speakingOf<M extends Pick<MemberLine, 'id' | 'worst' | 'openedAt'>>(
  group: string,
  members: readonly M[],
): M | null {
  const speaker = speakerOf(
    group,
    members.map((row) => ({ id: row.id, severity: row.worst, openedAt: row.openedAt })),
  )
  return members.find((row) => row.id === speaker?.id) ?? null
}

function othersThan(speaker: AlertRow, members: readonly MemberLine[]): readonly MemberLine[] {
  const order = (a: MemberLine, b: MemberLine) =>
    isWorse(a.worst, b.worst) ? -1 : isWorse(b.worst, a.worst) ? 1 : a.number - b.number
  return members.filter((row) => row.id !== speaker.id).sort(order)
}

/** Nobody needs the page now. The alert it was made for may come back to it: then it waits as long as that one does. */
async function endOrQuieten(tx: Tx, ports: AlertsPorts, group: string): Promise<void> {
  const row = await findAlert(tx, group)
  const now = await tx.now()
  if (row !== null && row.status === 'snoozed' && row.snoozedUntil !== null) {
    // Its time has come, and the sweep that wakes it has not: nothing is left to put off.
    if (row.snoozedUntil <= now) return
    return ports.paging.snooze(tx, group, row.answeredBy ?? 'a snooze', row.snoozedUntil)
  }
  if (row !== null && row.status !== 'resolved') {
    const silence = row.silencedBy === null ? null : await findHold(tx, row.silencedBy)
    // Heard again meanwhile: the sweep pages it.
    if (silence === null || silence.endsAt <= now) return
    return ports.paging.snooze(tx, group, silence.createdBy, silence.endsAt)
  }
  const last = await findLastEnded(tx, group)
  await ports.paging.resolve(tx, group, last?.ended ?? 'resolved')
  await dropGroup(tx, group)
}

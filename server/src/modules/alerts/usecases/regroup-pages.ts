// Keeps pages that several alerts share true: what they say, and whether anybody still needs them. Under the locks of their
// rows; asked for by whoever joins, leaves or ends.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertsPorts, PageTold } from '../alerts.ports.ts'
import { type AlertRow, findAlert, findAlerts } from '../alerts.store.ts'
import { isWorse, speakerOf } from '../core/index.ts'
import {
  dropGroup,
  findLastEnded,
  findMembersOf,
  lockGroups,
  type MemberLine,
  type Members,
} from '../page-groups.store.ts'
import { findHold } from '../silences.store.ts'

/** Of many pages with as many statements as of one. */
export async function regroup(needs: Needs, ports: AlertsPorts, groups: readonly string[]): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const held = await lockGroups(tx, groups)
    await regroupLocked(
      tx,
      ports,
      held.map((group) => group.id),
    )
  })
}

/** The caller holds the rows of the pages. */
export async function regroupLocked(tx: Tx, ports: AlertsPorts, groups: readonly string[]): Promise<void> {
  if (groups.length === 0) return
  const members = await findMembersOf(tx, groups)
  const speaking = new Map(
    groups.map((group) => [group, speakingOf(group, members.get(group)?.lines ?? [])?.id ?? null]),
  )
  const speakers = new Map(
    (
      await findAlerts(
        tx,
        [...speaking.values()].filter((id) => id !== null),
      )
    ).map((row) => [row.id, row]),
  )
  const described: PageTold[] = []
  for (const [group, id] of speaking) {
    const speaker = speakers.get(id ?? '')
    const all = members.get(group)
    if (speaker === undefined || all === undefined) await endOrQuieten(tx, ports, group)
    else described.push({ alertId: group, speaker, others: othersThan(speaker, all) })
  }
  await ports.paging.describe(tx, described)
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

function othersThan(speaker: AlertRow, { count, lines }: Members): PageTold['others'] {
  const order = (a: MemberLine, b: MemberLine) =>
    isWorse(a.worst, b.worst) ? -1 : isWorse(b.worst, a.worst) ? 1 : a.number - b.number
  return { count: count - 1, named: lines.filter((row) => row.id !== speaker.id).sort(order) }
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

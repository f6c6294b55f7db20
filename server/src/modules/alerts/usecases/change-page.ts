// An alert that leaves the page it shares, and one that must be heard again: nobody else's page is stopped by it, and it
// is never without one.
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, setSilence } from '../alerts.store.ts'
import { type Asked, asked, holderOf } from '../core/index.ts'
import { hasFollowers, leaveGroup, lockGroup } from '../page-groups.store.ts'
import { heldUntil, silenceOver, silenceSentence } from './held-until.ts'
import { type PagingTurn, pageAlone, regroupSoon, takeTurnFor } from './page-alerts.ts'

export interface Changed {
  readonly row: AlertRow
  readonly trace: readonly Asked[]
}

/** Quiet until then, alone: a page that is also about others goes on for them. */
export async function stepAside(
  { tx, ports }: { readonly tx: Tx; readonly ports: AlertsPorts },
  row: AlertRow,
  by: string,
  until: Instant,
): Promise<Changed> {
  if (row.pagedWith !== null) {
    const left = asked('group', 'leaves', `The page of #${row.pagedWithNumber ?? 0} goes on without it.`)
    await regroupSoon(tx, row.pagedWith)
    return { row: await leaveGroup(tx, row.id), trace: [left] }
  }
  // Locked: nobody joins between the look and the commit.
  const group = await lockGroup(tx, row.id)
  if (group !== null && (await hasFollowers(tx, row.id))) {
    await regroupSoon(tx, row.id)
    return { row, trace: [asked('group', 'leaves', 'Its page goes on for the others that were paged with it.')] }
  }
  await ports.paging.snooze(tx, row.id, by, until)
  return { row, trace: [] }
}

/** Somebody must hear of it now: its page goes on if it has one, else it gets one. */
export async function tellAgain(
  of: Pick<PagingTurn, 'tx' | 'needs' | 'ports' | 'now'>,
  row: AlertRow,
  by: string,
): Promise<Changed> {
  const { tx, ports } = of
  if (row.heldBecause !== null)
    return { row, trace: [asked('paging', 'held', `It is ${row.heldBecause} by the routing file.`)] }
  const silence = await silenceOver(tx, row)
  if (silence !== null) {
    const silenced = row.silencedBy === silence.id ? row : await setSilence(tx, row.id, silence.id)
    const because = `${silenceSentence(silence)} Nobody is told before.`
    const held = asked('paging', 'held', because)
    if (row.pagedWith !== null) {
      const aside = await stepAside(of, silenced, holderOf(silence), silence.endsAt)
      return { row: aside.row, trace: [held, ...aside.trace] }
    }
    if ((await heldUntil(tx, row.id)) !== null) {
      await ports.paging.snooze(tx, row.id, holderOf(silence), silence.endsAt)
      return { row: silenced, trace: [held] }
    }
    // Others on its page are to be heard: it goes on for them.
    return goOn(of, silenced, by)
  }
  return goOn(of, row, by)
}

async function goOn(
  of: Pick<PagingTurn, 'tx' | 'needs' | 'ports' | 'now'>,
  row: AlertRow,
  by: string,
): Promise<Changed> {
  const { tx, ports } = of
  if (row.pagedWith !== null) {
    await regroupSoon(tx, row.pagedWith)
    return tellAlone(
      of,
      await leaveGroup(tx, row.id),
      `It is told apart from #${row.pagedWithNumber ?? 0} from now on.`,
    )
  }
  const standing = await ports.paging.standing(tx, row.id)
  if (standing === 'none') return tellAlone(of, row, 'It has no page.')
  // What escalates reaches people by itself, and what is assigned calls for nobody.
  if (standing !== 'escalating' && standing !== 'assigned') await ports.paging.unacknowledge(tx, row.id, by)
  await regroupSoon(tx, row.id)
  return { row, trace: [] }
}

async function tellAlone(
  of: Pick<PagingTurn, 'tx' | 'needs' | 'ports' | 'now'>,
  row: AlertRow,
  because: string,
): Promise<Changed> {
  return pageAlone(await takeTurnFor(of, [row]), row, [asked('group', 'own page', because)])
}

// The end of an episode, whoever brings it: the row, the pages, the journal.
import type { Actor } from '../../../kernel/actor.ts'
import { invariant } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { alertEnded } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, endAlert } from '../alerts.store.ts'
import type { Episode } from '../core/index.ts'
import { dataOf, linksOf } from './alert-entry.ts'

export interface Close {
  readonly tx: Tx
  readonly needs: Needs
  readonly ports: AlertsPorts
  readonly actor: Actor
  readonly row: AlertRow
  readonly reason?: string
}

/** `amended`: it had ended before and only its end is known better; nobody is told again. */
export async function closeAlert(close: Close, episode: Episode, amended: boolean): Promise<AlertRow> {
  const { tx, row, needs } = close
  invariant(episode.end !== null, 'an episode that is closed has an end')
  const ended = await endAlert(tx, row.id, episode, episode.end, !amended && episode.end.how === 'resolved' ? 1 : 0)
  if (amended) return ended
  await close.ports.paging.resolve(tx, ended)
  await needs.journal.publish(tx, alertEnded[episode.end.how], {
    actor: close.actor,
    subject: { kind: 'alert', id: row.id },
    links: linksOf(ended),
    ...(close.reason === undefined ? {} : { reason: close.reason }),
    data: { ...dataOf(ended), ended: episode.end.how },
  })
  return ended
}

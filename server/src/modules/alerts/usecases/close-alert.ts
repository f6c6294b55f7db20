// The end of an episode, whoever brings it: the row, the pages, the journal.
import type { Actor } from '../../../kernel/actor.ts'
import { invariant } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { alertEnded } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, addTrace, endAlert } from '../alerts.store.ts'
import { asked, type Ending, type Episode } from '../core/index.ts'
import { dropGroup, listMembers, lockGroup } from '../page-groups.store.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { regroupSoon } from './page-alerts.ts'
import { speakingOf } from './regroup-pages.ts'

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
  await endPage(close, ended, episode.end.how)
  await needs.journal.publish(tx, alertEnded[episode.end.how], {
    actor: close.actor,
    subject: { kind: 'alert', id: row.id },
    links: linksOf(ended),
    ...(close.reason === undefined ? {} : { reason: close.reason }),
    data: { ...dataOf(ended), ended: episode.end.how },
  })
  return ended
}

/** Its page is over too, unless others that were paged with it still fire: then it goes on where it stands. */
async function endPage({ tx, ports }: Close, ended: AlertRow, how: Ending): Promise<void> {
  if (ended.pagedWith !== null) return regroupSoon(tx, ended.pagedWith)
  const group = await lockGroup(tx, ended.id)
  const others = group === null ? [] : await listMembers(tx, ended.id)
  const speaker = speakingOf(ended.id, others)
  if (speaker === null) {
    await ports.paging.resolve(tx, ended.id, how)
    if (group !== null) await dropGroup(tx, ended.id)
    return
  }
  await regroupSoon(tx, ended.id)
  const many = others.length === 1 ? 'one alert' : `${others.length} alerts`
  await addTrace(tx, [
    { alertId: ended.id, asked: asked('group', 'goes on', `Its page goes on for ${many} still open.`) },
    {
      alertId: speaker.id,
      asked: asked('group', 'goes on', `#${ended.number} is over; its page goes on where it stood, for this one.`),
    },
  ])
}

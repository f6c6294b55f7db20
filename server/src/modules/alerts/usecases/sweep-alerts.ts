// Ends what nobody repeats any more and wakes what was left until later. Each alert in a transaction of few rows.
import { automation } from '../../../kernel/actor.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { alertWoken } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, addTrace, lockRunOut, saveAnswer, toEpisode } from '../alerts.store.ts'
import { asked, decideExpiry } from '../core/index.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { type Changed, tellAgain } from './change-page.ts'
import { closeAlert } from './close-alert.ts'
import { hearAgain, holdStarted } from './hold-alerts.ts'

const atOnce = 100
const actor = automation('alerts.sweep')

/** Pages held back by silences: begins those that start, ends those that are over. Answers how many alerts changed. */
export async function sweepSilences(needs: Needs, ports: AlertsPorts): Promise<number> {
  return needs.database.transaction(async (tx) => (await hearAgain(tx, needs, ports)) + (await holdStarted(tx, ports)))
}

/** Answers how many were due; the caller comes back at once while a full batch was found. */
export async function sweepAlerts(needs: Needs, ports: AlertsPorts): Promise<number> {
  return needs.database.transaction(async (tx) => {
    const rows = await lockRunOut(tx, atOnce)
    // Asked after the look: what it found is due at this time, too.
    const now = await tx.now()
    for (const row of rows) {
      const decision = decideExpiry(toEpisode(row), now)
      if (decision?.kind === 'close') {
        await addTrace(
          tx,
          decision.trace.map((each) => ({ alertId: row.id, asked: each })),
        )
        await closeAlert(
          { tx, needs, ports, actor, row, reason: decision.trace.at(-1)?.because ?? '' },
          decision.episode,
          false,
        )
        continue
      }
      if (row.snoozedUntil === null || row.snoozedUntil > now) continue
      const { row: woken, trace } = await wake({ tx, needs, ports, now }, row)
      const because = 'The snooze is over and the problem is still there.'
      await addTrace(
        tx,
        [asked('answer', 'woken', because), ...trace].map((step) => ({ alertId: row.id, asked: step })),
      )
      await needs.journal.publish(tx, alertWoken, {
        actor,
        subject: { kind: 'alert', id: row.id },
        links: linksOf(woken),
        reason: because,
        data: dataOf(woken),
      })
    }
    return rows.length
  })
}

/** A snoozed page wakes by its own timer; what was put off alone has none of its own, or one that went on for others. */
async function wake(
  of: { readonly tx: Tx; readonly needs: Needs; readonly ports: AlertsPorts; readonly now: Instant },
  row: AlertRow,
): Promise<Changed> {
  const woken = await saveAnswer(of.tx, row.id, { kind: 'unanswered' })
  if (row.silencedBy !== null || (await of.ports.paging.standing(of.tx, row.id)) === 'snoozed')
    return { row: woken, trace: [] }
  return tellAgain(of, woken, 'the end of the snooze')
}

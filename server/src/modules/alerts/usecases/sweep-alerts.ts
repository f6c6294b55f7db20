// Ends what nobody repeats any more and wakes what was left until later. Each alert in a transaction of few rows.
import { automation } from '../../../kernel/actor.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { alertWoken, tellAlerts } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, addTrace, endAlerts, lockRunOut, saveAnswer, toEpisode } from '../alerts.store.ts'
import { type Asked, asked, decideExpiry } from '../core/index.ts'
import { addTurns } from '../turns.store.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { type Changed, tellAgain } from './change-page.ts'
import { type PlannedEnd, planEnd } from './close-alert.ts'
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
    const ends: PlannedEnd[] = []
    const endTrace: { alertId: string; asked: Asked }[] = []
    for (const row of rows) {
      const decision = decideExpiry(toEpisode(row), now)
      if (decision?.kind === 'close') {
        endTrace.push(...decision.trace.map((each) => ({ alertId: row.id, asked: each })))
        const reason = decision.trace.at(-1)?.because ?? ''
        ends.push(planEnd({ actor, row, reason }, decision.episode, 0))
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
    await endTogether(tx, needs, ends)
    await addTrace(tx, endTrace)
    return rows.length
  })
}

async function endTogether(tx: Tx, needs: Needs, ends: readonly PlannedEnd[]): Promise<void> {
  if (ends.length === 0) return
  await endAlerts(
    tx,
    ends.map(({ end }) => end),
  )
  await addTurns(
    tx,
    ends.map(({ row }) => ({ alertId: row.id, task: 'end', severity: row.worst })),
  )
  await needs.journal.publishAll(
    tx,
    ends.map(({ entry }) => entry),
    [{ job: tellAlerts, payload: {} }],
  )
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

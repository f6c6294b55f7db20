// Silences whose reason is gone end before their time, and whoever made one is reminded before it ends by itself.
import { type Actor, automation } from '../../../kernel/actor.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { countedSince, judgeRate, remindAt } from '../core/index.ts'
import {
  countBegunUnder,
  countHeldBy,
  listEndingWith,
  listToRemind,
  markReminded,
  type SilenceRow,
} from '../silences.store.ts'
import { endInTransaction, loseTicket } from './silence-alerts.ts'

const actor = automation('alerts.silence')

/** What happened: an incident is over, or a service was changed. */
export interface Occasion {
  readonly kind: 'incident' | 'change'
  readonly of: string
  /** Only silences that held by then: what was changed before one was made does not end it. */
  readonly at?: number
  readonly because: string
}

export async function endSilencesWith(needs: Needs, ports: AlertsPorts, occasion: Occasion): Promise<number> {
  const { kind, of, at } = occasion
  const rows = await listEndingWith(needs.database, kind, of)
  const meant = rows.filter((row) => at === undefined || row.startsAt <= at)
  for (const row of meant) await endOne(needs, ports, row, occasion.because)
  return meant.length
}

/** In a transaction of its own; a person may have ended it meanwhile. */
async function endOne(needs: Needs, ports: AlertsPorts, row: SilenceRow, because: string, by: Actor = actor) {
  await needs.database.transaction((tx) => endInTransaction(tx, needs, ports, { id: row.id, actor: by, because }))
}

/** Of those that hold now: what begins too often under one is another problem than it was made for. */
export async function endByRate(needs: Needs, ports: AlertsPorts): Promise<void> {
  const { database } = needs
  const rows = await listEndingWith(database, 'rate', null)
  if (rows.length === 0) return
  const now = await database.now()
  for (const row of rows) {
    const rate = row.endsWith?.rate
    if (rate === undefined || row.startsAt > now) continue
    const begun = await countBegunUnder(database, row.id, countedSince(rate, row.startsAt, now))
    const because = judgeRate(rate, begun)
    if (because !== null) await endOne(needs, ports, row, because)
  }
}

/**
 * Asked of how tickets stand, not told of a change: one that was closed right when the silence was made, or removed, is found
 * as well.
 */
export async function endByTickets(needs: Needs, ports: AlertsPorts): Promise<void> {
  const rows = await listEndingWith(needs.database, 'ticket', null)
  const named = rows.flatMap((row) => (row.endsWith?.ticket === undefined ? [] : [row.endsWith.ticket]))
  if (named.length === 0) return
  const standings = await ports.tickets?.standings(needs.database, [...new Set(named)])
  for (const row of rows) {
    const { ticket, ticketKey } = row.endsWith ?? {}
    if (ticket === undefined) continue
    const standing = standings?.get(ticket) ?? 'lost'
    if (standing === 'over')
      await endOne(needs, ports, row, `Ticket ${ticketKey ?? ticket}, which it was made for, is closed.`)
    if (standing === 'lost') await loseTicket(needs, { id: row.id, ticket, actor })
  }
}

/** Once for each, and only when somebody will be paged when it ends: silence over silence is no news. */
export async function remindOfEnds(needs: Needs, ports: AlertsPorts): Promise<void> {
  const { remindOfSilence } = ports
  if (remindOfSilence === undefined) return
  const rows = await listToRemind(needs.database)
  if (rows.length === 0) return
  const now = await needs.database.now()
  for (const row of rows) {
    const at = remindAt(row)
    if (at === null || at > now) continue
    await needs.database.transaction(async (tx) => {
      const held = await countHeldBy(tx, row.id)
      if (held === 0 || !(await markReminded(tx, row.id))) return
      await remindOfSilence(tx, { id: row.id, person: row.createdBy, reason: row.reason, endsAt: row.endsAt, held })
    })
  }
}

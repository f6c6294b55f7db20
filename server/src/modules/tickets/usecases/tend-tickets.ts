// Goes through the tickets of one connection that are due, one call to the tracker after the other. One worker at a time:
// a tracker that hangs holds up its own tickets and nothing else.
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { Turn } from '../../../platform/work/job.ts'
import { lockConnection, saveTended } from '../connections.store.ts'
import type { TicketsPorts } from '../tickets.ports.ts'
import { nextDueOf, putOff, takeDue } from '../tickets.store.ts'
import { compareTicket } from './compare-ticket.ts'
import { createTicket, findCreated } from './create-ticket.ts'
import type { Tended } from './tended.ts'

/** A call takes 8 s at most; whoever is not back by then is not coming back. */
const claimMs = 30_000
/** Then the worker lets other work go first. */
const mostSteps = 50

export async function tendConnection(needs: Needs, ports: TicketsPorts, connection: string, turn: Turn): Promise<void> {
  for (let step = 0; ; step += 1) {
    const tended = await claimNext(needs, connection, turn, step === mostSteps)
    if (tended === null) return
    if (tended.row.phase === 'wanted') await createTicket(needs, ports, tended)
    else if (tended.row.phase === 'creating') await findCreated(needs, ports, tended)
    else await compareTicket(needs, ports, tended)
  }
}

/** Null when there is nothing to do now; the turn has been given its next time then. */
async function claimNext(needs: Needs, name: string, turn: Turn, isEnough: boolean): Promise<Tended | null> {
  return needs.database.transaction(async (tx): Promise<Tended | null> => {
    const connection = await lockConnection(tx, name)
    if (connection === null) {
      await turn.finish(tx)
      return null
    }
    const now = await tx.now()
    const rest = async (at: Instant | null): Promise<null> => {
      await saveTended(tx, name, null)
      await (at === null ? turn.finish(tx) : turn.again(tx, instant(Math.max(at, now))))
      return null
    }
    if (connection.nextTryAt !== null && connection.nextTryAt > now) return rest(connection.nextTryAt)
    if (isEnough) return rest(now)
    const row = await takeDue(tx, name)
    if (row === null) return rest(await nextDueOf(tx, name))
    const claimedUntil = plus(now, claimMs)
    await putOff(tx, row.id, claimedUntil)
    await saveTended(tx, name, claimedUntil)
    return { connection, row, claimedUntil }
  })
}

// Every few seconds: what time alone brings about, and what a process that is gone has left.
import { AppError } from '../../../kernel/app-error.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { lookForSweep } from '../sweep-look.store.ts'
import { endByRate, endByTickets, remindOfEnds } from './end-silences.ts'
import { flushDue } from './flush-groups.ts'
import { sweepRouted } from './route-alerts.ts'
import { sweepAlerts, sweepSilences } from './sweep-alerts.ts'
import { tellDue } from './tell-alerts.ts'

/** One statement where nothing is due. */
export async function sweep(needs: Needs, ports: AlertsPorts): Promise<void> {
  const { isDue, isFiring } = await lookForSweep(needs.database)
  // Maintenance that began may hold what fires; whoever is released by one that is over calls for what follows.
  if (!isDue && (!isFiring || (await sweepSilences(needs, ports)) === 0)) return
  // What a process that is gone has left.
  await tellDue(needs, ports)
  await apart(needs, 'Silences that end by their rate', () => endByRate(needs, ports))
  await apart(needs, 'Silences that end with their ticket', () => endByTickets(needs, ports))
  await sweepSilences(needs, ports)
  await apart(needs, 'Reminders of silences', () => remindOfEnds(needs, ports))
  await sweepRouted(needs, ports)
  await flushDue(needs, ports)
  // A full batch means there may be more; ten rounds keep one run well inside its lease.
  for (let round = 0; round < 10; round += 1) if ((await sweepAlerts(needs, ports)) < 100) return
}

/** What fails here keeps nobody else from being heard; it comes again with the next sweep. */
async function apart(needs: Needs, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof AppError && error.kind === 'unavailable') throw error
    needs.log.error(`${what} failed; the sweep goes on without them.`, { error })
  }
}

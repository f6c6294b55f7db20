// Sealing rests while nothing is written. This hears when something is, so that a first entry waits no longer for its leaf
// than one in the middle of others. A word that gets lost makes it wait for the next turn.
import { second } from '../../../kernel/duration.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { hurry } from '../../../platform/work/due-work.store.ts'
import type { Turn } from '../../../platform/work/job.ts'
import { listen } from '../../../platform/work/wake-up.ts'
import { sealJob } from '../audit.contract.ts'
import { hasUnsealed } from '../sealing.store.ts'
import { sealJournal } from './seal-journal.ts'

const restMs = 5 * second

export interface SealWatch {
  /** One turn of the job. */
  turn(turn: Pick<Turn, 'rest'>): Promise<void>
  start(): void
  stop(): Promise<void>
}

export function createSealWatch({ database, log }: Pick<Needs, 'database' | 'log'>): SealWatch {
  let started = false
  let hints: { stop(): Promise<void> } | null = null
  /** This process let it rest, so this one hurries it. */
  let rests = false
  let hurrying: Promise<unknown> = Promise.resolve()

  const hinted = (): void => {
    if (!rests) return
    rests = false
    hurrying = database
      .transaction((tx) => hurry(tx, sealJob))
      .catch((error: unknown) => log.debug('Sealing was not hurried; it comes by itself.', { error }))
  }

  return {
    turn: async (turn) => {
      // Before it looks: what is written meanwhile is heard.
      rests = true
      if (started) hints ??= listen(database, log, 'mainstay_journal', hinted)
      // Mostly there is nothing, and asking costs less than taking turns.
      if (await hasUnsealed(database)) {
        rests = false
        await sealJournal(database)
      } else turn.rest(restMs)
    },
    start: () => {
      started = true
    },
    stop: async () => {
      started = false
      await hints?.stop()
      hints = null
      await hurrying
    },
  }
}

// The door of the intakes: into the database, or aboard the lifeboat when the database is away. Either way what was
// answered for is on a disk.
import type { Instant } from '../../../kernel/instant.ts'
import { isAwayRefusal } from '../../../platform/database/away.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import type { Intake, IntakeResult } from './intake.ts'
import { receiveSignals } from './receive-signals.ts'

export interface Taken extends IntakeResult {
  /** The id of the entry in the lifeboat's journal; null when the database has it. */
  readonly lifeboat: string | null
}

/** The ordinary way first; the other one when it is known to be closed, or turns out to be. */
export async function orAboard<T>(
  ports: AlertsPorts,
  ordinary: () => Promise<T>,
  aboard: () => Promise<T>,
): Promise<T> {
  if (ports.refuge === undefined) return ordinary()
  await ports.refuge.ready()
  if (ports.refuge.isOpen()) return aboard()
  try {
    return await ordinary()
  } catch (error) {
    if (!isAwayRefusal(error) || ports.refuge.now() === null) throw error
    ports.refuge.doubt()
    return aboard()
  }
}

export async function intakeNow(needs: Needs, ports: AlertsPorts): Promise<Instant> {
  return orAboard(
    ports,
    () => needs.database.now(),
    async () => ports.refuge?.now() ?? (await needs.database.now()),
  )
}

export async function takeIn(
  needs: Needs,
  ports: AlertsPorts,
  intake: Intake,
  receive: typeof receiveSignals = receiveSignals,
): Promise<Taken> {
  return orAboard<Taken>(
    ports,
    async () => ({ ...(await receive(needs, ports, intake)), lifeboat: null }),
    async () => {
      const lifeboat = (await ports.refuge?.take(intake)) ?? null
      return { opened: 0, refreshed: 0, resolved: 0, ignored: 0, lifeboat }
    },
  )
}

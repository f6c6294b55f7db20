// News that come at the same time share a transaction: most of what one costs is the same for a few signals and for many.
import type { Tx } from '../../../platform/database/database.ts'
import { isUniqueViolation } from '../../../platform/database/failures.ts'
import { createTogether, type Together } from '../../../platform/database/together.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { createPace, type Pace } from '../pace.ts'
import type { Intake, IntakeResult } from './intake.ts'
import { tellLater, tellSooner } from './tell-alerts.ts'

export type ReceiveAll = (
  tx: Tx,
  needs: Needs,
  ports: AlertsPorts,
  intakes: readonly Intake[],
  follow: Follow,
) => Promise<readonly IntakeResult[]>

/** What is to be done after the commit. */
export interface Follow {
  tell: 'sooner' | 'later' | null
}

/** Signals of one transaction. Whoever brings more goes alone, so that nobody waits for it. */
const mostTogether = 300
// In a storm a round waits for the senders that were answered a moment ago: what a round costs is much more than what one of its
// signals does. Nobody waits with something critical, nor where few come.
const gatherMs = 15
const stormPerSecond = 100

interface Receiver {
  readonly together: Together<Intake, IntakeResult>
  /** Of signals that are news. */
  readonly pace: Pace
}
const receivers = new WeakMap<Needs, WeakMap<AlertsPorts, Receiver>>()

/** Answers after the commit. */
export async function receiveTogether(
  needs: Needs,
  ports: AlertsPorts,
  intake: Intake,
  receive: ReceiveAll,
): Promise<IntakeResult> {
  const run = async (intakes: readonly Intake[]) => {
    const follow: Follow = { tell: null }
    return inTransaction(needs, (tx) => {
      follow.tell = null
      // Before anything that begins with the commit: who begins then has nothing to look for again.
      tx.onEnd((isCommitted) => {
        if (!isCommitted) return
        if (follow.tell === 'sooner') tellSooner(needs)
        if (follow.tell === 'later') void tellLater(needs).catch((error: unknown) => leftToSweep(needs, error))
      })
      return receive(tx, needs, ports, intakes, follow)
    })
  }
  if (intake.signals.length > mostTogether) return (await run([intake]))[0] ?? nothing
  const ofNeeds = receivers.get(needs) ?? new WeakMap<AlertsPorts, Receiver>()
  receivers.set(needs, ofNeeds)
  const receiver = ofNeeds.get(ports) ?? createReceiver(run)
  ofNeeds.set(ports, receiver)
  receiver.pace.add(intake.signals.length)
  return receiver.together.add(intake)
}

function createReceiver(run: (intakes: readonly Intake[]) => Promise<readonly IntakeResult[]>): Receiver {
  const pace = createPace()
  const isStorm = (): boolean => pace.perSecond() >= stormPerSecond
  const isUrgent = ({ signals }: Intake): boolean => signals.some(({ severity }) => severity === 'critical')
  return {
    pace,
    together: createTogether({
      ...{ fill, run },
      gatherMs: (intakes) => (isStorm() && !intakes.some(isUrgent) && signalsOf(intakes) < mostTogether ? gatherMs : 0),
    }),
  }
}

const signalsOf = (intakes: readonly Intake[]): number => intakes.reduce((sum, { signals }) => sum + signals.length, 0)

const leftToSweep = (needs: Needs, error: unknown): void =>
  needs.log.warn('People are told of new alerts by the next sweep.', { error })

const nothing: IntakeResult = { opened: 0, refreshed: 0, resolved: 0, ignored: 0 }

function fill(): (intake: Intake) => boolean {
  let signals = 0
  return (intake) => {
    signals += intake.signals.length
    return signals <= mostTogether
  }
}

async function inTransaction<T>(needs: Needs, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await needs.database.transaction(work)
    } catch (error) {
      // Another process opened the same episode between our look and our insert: look again.
      if (!isUniqueViolation(error) || attempt === 5) throw error
    }
  }
}

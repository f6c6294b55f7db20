// What the simulation drives: the decisions of the product's own cores, and the few decisions that stand in SQL and are
// written here once more. A planted bug replaces one of them; nothing else knows the difference.
import {
  decide,
  decideAcknowledge,
  decideClose,
  decideExpiry,
  decideSnooze,
  decideUnacknowledge,
  isSilenced,
  judgeJoin,
  judgeRise,
  readSignal,
  readSilence,
  speakerOf,
  urgencyOf,
} from '../../src/modules/alerts/core/index.ts'
import {
  canBePaged,
  decideCatchUp,
  deliveryKey,
  failOver,
  fallsThroughUnseen,
  isLate,
  judgeBundling,
  moveDelivery,
  planDeliveries,
  takenOverAt,
} from '../../src/modules/notifications/core/index.ts'
import { directoryOf, openEscalation, stepEscalation, wakeAt } from '../../src/modules/oncall/core/index.ts'
import type { DeliveryRow, Outcome, WorkRow } from './product/rows.ts'

const decisions = {
  decide,
  decideExpiry,
  decideAcknowledge,
  decideUnacknowledge,
  decideSnooze,
  decideClose,
  isSilenced,
  judgeJoin,
  judgeRise,
  readSilence,
  readSignal,
  speakerOf,
  urgencyOf,
  openEscalation,
  stepEscalation,
  wakeAt,
  directoryOf,
  canBePaged,
  planDeliveries,
  judgeBundling,
  decideCatchUp,
  isLate,
  deliveryKey,
  moveDelivery,
  takenOverAt,
  failOver,
  fallsThroughUnseen,
}

/** Decisions of the product that are conditions of SQL statements or constants of the platform. */
const conditions = {
  /** due-work.store.ts, `claimDue`. */
  mayClaim: (row: WorkRow, now: number): boolean =>
    !row.setAside && row.dueAt <= now && (row.claim === null || (row.claimedUntil ?? 0) < now),
  /** due-work.store.ts, `finishWork`, `retryLater`, `renewClaims`: whoever lost the claim changes nothing. */
  holdsClaim: (row: WorkRow, claim: string): boolean => row.claim === claim,
  /** due-work.store.ts, `addWork` of a key that waits: the new time stands and a run under way is fenced off. */
  addFences: true,
  workLeaseMs: 5_000,
  deliveryLeaseMs: 5_000,
  pollMs: 1_000,
  /** deliveries.store.ts, `beginWriting`: asked right before the first byte. */
  whyNotSend: (row: DeliveryRow | null, attempt: number): string | null => {
    if (row === null) return 'The delivery is gone.'
    if (row.delivery.stopped !== null) return row.delivery.stopped
    const { phase, attempts } = row.delivery
    return phase.kind === 'sending' && attempts === attempt ? null : 'Another process has taken this delivery over.'
  },
  /** deliveries.store.ts, `beginWriting`: that a byte leaves is written down first. */
  notesWriting: true,
  /** deliver-message.ts, `claim`: of a claim whose process died before a byte left nothing can have arrived. */
  mayHaveLeft: (row: DeliveryRow): boolean => row.written >= row.delivery.attempts,
  /** deliver-message.ts, `send`: what fails on our own side before a byte left says nothing about the channel. */
  ownFailure: (because: string): Outcome => ({ kind: 'unsent', because }),
  /** deliver-message.ts: what became of an attempt is written down as soon as the database is back. */
  recordTries: 40,
  /** deliver-message.ts sends the key of the row, whatever the attempt. */
  sentKey: (key: string, _attempt: number): string => key,
  /** `mainstay_now()`: the clock of the database, never that of the process that asks. */
  clock: (database: number, _process: number): number => database,
  /** The reply of an intake: 2xx only behind a commit that is known. */
  accepts: (outcome: 'committed' | 'failed'): boolean => outcome === 'committed',
  /** answer-alert.ts stops the page of the group, also when one that joined it is acknowledged. */
  pageOfAcknowledged: (alert: string, group: string): string => (alert === '' ? alert : group),
  /** Number of a journal entry: given by the sealer in the order of commits. */
  sealNumber: (size: number, _entry: number): number => size,
  /** sweep-alerts.ts ends and wakes what is due. */
  sweepsSnoozes: true,
  /** hold-alerts.ts lets alerts go whose silence is over. */
  hearsAgain: true,
  /** receive-signals.ts tells again when an alert rises. */
  tellsRise: true,
  /** answer-alert.ts pages again what was given back. */
  pagesGivenBack: true,
  /** page-notices.store.ts, `closeIfStopped`: nobody joins a bundle whose messages were called back. */
  closesStopped: true,
  /** page-unheard.ts goes on while nobody has heard of it. */
  pagesUnheard: true,
}

export type Rules = typeof decisions & typeof conditions

export const productRules: Rules = { ...decisions, ...conditions }

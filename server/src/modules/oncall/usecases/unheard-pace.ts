// When an alert nobody has heard of is looked at again. With every channel down in a storm there is one such alert for
// each that fires, and each look finds the same people unreachable: so many a second, and the rest of the machine is for
// what can be done.
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { addWork, countWaiting } from '../../../platform/work/due-work.store.ts'
import { pageUnheard } from '../oncall.contract.ts'

const looksPerSecond = 10
/** Beyond it more are looked at in a second rather than later: ten minutes is the longest a reachable person may wait. */
const mostWaiting = 6_000

/** Cost: one count over an index, bounded. The more wait, the later this one is due; a look that is planned stays. */
export async function lookAgain(
  tx: Tx,
  escalation: string,
  when: { readonly at: Instant; readonly onDuplicate?: 'keep' },
): Promise<void> {
  const waiting = await countWaiting(tx, pageUnheard, mostWaiting)
  const now = await tx.now()
  const delayMs = Math.max(when.at - now, (waiting * 1000) / looksPerSecond)
  const { onDuplicate } = when
  await addWork(
    tx,
    pageUnheard,
    { escalation },
    { key: escalation, delayMs, ...(onDuplicate === undefined ? {} : { onDuplicate }) },
  )
}

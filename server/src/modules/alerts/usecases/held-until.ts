// Whether what a page tells of is to be heard at all now: asked before it is told again after a time that ran out.
import { minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { type AlertRow, findAlert } from '../alerts.store.ts'
import { holderOf, isSilenced, type Silence, silenceable } from '../core/index.ts'
import { listOpenOf } from '../page-groups.store.ts'
import { loadSilences } from '../silences.store.ts'

// A silence may be ended early, and routing knows no end: looked at again after this.
const lookAgainMs = 15 * minute

export interface Held {
  readonly until: Instant
  readonly because: string
}

/** The silence that holds an alert the longest, whoever answered it meanwhile; null when it is heard. */
export async function silenceOver(tx: Tx, row: AlertRow): Promise<Silence | null> {
  const silences = await loadSilences(tx)
  if (silences.length === 0) return null
  return longest(row, silences, await tx.now())
}

function longest(row: AlertRow, silences: readonly Silence[], now: Instant): Silence | null {
  return isSilenced(silenceable(row.signal, row.team), silences, now).last
}

/** Null when one of the alerts that the page tells of is to be heard. */
export async function heldUntil(tx: Tx, page: string): Promise<Held | null> {
  const rows = await listOpenOf(tx, page)
  const alone = rows.length === 0 ? await findAlert(tx, page) : null
  const asked = alone === null || alone.status === 'resolved' ? rows : [alone]
  if (asked.length === 0) return null
  const now = await tx.now()
  const silences = await loadSilences(tx)
  let until = plus(now, lookAgainMs)
  let because: string | null = null
  for (const row of asked) {
    const silence = longest(row, silences, now)
    if (silence === null && row.heldBecause === null) return null
    if (silence !== null && silence.endsAt < until) until = silence.endsAt
    because ??= silence === null ? `It is ${row.heldBecause ?? ''} by the routing file.` : silenceSentence(silence)
  }
  return because === null ? null : { until, because }
}

export function silenceSentence(silence: Silence): string {
  const verb = silence.maintenance === undefined ? 'silenced' : 'holds'
  const holder = holderOf(silence)
  return `${holder} ${verb} it until ${formatInstant(silence.endsAt)}.`
}

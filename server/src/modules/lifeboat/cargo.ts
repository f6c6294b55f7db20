// What the records aboard come to: who opened what, how each message stands in the end, how much of what there is.
import { moveDelivery, takenOverAt } from '../notifications/core/index.ts'
import type { SentApart } from '../notifications/index.ts'
import type { BoatRecord, OpenedAlert } from './records.ts'

export function openedOf(records: readonly BoatRecord[]): ReadonlyMap<string, readonly OpenedAlert[]> {
  const found = new Map<string, OpenedAlert[]>()
  for (const record of records)
    if (record.kind === 'opened') found.set(record.entry, [...(found.get(record.entry) ?? []), record])
  return found
}

/** Every message something happened to, as it stands in the end. */
export function parcelsOf(records: readonly BoatRecord[]): ReadonlyMap<string, SentApart> {
  const found = new Map<string, SentApart>()
  const attempts = new Map<string, SentApart['attempts'][number][]>()
  for (const record of records) {
    if (record.kind === 'messages')
      for (const row of record.rows) {
        const delivery: SentApart['delivery'] = {
          key: row.key,
          phase: { kind: 'pending', dueAt: row.dueAt ?? row.createdAt },
          attempts: row.attempts,
          firstAttemptAt: row.firstAttemptAt,
          copies: row.copies,
          stopped: row.stopped,
        }
        // One that was written by a release that told no machines says nothing of any.
        const whole = { ...row, webhook: row.webhook ?? null }
        if (!found.has(row.key)) found.set(row.key, { row: whole, delivery, attempts: [] })
      }
    if (record.kind !== 'attempt' && record.kind !== 'leaving' && record.kind !== 'outcome' && record.kind !== 'moved')
      continue
    const known = found.get(record.key)
    if (known === undefined) continue
    const own = attempts.get(record.key) ?? []
    attempts.set(record.key, own)
    if (record.kind === 'leaving') {
      const index = own.findIndex((each) => each.attempt === record.attempt)
      const begun = own[index]
      if (begun !== undefined) own[index] = { ...begun, written: true }
      continue
    }
    if (record.kind === 'attempt') {
      const { attempts: attempt } = record.delivery
      const written = record.written ?? null
      own.push({ attempt, startedAt: record.at, endedAt: null, outcome: null, because: null, answer: null, written })
    }
    if (record.kind === 'outcome') {
      const { outcome } = record
      const because = 'because' in outcome ? outcome.because : null
      const index = own.findIndex((each) => each.attempt === record.attempt)
      const begun = own[index] ?? { attempt: record.attempt, startedAt: record.at, written: null }
      const answer = outcome.kind === 'accepted' ? outcome.receipt : because
      own.splice(index < 0 ? own.length : index, index < 0 ? 0 : 1, {
        ...{ attempt: begun.attempt, startedAt: begun.startedAt, endedAt: record.at },
        ...{ outcome: outcome.kind, because, answer, ref: outcome, written: begun.written },
      })
    }
    found.set(record.key, { ...known, delivery: record.delivery, attempts: own })
  }
  for (const [key, sent] of found) found.set(key, begunInVain(sent))
  return found
}

/** Nobody is at it any more when it is written down, so its lease is not waited for; whoever gives up knows other channels. */
function begunInVain(sent: SentApart): SentApart {
  const { delivery, attempts } = sent
  const { phase } = delivery
  const last = attempts.at(-1)
  if (phase.kind !== 'sending' || last?.attempt !== delivery.attempts) return sent
  const written = last.written !== false
  const move = moveDelivery(delivery, { kind: 'lease-expired', written }, takenOverAt(phase.leaseUntil, written))
  if (move.delivery.phase.kind !== 'pending') return sent
  const pending = { kind: 'pending', dueAt: last.startedAt } as const
  const [outcome, because] = [written ? 'lost' : 'refused', move.reason]
  const ended = { ...last, endedAt: last.startedAt, outcome, because, answer: because }
  return { ...sent, delivery: { ...move.delivery, phase: pending }, attempts: [...attempts.slice(0, -1), ended] }
}

/** What the record of the gap counts. */
export function countOf(records: readonly BoatRecord[]): {
  readonly signals: number
  readonly alerts: number
  readonly pages: number
  readonly acknowledged: number
} {
  let [signals, alerts, pages, acknowledged] = [0, 0, 0, 0]
  for (const record of records) {
    if (record.kind === 'signals') signals += record.signals.length
    if (record.kind === 'opened') alerts += 1
    if (record.kind === 'outcome' && record.outcome.kind === 'accepted') pages += 1
    if (record.kind === 'acknowledged' || record.kind === 'acknowledged-key') acknowledged += 1
  }
  return { signals, alerts, pages, acknowledged }
}

// Incidents, repeats and problems as they leave through the API.
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import { beganAt, type IncidentRow } from '../incidents/index.ts'
import type { Evidence } from './core/index.ts'
import type { IncidentSeenReply } from './learning.contract.ts'
import type { RepeatRow } from './learning.store.ts'

export const timeOrNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

/** 0.3333 says no more than a third. */
export const rounded = (share: number): number => Math.round(share * 1000) / 1000

export function presentSeen(row: IncidentRow): IncidentSeenReply {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    severity: row.severity,
    status: row.status,
    services: [...row.services],
    beganAt: formatInstant(beganAt(row)),
    resolvedAt: timeOrNull(row.resolvedAt),
  }
}

export const presentEvidence = (evidence: readonly Evidence[]) =>
  evidence.map(({ part, value, sentence }) => ({ part, value: rounded(value), sentence }))

export const presentSaid = (said: RepeatRow) => ({
  verdict: said.verdict,
  reason: said.reason,
  by: said.by,
  at: formatInstant(said.at),
})

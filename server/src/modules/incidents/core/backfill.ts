// An incident written down after it was over: its times come from people, so they must be possible.
import type { Instant } from '../../../kernel/instant.ts'
import type { Refusal } from '../../oncall/core/index.ts'
import type { IncidentPhase } from './lifecycle.ts'

export interface BackfilledTimes {
  readonly impactStartedAt: Instant | null
  readonly detectedAt: Instant | null
  readonly acknowledgedAt: Instant | null
  readonly mitigatedAt: Instant | null
  readonly resolvedAt: Instant | null
}

export type Backfill =
  | { readonly ok: true; readonly phase: IncidentPhase; readonly times: BackfilledTimes }
  | { readonly ok: false; readonly refusal: Refusal }

/** It ran in the past, so it needs a beginning and an end, in order and not ahead of now. */
export function decideBackfill(times: BackfilledTimes, now: Instant): Backfill {
  const { impactStartedAt, resolvedAt } = times
  if (impactStartedAt === null || resolvedAt === null) {
    return refuse('incidents.time-needed', 'A back-filled incident needs the time it began and the time it ended.')
  }
  const order = [impactStartedAt, times.detectedAt, times.acknowledgedAt, times.mitigatedAt, resolvedAt]
  const known = order.filter((each) => each !== null)
  if (known.some((at, index) => index > 0 && at < (known[index - 1] ?? at))) {
    return refuse(
      'incidents.times-disordered',
      'The times must follow each other: impact, detection, acknowledgement, mitigation, end.',
    )
  }
  if (resolvedAt > now) return refuse('incidents.time-ahead', 'A back-filled incident cannot end in the future.')
  return { ok: true, phase: 'resolved', times: { ...times, mitigatedAt: times.mitigatedAt ?? resolvedAt } }
}

function refuse(code: string, sentence: string): Backfill {
  return { ok: false, refusal: { kind: 'invalid', code, sentence } }
}

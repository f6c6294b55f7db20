// The same rule in many services within an hour is one failure beneath them all (a cluster, a network, a provider), whatever the
// graph of calls says: beyond the first few they are led together, or a hall of a thousand services opens a thousand incidents.
import type { Tier } from '../../../kernel/severity.ts'
import type { IncidentKind } from './incident-reader.ts'
import type { IncidentPhase } from './lifecycle.ts'

/** So many incidents are opened by one rule before the next alert of it joins one of them. */
export const spreadLimit = 10

export interface Spreading {
  readonly status: IncidentPhase
  readonly automatic: boolean
  readonly kind: IncidentKind
  /** Of the alert that opened it. */
  readonly openedByRule: string | null
  readonly openedByTier: Tier | null
}

/**
 * The oldest of them that is about a service no less important than this one; null where the rule has not spread, or where
 * all of them are about lesser ones: what matters more is led by itself. `open`: of the last hour, the newest first.
 */
export function spreadTo<I extends Spreading>(
  alert: { readonly rule: string | null; readonly tier: Tier | null },
  open: readonly I[],
): I | null {
  if (alert.rule === null) return null
  const alike = open.filter(
    (each) =>
      each.automatic &&
      each.kind === 'normal' &&
      each.openedByRule === alert.rule &&
      (each.status === 'triage' || each.status === 'active'),
  )
  if (alike.length < spreadLimit) return null
  return alike.findLast((each) => rank(each.openedByTier) <= rank(alert.tier)) ?? null
}

// As where it is paged: of what nobody ranked nothing is known, and it may matter.
const rank = (tier: Tier | null): number => tier ?? 1

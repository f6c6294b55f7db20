// Which signals of a batch may only repeat what is known: the database says whether they do.
import type { Instant } from '../../kernel/instant.ts'
import type { Signal } from './core/index.ts'
import { contentOf, identityOf, type Repeated } from './leases.store.ts'

/** What a signal says, but for its end: of which alert, and everything a repetition might change. */
export interface Said {
  readonly identity: string
  readonly content: string
  readonly startsAt: Instant
}

export interface Speech extends Said {
  readonly endsAt: Instant | null
  /** False for one that is known to be over. */
  readonly firing: boolean
}

export function saidBy(signal: Signal): Said {
  return { identity: identityOf(signal), content: contentOf(signal), startsAt: signal.startsAt }
}

/** Each alert once. One of which two things are said in the batch is left out: the order of its signals counts. */
export function repetitionsIn(speeches: readonly Speech[], assumedLeaseMs: number | null): readonly Repeated[] {
  const byIdentity = new Map<string, { readonly first: Speech; signals: number; same: boolean }>()
  for (const each of speeches) {
    const known = byIdentity.get(each.identity)
    if (known === undefined) byIdentity.set(each.identity, { first: each, signals: 1, same: each.firing })
    else {
      known.signals += 1
      const { content, endsAt } = known.first
      if (!each.firing || each.content !== content || each.endsAt !== endsAt) known.same = false
    }
  }
  const repeated: Repeated[] = []
  for (const { first, signals, same } of byIdentity.values()) {
    const { identity, content, startsAt, endsAt } = first
    if (same && isNear(startsAt) && (endsAt === null || isNear(endsAt)))
      repeated.push({ identity, content, startsAt, endsAt, assumedLeaseMs, signals })
  }
  return repeated
}

// Between 1970 and 2106 the statement's arithmetic in seconds is exact to the microsecond.
const nearMs = 2 ** 32 * 1_000
const isNear = (at: Instant): boolean => at >= 0 && at < nearMs

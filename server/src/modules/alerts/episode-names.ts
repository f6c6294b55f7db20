// The name of an alert is made from what it is. A process that cannot ask the database gives an alert that it hears of the name
// that the database gave it a moment ago, or gives it later: so all pages about it have one key.
import { type Instant, instant } from '../../kernel/instant.ts'
import { uuidOf } from '../../platform/ids.ts'
import { episodeKey } from './core/index.ts'
import { identityOf } from './leases.store.ts'

export interface Former {
  readonly id: string
  readonly openedAt: Instant
}

type Keyed = Parameters<typeof identityOf>[0]

const spanMs = 3_600_000

/** Of the hour in which names are told apart by the one before. */
export const startOfSpan = (at: Instant): Instant => instant(Math.floor(at / spanMs) * spanMs)

/** `former`: the last episode of the key. Only one of the same hour counts, so that nobody has to know older ones. */
export function episodeName(salt: string, of: Keyed, at: Instant, former: Former | null): string {
  const span = startOfSpan(at)
  const before = former !== null && startOfSpan(former.openedAt) === span ? former.id : ''
  return uuidOf(`alert\n${salt}\n${episodeKey(of)}\n${before}`, span)
}

/** What a process takes along that cannot ask. */
export interface NamesPlan {
  readonly salt: string
  /** Start of the hour. */
  readonly since: Instant
  /** Episodes of the hour that are over: eight bytes of identity and sixteen of the name each, oldest first, in base64. */
  readonly past: string
  /** None of the hour is left out. */
  readonly isWhole: boolean
}

const identityBytes = 8
const pastBytes = identityBytes + 16

/** Answers null where only the database knows what came before. */
export function namesOfPlan(plan: NamesPlan): (of: Keyed, at: Instant, former: Former | null) => string | null {
  const packed = Buffer.from(plan.past, 'base64')
  const past = new Map<string, string>()
  for (let at = 0; at + pastBytes <= packed.length; at += pastBytes)
    past.set(
      packed.toString('hex', at, at + identityBytes),
      asUuid(packed.toString('hex', at + identityBytes, at + pastBytes)),
    )
  return (of, at, former) => {
    const over = past.get(identityOf(of).slice(0, 2 * identityBytes))
    const known = former ?? (over === undefined ? null : { id: over, openedAt: plan.since })
    if (known === null && !plan.isWhole && startOfSpan(at) === plan.since) return null
    return episodeName(plan.salt, of, at, known)
  }
}

const asUuid = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

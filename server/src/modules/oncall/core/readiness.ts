// Whether a page would reach a person: what they have, whether it was ever seen to work, whether it wakes anybody.
import { day } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Contact, PersonalRules } from '../../notifications/core/index.ts'

export interface Reached {
  readonly contact: string
  readonly at: Instant
}

export interface Readiness {
  readonly state: 'ready' | 'doubtful' | 'unreachable'
  /** Why it is not ready, for a person to read. */
  readonly sentences: readonly string[]
  /** The last time a message is known to have left for a verified contact. */
  readonly lastReachedAt: Instant | null
}

/** E-mail and webhooks wait to be read. */
const quiet = new Set(['email', 'webhook'])
/** A channel that was not heard of for this long may be a phone that was sold. */
const staleMs = 90 * day

export function judgeReadiness(
  of: { readonly contacts: readonly Contact[]; readonly rules: PersonalRules },
  reached: readonly Reached[],
  now: Instant,
): Readiness {
  const verified = of.contacts.filter((each) => each.verified)
  if (verified.length === 0)
    return { state: 'unreachable', sentences: ['No verified contact: a page reaches nobody.'], lastReachedAt: null }
  const own = reached.filter((each) => verified.some((contact) => contact.id === each.contact))
  const lastReachedAt = own.reduce<Instant | null>((last, { at }) => (last === null || at > last ? at : last), null)
  const sentences: string[] = []
  if (verified.every((each) => quiet.has(each.kind))) sentences.push('Only e-mail or a webhook: neither wakes anybody.')
  if (verified.length === 1) sentences.push('One contact only: when it fails there is no other.')
  if (lastReachedAt === null) sentences.push('No message has reached them yet: send a test.')
  else if (now - lastReachedAt > staleMs) sentences.push('Nothing has reached them for 90 days: send a test.')
  return { state: sentences.length === 0 ? 'ready' : 'doubtful', sentences, lastReachedAt }
}

// The links in messages: short, signed, good for a week. They carry ids and nothing else.
import { day } from '../../kernel/duration.ts'
import { type Instant, plus } from '../../kernel/instant.ts'
import type { LinkSigner } from '../../platform/secrets/index.ts'
import type { LinkSubject } from '../notifications/index.ts'

/** Longer than any page matters; a link found in an old mailbox does nothing any more. */
const holdsMs = 7 * day

/** For the port `linkFor` of notifications. */
export function createMessageLinks(publicUrl: string, links: LinkSigner) {
  return (subject: LinkSubject, person: string, now: Instant): string =>
    `${publicUrl}/a/${links.signLink({ k: subject.kind, i: subject.id, p: person }, plus(now, holdsMs))}`
}

export type ReadLink =
  | { readonly valid: true; readonly subject: LinkSubject; readonly person: string }
  | { readonly valid: false; readonly because: 'malformed' | 'forged' | 'expired' }

export function readLink(links: LinkSigner, token: string, now: Instant): ReadLink {
  const verdict = links.openLink(token, now)
  if (!verdict.valid) return verdict
  const { k: kind, i: id, p: person } = verdict.payload
  if (id === undefined || person === undefined) return { valid: false, because: 'malformed' }
  if (kind !== 'alert' && kind !== 'bundle' && kind !== 'contact') return { valid: false, because: 'malformed' }
  return { valid: true, subject: { kind, id }, person }
}

// An entry as the API shows it: the same in lists and in the live stream.
import type { Static } from 'typebox'
import { formatInstant } from '../../kernel/instant.ts'
import type { Entry } from './audit.contract.ts'
import type { JournalEntry } from './core/index.ts'

export function presentEntry(entry: JournalEntry): Static<typeof Entry> {
  const { id, at, type, actor, subject, links, reason, data, before, after } = entry
  return {
    id,
    at: formatInstant(at),
    type,
    actor: { ...actor },
    subject: { ...subject },
    links: links.map((link) => {
      const colon = link.indexOf(':')
      return { kind: link.slice(0, colon), id: link.slice(colon + 1) }
    }),
    reason,
    data: { ...data },
    before: before === null ? null : { ...before },
    after: after === null ? null : { ...after },
  }
}

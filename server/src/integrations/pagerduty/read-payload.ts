// PagerDuty's events and change events, as payloads of a source. Source: Events API v2 and "Send a change event".
import { isJsonObject } from '../../kernel/json.ts'
import { type Payload, type Reading, unread } from '../../modules/intake/core/index.ts'
import { readEvent } from './read-event.ts'

export function readPagerDuty({ body }: Payload): Reading {
  if (isJsonObject(body) && body.event_action === undefined && isJsonObject(body.change)) return readChange(body.change)
  const read = readEvent(body)
  if (!read.ok) return { signals: [], unread: read.errors.map((each) => `${each}.`) }
  const { event } = read
  if (event.action === 'acknowledge')
    return { signals: [], acknowledged: event.dedupKey === null ? [] : [event.dedupKey], unread: [] }
  return { signals: [{ ...event.draft, dedupKey: event.dedupKey }], unread: [] }
}

/** `change` is the request, `id` a digest of it: the same change sent twice is one. */
function readChange(change: Readonly<Record<string, unknown>>): Reading {
  const payload = isJsonObject(change.payload) ? change.payload : {}
  const summary = textOf(payload.summary)
  if (summary === null) return unread("'payload.summary' is missing or blank.")
  const details = isJsonObject(payload.custom_details) ? payload.custom_details : {}
  const links: readonly unknown[] = Array.isArray(change.links) ? change.links : []
  const [link] = links.filter(isJsonObject)
  const href = textOf(link?.href)
  return {
    signals: [],
    unread: [],
    changes: [
      {
        externalId: textOf(change.id) ?? summary.slice(0, 200),
        service: textOf(details.service),
        summary: summary.slice(0, 500),
        at: textOf(payload.timestamp),
        link: href !== null && /^https?:\/\//.test(href) ? href : null,
      },
    ],
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null)

// Datadog's webhook: the payload our set-up text names, and the one Datadog sends when none is set.
// Source: Datadog's documentation of the Webhooks integration, "Variables"; $ALERT_TRANSITION lists the transitions.
import { type Instant, instant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import { nothingToDo, type Payload, type Reading, unread } from '../../modules/intake/core/index.ts'

const firing = ['triggered', 're-triggered', 'no data', 're-no data', 'warn', 're-warn', 'renotify', 'error']
const over = ['recovered', 'success', 'ok']
// What its event types begin with when no payload is set: `metric_alert_monitor`, `query_alert_monitor`.
const isTest = /^\[?(TEST)/i

export function readDatadog({ body }: Payload): Reading {
  if (!isJsonObject(body)) return unread('The body is no object.')
  const transition = textOf(body.transition ?? body.alert_transition)?.toLowerCase() ?? null
  const kind = textOf(body.alert_type)?.toLowerCase() ?? null
  const title = textOf(body.title)
  const id = textOf(body.alert_id)
  const key = textOf(body.aggreg_key) ?? (id === null ? null : `${id}:${textOf(body.scope ?? body.alert_scope) ?? ''}`)
  if (title !== null && isTest.test(title) && key === null) return nothingToDo('A test notification.')
  const status = statusOf(transition, kind)
  if (status === null)
    return unread(
      transition === null
        ? 'It names no transition. Set the payload of the webhook as the set-up text says.'
        : `Its transition "${transition.slice(0, 40)}" is not one of Datadog’s.`,
    )
  if (key === null) return unread('It names neither aggreg_key nor alert_id, so its recovery could not be told.')
  const tags = readTags(body.tags)
  const link = textOf(body.link)
  return {
    unread: [],
    signals: [
      {
        status,
        dedupKey: key,
        summary: title,
        severity: severityOf(body, transition, kind),
        service: tags.service ?? null,
        labels: { ...tags, ...labelsOf(body) },
        annotations: notesOf(body),
        startsAt: status === 'firing' ? timeOf(body.date) : null,
        links: link === null ? [] : [{ href: link, text: 'The monitor in Datadog' }],
      },
    ],
  }
}

function statusOf(transition: string | null, kind: string | null): 'firing' | 'resolved' | null {
  if (transition === null)
    return kind === 'success' ? 'resolved' : kind === 'error' || kind === 'warning' ? 'firing' : null
  if (firing.includes(transition)) return 'firing'
  return over.includes(transition) ? 'resolved' : null
}

/** The priority somebody gave the monitor counts before the word of the moment. */
function severityOf(body: JsonObject, transition: string | null, kind: string | null): string | null {
  const priority = textOf(body.priority)
  if (priority !== null && /^P[1-5]$/i.test(priority)) return priority
  if (transition !== null && /warn/.test(transition)) return 'warning'
  return kind === 'warning' ? 'warning' : kind === 'error' ? 'error' : null
}

function labelsOf(body: JsonObject): Record<string, string> {
  const named = { host: body.hostname, scope: body.scope ?? body.alert_scope, metric: body.metric }
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => {
      const text = textOf(value)
      return text === null ? [] : [[name, text.slice(0, 2_048)]]
    }),
  )
}

function notesOf(body: JsonObject): Record<string, string> {
  const message = textOf(body.body)
  return message === null ? {} : { message }
}

/** `env:prod, service:checkout, urgent` */
function readTags(given: unknown): Record<string, string> {
  const text = Array.isArray(given) ? given.filter((each) => typeof each === 'string').join(',') : (textOf(given) ?? '')
  return Object.fromEntries(
    text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .slice(0, 50)
      .map((each) => {
        const at = each.indexOf(':')
        return at <= 0
          ? [each.slice(0, 256), 'true']
          : [each.slice(0, Math.min(at, 256)), each.slice(at + 1, at + 2_049)]
      }),
  )
}

/** Milliseconds since 1970, as text or number. */
function timeOf(value: unknown): Instant | null {
  const number = Number(value)
  return Number.isSafeInteger(number) && number > 1e11 && number < 9.9e12 ? instant(number) : null
}

/** A variable that Datadog could not fill stands there with its dollar sign, or is the word null. */
function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text === '' || text === 'null' || /^\$[A-Z_]+$/.test(text) ? null : text
}

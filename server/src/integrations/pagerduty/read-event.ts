// PagerDuty Events API v2, `POST /v2/enqueue`, for senders that know nothing else. Translates; decides nothing.
import { parseInstant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import type { Link, SignalDraft } from '../../modules/alerts/core/index.ts'

export interface PagerDutyEvent {
  readonly routingKey: string
  readonly action: 'trigger' | 'acknowledge' | 'resolve'
  readonly dedupKey: string | null
  readonly draft: SignalDraft
}

export type PagerDutyReading =
  | { readonly ok: true; readonly event: PagerDutyEvent }
  | { readonly ok: false; readonly errors: readonly string[] }

const severities = ['critical', 'error', 'warning', 'info']

export function readEvent(body: unknown): PagerDutyReading {
  if (!isJsonObject(body)) return { ok: false, errors: ['The body must be a JSON object.'] }
  const errors: string[] = []
  const action = body.event_action
  const routingKey = text(body.routing_key)
  const dedupKey = text(body.dedup_key)
  const payload = isJsonObject(body.payload) ? body.payload : null
  if (routingKey === null) errors.push("'routing_key' is missing or blank")
  if (action !== 'trigger' && action !== 'acknowledge' && action !== 'resolve')
    errors.push("'event_action' must be trigger, acknowledge or resolve")
  if (action !== 'trigger' && dedupKey === null) errors.push("'dedup_key' is missing or blank")
  if (dedupKey !== null && dedupKey.length > 255) errors.push("'dedup_key' is longer than 255 characters")
  if (action === 'trigger') errors.push(...triggerFaults(payload))
  if (
    errors.length > 0 ||
    routingKey === null ||
    (action !== 'trigger' && action !== 'acknowledge' && action !== 'resolve')
  )
    return { ok: false, errors }
  return { ok: true, event: { routingKey, action, dedupKey, draft: draftOf(body, payload ?? {}, action, dedupKey) } }
}

function triggerFaults(payload: JsonObject | null): string[] {
  if (payload === null) return ["'payload' is missing"]
  const faults: string[] = []
  if (text(payload.summary) === null) faults.push("'payload.summary' is missing or blank")
  if (text(payload.source) === null) faults.push("'payload.source' is missing or blank")
  if (!severities.includes(String(payload.severity)))
    faults.push(`'payload.severity' is invalid (must be one of ${severities.join(', ')})`)
  return faults
}

function draftOf(
  body: JsonObject,
  payload: JsonObject,
  action: PagerDutyEvent['action'],
  dedupKey: string | null,
): SignalDraft {
  const labels: Record<string, string> = {}
  for (const name of ['source', 'component', 'group', 'class'] as const) {
    const value = text(payload[name])
    if (value !== null) labels[name] = value.slice(0, 2_048)
  }
  const details = isJsonObject(payload.custom_details) ? payload.custom_details : {}
  const annotations = Object.fromEntries(
    Object.entries(details)
      .slice(0, 60)
      .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
  const timestamp = text(payload.timestamp)
  return {
    source: 'pagerduty',
    status: action === 'resolve' ? 'resolved' : 'firing',
    dedupKey,
    labels,
    annotations,
    summary: text(payload.summary),
    severity: text(payload.severity),
    service: text(payload.component),
    startsAt: timestamp === null ? null : parseInstant(timestamp),
    links: linksOf(body),
  }
}

function linksOf(body: JsonObject): readonly Link[] {
  const links = Array.isArray(body.links) ? body.links.filter(isJsonObject) : []
  const client = text(body.client_url)
  return [
    ...links.map((link) => ({ href: text(link.href) ?? '', text: text(link.text) ?? text(link.href) ?? '' })),
    ...(client === null ? [] : [{ href: client, text: text(body.client) ?? 'Sender' }]),
  ]
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

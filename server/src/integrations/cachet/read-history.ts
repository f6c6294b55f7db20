// Cachet: `GET /api/v1/incidents` of version 2 and `GET /api/incidents` of version 3, which puts everything under `attributes`.

import { type Instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import type { PostState } from '../../modules/status/core/index.ts'
import type { PastPost, PastUpdate, StatusExport } from '../../modules/status/import.ports.ts'

/** Incident::SCHEDULED … FIXED; a scheduled one of version 2 was an incident to come. */
const states: Readonly<Record<string, PostState>> = {
  '1': 'investigating',
  '2': 'identified',
  '3': 'monitoring',
  '4': 'resolved',
}

const objectsOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((each): each is JsonObject => isJsonObject(each)) : []
const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')

/** Version 2 writes `2026-03-01 02:50:00`, in UTC; version 3 an object with a `string`. */
function timeOf(value: JsonValue | undefined): Instant | null {
  const text = isJsonObject(value ?? null) ? textOf((value as JsonObject).string) : textOf(value)
  const plain = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)$/.exec(text)
  return parseInstant(plain === null ? text : `${plain[1]}T${plain[2]}Z`)
}

function stateOf(value: JsonValue | undefined): PostState | undefined {
  const number = isJsonObject(value ?? null) ? (value as JsonObject).value : value
  return states[String(number)]
}

export function readCachet(body: JsonValue): StatusExport | null {
  if (!isJsonObject(body)) return null
  const flat = objectsOf(body.data).map((each) =>
    isJsonObject(each.attributes) ? { ...each.attributes, id: each.id ?? null } : each,
  )
  const told = flat.filter((each) => typeof each.name === 'string' && stateOf(each.status) !== undefined)
  if (told.length === 0) return null
  return { from: 'Cachet', components: [], posts: told.map(postOf) }
}

function postOf(incident: JsonObject): PastPost {
  const begun = timeOf(incident.occurred_at) ?? timeOf(incident.created_at)
  const first = begun === null ? [] : [{ at: begun, state: 'investigating' as const, body: textOf(incident.message) }]
  const updates = objectsOf(incident.updates)
    .map((each) => (isJsonObject(each.attributes) ? each.attributes : each))
    .flatMap((each) => {
      const [at, state] = [timeOf(each.created_at), stateOf(each.status)]
      return at === null || state === undefined ? [] : [{ at, state, body: textOf(each.message) }]
    })
  const state = stateOf(incident.status)
  const changed = timeOf(incident.updated_at)
  // Fixed without a word of its own: the time it was last changed is when it ended.
  const end =
    state === 'resolved' && changed !== null && !updates.some((each) => each.state === 'resolved')
      ? [{ at: changed, state, body: '' }]
      : []
  return {
    source: `cachet:${String(incident.id)}`,
    kind: 'incident',
    title: textOf(incident.name),
    startsAt: null,
    endsAt: null,
    updates: [...first, ...updates, ...end].map((each): PastUpdate => ({ ...each, impacts: {} })),
  }
}

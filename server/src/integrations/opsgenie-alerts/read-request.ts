// Opsgenie's alert API: create, and close or acknowledge by alias. The verb stands in the address; the intake hands it
// in beside the body. Source: Opsgenie's documentation of the Alert API; measured on Alertmanager 0.25.
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { nothingToDo, type Payload, type Reading, unread } from '../../modules/intake/core/index.ts'

export function readOpsgenie({ body }: Payload): Reading {
  if (!isJsonObject(body)) return unread('The body is no object.')
  const given = isJsonObject(body.body) ? body.body : {}
  const alias = textOf(body.alias)
  switch (body.verb) {
    case 'create':
      return readCreate(given)
    case 'close':
      if (alias === null) return unread('It does not say which alert is over.')
      return { signals: [{ status: 'resolved', dedupKey: alias, summary: textOf(given.note) }], unread: [] }
    case 'acknowledge':
      return alias === null
        ? unread('It does not say which alert is acknowledged.')
        : { signals: [], acknowledged: [alias], unread: [] }
    case 'ping':
      return nothingToDo('A heartbeat.')
    default:
      return nothingToDo(`"${String(body.verb).slice(0, 40)}" changes nothing here.`)
  }
}

function readCreate(given: JsonObject): Reading {
  const message = textOf(given.message)
  if (message === null) return unread('It has no message.')
  // As Opsgenie does: without an alias every request is an alert of its own, named by the request.
  const alias = textOf(given.alias)
  if (alias === null) return unread('It has no alias.')
  const details = textsOf(given.details)
  const entity = textOf(given.entity)
  const description = textOf(given.description)
  return {
    unread: [],
    signals: [
      {
        status: 'firing',
        dedupKey: alias,
        summary: message,
        // Opsgenie's own rule for alerts without a priority.
        severity: textOf(given.priority) ?? 'P3',
        service: details.service ?? null,
        labels: {
          ...details,
          ...(entity === null ? {} : { entity }),
          ...tagsOf(given.tags),
          ...sourceOf(given.source),
        },
        annotations: description === null ? {} : { description },
      },
    ],
  }
}

const sourceOf = (value: JsonValue | undefined): Record<string, string> => {
  const text = textOf(value)
  return text === null ? {} : { source: text }
}

/** Words; several become one label. */
function tagsOf(value: JsonValue | undefined): Record<string, string> {
  const tags = Array.isArray(value) ? value.flatMap((each) => textOf(each) ?? []) : []
  return tags.length === 0 ? {} : { tags: tags.join(',').slice(0, 2_048) }
}

function textsOf(value: JsonValue | undefined): Record<string, string> {
  if (!isJsonObject(value)) return {}
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 50)
      .flatMap(([name, each]) => {
        const text = textOf(each)
        return text === null ? [] : [[name.slice(0, 256), text.slice(0, 2_048)]]
      }),
  )
}

const textOf = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value : null

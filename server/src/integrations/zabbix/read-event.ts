// Zabbix sends what its media type's parameters say; these are the ones our set-up text names.
// Source: Zabbix 6 and 7, "Supported macros" ({EVENT.*}, {TRIGGER.*}, {HOST.*}) and the media type Webhook.
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import { nothingToDo, type Payload, type Reading, unread } from '../../modules/intake/core/index.ts'

export function readZabbix({ body }: Payload): Reading {
  if (!isJsonObject(body)) return unread('The body is no object.')
  const id = textOf(body.event_id)
  if (id === null) return unread('It has no event_id. Use the parameters of the set-up text.')
  const value = textOf(body.event_value)
  // An update of an event: {EVENT.UPDATE.STATUS} is 1, and {EVENT.UPDATE.ACTION} says what a person did.
  const action = textOf(body.event_update_action) ?? ''
  if (textOf(body.event_update_status) === '1' && value === '1') {
    if (/\backnowledged\b/i.test(action) && !/unacknowledged/i.test(action))
      return { signals: [], acknowledged: [id], unread: [], nothing: 'Somebody acknowledged it in Zabbix.' }
    if (!/changed severity/i.test(action)) return nothingToDo(`An update: ${action.slice(0, 200)}`)
  }
  if (value !== '0' && value !== '1') return unread('Its event_value is neither 1 (problem) nor 0 (recovered).')
  const tags = readTags(body.event_tags)
  const base = textOf(body.zabbix_url)
  const trigger = textOf(body.trigger_id)
  return {
    unread: [],
    signals: [
      {
        status: value === '1' ? 'firing' : 'resolved',
        dedupKey: id,
        summary: textOf(body.event_name) ?? textOf(body.trigger_name),
        severity: textOf(body.event_severity),
        service: tags.service ?? null,
        labels: { ...tags, ...labelsOf(body) },
        annotations: notesOf(body),
        links:
          base === null || trigger === null
            ? []
            : [
                {
                  href: `${base.replace(/\/$/, '')}/tr_events.php?triggerid=${encodeURIComponent(trigger)}&eventid=${encodeURIComponent(id)}`,
                  text: 'The event in Zabbix',
                },
              ],
      },
    ],
  }
}

function labelsOf(body: JsonObject): Record<string, string> {
  return Object.fromEntries(
    (
      [
        ['host', body.host_name],
        ['trigger_id', body.trigger_id],
      ] as const
    ).flatMap(([name, value]) => {
      const text = textOf(value)
      return text === null ? [] : [[name, text]]
    }),
  )
}

function notesOf(body: JsonObject): Record<string, string> {
  const data = textOf(body.event_opdata)
  return data === null ? {} : { 'operational data': data }
}

/** {EVENT.TAGSJSON}: `[{"tag":"service","value":"checkout"}]`, as text or as it is. */
function readTags(given: unknown): Record<string, string> {
  let list: unknown = given
  if (typeof given === 'string') {
    try {
      list = JSON.parse(given)
    } catch {
      return {}
    }
  }
  if (!Array.isArray(list)) return {}
  return Object.fromEntries(
    list.filter(isJsonObject).flatMap(({ tag, value }) => {
      const name = textOf(tag)
      return name === null ? [] : [[name.slice(0, 256), textOf(value) ?? 'true']]
    }),
  )
}

/** A macro that Zabbix could not fill stands there as it is, and `*UNKNOWN*` is its word for nothing. */
function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text === '' || text === '*UNKNOWN*' || /^\{[$#A-Z][A-Z0-9_.$#]*\}$/.test(text) ? null : text
}

// Uptime Kuma's webhook, preset application/json: {heartbeat, monitor, msg}.
// Source: server/notification-providers/webhook.js and the heartbeat model of Uptime Kuma 1.23 and 2.
import { type Instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject } from '../../kernel/json.ts'
import { nothingToDo, type Payload, type Reading, unread } from '../../modules/intake/core/index.ts'

const states = { 0: 'down', 1: 'up', 2: 'pending', 3: 'maintenance' } as const

export function readUptimeKuma({ body }: Payload): Reading {
  if (!isJsonObject(body)) return unread('The body is no object.')
  const { heartbeat, monitor } = body
  const message = textOf(body.msg) ?? ''
  // Its button "Test" sends neither.
  if (heartbeat === null && monitor === null) return nothingToDo(`A test: ${message}`.slice(0, 300))
  // Expiry of certificates and domains: only a text, and nothing says when it is over.
  if (!isJsonObject(monitor)) return unread('It names no monitor.')
  if (!isJsonObject(heartbeat)) return unread(`It holds no heartbeat, only the text: ${message.slice(0, 200)}`)
  const state = states[heartbeat.status as keyof typeof states]
  if (state === undefined) return unread(`Its status ${JSON.stringify(heartbeat.status)?.slice(0, 40)} is not 0 to 3.`)
  if (state === 'pending' || state === 'maintenance') return nothingToDo(`The monitor is in ${state}.`)
  const id = monitor.id ?? heartbeat.monitorID ?? heartbeat.monitor_id
  if (typeof id !== 'number' && typeof id !== 'string') return unread('Its monitor has no id.')
  const name = textOf(monitor.name) ?? `Monitor ${id}`
  const url = textOf(monitor.url)
  const tags = readTags(monitor.tags)
  return {
    unread: [],
    signals: [
      {
        status: state === 'down' ? 'firing' : 'resolved',
        dedupKey: `monitor:${id}`,
        summary: `${name}: ${textOf(heartbeat.msg) ?? state}`,
        severity: tags.severity ?? null,
        service: tags.service ?? null,
        labels: {
          ...tags,
          monitor: name,
          ...textLabels({ type: monitor.type, hostname: monitor.hostname, port: monitor.port }),
        },
        annotations: message === '' ? {} : { message },
        startsAt: state === 'down' ? timeOf(heartbeat.time) : null,
        links: url === null ? [] : [{ href: url, text: 'What is watched' }],
      },
    ],
  }
}

/** Tags are given as [{name, value}]. */
function readTags(given: unknown): Record<string, string> {
  const list: readonly unknown[] = Array.isArray(given) ? given : []
  return Object.fromEntries(
    list.filter(isJsonObject).flatMap(({ name, value }) => {
      const key = textOf(name)
      return key === null ? [] : [[key.slice(0, 256), textOf(value) ?? 'true']]
    }),
  )
}

const textLabels = (given: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      (typeof value === 'string' && value !== '') || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  )

const textOf = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null)

/** `2026-03-01 02:59:30.123`, in UTC. */
const timeOf = (value: unknown): Instant | null =>
  typeof value === 'string'
    ? parseInstant(/[zZ]|[+-]\d\d:\d\d$/.test(value) ? value : `${value.replace(' ', 'T')}Z`)
    : null

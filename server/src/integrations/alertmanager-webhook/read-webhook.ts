// Alertmanager's webhook, version 4, and Grafana's, which is the same with more fields. Each alert speaks for itself.
// Source: the webhook_config section of Alertmanager's documentation; measured on 0.25. Grafana: its webhook notifier page.
import { type Instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import { type Payload, type Reading, unread } from '../../modules/intake/core/index.ts'

// Go's zero time: a firing alert has no end yet.
const zeroTime = /^0001-01-01T00:00:00(\.0+)?Z$/

export function readWebhook({ body }: Payload): Reading {
  if (!isJsonObject(body)) return unread('The body is no object.')
  if (!Array.isArray(body.alerts)) return unread('It has no list of alerts.')
  const signals: Reading['signals'][number][] = []
  const faults: string[] = []
  for (const [index, alert] of body.alerts.entries()) {
    const read = readAlert(alert, body)
    if (typeof read === 'string') faults.push(`Alert ${index + 1}: ${read}`)
    else signals.push(read)
  }
  // What a shortened list leaves out is not over, and neither is what a silence there took out of a whole one: an alert
  // ends when it is listed as resolved, never because it is missing.
  const cut = typeof body.truncatedAlerts === 'number' && body.truncatedAlerts > 0 ? body.truncatedAlerts : 0
  const shortened = `${cut} alerts of the group were left out by the sender. Set max_alerts to 0, so that each is told.`
  const remark = cut > 0 ? shortened : body.alerts.length === 0 ? 'It lists no alert.' : null
  return { signals, unread: faults, ...(remark === null ? {} : { nothing: remark }) }
}

function readAlert(alert: unknown, whole: JsonObject): Reading['signals'][number] | string {
  if (!isJsonObject(alert)) return 'it is no object.'
  const labels = textsOf(alert.labels)
  if (labels === null) return 'its labels do not map text to text.'
  const annotations = textsOf(alert.annotations ?? {})
  if (annotations === null) return 'its annotations do not map text to text.'
  const status = alert.status
  if (status !== 'firing' && status !== 'resolved') return 'its status is neither firing nor resolved.'
  const endsAt = timeOf(alert.endsAt)
  const startsAt = timeOf(alert.startsAt)
  return {
    status,
    labels,
    annotations,
    startsAt,
    // Clocks of two machines: an end before the start is no end.
    endsAt: status === 'firing' || (endsAt !== null && startsAt !== null && endsAt < startsAt) ? null : endsAt,
    links: linksOf(alert, annotations, whole),
  }
}

function linksOf(alert: JsonObject, annotations: Readonly<Record<string, string>>, whole: JsonObject) {
  const named: readonly (readonly [unknown, string])[] = [
    [alert.generatorURL, 'Query or rule'],
    [annotations.runbook_url ?? annotations.runbook, 'Runbook'],
    [alert.dashboardURL ?? annotations.dashboard_url ?? annotations.dashboard, 'Dashboard'],
    [alert.panelURL, 'Panel'],
    [alert.imageURL, 'Picture'],
    [alert.silenceURL, 'Silence it in Grafana'],
    [whole.externalURL, 'Alertmanager'],
  ]
  return named.flatMap(([href, text]) => (typeof href === 'string' && href !== '' ? [{ href, text }] : []))
}

function textsOf(value: unknown): Readonly<Record<string, string>> | null {
  if (!isJsonObject(value)) return null
  const entries = Object.entries(value)
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(entries)
    : null
}

const timeOf = (value: unknown): Instant | null =>
  typeof value === 'string' && !zeroTime.test(value) ? parseInstant(value) : null

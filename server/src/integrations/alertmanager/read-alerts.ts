// Alertmanager's API v2, `POST /api/v2/alerts`: what Prometheus sends. Translates; decides nothing.
// Source: Alertmanager's openapi.yaml (postableAlerts); measured on Prometheus 2.42.
import { parseInstant } from '../../kernel/instant.ts'
import { isJsonObject } from '../../kernel/json.ts'
import type { Labels, SignalDraft } from '../../modules/alerts/core/index.ts'

export type AlertmanagerReading =
  | { readonly ok: true; readonly drafts: readonly SignalDraft[] }
  | { readonly ok: false; readonly detail: string; readonly status?: number; readonly code?: number }

// Prometheus repeats every minute and gives an end four evaluations ahead, so no patience of ours is needed.
// Go's zero time, with as many digits as the sender likes.
const zeroTime = /^0001-01-01T00:00:00(\.0+)?Z$/

export function readAlerts(body: unknown): AlertmanagerReading {
  if (!Array.isArray(body)) return { ok: false, detail: 'The body must be a list of alerts.' }
  const drafts: SignalDraft[] = []
  for (const [index, alert] of body.entries()) {
    if (!isJsonObject(alert)) return { ok: false, detail: `Alert ${index} is not an object.` }
    if (alert.labels === undefined || alert.labels === null)
      return { ok: false, detail: `${index}.labels in body is required`, status: 422, code: 602 }
    const labels = readLabels(alert.labels)
    const annotations = readLabels(alert.annotations ?? {})
    if (labels === null || annotations === null)
      return { ok: false, detail: `Alert ${index}: labels and annotations map text to text.` }
    const startsAt = readTime(alert.startsAt)
    const endsAt = readTime(alert.endsAt)
    if (startsAt === 'wrong' || endsAt === 'wrong')
      return { ok: false, detail: `Alert ${index}: startsAt and endsAt are RFC 3339 times.` }
    const generator = typeof alert.generatorURL === 'string' ? alert.generatorURL : ''
    const runbook = annotations.runbook_url ?? annotations.runbook
    const dashboard = annotations.dashboard_url ?? annotations.dashboard
    drafts.push({
      source: 'alertmanager',
      status: 'firing',
      labels,
      annotations,
      startsAt,
      endsAt,
      links: [
        ...(generator === '' ? [] : [{ href: generator, text: 'Query in Prometheus' }]),
        ...(runbook === undefined ? [] : [{ href: runbook, text: 'Runbook' }]),
        ...(dashboard === undefined ? [] : [{ href: dashboard, text: 'Dashboard' }]),
      ],
    })
  }
  return { ok: true, drafts }
}

function readLabels(value: unknown): Labels | null {
  if (!isJsonObject(value)) return null
  const entries = Object.entries(value)
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(entries)
    : null
}

function readTime(value: unknown) {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') return 'wrong'
  if (zeroTime.test(value)) return null
  return parseInstant(value) ?? 'wrong'
}

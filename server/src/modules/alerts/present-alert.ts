// Alerts as they leave through the API.
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import type { AlertReply, AlertSummary } from './alerts.contract.ts'
import type { PageSeen } from './alerts.ports.ts'
import type { AlertRow } from './alerts.store.ts'
import type { Asked } from './core/index.ts'

const orNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

/** `alsoPaged`: open alerts that its page is about as well. */
export function summarizeAlert(row: AlertRow, alsoPaged = 0): AlertSummary {
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    severity: row.severity,
    urgency: row.urgency,
    service: row.service,
    team: row.team,
    tier: row.tier,
    title: row.title,
    source: row.source,
    startedAt: formatInstant(row.startedAt),
    openedAt: formatInstant(row.openedAt),
    lastSeenAt: formatInstant(row.lastSeenAt),
    acknowledgedBy: row.answeredBy,
    acknowledgedAt: orNull(row.answeredAt),
    snoozedUntil: orNull(row.snoozedUntil),
    resolvedAt: orNull(row.endedAt),
    ended: row.ended,
    count: row.count,
    useful: row.useful,
    silencedBy: row.silencedBy,
    pagedWith:
      row.pagedWith === null || row.pagedWithNumber === null
        ? null
        : { id: row.pagedWith, number: row.pagedWithNumber },
    alsoPaged,
    flapping: row.flapping,
    incident: row.incidentId === null ? null : { id: row.incidentId },
    labels: { ...row.signal.labels },
  }
}

export function presentAlert(
  row: AlertRow,
  trace: readonly (Asked & { at: Instant })[],
  pages: readonly PageSeen[],
  company: readonly AlertRow[],
  pausedUntil: Instant | null,
): AlertReply {
  return {
    ...summarizeAlert(row, company.length),
    pagedTogether: company.slice(0, 50).map((each) => ({ id: each.id, number: each.number, title: each.title })),
    severityGiven: row.signal.severityWord,
    fingerprint: row.signal.fingerprint,
    leaseUntil: orNull(row.leaseUntil),
    pausedUntil: orNull(pausedUntil),
    annotations: { ...row.signal.annotations },
    links: row.signal.links.map((link) => ({ title: link.text, url: link.href })),
    trace: trace.map((each) => ({
      at: formatInstant(each.at),
      rule: each.rule,
      verdict: each.verdict,
      because: each.because,
    })),
    pages: pages.map((page) => ({ ...page, at: formatInstant(page.at) })),
    version: row.version,
  }
}

// How well alerts told of failures, for whoever decides whether an objective is worth its pages.
import type { Instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'

export interface AlertSpan {
  readonly level: 'page' | 'ticket'
  readonly firedAt: Instant
  /** Null: it still burned at the end. */
  readonly endedAt: Instant | null
}

export interface AlertQuality {
  readonly pages: number
  readonly tickets: number
  readonly incidents: number
  /** Pages that burned while an incident was open; of all pages. Null without pages. */
  readonly precision: number | null
  /** Incidents during which it paged; of all incidents. Null without incidents. */
  readonly recall: number | null
}

export function judgeAlerts(alerts: readonly AlertSpan[], incidents: readonly Interval[]): AlertQuality {
  const pages = alerts.filter((each) => each.level === 'page')
  const meets = (page: AlertSpan, incident: Interval) =>
    page.firedAt < incident.end && (page.endedAt === null || page.endedAt > incident.start)
  const right = pages.filter((page) => incidents.some((incident) => meets(page, incident))).length
  const found = incidents.filter((incident) => pages.some((page) => meets(page, incident))).length
  return {
    pages: pages.length,
    tickets: alerts.length - pages.length,
    incidents: incidents.length,
    precision: pages.length === 0 ? null : right / pages.length,
    recall: incidents.length === 0 ? null : found / incidents.length,
  }
}

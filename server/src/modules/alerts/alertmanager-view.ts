// Alerts and silences as an Alertmanager would show them. Source: its openapi.yaml; measured on 0.25 and 0.34.
import { formatInstant, type Instant, plus } from '../../kernel/instant.ts'
import type { AlertRow } from './alerts.store.ts'
import {
  groupLabels,
  inhibitionsOf,
  isSilenced,
  type Labels,
  labelNames,
  type Matcher,
  type Routing,
  routesFor,
  type Silence,
  type Source,
  silenceable,
  silenceState,
} from './core/index.ts'
import type { SilenceRow } from './silences.store.ts'

export interface Seen {
  readonly row: AlertRow
  readonly silencedBy: readonly string[]
  readonly inhibitedBy: readonly string[]
  readonly receivers: readonly string[]
}

// What it assumes of an alert without an end of its own: its resolve_timeout.
const assumedMs = 5 * 60_000

export interface Sight {
  readonly routing: Routing
  readonly silences: readonly Silence[]
  /** What may inhibit the alerts that are looked at; ids are fingerprints. */
  readonly sources: readonly Source[]
  readonly now: Instant
}

/** As they come: one alert for each set of labels. */
export function seeAlerts(rows: readonly AlertRow[], { routing, silences, sources, now }: Sight): readonly Seen[] {
  return rows.map((row) => ({
    row,
    silencedBy: isSilenced(silenceable(row.signal, row.team), silences, now).by,
    inhibitedBy: inhibitionsOf(
      { id: row.signal.fingerprint, labels: row.signal.labels },
      sources,
      routing.inhibitions,
    ).map((each) => each.by),
    receivers: [...new Set(routesFor(routing.root, row.signal.labels).map((route) => route.receiver))],
  }))
}

export const isSuppressed = (seen: Seen): boolean => seen.silencedBy.length > 0 || seen.inhibitedBy.length > 0

export function showAlert({ row, silencedBy, inhibitedBy, receivers }: Seen) {
  const { signal } = row
  return {
    annotations: signal.annotations,
    endsAt: formatInstant(row.leaseUntil ?? plus(row.lastSeenAt, assumedMs)),
    fingerprint: signal.fingerprint,
    receivers: receivers.map((name) => ({ name })),
    startsAt: formatInstant(row.startedAt),
    status: {
      inhibitedBy,
      silencedBy,
      mutedBy: [],
      state: silencedBy.length > 0 || inhibitedBy.length > 0 ? 'suppressed' : 'active',
    },
    updatedAt: formatInstant(row.lastSeenAt),
    generatorURL: signal.links.find((link) => link.text === 'Query in Prometheus')?.href ?? '',
    labels: signal.labels,
  }
}

/** By route, then by the labels it groups by; sorted by labels, then by receiver. */
export function showGroups(seen: readonly Seen[], routing: Routing, wants: (receiver: string) => boolean) {
  const groups = new Map<
    string,
    { labels: Labels; receiver: { name: string }; alerts: ReturnType<typeof showAlert>[] }
  >()
  const numbers = new Map<unknown, number>()
  for (const each of seen) {
    for (const route of routesFor(routing.root, each.row.signal.labels)) {
      if (!wants(route.receiver)) continue
      const labels = groupLabels(route, each.row.signal.labels)
      const number = numbers.get(route) ?? numbers.size
      numbers.set(route, number)
      const key = `${textOf(labels)}\u0000${route.receiver}\u0000${number}`
      const known = groups.get(key)
      if (known === undefined)
        groups.set(key, { labels, receiver: { name: route.receiver }, alerts: [showAlert(each)] })
      else known.alerts.push(showAlert(each))
    }
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, group]) => group)
}

const textOf = (labels: Labels): string =>
  labelNames(labels)
    .map((name) => `${name}\u0001${labels[name] ?? ''}`)
    .join('\u0002')

const order = { active: 0, pending: 1, expired: 2 } as const

/** Active ones by their end, pending ones by their start, then what is over, newest first. */
export function sortSilences(rows: readonly SilenceRow[], now: Instant): readonly SilenceRow[] {
  return [...rows].sort((a, b) => {
    const [of, other] = [silenceState(a, now), silenceState(b, now)]
    if (of !== other) return order[of] - order[other]
    return of === 'active' ? a.endsAt - b.endsAt : of === 'pending' ? a.startsAt - b.startsAt : b.endsAt - a.endsAt
  })
}

/** Of several sets the first: the API has room for one. */
export function showSilence(row: SilenceRow, now: Instant) {
  return {
    id: row.id,
    status: { state: silenceState(row, now) },
    updatedAt: formatInstant(row.updatedAt),
    comment: row.maintenance === undefined ? row.reason : `Maintenance ${row.maintenance.window}: ${row.reason}`,
    createdBy: row.createdBy,
    endsAt: formatInstant(row.endsAt),
    startsAt: formatInstant(row.startsAt),
    matchers: (row.sets[0] ?? []).map(({ name, operator, value }) => ({
      isEqual: operator === '=' || operator === '=~',
      isRegex: operator === '=~' || operator === '!~',
      name,
      value,
    })),
  }
}

/** As Alertmanager compares them: the silence has the matcher, word for word; nothing is evaluated. */
export function hasMatchers({ sets }: SilenceRow, wanted: readonly Matcher[]): boolean {
  return wanted.every((each) =>
    sets.some((set) =>
      set.some((own) => own.name === each.name && own.operator === each.operator && own.value === each.value),
    ),
  )
}

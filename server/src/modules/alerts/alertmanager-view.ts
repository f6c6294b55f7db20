// Alerts and silences as an Alertmanager would show them. Source: its openapi.yaml; measured on 0.25 and 0.34.
import { formatInstant, type Instant, plus } from '../../kernel/instant.ts'
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
import type { ShownAlert } from './open-alerts.store.ts'
import type { SilenceRow } from './silences.store.ts'

export interface Seen {
  readonly alert: ShownAlert
  readonly silencedBy: readonly string[]
  readonly inhibitedBy: readonly string[]
  readonly receivers: readonly string[]
}

// What it assumes of an alert without an end of its own: its resolve_timeout.
const assumedMs = 5 * 60_000

export interface Sight {
  readonly routing: Routing
  readonly silences: readonly Silence[]
  readonly now: Instant
}

export interface Looked {
  readonly alert: ShownAlert
  readonly labels: Labels
}

/** When nothing asks for labels, nobody reads them: all go to one receiver, and nothing keeps any of them quiet. */
export function seesAllAlike({ routing, silences, now }: Sight): boolean {
  return (
    routing.root.routes.length === 0 &&
    routing.inhibitions.length === 0 &&
    silences.every((each) => silenceState(each, now) !== 'active')
  )
}

export function seeAlike(alerts: readonly ShownAlert[], { routing }: Sight): readonly Seen[] {
  const receivers = [routing.root.receiver]
  return alerts.map((alert) => ({ alert, silencedBy: [], inhibitedBy: [], receivers }))
}

/** As they come: one alert for each set of labels. `sources`: what may inhibit them; ids are fingerprints. */
export function seeAlerts(
  looked: readonly Looked[],
  { routing, silences, now }: Sight,
  sources: readonly Source[],
): readonly Seen[] {
  return looked.map(({ alert, labels }) => ({
    alert,
    silencedBy: isSilenced(silenceable({ labels, service: alert.service }, alert.team), silences, now).by,
    inhibitedBy: inhibitionsOf({ id: alert.fingerprint, labels }, sources, routing.inhibitions).map((each) => each.by),
    receivers: [...new Set(routesFor(routing.root, labels).map((route) => route.receiver))],
  }))
}

export const isSuppressed = (seen: Seen): boolean => seen.silencedBy.length > 0 || seen.inhibitedBy.length > 0

/** Most have neither, and one receiver. */
function createListTexts(): (names: readonly string[]) => string {
  const known = new Map<string, string>()
  return (names) => {
    const [only] = names
    if (only === undefined) return '[]'
    if (names.length > 1) return JSON.stringify(names.map((name) => ({ name })))
    const text = known.get(only) ?? JSON.stringify([{ name: only }])
    if (known.size < 1_000) known.set(only, text)
    return text
  }
}
const receiversText = createListTexts()

/** JSON: what the database says is text already and stays it. */
export function alertText({ alert, silencedBy, inhibitedBy, receivers }: Seen): string {
  const state = silencedBy.length > 0 || inhibitedBy.length > 0 ? 'suppressed' : 'active'
  const status =
    state === 'active'
      ? '{"inhibitedBy":[],"silencedBy":[],"mutedBy":[],"state":"active"}'
      : JSON.stringify({ inhibitedBy, silencedBy, mutedBy: [], state })
  const endsAt = formatInstant(alert.leaseUntil ?? plus(alert.lastSeenAt, assumedMs))
  return `{"annotations":${alert.annotations},"endsAt":"${endsAt}","fingerprint":"${alert.fingerprint}","receivers":${receiversText(receivers)},"startsAt":"${formatInstant(alert.startedAt)}","status":${status},"updatedAt":"${formatInstant(alert.lastSeenAt)}","generatorURL":${JSON.stringify(alert.query ?? '')},"labels":${alert.labels}}`
}

/** By route, then by the labels it groups by; sorted by labels, then by receiver. JSON, group by group. */
export function* groupTexts(
  seen: readonly Seen[],
  routing: Routing,
  wants: (receiver: string) => boolean,
): Generator<string> {
  const groups = new Map<string, { labels: Labels; receiver: string; alerts: Seen[] }>()
  const numbers = new Map<unknown, number>()
  for (const each of seen) {
    const own: Labels = JSON.parse(each.alert.labels)
    for (const route of routesFor(routing.root, own)) {
      if (!wants(route.receiver)) continue
      const labels = groupLabels(route, own)
      const number = numbers.get(route) ?? numbers.size
      numbers.set(route, number)
      const key = `${textOf(labels)}\u0000${route.receiver}\u0000${number}`
      const known = groups.get(key)
      if (known === undefined) groups.set(key, { labels, receiver: route.receiver, alerts: [each] })
      else known.alerts.push(each)
    }
  }
  const sorted = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  for (const [, { labels, receiver, alerts }] of sorted)
    yield `{"labels":${JSON.stringify(labels)},"receiver":${JSON.stringify({ name: receiver })},"alerts":[${alerts.map(alertText).join(',')}]}`
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

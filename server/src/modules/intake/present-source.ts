// A source as people see it.
import { hour, minute } from '../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import { formatFacts } from './core/index.ts'
import type { MinuteRow, SourceRow } from './intake.store.ts'
import type { OrphanRow } from './orphans.store.ts'
import type { TokenRow } from './tokens.store.ts'
import type { Preview } from './usecases/preview.ts'

export interface Around {
  readonly now: Instant
  readonly minutes: readonly MinuteRow[]
  readonly orphans: number
  readonly tokens: number
}

const textOf = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

export function summarizeSource(row: SourceRow, { now, minutes, orphans, tokens }: Around) {
  const { source, receivedAt, beatAt, silentSince } = row
  const sum = (of: (row: MinuteRow) => number) => minutes.reduce((total, each) => total + of(each), 0)
  const first = Math.floor(now / minute) - 59
  const byMinute = new Map(minutes.map((each) => [Math.floor(each.minute / minute), each.signals]))
  const state: 'never' | 'receiving' | 'quiet' | 'silent' = stateOf(row, now)
  return {
    name: source.name,
    title: source.title,
    format: source.format,
    formatTitle: formatFacts[source.format].title,
    team: source.team,
    service: source.service,
    state,
    receivedAt: textOf(receivedAt),
    lastHour: {
      deliveries: sum((each) => each.deliveries),
      signals: sum((each) => each.signals),
      counted: sum((each) => each.counted),
      orphans: sum((each) => each.orphans),
      refused: sum((each) => each.refused),
    },
    minutes: Array.from({ length: 60 }, (_, at) => byMinute.get(first + at) ?? 0),
    orphans,
    tokens,
    heartbeat:
      source.heartbeat === null
        ? null
        : {
            everyMs: source.heartbeat.everyMs,
            graceMs: source.heartbeat.graceMs,
            silentSince: textOf(silentSince),
            beatAt: textOf(beatAt),
          },
  }
}

function stateOf({ receivedAt, silentSince }: SourceRow, now: Instant): 'never' | 'receiving' | 'quiet' | 'silent' {
  if (silentSince !== null) return 'silent'
  if (receivedAt === null) return 'never'
  return now - receivedAt < hour ? 'receiving' : 'quiet'
}

export function presentToken({ id, last4, createdBy, createdAt, expiresAt, usedAt }: TokenRow) {
  return {
    id,
    last4,
    createdBy,
    createdAt: formatInstant(createdAt),
    expiresAt: textOf(expiresAt),
    usedAt: textOf(usedAt),
  }
}

export function presentOrphan({ id, source, because, body, cut, times, receivedAt, lastAt }: OrphanRow) {
  return { id, source, because, body, cut, times, receivedAt: formatInstant(receivedAt), lastAt: formatInstant(lastAt) }
}

export function presentPreview({ signals, acknowledged, unread, notes, nothing }: Preview) {
  return {
    signals: signals.map(({ signal, notes: own }) => ({
      status: signal.status,
      key: signal.key,
      summary: signal.summary,
      severity: signal.severity,
      severityGiven: signal.severityWord,
      service: signal.service,
      labels: { ...signal.labels },
      startsAt: formatInstant(signal.startsAt),
      endsAt: textOf(signal.endsAt),
      links: signal.links.map(({ href, text }) => ({ title: text, url: href })),
      notes: [...own],
    })),
    acknowledged: [...acknowledged],
    unread: [...unread],
    notes: [...notes],
    nothing,
  }
}

import { expect, test } from 'vitest'
import { second } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import type { AlertSeverity } from '../../../kernel/severity.ts'
import { judgeBundling, type RecentMessage } from './bundling.ts'
import { compareQueued, type Queued } from './lanes.ts'

const start = instant(Date.UTC(2026, 1, 2))

/** Plays messages of one person; a bundle goes out when its time has come. */
function storm(messages: readonly [number, AlertSeverity][]): string[] {
  const sent: RecentMessage[] = []
  const log: string[] = []
  let open: { until: Instant; held: AlertSeverity[] } | null = null
  const flush = (now: Instant) => {
    if (open === null || open.until > now) return
    log.push(`${(open.until - start) / second}: bundle of ${open.held.length}`)
    sent.push({ at: open.until, severity: open.held[0] ?? 'info' })
    open = null
  }
  for (const [seconds, severity] of messages) {
    const now = plus(start, seconds * second)
    flush(now)
    const verdict = judgeBundling(sent, open === null ? null : (open as { until: Instant }).until, severity, now)
    if (verdict.verdict === 'send') {
      log.push(`${seconds}: ${severity}`)
      sent.push({ at: now, severity })
    } else {
      const held: AlertSeverity[] = open === null ? [] : (open as { held: AlertSeverity[] }).held
      open = { until: verdict.until, held: [...held, severity] }
    }
  }
  flush(plus(start, 3600 * second))
  return log
}

test.each<[string, [number, AlertSeverity][], string[]]>([
  [
    'three come alone',
    [
      [0, 'warning'],
      [1, 'warning'],
      [2, 'warning'],
    ],
    ['0: warning', '1: warning', '2: warning'],
  ],
  [
    'the fourth waits for a bundle',
    [
      [0, 'warning'],
      [1, 'warning'],
      [2, 'warning'],
      [3, 'warning'],
      [50, 'warning'],
    ],
    ['0: warning', '1: warning', '2: warning', '60: bundle of 2'],
  ],
  [
    'the first of a higher severity passes, the second waits',
    [
      [0, 'warning'],
      [1, 'warning'],
      [2, 'warning'],
      [3, 'warning'],
      [4, 'critical'],
      [5, 'critical'],
    ],
    ['0: warning', '1: warning', '2: warning', '4: critical', '60: bundle of 2'],
  ],
  [
    'after a quiet minute it begins anew',
    [
      [0, 'warning'],
      [1, 'warning'],
      [2, 'warning'],
      [70, 'warning'],
    ],
    ['0: warning', '1: warning', '2: warning', '70: warning'],
  ],
])('%s', (_, messages, expected) => {
  expect(storm(messages)).toEqual(expected)
})

test('a storm of a minute is three messages, the worst one and one bundle', () => {
  const flood = Array.from({ length: 2000 }, (_, index): [number, AlertSeverity] => [index * 0.029, 'warning'])
  const log = storm([...flood.slice(0, 900), [26.1, 'critical'], ...flood.slice(900)])
  expect(log).toEqual(['0: warning', '0.029: warning', '0.058: warning', '26.1: critical', '60: bundle of 1997'])
})

test('lanes, then severity, then first messages, then who has waited longest', () => {
  const queued = (name: string, of: Partial<Queued>): Queued & { name: string } => ({
    name,
    lane: 'page',
    severity: 'warning',
    first: false,
    dueAt: 0,
    lastContactedAt: 100,
    ...of,
  })
  const given = [
    queued('digest', { lane: 'digest', severity: 'critical' }),
    queued('late', { dueAt: 5 }),
    queued('early', { dueAt: 1 }),
    queued('waiting', { lastContactedAt: 10, dueAt: 9 }),
    queued('never', { lastContactedAt: null, dueAt: 9 }),
    queued('first', { first: true, dueAt: 9 }),
    queued('update', { lane: 'update', first: true }),
    queued('critical', { severity: 'critical', dueAt: 9 }),
    queued('status', { lane: 'status' }),
  ]
  expect(given.sort(compareQueued).map((each) => each.name)).toEqual([
    'critical',
    'first',
    'never',
    'waiting',
    'early',
    'late',
    'update',
    'status',
    'digest',
  ])
})

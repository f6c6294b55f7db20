import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import {
  type Answerable,
  answeredBy,
  decideAcknowledge,
  decideClose,
  decideSnooze,
  decideUnacknowledge,
} from './answer.ts'
import { decide } from './decide.ts'
import { decideExpiry, decideSignal, type Episode, episodeKey, type IntakePolicy } from './episode.ts'
import { readSignal, type Signal, type SignalDraft } from './signal.ts'

const start = instant(Date.UTC(2026, 1, 2))
const after = (minutes: number): Instant => plus(start, minutes * minute)
const always: IntakePolicy = { assumedLeaseMs: null }
const patient: IntakePolicy = { assumedLeaseMs: 5 * minute }

const signal = (now: Instant, change: Partial<SignalDraft> = {}): Signal => {
  const read = readSignal({ source: 'K', status: 'firing', dedupKey: 'd', severity: 'warning', ...change }, now)
  if (!read.ok) throw new Error(JSON.stringify(read.faults))
  return read.signal
}

/** Feeds drafts at minutes through the door an intake uses; names what each did. */
function feed(policy: IntakePolicy, drafts: readonly [number, Partial<SignalDraft>][]) {
  const known = new Map<string, Episode>()
  const kinds = drafts.map(([minutes, draft]) => {
    const now = after(minutes)
    const batch = decide(known, [signal(now, draft)], policy, now)
    for (const [key, episode] of batch.episodes) known.set(key, episode)
    return batch.decided[0]?.decisions.map((each) => each.kind).join('+')
  })
  return { kinds, last: known.get('K:d') }
}

// The matrix of an events API: state of (K, d) against what comes.
test.each<[string, [number, Partial<SignalDraft>][], string[]]>([
  ['trigger on nothing', [[0, {}]], ['open']],
  ['resolve on nothing', [[0, { status: 'resolved' }]], ['ignore']],
  [
    'trigger on an open one',
    [
      [0, {}],
      [1, {}],
    ],
    ['open', 'refresh'],
  ],
  [
    'resolve of an open one',
    [
      [0, {}],
      [1, { status: 'resolved', startsAt: start }],
    ],
    ['open', 'close'],
  ],
  [
    'resolve twice',
    [
      [0, {}],
      [1, { status: 'resolved' }],
      [2, { status: 'resolved' }],
    ],
    ['open', 'close', 'ignore'],
  ],
  [
    'trigger after a resolve never reopens',
    [
      [0, {}],
      [1, { status: 'resolved' }],
      [2, {}],
    ],
    ['open', 'close', 'open'],
  ],
  [
    'trigger by another integration',
    [
      [0, {}],
      [1, { source: 'K2' }],
    ],
    ['open', 'open'],
  ],
  [
    'resolve by another integration',
    [
      [0, {}],
      [1, { source: 'K2', status: 'resolved' }],
    ],
    ['open', 'ignore'],
  ],
  [
    'trigger with another key',
    [
      [0, {}],
      [1, { dedupKey: 'e' }],
    ],
    ['open', 'open'],
  ],
])('%s', (_, drafts, kinds) => {
  expect(feed(always, drafts).kinds).toEqual(kinds)
})

test('pushes out of order: the earliest start, the latest resolve, and a new episode for a new start', () => {
  const drafts: [number, Partial<SignalDraft>][] = [
    [2, { startsAt: after(1.1) }],
    [3, { startsAt: after(1) }],
    [6, { status: 'resolved', startsAt: after(1), endsAt: after(4.5) }],
    [7, { status: 'resolved', startsAt: after(1), endsAt: after(4.8) }],
    [8, { status: 'resolved', startsAt: after(1), endsAt: after(4.1) }],
  ]
  const { kinds, last } = feed(always, drafts)
  expect(kinds).toEqual(['open', 'refresh', 'close', 'amend', 'ignore'])
  expect(last).toMatchObject({ startedAt: after(1), end: { how: 'resolved', at: after(4.8) } })
  const next = feed(always, [...drafts, [9, { startsAt: after(5) }]])
  expect(next.kinds.at(-1)).toBe('open')
  expect(next.last).toMatchObject({ startedAt: after(5), end: null })
})

test.each<[string, IntakePolicy, Partial<SignalDraft>, number, string | null]>([
  ['a given end that passed', patient, { endsAt: after(4) }, 4, 'expired'],
  ['a given end ahead', patient, { endsAt: after(4) }, 3.9, null],
  ['no end, patience over', patient, {}, 5, 'silent'],
  ['no end, patience left', patient, {}, 4.9, null],
  ['no end, a sender that always resolves', always, {}, 5000, null],
])('%s', (_, policy, draft, minutes, how) => {
  const opened = decideSignal(null, signal(start, draft), policy, start)[0]
  if (opened?.kind !== 'open') throw new Error('not opened')
  const decision = decideExpiry(opened.episode, after(minutes))
  expect(decision?.kind === 'close' ? decision.episode.end?.how : null).toBe(how)
  if (decision?.kind === 'close') expect(decision.episode.end?.at).toBe(opened.episode.lease?.until)
})

test('an end that came by itself is mended when the sender says when', () => {
  const opened = decideSignal(null, signal(start), patient, start)[0]
  const silent = opened?.kind === 'open' ? decideExpiry(opened.episode, after(5)) : null
  if (silent?.kind !== 'close') throw new Error('not ended')
  const resolved = signal(after(9), { status: 'resolved', startsAt: start, endsAt: after(8) })
  expect(decideSignal(silent.episode, resolved, patient, after(9))[0]).toMatchObject({
    kind: 'amend',
    episode: { end: { how: 'resolved', at: after(8) } },
  })
})

test('a signal that began after the lease had run out ends one episode and opens the next', () => {
  const { kinds, last } = feed(always, [
    [0, { endsAt: after(4) }],
    [10, { startsAt: after(9), endsAt: after(13) }],
  ])
  expect(kinds).toEqual(['open', 'close+open'])
  expect(last?.startedAt).toBe(after(9))
})

test('a given lease that reaches further holds against a shorter one and an assumed one', () => {
  const lease = (drafts: [number, Partial<SignalDraft>][]) => feed(patient, drafts).last?.lease
  expect(
    lease([
      [0, { endsAt: after(9) }],
      [1, { endsAt: after(4) }],
    ]),
  ).toEqual({ until: after(9), given: true })
  expect(
    lease([
      [0, { endsAt: after(9) }],
      [1, {}],
    ]),
  ).toEqual({ until: after(9), given: true })
  expect(
    lease([
      [0, {}],
      [1, { endsAt: after(4) }],
    ]),
  ).toEqual({ until: after(4), given: true })
  expect(
    lease([
      [0, {}],
      [1, {}],
    ]),
  ).toEqual({ until: after(6), given: false })
})

test('a resolve of an earlier episode does not end this one', () => {
  const late: [number, Partial<SignalDraft>] = [12, { status: 'resolved', startsAt: after(1), endsAt: after(3) }]
  expect(feed(always, [[10, { startsAt: after(9) }], late]).kinds).toEqual(['open', 'ignore'])
})

test('a refresh says what changed and when it became worse than ever', () => {
  const known = new Map<string, Episode>()
  const step = (minutes: number, change: Partial<SignalDraft>) => {
    const now = after(minutes)
    const { decided, episodes } = decide(known, [signal(now, { startsAt: start, ...change })], always, now)
    for (const [key, episode] of episodes) known.set(key, episode)
    const decision = decided[0]?.decisions[0]
    return decision?.kind === 'refresh'
      ? [decision.changed.join(), decision.raised, decision.trace.at(-1)?.verdict]
      : null
  }
  step(0, {})
  expect(step(1, {})).toEqual(['', false, 'refresh'])
  expect(step(2, { summary: 'x', annotations: { a: '1' } })).toEqual(['summary,annotations', false, 'update'])
  expect(step(3, { severity: 'critical', summary: 'x', annotations: { a: '1' } })).toEqual(['severity', true, 'raise'])
  expect(step(4, { summary: 'x', annotations: { a: '1' } })).toEqual(['severity', false, 'update'])
  expect(step(5, { severity: 'critical', summary: 'x', annotations: { a: '1' } })).toEqual([
    'severity',
    false,
    'update',
  ])
})

test('every decision carries a trace that ends in its verdict', () => {
  const batch = decide(new Map(), [signal(start), signal(start), signal(start, { status: 'resolved' })], always, start)
  expect(
    batch.decided.flatMap((each) => each.decisions.map((decision) => decision.trace.map((one) => one.verdict))),
  ).toEqual([
    ['K:d', 'open'],
    ['K:d', 'refresh'],
    ['K:d', 'close'],
  ])
  expect(batch.episodes.size).toBe(1)
})

test('keys of different integrations never meet', () => {
  expect(episodeKey({ source: 'a:b', key: 'c' })).not.toBe(episodeKey({ source: 'a', key: 'b:c' }))
})

// Never lose: whatever came before, a firing signal leaves an open episode behind, a resolve of now leaves none.
test('after a firing signal something is open; after a resolve of now nothing is', () => {
  const some = fc.record({
    waitMs: fc.integer({ min: 1, max: 20 * minute }),
    status: fc.constantFrom('firing' as const, 'resolved' as const),
    startedAgo: fc.option(fc.nat(30 * minute)),
    endsIn: fc.option(fc.integer({ min: 1, max: 10 * minute })),
    expire: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 30 }), fc.constantFrom(always, patient), (events, policy) => {
      let episode: Episode | null = null
      let now = start
      for (const { waitMs, status, startedAgo, endsIn, expire } of events) {
        now = plus(now, waitMs)
        const over: ReturnType<typeof decideExpiry> = episode !== null && expire ? decideExpiry(episode, now) : null
        if (over?.kind === 'close') episode = over.episode
        const startsAt = startedAgo === null ? null : plus(now, -startedAgo)
        const endsAt = status === 'firing' && endsIn !== null ? plus(now, endsIn) : null
        const before: Episode | null = episode
        for (const decision of decideSignal(before, signal(now, { status, startsAt, endsAt }), policy, now)) {
          if (decision.kind !== 'ignore') episode = decision.episode
          expect(decision.trace.length).toBeGreaterThan(1)
        }
        if (status === 'firing') {
          expect(episode?.end ?? null).toBeNull()
          expect(episode?.startedAt).toBeLessThanOrEqual(now)
          expect(episode?.lease === null || (episode?.lease?.until ?? 0) > now).toBe(true)
        } else expect(episode === null || episode.end !== null).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})

const fresh: Answerable = { answer: { kind: 'unanswered' }, end: null }

test('people acknowledge, take over, give back, snooze and close', () => {
  const said: (string | null)[] = []
  let alert = fresh
  const act = (decision: ReturnType<typeof decideClose>) => {
    said.push(decision.ok ? decision.reason : decision.refusal.code)
    if (decision.ok) alert = decision.alert
  }
  act(decideUnacknowledge(alert, 'ana'))
  act(decideAcknowledge(alert, 'ana', start))
  act(decideAcknowledge(alert, 'ana', start))
  act(decideAcknowledge(alert, 'ben', start))
  expect(answeredBy(alert.answer, start)).toBe('ben')
  act(decideUnacknowledge(alert, 'cyd'))
  expect(answeredBy(alert.answer, start)).toBeNull()
  act(decideSnooze(alert, 'ana', start, start))
  act(decideSnooze(alert, 'ana', after(8 * 1440), start))
  act(decideSnooze(alert, 'ana', after(60), start))
  expect([answeredBy(alert.answer, after(59)), answeredBy(alert.answer, after(60))]).toEqual(['ana', null])
  act(decideClose(alert, 'ana', after(2)))
  for (const late of [
    decideAcknowledge(alert, 'ben', after(3)),
    decideClose(alert, 'ben', after(3)),
    decideUnacknowledge(alert, 'ben'),
    decideSnooze(alert, 'ben', after(9), after(3)),
  ])
    act(late)
  expect(said).toEqual([
    'alerts.not-acknowledged',
    'ana acknowledged.',
    'ana is still on it.',
    'ben took it over from ana.',
    'cyd took it from ben and gave it back.',
    'alerts.snooze-past',
    'alerts.snooze-too-long',
    'ana snoozed it until 2026-02-02T01:00:00.000Z.',
    'ana closed it.',
    ...Array.from({ length: 4 }, () => 'alerts.already-ended'),
  ])
})

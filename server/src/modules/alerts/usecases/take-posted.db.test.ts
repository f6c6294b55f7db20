// Several processes take the same alerts, forget what they knew, lose their sessions, and live with a clock that leaps.
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type AlertsWorld, ana, openAlertsWorld } from '../alerts.fixture.ts'
import { toEpisode } from '../alerts.store.ts'
import { decide, type Episode, episodeKey, readSignal, type Signal } from '../core/index.ts'
import { createKnownAlerts } from '../known-alerts.ts'
import { takePosted } from './take-posted.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('alerts posted')
})
afterAll(() => world.close())
beforeEach(() => world.clear())

const start = instant(Date.UTC(2026, 2, 1, 3))
const policy = { assumedLeaseMs: 5 * minute }
const never = (): never => {
  throw new Error('It was taken.')
}

interface Process {
  readonly needs: Needs
  known: ReturnType<typeof createKnownAlerts>
}

interface Words {
  readonly key: number
  readonly startsAt: number
  readonly endsAt: number
  readonly summary: string
}

const posted = ({ key, startsAt, endsAt, summary }: Words) => ({
  labels: { alertname: 'Down', service: 'search', severity: 'warning', instance: `i${key}` },
  annotations: { summary },
  startsAt: formatInstant(plus(start, startsAt)),
  endsAt: formatInstant(plus(start, endsAt)),
})

const send = (from: Process, words: readonly Words[], source = 'posted') =>
  takePosted(from.needs, world.ports, from.known, {
    ...{ source, actor: ana, policy, read: JSON.parse },
    pieces: world.ports.splitAlertmanager(JSON.stringify(words.map(posted))) ?? never(),
  })

test('whatever is posted to whichever process, alerts are what the rules for signals say', async () => {
  const words = fc.record({
    key: fc.integer({ min: 0, max: 2 }),
    startsAt: fc.constantFrom(0, 0, 0, 3 * minute),
    endsAt: fc.constantFrom(minute, 3 * minute, 4 * minute, 6 * minute, 6 * minute, 9 * minute),
    summary: fc.constantFrom('down', 'down', 'still down'),
  })
  const step = fc.record({
    process: fc.integer({ min: 0, max: 1 }),
    words: fc.array(words, { minLength: 1, maxLength: 4 }),
    // Ahead only: which episode of a key is the newest is told by the database's clock.
    clockMs: fc.constantFrom(0, 0, minute, 2 * minute, 5 * minute),
    restarts: fc.constantFrom(false, false, false, true),
  })
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
      run += 1
      const source = `posted-${run}`
      await world.clock.set(start)
      const processes = [0, 1].map((): Process => ({ needs: world.needs, known: createKnownAlerts() }))
      const expected = new Map<string, Episode & { readonly count: number }>()
      for (const { process, words: said, clockMs, restarts } of steps) {
        const now = await world.clock.forward(clockMs)
        const own = processes[process] ?? never()
        if (restarts) own.known = createKnownAlerts()
        const signals = said.flatMap((each) => readAsOrdinary(source, posted(each), now))
        // One that ends before it starts is refused the ordinary way, with all that came with it.
        const taken = await send(own, said, source)
        expect(taken === null).toBe(signals.length < said.length)
        if (taken !== null) judge(expected, signals, now)
      }
      const rows = (await world.alerts()).filter((row) => row.source === source)
      // Several may have begun at one moment of this clock.
      const newest = new Map([...rows].sort((a, b) => a.number - b.number).map((row) => [episodeKey(row), row]))
      expect([...newest.keys()].sort()).toEqual([...expected.keys()].sort())
      for (const [key, { count, ...episode }] of expected) {
        const row = newest.get(key) ?? never()
        const { startedAt, lease, end, worst } = episode
        expect(toEpisode(row)).toMatchObject({ startedAt, end, worst, ...(end === null ? { lease } : {}) })
        expect([row.count, row.title]).toEqual([count, episode.signal.summary])
      }
    }),
    { numRuns: 20 },
  )
}, 240_000)

function readAsOrdinary(source: string, alert: object, now: number): readonly Signal[] {
  const given = world.ports.readAlertmanager([alert])
  const reading = given.ok ? readSignal({ ...given.drafts[0], source, status: 'firing' }, instant(now)) : null
  return reading?.ok === true ? [reading.signal] : []
}

/** The rules themselves, one signal after the other. */
function judge(expected: Map<string, Episode & { readonly count: number }>, signals: readonly Signal[], now: number) {
  for (const signal of signals) {
    const { decided } = decide(expected, [signal], policy, instant(now))
    for (const { key, decisions } of decided)
      for (const { kind, ...decision } of decisions) {
        if (!('episode' in decision)) continue
        const before = kind === 'open' ? 0 : (expected.get(key)?.count ?? 0)
        const own = kind === 'close' && decision.episode.end?.how !== 'resolved' ? 0 : 1
        expected.set(key, { ...decision.episode, count: before + (kind === 'amend' ? 0 : own) })
      }
  }
}

test('what was answered for is kept, whatever becomes of sessions; every end takes effect', async () => {
  const processes = [world.needs, { ...world.needs, database: await world.another() }].map(
    (needs): Process => ({ needs, known: createKnownAlerts() }),
  )
  const keys = Array.from({ length: 60 }, (_, key) => key)
  const now = await world.database.now()
  const at = (key: number, ms: number): Words => ({
    ...{ key, summary: 'down', startsAt: now - start - minute, endsAt: now - start + ms },
  })
  expect(
    await send(
      processes[0] ?? never(),
      keys.map((key) => at(key, 60 * minute)),
    ),
  ).toMatchObject({ lifeboat: null, opened: keys.length })
  const answered = new Map<number, number>()
  const over = new Set<number>()
  const busy = processes.map(async (own, index) => {
    for (let round = 1; round <= 30; round += 1) {
      const mine = keys.filter((key) => (key + round) % 3 !== index)
      const ms = (60 + round) * minute
      const ends = index === 0 && round % 5 === 0 ? [keys[round] ?? 0] : []
      const sent = [
        ...mine.filter((key) => !ends.includes(key)).map((key) => at(key, ms)),
        ...ends.map((key) => at(key, 0)),
      ]
      const taken = await send(own, sent).catch(() => null)
      if (taken === null) continue
      for (const key of mine) answered.set(key, Math.max(answered.get(key) ?? 0, now + ms))
      for (const key of ends) over.add(key)
    }
  })
  const breaking = (async () => {
    for (let round = 0; round < 6; round += 1) {
      await Promise.race([...busy, new Promise((resolve) => setImmediate(resolve))])
      await world.owner.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'mainstay' and pid % 2 = $1",
        [round % 2],
      )
    }
  })()
  await Promise.all([...busy, breaking])
  const rows = await world.alerts()
  for (const key of keys) {
    const own = rows.filter((row) => row.signal.labels.instance === `i${key}`)
    const open = own.filter((row) => row.status !== 'resolved')
    expect(open.length).toBeLessThanOrEqual(1)
    // Somebody else may have said that it goes on, after its end.
    if (over.has(key)) expect(own.some((row) => row.ended === 'resolved')).toBe(true)
    else expect(open).toHaveLength(1)
    for (const row of open) if (!over.has(key)) expect(row.leaseUntil).toBeGreaterThanOrEqual(answered.get(key) ?? 0)
  }
  const ends = keys.map((key) => at(key, 0))
  for (;;) {
    const taken = await send(processes[1] ?? never(), ends).catch(() => null)
    if (taken !== null) break
  }
  expect((await world.alerts()).every((row) => row.status === 'resolved')).toBe(true)
  const left = await world.owner.query('select count(*)::int as leases from alert_leases')
  expect(left.rows).toEqual([{ leases: 0 }])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openWorld } from '../../../test/world.ts'
import { day } from '../../kernel/duration.ts'
import { instant, plus } from '../../kernel/instant.ts'
import { listEntries } from '../../modules/audit/index.ts'
import { readConfig } from '../../platform/config/config.ts'
import { sql, timestamp } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import { findRound, type HoldKind, insertHold } from '../../platform/retention/retention.store.ts'
import { addWork } from '../../platform/work/due-work.store.ts'
import { defineJob } from '../../platform/work/job.ts'
import { retentionPortsOf } from '../join/retention.ts'
import { removeBatch, removeOld } from './remove-old.ts'
import { anyAlert, left, messages, type Written, writePast } from './retention.fixture.ts'

const now = instant(Date.UTC(2026, 5, 1, 3))
const rest = async () => undefined

const forget = sql`update retention_round set progress = '{}', started_at = null, finished_at = null, last = null`

async function open(environment: Record<string, string> = {}) {
  const { house, database, clock } = await openWorld({ name: 'retention' })
  await clock.set(now)
  // Time has jumped: what the house had planned is not what is looked at here.
  await database.run(sql`delete from due_work`)
  await database.run(forget)
  const { needs } = house
  const ports = retentionPortsOf(readConfig(environment), () => house.rooms)
  const hold = (kind: HoldKind, about: string) =>
    database.transaction((tx) =>
      insertHold(tx, { id: newId(), kind, about, label: about, reason: 'A lawsuit.', placedBy: 'ana' }),
    )
  const nextRound = () => clock.forward(day)
  const told = () => listEntries(database, { all: true }, { type: 'retention.finished' }, null, 10)
  return { database, needs, ports, hold, nextRound, told }
}

interface Promised {
  readonly pages: number
  readonly traces: number
  readonly services: ReadonlySet<string>
  readonly people: ReadonlySet<string>
}

/** The promise, read from the settings' own words. */
function expected(past: Written, { pages, traces, services, people }: Promised): readonly string[] {
  const isOld = (days: number) => past.endedAt !== null && past.endedAt < plus(now, -days * day)
  const isReferred =
    ['open', 'draft', 'acting'].includes(past.incident) || (past.service !== null && services.has(past.service))
  const names: string[] = ['alert']
  if (!isOld(traces) || isReferred || people.size > 0) names.push('trace')
  const told = !isOld(pages) || isReferred || people.has(past.person)
  if (told) names.push('page', 'notice')
  if (told || people.size > 0) names.push('escalation')
  if (past.incident !== 'none') names.push('incident')
  if (['draft', 'acting', 'learnt'].includes(past.incident)) names.push('postmortem')
  return names.sort()
}

test('whatever the past: what is old is gone, what anything refers to stays, wherever it was interrupted', async () => {
  const { database, needs, ports, hold } = await open({ MAINSTAY_KEEP_TRACES_DAYS: '90' })
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyAlert, { minLength: 1, maxLength: 12 }),
      fc.subarray(['checkout', 'ledger']),
      fc.subarray(['ana']),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 25 }),
      async (pasts, services, people, limit, steps) => {
        await clear()
        for (const each of services) await hold('service', each)
        for (const each of people) await hold('person', each)
        const written: Written[] = []
        // Written as they happened: a trace's ids are in the order of time.
        const inOrder = [...pasts].sort((a, b) => b.openedDaysAgo - a.openedDaysAgo)
        for (const past of inOrder) written.push(await writePast(database, past, now))
        // The round was forgotten, so a new one begins; the clock stands, or what was young in the first case is old in the last.
        // Some batches are done, one is cut off in the middle, then another process goes on.
        for (let step = 0; step < steps; step += 1)
          await database.transaction((tx) => removeBatch(needs, ports, tx, limit))
        await database.rehearse((tx) => removeBatch(needs, ports, tx, limit))
        while ((await removeOld(needs, ports, { rest, limit })) === 'more');
        const promise = { pages: 400, traces: 90, services: new Set(services), people: new Set(people) }
        let told = 0
        for (const past of written) {
          const names = expected(past, promise)
          expect([past.id, [...(await left(database, past))].sort()]).toEqual([past.id, names])
          if (names.includes('notice')) told += 1
        }
        const remaining = await messages(database)
        expect(remaining).toMatchObject({ deliveries: told, attempts: told })
      },
    ),
    { numRuns: 25 },
  )

  async function clear() {
    for (const table of [
      'delivery_attempts',
      'deliveries',
      'page_notices',
      'bundles',
      'pages',
      'escalations',
      'alerts',
      'legal_holds',
      'corrective_actions',
      'postmortems',
      'incidents',
    ])
      await database.run(sql`delete from ${sql.table(table)}`)
    await database.run(forget)
  }
}, 120_000)

test('two processes at once remove each row once, and count it once', async () => {
  const { database, needs, ports, told } = await open()
  for (let index = 0; index < 30; index += 1)
    await writePast(
      database,
      { service: 'checkout', person: 'ana', openedDaysAgo: 600, lastedDays: 1, incident: 'none', bundled: false },
      now,
    )
  const ends = await Promise.all([1, 2].map(() => removeOld(needs, ports, { rest, limit: 3 })))
  expect(ends.sort()).toEqual(['finished', 'resting'])
  expect((await findRound(database)).last).toMatchObject({
    notices: { removed: 30 },
    deliveries: { removed: 60 },
    pages: { removed: 30 },
    escalations: { removed: 30 },
    traces: { removed: 30 },
    alerts: { removed: 0, done: true },
  })
  const [entry] = await told()
  expect(entry).toMatchObject({
    type: 'retention.finished',
    data: { removed: { notices: 30, deliveries: 60, pages: 30, escalations: 30, traces: 30 }, heldBack: {} },
  })
  // Nothing is done twice a day, and a round that finds nothing writes nothing.
  expect(await removeOld(needs, ports, { rest })).toBe('resting')
  await database.run(sql`update retention_round set started_at = started_at - interval '2 days'`)
  expect(await removeOld(needs, ports, { rest })).toBe('finished')
  expect(await told()).toHaveLength(1)
})

test('a hold on everything stops it; one placed meanwhile is seen by the next batch', async () => {
  const { database, needs, ports, hold } = await open()
  const old = {
    service: 'checkout',
    person: 'ana',
    openedDaysAgo: 600,
    lastedDays: 1,
    incident: 'none',
    bundled: true,
  } as const
  const written = await Promise.all([1, 2, 3].map(() => writePast(database, old, now)))
  await database.transaction((tx) => removeBatch(needs, ports, tx, 1))
  await hold('everything', '')
  expect(await removeOld(needs, ports, { rest })).toBe('held')
  const notices = await Promise.all(written.map(async (each) => (await left(database, each)).includes('notice')))
  expect(notices.filter((is) => is)).toHaveLength(2)
})

test('alerts and incidents go when a setting says so, together with what hangs on them', async () => {
  const { database, needs, ports, nextRound } = await open({
    MAINSTAY_KEEP_ALERTS_DAYS: '90',
    MAINSTAY_KEEP_INCIDENTS_DAYS: '365',
  })
  const past = { service: 'checkout', person: 'ana', openedDaysAgo: 600, lastedDays: 1, bundled: true } as const
  const write = (incident: Written['incident'], days = 600) =>
    writePast(database, { ...past, incident, openedDaysAgo: days }, now)
  const [plain, learnt, acting, draft, young] = [
    await write('none'),
    await write('learnt'),
    await write('acting'),
    await write('draft'),
    await write('none', 200),
  ]
  // The alert of an incident goes a round after it.
  for (let round = 0; round < 2; round += 1) {
    await nextRound()
    expect(await removeOld(needs, ports, { rest })).toBe('finished')
  }
  expect(await left(database, plain)).toEqual([])
  expect(await left(database, learnt)).toEqual([])
  expect(await left(database, acting)).toHaveLength(7)
  expect(await left(database, draft)).toHaveLength(7)
  // 200 days: asked for 90, but its pages and its trace stay for 400.
  expect(await left(database, young)).toHaveLength(5)
})

test('leftovers go: work nobody decided about, answers to repeats, unread signals, silences, mails of status pages', async () => {
  const { database, needs, ports } = await open()
  const at = (days: number) => timestamp(plus(now, -days * day))
  const job = defineJob({ kind: 'test.work', lane: 'bulk' })
  await database.transaction(async (tx) => {
    for (const days of [1, 100]) {
      await addWork(tx, job, {}, { key: `k${days}` })
      await tx.run(sql`update due_work set set_aside_at = ${at(days)} where key = ${`k${days}`}`)
    }
    await tx.run(
      sql`insert into idempotency_keys (actor, key, operation, body_hash, created_at) values ('person:a b', 'x', 'o', '', ${at(3)}), ('person:a b', 'y', 'o', '', ${at(1)})`,
    )
    await tx.run(
      sql`insert into orphan_signals (received_at, source, because, body) values (${at(500)}, 's', 'b', ''), (${at(300)}, 's', 'b', '')`,
    )
    await tx.run(sql`
      insert into silences (id, sets, starts_at, ends_at, created_by, reason) values
        (${newId()}, '[]', ${at(502)}, ${at(500)}, 'ana', 'r'), (${newId()}, '[]', ${at(500)}, ${at(300)}, 'ana', 'r')`)
    const subscriber = newId()
    await tx.run(
      sql`insert into status_subscribers (id, page, email, fingerprint, requested_at) values (${subscriber}, 'p', 'e', 'f', ${at(900)})`,
    )
    await tx.run(sql`
      insert into status_mails (id, subscriber_id, state, created_at) values
        (${newId()}, ${subscriber}, 'sent', ${at(500)}), (${newId()}, ${subscriber}, 'waiting', ${at(500)}), (${newId()}, ${subscriber}, 'sent', ${at(300)})`)
  })
  expect(await removeOld(needs, ports, { rest })).toBe('finished')
  const count = async (table: string) =>
    (await database.one(sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`)).n
  expect(
    await Promise.all(['due_work', 'idempotency_keys', 'orphan_signals', 'silences', 'status_mails'].map(count)),
  ).toEqual([1, 1, 1, 1, 2])
})

test('while pages are late, nothing is tidied up', async () => {
  const { database, needs, ports } = await open()
  await database.transaction(async (tx) => {
    await addWork(tx, defineJob({ kind: 'test.page', lane: 'page' }), {}, { dueAt: plus(await tx.now(), -5_000) })
  })
  expect(await removeOld(needs, ports, { rest })).toBe('busy')
  expect((await findRound(database)).startedAt).toBe(null)
})

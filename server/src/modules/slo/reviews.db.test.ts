// Objectives that are looked at again: declared, asked for once, recorded with their figures, and promises that end.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { day, minute } from '../../kernel/duration.ts'
import { instant, parseInstant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import type { ReviewFilter } from './reviews.contract.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import type { PossibleCause, SloPorts, Word } from './slo.ports.ts'
import { countStates, readGauges, readStandings } from './states.store.ts'
import { describeObjective, describeObjectives } from './usecases/describe-objectives.ts'
import { exportObjectives } from './usecases/export-objectives.ts'
import { makeReviewFigures } from './usecases/make-figures.ts'
import { describeReviews, readReviewsOf } from './usecases/read-reviews.ts'
import { recordReview } from './usecases/record-review.ts'
import { watchReviews } from './usecases/watch-reviews.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
const catalog = catalogOf()
const told: Word[] = []
const causes: PossibleCause[] = []
const ports: SloPorts = {
  tell: async (_tx, word) => {
    told.push(word)
    return true
  },
  causes: async () => causes,
  pagesOf: async () => new Map([['website', 3]]),
}
const at = (text: string) => parseInstant(text) ?? expect.unreachable(text)
const apply = (documents: string) => applyDocuments(world.needs, catalog, { documents, actor: admin })

const slo = (name: string, annotations: string, target = '0.99') => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}, annotations: {${annotations}}}
spec:
  service: website
  indicator: {metadata: {name: all}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 1d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: ${target}}]`

beforeAll(async () => {
  world = await openTelemetryWorld('reviews')
  clock = await installClock(world.connection)
  await clock.set(at('2026-03-02T09:00:00Z'))
  await apply(`
apiVersion: mainstay.dev/v1
kind: Person
metadata: {name: ben}
spec: {email: ben@web.example}
---
apiVersion: mainstay.dev/v1
kind: Person
metadata: {name: carl}
spec: {email: carl@web.example}
---
apiVersion: mainstay.dev/v1
kind: Team
metadata: {name: web}
spec: {members: [ben]}
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: website}
spec: {tier: 1, team: web}`)
  await apply(slo('views', 'mainstay.dev/review-every: 3M'))
  await apply(
    slo(
      'logins',
      'mainstay.dev/review-every: 1M, mainstay.dev/review-from: "2026-01-31", mainstay.dev/review-owner: person/carl',
    ),
  )
  await apply(slo('promise', 'mainstay.dev/expires-at: "2026-04-01"'))
  await apply(slo('plain', ''))
  engine = createEngine(world.needs)
})
afterAll(() => world.close())

const listed = async (state: ReviewFilter, owner: string | null = null) =>
  (await describeReviews(world.database, { state, service: null, owner }, null, 100)).map(
    ({ shown }) => shown.objective,
  )
const terms = async (name: string) => (await readReviewsOf(world.database, name)).terms
const record = (name: string, decision: 'keep' | 'change-target' | 'retire', newTarget: string | null = null) =>
  recordReview(world.needs, ports, { key: name, decision, newTarget, reason: 'Looked at it together', actor: admin })
const entries = async (type: string) =>
  world.database.many(
    sql<{ subject: string; reason: string }>`
      select subject_id as subject, reason from journal where type = ${type} order by id`,
  )

test('a cycle is declared, and its first day counted from the declaration', async () => {
  expect(await terms('views')).toMatchObject({
    dueOn: '2026-06-02',
    review: 'upcoming',
    everyText: '3 months',
    owner: { kind: 'team', name: 'web' },
    lastReviewedAt: null,
    expiry: 'none',
  })
  expect(await terms('logins')).toMatchObject({ dueOn: '2026-03-31', owner: { kind: 'person', name: 'carl' } })
  expect(await terms('promise')).toMatchObject({ review: 'none', owner: null, expiry: 'expires-soon' })
  expect(await terms('plain')).toBeNull()
  expect(await listed('all')).toEqual(['logins', 'promise', 'views'])
  expect(await listed('open')).toEqual(['promise'])
})

test('applying the same again moves nothing; another interval does', async () => {
  await clock.set(at('2026-03-05T09:00:00Z'))
  await apply(slo('views', 'mainstay.dev/review-every: 3M', '0.98'))
  expect(await terms('views')).toMatchObject({ dueOn: '2026-06-02' })
  await apply(slo('views', 'mainstay.dev/review-every: 2M', '0.98'))
  expect(await terms('views')).toMatchObject({ dueOn: '2026-05-05' })
  await apply(slo('views', 'mainstay.dev/review-every: 1Q', '0.99'))
  expect(await terms('views')).toMatchObject({ dueOn: '2026-06-05' })
})

test('whom nobody knows cannot be asked, and a misspelt annotation is said', async () => {
  const faultOf = async (annotations: string): Promise<unknown> => {
    try {
      return await apply(slo('views', annotations))
    } catch (error) {
      return JSON.stringify(error)
    }
  }
  expect(await faultOf('mainstay.dev/review-every: 1Q, mainstay.dev/review-owner: team/nobody')).toContain(
    'mainstay.dev~1review-owner',
  )
  expect(await faultOf('mainstay.dev/review-every: 9d')).toContain('mainstay.dev~1review-every')
})

test('an export carries what was declared', async () => {
  const { documents } = await exportObjectives(world.database, { names: ['logins'], service: null })
  expect(documents).toContain('mainstay.dev/review-owner: person/carl')
  expect(documents).toContain('mainstay.dev/review-every: 1M')
})

test('owners are told once that it is due and once that it is overdue, in one message each', async () => {
  await watchReviews(world.needs, ports)
  told.length = 0
  await apply(slo('news', 'mainstay.dev/review-every: 1Q'))
  await clock.set(at('2026-05-22T00:00:00Z'))
  await watchReviews(world.needs, ports)
  expect(told.map(({ person, head }) => [person, head])).toEqual(
    expect.arrayContaining([
      ['ben', '3 objectives are to be looked at'],
      ['carl', 'To be looked at: logins'],
    ]),
  )
  told.length = 0
  await watchReviews(world.needs, ports)
  await clock.set(at('2026-06-05T23:59:59Z'))
  await watchReviews(world.needs, ports)
  expect(told).toEqual([])
  expect(await listed('overdue')).toEqual(['logins'])
  await clock.set(at('2026-06-06T00:00:00Z'))
  await watchReviews(world.needs, ports)
  expect(told).toHaveLength(1)
  expect(told[0]).toMatchObject({ person: 'ben', head: '2 objectives are to be looked at' })
  expect(told[0]?.sentence).toContain('views: Its review was due on 2026-06-05, a day ago')
  expect(await listed('due', 'web')).toEqual(['news', 'views'])
  expect(await listed('due', 'carl')).toEqual(['logins'])
  expect((await entries('objective.review-asked')).filter((each) => each.subject === 'views')).toHaveLength(2)
})

test('the list of objectives knows what is to be looked at', async () => {
  const of = async (review: 'due' | 'overdue') =>
    (await describeObjectives(world.database, { service: null, state: null, review, sort: 'name' }, null, 100)).map(
      ({ summary }) => [summary.name, summary.review],
    )
  expect(await of('overdue')).toEqual([
    ['logins', 'overdue'],
    ['news', 'overdue'],
    ['views', 'overdue'],
  ])
  expect((await countStates(world.database, null)).reviewDue).toBe(3)
})

test('a promise that ended is expired, and never ok', async () => {
  const now = await clock.now()
  const counts = (objective: string, bad: number) =>
    Array.from({ length: 30 }, (_, past) => ({
      objective,
      at: new Date(now + past * minute).toISOString(),
      good: 1000 - bad,
      bad,
    }))
  await clock.forward(30 * minute)
  await pushCounts(world.needs, { counts: [...counts('promise', 0), ...counts('plain', 0)] }, sender)
  await engine.tick()
  expect(await describeObjective(world.database, 'plain')).toMatchObject({ state: 'ok', expiresAt: null })
  expect(await describeObjective(world.database, 'promise')).toMatchObject({
    state: 'expired',
    expiresAt: '2026-04-01T00:00:00.000Z',
    sentence: expect.stringMatching(/^Expired at 2026-04-01 00:00 UTC: nobody has renewed this promise\. /),
  })
  expect(await countStates(world.database, null)).toMatchObject({ ok: 1, expired: 1 })
  const filter = { service: null, state: 'expired', sort: 'worst' } as const
  expect((await describeObjectives(world.database, filter, null, 9)).map((row) => row.name)).toEqual(['promise'])
  const { rows } = await readGauges(world.database, 10)
  expect(rows.find((row) => row.name === 'promise')?.state).toBe('expired')
  // Of a service with nothing worse, that is the state.
  expect(await readStandings(world.database, ['website'])).toMatchObject([{ state: 'expired' }])
  expect(await entries('objective.expired')).toMatchObject([{ subject: 'promise' }])
  expect(await listed('expired')).toEqual(['promise'])
})

test('what burns is shown burning, expired or not', async () => {
  const now = await clock.now()
  const counts = Array.from({ length: 30 }, (_, past) => ({
    objective: 'promise',
    at: new Date(now + past * minute).toISOString(),
    good: 200,
    bad: 800,
  }))
  await clock.forward(30 * minute)
  await pushCounts(world.needs, { counts }, sender)
  await engine.tick()
  const shown = await describeObjective(world.database, 'promise')
  expect(shown.state).toBe('burning')
  expect(shown.sentence).toMatch(/^Expired at /)
})

test('renewing it brings its state back', async () => {
  await apply(slo('promise', 'mainstay.dev/expires-at: "2027-04-01"'))
  expect((await describeObjective(world.database, 'promise')).sentence).not.toContain('Expired')
  expect(await terms('promise')).toMatchObject({ expiry: 'holds' })
})

test('a review keeps who, when, why, and the figures as they were', async () => {
  const now = await clock.now()
  const shape = (past: number) => (past >= 60 && past < 70 ? 900 : 0)
  const counts = Array.from({ length: 180 }, (_, past) => ({
    objective: 'views',
    at: new Date(now + past * minute).toISOString(),
    good: 1000 - shape(past),
    bad: shape(past),
  }))
  await clock.forward(190 * minute)
  await pushCounts(world.needs, { counts }, sender)
  await engine.tick()
  causes.push({
    kind: 'incident',
    id: '7',
    label: 'Down',
    from: instant(now + 60 * minute),
    to: instant(now + 75 * minute),
  })
  causes.push({
    kind: 'incident',
    id: '8',
    label: 'Unseen',
    from: instant(now + 10 * minute),
    to: instant(now + 20 * minute),
  })
  const figures = await makeReviewFigures(world.database, ports, 'views')
  expect(figures).toMatchObject({
    targetText: '99',
    pagesOfService: 3,
    attained: { ratio: 1 - 9000 / 180_000, text: '95 %', verdict: 'missed' },
    alerts: { pages: 1, incidents: 2, precision: 1, recall: 0.5 },
  })
  const review = await record('views', 'keep')
  expect(review).toMatchObject({ by: 'Ana', decision: 'keep', dueOn: '2026-06-05' })
  expect(review.figures.attained.ratio).toBe(figures.attained.ratio)
  expect(await terms('views')).toMatchObject({
    dueOn: '2026-09-06',
    review: 'upcoming',
    lastReviewedBy: 'Ana',
    pending: null,
  })
  expect(await entries('objective.reviewed')).toMatchObject([{ subject: 'views', reason: 'Looked at it together' }])
  // Later counts change nothing of it.
  const later = await clock.now()
  await clock.forward(minute)
  await pushCounts(
    world.needs,
    { counts: [{ objective: 'views', at: new Date(later).toISOString(), good: 0, bad: 5000 }] },
    sender,
  )
  await engine.tick()
  const [kept] = (await readReviewsOf(world.database, 'views')).reviews
  expect(kept).toEqual(review)
})

test('what was decided is pending until the definition says so', async () => {
  await expect(record('views', 'change-target')).rejects.toMatchObject({ code: 'slo.bad-review' })
  await expect(record('views', 'change-target', '99')).rejects.toMatchObject({ code: 'slo.bad-review' })
  await expect(record('views', 'change-target', '100')).rejects.toMatchObject({ code: 'slo.bad-review' })
  await expect(record('views', 'keep', '98')).rejects.toMatchObject({ code: 'slo.bad-review' })
  await expect(record('nothing', 'keep')).rejects.toMatchObject({ code: 'slo.unknown-objective' })
  await clock.forward(day)
  await record('views', 'change-target', '97.50')
  expect(await terms('views')).toMatchObject({ pending: { decision: 'change-target', newTargetText: '97.5' } })
  await apply(slo('views', 'mainstay.dev/review-every: 1Q', '0.975'))
  expect(await terms('views')).toMatchObject({ pending: null, targetText: '97.5' })
})

test('an objective without a cycle may be reviewed as well', async () => {
  const review = await record('plain', 'retire')
  expect(review.dueOn).toBeNull()
  expect((await readReviewsOf(world.database, 'plain')).reviews).toHaveLength(1)
})

test('pages follow each other without losing or repeating any', async () => {
  const asked = { state: 'all', service: null, owner: null } as const
  const all = await describeReviews(world.database, asked, null, 100)
  const seen: string[] = []
  for (let after: { order: number; objective: string } | null = null; ; ) {
    const [one]: typeof all = await describeReviews(world.database, asked, after, 1)
    if (one === undefined) break
    seen.push(one.shown.objective)
    after = { order: one.row.order, objective: one.row.objective }
  }
  expect(seen).toEqual(all.map(({ shown }) => shown.objective))
  expect(seen).toHaveLength(4)
})

test('an objective that is removed is asked for no more; its reviews stay', async () => {
  await deleteResource(world.needs, catalog, { key: { kind: 'SLO', name: 'views' }, actor: admin })
  expect(await listed('all')).not.toContain('views')
  const kept = await world.database.one(
    sql<{ count: number }>`select count(*)::int as count from objective_reviews where objective = 'views'`,
  )
  expect(kept.count).toBe(2)
})

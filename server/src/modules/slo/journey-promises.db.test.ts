// The promise of a journey: steps of policies act on its budget, somebody looks at it again, and it may end.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { instant, parseInstant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { listTasks } from './episodes.store.ts'
import { journeyKind } from './kinds/journey-kind.ts'
import { policyKind } from './kinds/policy-kind.ts'
import { listPolicies } from './policies.store.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import type { SloPorts, Word } from './slo.ports.ts'
import { applyPolicies } from './usecases/apply-policies.ts'
import { closeTask } from './usecases/close-task.ts'
import { readChangeDecision } from './usecases/decide-change.ts'
import { describeJourney, describeJourneys, evaluateAllJourneys } from './usecases/describe-journeys.ts'
import { describePolicies, describePoliciesOf, describePolicy } from './usecases/describe-policies.ts'
import { askException } from './usecases/except-changes.ts'
import { makeReviewFigures } from './usecases/make-figures.ts'
import { teamOfSubject } from './usecases/need-subject.ts'
import { describeReviews, readReviewsOf } from './usecases/read-reviews.ts'
import { recordReview } from './usecases/record-review.ts'
import { watchReviews } from './usecases/watch-reviews.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
const catalog = catalogOf([journeyKind, policyKind])
const told: Word[] = []
const ports: SloPorts = {
  tell: async (_tx, word) => {
    told.push(word)
    return true
  },
  pagesOf: async () =>
    new Map([
      ['front', 3],
      ['payment', 2],
      ['elsewhere', 7],
    ]),
}
// Minutes of a shop's life, lived against a real database.
const patient = { timeout: 120_000 }
const apply = (...documents: readonly string[]) =>
  applyDocuments(world.needs, catalog, { documents: documents.join('\n---\n'), actor: admin })

const slo = (name: string) => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}}
spec:
  service: ${name}
  indicator: {metadata: {name: ${name}-answers}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 1d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]`
const journey = (annotations: string, target = '0.9') => `
apiVersion: mainstay.dev/v1
kind: JourneyObjective
metadata: {name: buy, displayName: Buy something, annotations: {${annotations}}}
spec: {team: shop, target: ${target}, window: 1h, members: [{objective: front}, {objective: payment}]}`
const reviewed = 'mainstay.dev/review-every: 1M, mainstay.dev/review-from: "2026-03-20"'
const policy = (appliesTo: string, more = '') => `
apiVersion: mainstay.dev/v1
kind: ErrorBudgetPolicy
metadata: {name: buying}
spec:
  appliesTo: ${appliesTo}
  longestException: 2h
  steps:
    - name: spent
      when: {remainingAtMost: 50%}
      leave: {for: 1m}
      do:
        - notify: {people: [ben]}
        - openTask: {title: Find what breaks the journey, due: 5d}
        - freezeChanges: {allow: [rollback]}
${more}`

beforeAll(async () => {
  world = await openTelemetryWorld('journey_promises')
  clock = await installClock(world.connection)
  await clock.set(instant(Date.UTC(2026, 2, 1, 9, 0, 0)))
  await apply(
    ...['ben', 'carl'].map(
      (name) =>
        `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ${name}}\nspec: {email: ${name}@shop.example}`,
    ),
    'apiVersion: mainstay.dev/v1\nkind: Team\nmetadata: {name: shop}\nspec: {members: [ben]}',
    ...['front', 'payment'].map(
      (name) => `apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {tier: 2}`,
    ),
    slo('front'),
    slo('payment'),
    journey(reviewed),
    policy('{journeys: [buy]}'),
  )
  engine = createEngine(world.needs)
}, 60_000)
afterAll(() => world.close())

async function live(minutes: number, payment: readonly [number, number]): Promise<void> {
  for (let past = 0; past < minutes; past += 1) {
    const at = new Date(await clock.now()).toISOString()
    const counts = [
      { objective: 'front', at, good: 100, bad: 0 },
      { objective: 'payment', at, good: payment[0], bad: payment[1] },
    ]
    await pushCounts(world.needs, { counts }, sender)
    await clock.forward(60_000)
    await engine.tick()
  }
  await evaluateAllJourneys(world.needs)
}

const look = () => applyPolicies(world.needs, ports, { objectives: null, causes: false })
const entries = (type: string) =>
  world.database.many(
    sql<{ kind: string; subject: string; links: string; data: { subject?: string; objective?: string } }>`
      select j.subject_kind as kind, j.subject_id as subject, j.data, array_to_string(j.links, ', ') as links
      from journal j where j.type = ${type} order by j.id`,
  )
const verdicts = async () =>
  Promise.all(
    ['front', 'payment'].map(
      async (service) => (await readChangeDecision(world.database, { service, at: null, kind: 'deployment' })).verdict,
    ),
  )

test('a policy names a journey; what it would say of causes it cannot', async () => {
  const faults = { details: { faults: [expect.objectContaining({ pointer: '/spec/appliesTo/journeys' })] } }
  const cause = '    - {name: one, when: {incidentAbove: 20%}, do: [{notify: {people: [ben]}}]}'
  await expect(apply(policy('{journeys: [buy]}', cause))).rejects.toMatchObject(faults)
  await expect(apply(policy('{journeys: [sell]}'))).rejects.toMatchObject({
    details: { faults: [expect.objectContaining({ pointer: '/spec/appliesTo/journeys/0' })] },
  })
  const [described] = await describePolicies(world.database)
  expect(described).toMatchObject({ scope: 'journey buy', objectives: 0, journeys: ['buy'] })
  expect(await describePolicy(world.database, 'buying')).toMatchObject({ appliesTo: [], journeys: ['buy'] })
})

test('what is kept of a policy declared before journeys could be named names none', async () => {
  await world.database.transaction((tx) =>
    tx.run(sql`update budget_policies set definition = definition #- '{scope,journeys}'`),
  )
  expect((await listPolicies(world.database)).map((each) => each.scope.journeys)).toEqual([[]])
  await apply(policy('{journeys: [buy]}').replace('2h', '3h'))
})

test('a spent budget holds up every service it passes through, once', patient, async () => {
  await live(60, [100, 0])
  expect(await look()).toBe(0)
  await live(6, [50, 50])
  expect(await look()).toBe(1)
  expect(await look()).toBe(0)
  expect(await verdicts()).toEqual(['frozen', 'frozen'])
  const { holds } = await readChangeDecision(world.database, { service: 'front', at: null, kind: null })
  expect(holds).toMatchObject([{ subject: 'journey', objective: 'buy', service: 'front', policy: 'buying' }])
  expect(told).toMatchObject([
    { person: 'ben', head: 'buying: journey buy entered spent', link: 'http://localhost/journeys/buy' },
  ])
  const [of] = await describePoliciesOf(world.database, 'journey/buy')
  expect(of?.steps[0]?.entered).toMatchObject([{ subject: 'journey', objective: 'buy', service: '' }])
  const [entry] = await entries('budget-policy.step-entered')
  expect(entry).toMatchObject({
    links: 'journey:buy, service:front, service:payment',
    data: { subject: 'journey', objective: 'buy' },
  })
})

test('the task is the team’s; an exception asks for what the policy of the journey says', async () => {
  const filter = { state: null, owner: null, objective: 'journey/buy' }
  const [task] = await listTasks(world.database, filter, null, 10)
  expect(task).toMatchObject({ owner: 'shop', ownerKind: 'team', service: '' })
  const closed = await closeTask(world.needs, ports, {
    id: task?.id ?? '',
    ...{ outcome: 'done', note: 'Found it', actor: admin },
  })
  expect(closed).toMatchObject({ subject: 'journey', objective: 'buy', state: 'done' })
  expect((await entries('budget-policy.task-closed')).map((each) => each.links)).toEqual(['journey:buy'])
  const until = instant((await clock.now()) + 4 * 3_600_000)
  await expect(
    askException(world.needs, ports, {
      ...{ service: 'front', policy: null, reason: 'Fix', from: null, until, approver: null, actor: admin },
    }),
  ).rejects.toMatchObject({ code: 'slo.bad-exception' })
})

test('kept again, changes are free; a journey that is gone holds nothing up', patient, async () => {
  await live(66, [100, 0])
  // Clear of its level from here on, and a minute later for long enough.
  expect(await look()).toBe(0)
  await live(2, [100, 0])
  expect(await look()).toBe(1)
  expect(await verdicts()).toEqual(['allowed', 'allowed'])
  await live(6, [50, 50])
  expect(await look()).toBe(1)
  await apply(policy('{objectives: [front]}'))
  expect(await look()).toBe(1)
  const left = await entries('budget-policy.step-left')
  expect(left.at(-1)).toMatchObject({ data: { subject: 'journey', objective: 'buy' } })
  expect(await verdicts()).toEqual(['allowed', 'allowed'])
})

const listed = async (owner: string | null = null) =>
  (await describeReviews(world.database, { state: 'all', service: null, owner }, null, 10)).map(({ shown }) => shown)

test('its cycle stands beside those of objectives, and its team is asked, once', async () => {
  const [terms] = await listed('shop')
  expect(terms).toMatchObject({
    ...{ subject: 'journey', objective: 'buy', displayName: 'Buy something', service: null, team: 'shop' },
    ...{ owner: { kind: 'team', name: 'shop' }, dueOn: '2026-03-20', review: 'upcoming', targetText: '90' },
  })
  expect(await listed('web')).toEqual([])
  told.length = 0
  await clock.set(parseInstant('2026-03-21T00:00:00Z') ?? expect.unreachable())
  expect([await watchReviews(world.needs, ports), await watchReviews(world.needs, ports)]).toEqual([1, 0])
  expect(told).toMatchObject([{ person: 'ben', link: 'http://localhost/journeys/buy' }])
  expect(await entries('journey.review-asked')).toMatchObject([{ kind: 'journey', subject: 'buy' }])
  expect(await entries('objective.review-asked')).toEqual([])
  expect((await describeJourneys(world.database)).map((each) => each.review)).toEqual(['overdue'])
})

test('a review keeps what the journey came to, and answers for its day', patient, async () => {
  await clock.set(parseInstant('2026-03-21T09:00:00Z') ?? expect.unreachable())
  await live(61, [100, 0])
  const figures = await makeReviewFigures(world.database, ports, 'journey/buy')
  expect(figures).toMatchObject({
    ...{ targetText: '90', attained: { ratio: 1, verdict: 'met' }, remainingRatio: 1, alerts: null },
    pagesOfService: 5,
  })
  const order = { key: 'journey/buy', reason: 'Looked at it together', actor: admin }
  const review = await recordReview(world.needs, ports, { ...order, decision: 'change-target', newTarget: '95' })
  expect(review).toMatchObject({ subject: 'journey', objective: 'buy', dueOn: '2026-03-20', newTargetText: '95' })
  expect(await entries('journey.reviewed')).toMatchObject([
    { kind: 'journey', subject: 'buy', links: 'service:front, service:payment' },
  ])
  const { terms, reviews } = await readReviewsOf(world.database, 'journey/buy')
  expect(reviews).toHaveLength(1)
  expect(terms).toMatchObject({ dueOn: '2026-04-20', pending: { newTargetText: '95' } })
  await apply(journey(reviewed, '0.95'))
  expect((await readReviewsOf(world.database, 'journey/buy')).terms?.pending).toBeNull()
  // Somebody decided otherwise since: what the review said does not wait for anything any more.
  await apply(journey(reviewed, '0.96'))
  expect((await readReviewsOf(world.database, 'journey/buy')).terms?.pending).toBeNull()
  await apply(journey(reviewed, '0.95'))
  await expect(
    recordReview(world.needs, ports, { ...order, decision: 'change-target', newTarget: '95' }),
  ).rejects.toThrow('That is the target it has')
  expect(await teamOfSubject(world.database, 'journey/buy')).toBe('shop')
})

test('a promise that ended is shown as expired, and counted on', async () => {
  const [applied] = await apply(journey('mainstay.dev/expires-at: "2026-03-21", mainstay.dev/reviw-every: 1M'))
  expect(applied?.warnings.map((each) => each.detail)).toEqual([
    expect.stringContaining('Did you mean `mainstay.dev/review-every`?'),
    expect.stringContaining('It expired at 2026-03-21 00:00 UTC'),
  ])
  await evaluateAllJourneys(world.needs)
  const [summary] = await describeJourneys(world.database)
  expect(summary).toMatchObject({ state: 'expired', expiresAt: '2026-03-21T00:00:00.000Z', remainingRatio: 1 })
  const journeyNow = await describeJourney(world.database, 'buy')
  expect(journeyNow).toMatchObject({ state: 'expired' })
  expect(journeyNow.sentence).toMatch(/^Expired at 2026-03-21 00:00 UTC: nobody has renewed this promise\. 100 % over/)
})

test('whom nobody knows cannot be asked; a journey that goes takes its cycle along, and no review', async () => {
  await expect(apply(journey('mainstay.dev/review-every: 1M, mainstay.dev/review-owner: team/none'))).rejects.toThrow()
  await expect(apply(journey('mainstay.dev/review-every: 9d'))).rejects.toMatchObject({
    details: { faults: [expect.objectContaining({ pointer: expect.stringContaining('review-every') })] },
  })
  await deleteResource(world.needs, catalog, { key: { kind: 'JourneyObjective', name: 'buy' }, actor: admin })
  expect(await listed()).toEqual([])
  await expect(readReviewsOf(world.database, 'journey/buy')).rejects.toMatchObject({ code: 'slo.unknown-journey' })
  const kept = await world.database.one(
    sql<{ count: number }>`select count(*)::int as count from objective_reviews where objective = 'journey/buy'`,
  )
  expect(kept.count).toBe(1)
})

// On-call health from real pages: what is counted, and who reads whose figures.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../kernel/actor.ts'
import { hour, minute } from '../../kernel/duration.ts'
import { newId } from '../../platform/ids.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import type { HealthFigures, PersonHealth } from './health.contract.ts'
import { callOf, openWorld, root, type World } from './testing/world.ts'
import { keepEveryHistory } from './usecases/keep-history.ts'

const person = (name: string, zone = 'UTC') =>
  `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ${name}}\nspec: {email: ${name}@shop.example, timeZone: ${zone}}\n---\n`
const team = (name: string, members: string) =>
  `apiVersion: mainstay.dev/v1\nkind: Team\nmetadata: {name: ${name}}\nspec: {lead: dee, members: [${members}]}\n---\n`
const rota = (name: string, of: string, members: readonly string[], more = '') => `apiVersion: mainstay.dev/v1
kind: Schedule
metadata: {name: ${name}}
spec:
  zone: UTC
  team: ${of}
  rotations:
    - {name: daily, start: 2026-03-02T00:00, turn: {unit: day, every: 1}, members: [${members.map((each) => `{person: ${each}}`)}]${more}}
---
`
const documents = `${['ana', 'ben', 'chi', 'dee', 'eva', 'root'].map((name) => person(name)).join('')}
${team('web', 'ana, ben, chi')}${team('small', 'eva')}
${rota('primary', 'web', ['ana', 'ben', 'chi'])}
${rota('lonely', 'small', ['eva', 'dee'], ', hours: [{days: [mon], from: "08:00", to: "18:00"}]')}
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: default}
spec: {levels: [{notify: [{schedule: primary}], waitFor: 20m}], repeat: 0, fallbackOwner: root}
`
const named = (id: string): Actor => ({ kind: 'person', id, name: id, role: 'viewer', teams: [] })
let world: World

/** Ana has Monday 2 March, Ben the 3rd, Chi the 4th, and so on. */
async function page(at: string, more: { readonly answeredBy?: string; readonly lasts?: number } = {}) {
  const alertId = newId()
  await world.moveTo(at)
  const facts = {
    service: 'checkout',
    severity: 'critical',
    summary: 's',
    startedAt: world.now(),
    link: 'http://x',
  } as const
  const rest = { impact: null, action: null, runbook: null, change: null }
  await world.database.transaction((tx) =>
    world.pager.open(tx, {
      ...{ alertId, service: 'checkout', policyName: null, urgency: 'high', severity: 'critical', tier: 1 },
      facts: { ...facts, ...rest },
    }),
  )
  await world.forward(3 * minute)
  const { answeredBy: by } = more
  if (by !== undefined) await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId, by }))
  await world.forward((more.lasts ?? 10 * minute) - 3 * minute)
  await world.database.transaction((tx) => world.pager.resolve(tx, { alertId, ended: 'resolved' }))
  await world.run()
}

beforeAll(async () => {
  world = await openWorld({ name: 'health', at: '2026-03-02T00:00:00Z' })
  await world.apply(documents)
  // Ana: a quiet one by day, and two in one night of an hour each; Ben: one nobody answers; Chi: Ben answers for her.
  await page('2026-03-02T10:00:00Z', { answeredBy: 'ana' })
  await page('2026-03-05T02:00:00Z', { answeredBy: 'ana', lasts: hour })
  await page('2026-03-05T04:00:00Z', { answeredBy: 'ana', lasts: hour })
  await page('2026-03-06T12:00:00Z')
  await page('2026-03-07T12:00:00Z', { answeredBy: 'ben' })
  await world.moveTo('2026-03-15T23:00:00Z')
  await keepEveryHistory(world.needs)
})
afterAll(() => world.close())

interface TeamHealth {
  readonly from: string
  readonly reads: string
  readonly total: HealthFigures | null
  readonly people: readonly PersonHealth[]
  readonly spans: readonly { from: string; to: string; people: number; figures: HealthFigures }[]
  readonly coverage: readonly { schedule: string; requiredMs: number; missingMs: number }[]
  readonly pagesByService: readonly object[]
  readonly advice: readonly { code: string; people: readonly string[] }[]
  readonly trend: object | null
}
const health = (of: string, actor: Actor, weeks = 2) =>
  callOf(world)<TeamHealth>('oncall.team-health', { params: { team: of }, query: { weeks }, actor })

test('the lead reads every person of the team, counted from what paged them', async () => {
  const found = await health('web', named('dee'))
  expect(found.reads).toBe('people')
  expect(found.people.map((each) => each.person)).toEqual(['ana', 'ben', 'chi'])
  const [ana, ben, chi] = found.people
  expect(ana?.total).toMatchObject({
    ...{ pages: 3, calls: 3, afterHours: 2, brokenNights: 1, awakeMs: 2 * hour, busyMs: 2.5 * hour },
    ...{ answered: 3, answeredByOthers: 0, unanswered: 0, medianAnswerMs: 3 * minute, unknown: 0 },
  })
  // Ana had the 2nd, 5th, 8th, 11th and 14th: five days of two stretches each.
  expect(ana?.total).toMatchObject({ onCallMs: 5 * 24 * hour, stretches: 10, overfull: 0 })
  expect(ben?.total).toMatchObject({ pages: 1, answered: 0, unanswered: 1, medianAnswerMs: null })
  expect(chi?.total).toMatchObject({ pages: 1, answered: 0, answeredByOthers: 1 })
  expect(found.total).toMatchObject({ pages: 5, calls: 5, brokenNights: 1 })
  expect(found.spans.map((each) => [each.from.slice(0, 10), each.people, each.figures.pages])).toEqual([
    ['2026-03-02', 3, 5],
    ['2026-03-09', 3, 0],
  ])
  expect(ana?.limits.map((each) => [each.limit, each.isOver])).toEqual([
    ['calls', false],
    ['broken-nights', false],
    ['time-on-call', true],
    ['answers', false],
  ])
  expect(found.coverage).toEqual([
    { schedule: 'primary', displayName: 'primary', requiredMs: (14 * 24 - 1) * hour, missingMs: 0 },
  ])
  expect(found.pagesByService).toEqual([{ service: 'checkout', pages: 5 }])
})

test('a colleague reads the sums and their own figures; a stranger the sums; nobody a team of too few', async () => {
  const colleague = await health('web', named('ben'))
  expect([colleague.reads, colleague.people.map((each) => each.person)]).toEqual(['sums', ['ben']])
  const stranger = await health('web', named('eva'))
  expect([stranger.reads, stranger.people, stranger.total?.pages]).toEqual(['sums', [], 5])
  const hidden = await health('small', named('ana'))
  expect(hidden).toMatchObject({
    reads: 'nothing',
    total: null,
    spans: [],
    people: [],
    pagesByService: [],
    trend: null,
  })
  // Two people and no lead's eye: one's own stays one's own.
  expect((await health('small', named('eva'))).people.map((each) => each.person)).toEqual(['eva'])
})

test('suggestions that name people are for whoever may read these people', async () => {
  const terms = `apiVersion: mainstay.dev/v1
kind: OnCallTerms
metadata: {name: strict}
spec: {team: web, limits: {brokenNights: 0}}
`
  await world.apply(terms)
  const mine = (found: TeamHealth) => found.advice.filter((each) => each.people.length > 0).map((each) => each.people)
  expect(mine(await health('web', named('dee')))).toEqual([['ana']])
  expect(mine(await health('web', named('ana')))).toEqual([['ana']])
  expect(mine(await health('web', named('ben')))).toEqual([])
})

test('terms of a team change what is counted', async () => {
  await world.apply(`apiVersion: mainstay.dev/v1
kind: OnCallTerms
metadata: {name: strict}
spec:
  team: web
  night: {from: "23:00", to: "03:30"}
  workingHours: [{days: [mon, tue, wed, thu, fri], from: "00:00", to: "00:00"}]
  call: {together: 3h, atLeast: 15m}
  limits: {calls: 0}
`)
  const [ana] = (await health('web', named('dee'))).people
  expect(ana?.total).toMatchObject({ calls: 2, afterHours: 0, brokenNights: 1, awakeMs: 1.5 * hour, overfull: 2 })
  await expect(
    world.apply(`apiVersion: mainstay.dev/v1
kind: OnCallTerms
metadata: {name: odd}
spec: {night: {from: "22:00", to: "22:00"}, call: {atLeast: 5h}, limits: {per: 1m}}
`),
  ).rejects.toMatchObject({
    details: { faults: [{ pointer: '/spec/night' }, { pointer: '/spec/call' }, { pointer: '/spec/limits/per' }] },
  })
})

test('all teams with a schedule, and oneself', async () => {
  const read = (actor: Actor) =>
    callOf(world)<{ teams: { team: string; people: number | null }[]; me: PersonHealth | null }>('oncall.health', {
      query: { weeks: 2 },
      actor,
    })
  const found = await read(named('ana'))
  expect(found.teams.map((each) => [each.team, each.people])).toEqual([
    ['small', null],
    ['web', 3],
  ])
  expect(found.me).toMatchObject({ person: 'ana', total: { pages: 3 } })
  expect((await read(named('dee'))).teams.map((each) => each.people)).toEqual([2, 3])
  const key: Actor = { kind: 'key', id: 'k', name: 'k', role: 'viewer', teams: [], scopes: ['oncall:read'] }
  expect((await read(key)).me).toBe(null)
})

test('a team nobody declared', async () => {
  await expect(health('none', named('dee'))).rejects.toMatchObject({ code: 'oncall.unknown-team' })
})

test('whoever reads sums gets windows of 4, 12 or 26 weeks: two that differ by a week would tell of that week', async () => {
  const from = async (actor: Actor, weeks: number) => (await health('web', actor, weeks)).from.slice(0, 10)
  expect([await from(named('eva'), 3), await from(named('eva'), 4)]).toEqual(['2026-02-16', '2026-02-16'])
  expect([await from(named('eva'), 11), await from(named('eva'), 12)]).toEqual(['2025-12-22', '2025-12-22'])
  expect(await from(named('dee'), 3)).toBe('2026-02-23')
})

test('a half in which one person served is no trend for others', async () => {
  await world.moveTo('2026-03-16T00:00:00Z')
  await world.apply(rota('primary', 'web', ['ana']))
  await world.moveTo('2026-04-21T00:00:00Z')
  await keepEveryHistory(world.needs)
  const others = await health('web', named('eva'), 12)
  expect([others.reads, others.trend]).toEqual(['sums', null])
  expect((await health('web', named('dee'), 12)).trend).toMatchObject({ weeks: 5 })
})

test('what was served is counted whatever became of the schedule, and on one of no team for oneself', async () => {
  const before = await health('web', named('dee'), 12)
  expect(before.total?.onCallMs).toBeGreaterThan(0)
  await world.apply(rota('primary', 'small', ['ana']))
  const moved = await health('web', named('dee'), 12)
  expect([moved.total, moved.people.map((each) => each.person)]).toEqual([
    before.total,
    before.people.map((each) => each.person),
  ])
  await world.apply(`apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: default}
spec: {levels: [{notify: [{schedule: lonely}], waitFor: 20m}], repeat: 0, fallbackOwner: root}
`)
  await deleteResource(world.needs, world.catalog, { key: { kind: 'Schedule', name: 'primary' }, actor: root })
  expect((await health('web', named('dee'), 12)).total).toEqual(before.total)
  const mine = async () =>
    (await callOf(world)<{ me: PersonHealth | null }>('oncall.health', { actor: named('eva') })).me?.total.onCallMs
  const own = await mine()
  await world.apply(rota('spare', 'none', ['eva']).replace('  team: none\n', ''))
  await world.forward(2 * 24 * hour)
  await keepEveryHistory(world.needs)
  expect(await mine()).toBeGreaterThan(own ?? 0)
})

// Grouped objectives over real slices: each group judged by itself, the sums those of the whole at any time.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { probeKind } from '../telemetry/kinds/probe.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { readGroupRows } from './groups.store.ts'
import { exclusionKind } from './kinds/exclusion-kind.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { readStates } from './states.store.ts'
import { describeGroups } from './usecases/describe-groups.ts'
import { describeObjective } from './usecases/describe-objectives.ts'
import { exportObjectives } from './usecases/export-objectives.ts'
import { readGroupLedger } from './usecases/read-group-ledger.ts'
import { readLedger } from './usecases/read-ledger.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
const catalog = catalogOf([probeKind, exclusionKind])
const patient = { timeout: 120_000 }
const start = instant(Date.UTC(2026, 2, 1, 9, 0, 0))

const objective = (name: string, annotations: string, window = '1h') => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}, displayName: ${name}, annotations: {${annotations}}}
spec:
  service: website
  indicator: {metadata: {name: ${name}-views}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: ${window}, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]
`
const apply = (documents: string) => applyDocuments(world.needs, catalog, { documents, actor: admin })
const by = 'mainstay.dev/group-by: tenant'
const alerting = `${by}, mainstay.dev/group-alerts: "true", mainstay.dev/group-least-events: "50"`

beforeAll(async () => {
  world = await openTelemetryWorld('slo_groups')
  clock = await installClock(world.connection)
  await clock.set(start)
  await apply(
    [
      'apiVersion: mainstay.dev/v1\nkind: Team\nmetadata: {name: web}\nspec: {}\n',
      'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: website}\nspec: {team: web, tier: 2}\n',
      objective('tenants', `${alerting}, mainstay.dev/group-limit: "3"`),
      objective('plain', ''),
    ].join('---\n'),
  )
  engine = createEngine(world.needs)
})
afterAll(() => world.close())

type Traffic = Readonly<Record<string, readonly [good: number, bad: number]>>

const push = (name: string, at: Instant, traffic: Traffic) =>
  pushCounts(
    world.needs,
    {
      counts: Object.entries(traffic).map(([tenant, [good, bad]]) => ({
        objective: name,
        at: new Date(at).toISOString(),
        good,
        bad,
        labels: { tenant },
      })),
    },
    sender,
  )

async function live(name: string, steps: number, traffic: Traffic | null) {
  for (let step = 0; step < steps; step += 1) {
    if (traffic !== null) await push(name, await clock.now(), traffic)
    await clock.forward(5_000)
    await engine.tick()
  }
}

const all = { search: null, sort: 'spent', after: null, limit: 100 } as const
const groupsOf = async (name: string) => {
  const found = await describeGroups(world.database, { name, ...all })
  return { ...found, groups: new Map(found.rows.map(({ shown }) => [shown.name, shown])) }
}
const news = (name: string) =>
  world.database.many(
    sql<{ type: string; data: JsonObject }>`
      select type, data from journal where subject_kind = 'objective' and subject_id = ${name} and type like 'objective.%group%' order by id`,
  )

test('each group has its own budget; all of them together are the whole', patient, async () => {
  await live('tenants', 6, { acme: [100, 0], globex: [50, 0], small: [1, 0] })
  await live('tenants', 6, { acme: [100, 0], globex: [50, 1], small: [0, 1] })
  const { groups, sums, by: told, limit } = await groupsOf('tenants')
  expect([told, limit]).toEqual([['tenant'], 3])
  expect(sums).toEqual({ groups: sums.whole, before: { good: 0, bad: 0 }, whole: sums.whole })
  expect(sums.whole.bad).toBeGreaterThan(0)
  expect(groups.get('tenant=acme')).toMatchObject({ state: 'ok', bad: 0, remainingRatio: 1 })
  // 6 bad of some 6 good: far overspent, and told of nobody.
  expect(groups.get('tenant=small')?.remainingRatio).toBeLessThan(-10)
  expect(groups.get('tenant=small')).toMatchObject({ state: 'burning', told: null })
  expect(await news('tenants')).toEqual([])
})

test('beyond the limit values are counted together, and found', async () => {
  await live('tenants', 3, { acme: [100, 0], late: [7, 0], later: [3, 0] })
  const { groups, others, sums, sentence } = await groupsOf('tenants')
  expect([...groups.keys()].sort()).toEqual(['all others', 'tenant=acme', 'tenant=globex', 'tenant=small'])
  expect(others).toBe(2)
  expect(sentence).toContain('About 2 more values found no place among 3')
  expect(sums.groups).toEqual(sums.whole)
  const found = await describeGroups(world.database, { name: 'tenants', ...all, search: 'GLO' })
  expect(found.rows.map(({ shown }) => shown.name)).toEqual(['tenant=globex'])
  // Page by page, in each order, everybody once.
  for (const sort of ['spent', 'remaining', 'name'] as const) {
    const seen: string[] = []
    let after: { place: number; label: string; stream: number } | null = null
    for (let page = 0; page < 5; page += 1) {
      const { rows } = await describeGroups(world.database, { name: 'tenants', search: null, sort, after, limit: 1 })
      for (const { row, shown } of rows) {
        seen.push(shown.name)
        after = { place: row.place, label: row.label, stream: row.stream }
      }
    }
    expect(seen.sort()).toEqual(['all others', 'tenant=acme', 'tenant=globex', 'tenant=small'])
  }
})

test('a busy group that burns is told of while the whole is calm, and ends', patient, async () => {
  await live('tenants', 12, { acme: [3_000, 0], globex: [30, 30] })
  const [begun] = await news('tenants')
  expect(begun?.type).toBe('objective.group-burning')
  expect(begun?.data).toMatchObject({ objective: 'tenants', group: 'tenant=globex', level: 'page' })
  expect(String(begun?.data.sentence)).toMatch(/^tenant=globex: Burning /)
  // Its slowest tier looks back over 26 min with a short window of 3, and holds for one more.
  await live('tenants', 96, { acme: [3_000, 0], globex: [60, 0] })
  expect((await news('tenants')).map((each) => each.type)).toEqual([
    'objective.group-burning',
    'objective.group-recovered',
  ])
})

test('when the whole burns, it speaks for its groups, and says who is hit', patient, async () => {
  const before = (await news('tenants')).length
  await live('tenants', 12, { acme: [1_000, 2_000], globex: [60, 0] })
  const [burning] = await world.database.many(
    sql<{
      data: JsonObject
    }>`select data from journal where subject_id = 'tenants' and type = 'objective.burning' order by id desc limit 1`,
  )
  expect(String(burning?.data.sentence)).toMatch(/of the budget is spent, overspent by/)
  expect(String(burning?.data.sentence)).toMatch(/Of [\d,]+ failures: tenant=acme /)
  expect(await news('tenants')).toHaveLength(before)
})

test('who was hit by what adds up both ways, and is the ledger of the whole', patient, async () => {
  const now = await clock.now()
  const outage = { kind: 'incident', id: '1', label: 'Down', from: instant(now - 60_000), to: now } as const
  const ports = { causes: async () => [outage] }
  const whole = await readLedger(world.database, ports, { name: 'tenants', from: null, to: null })
  expect(whole.rows.map((row) => row.cause.kind)).toEqual(expect.arrayContaining(['incident', 'unknown']))
  for (const most of [1, 2, 20]) {
    const { causes, groups, others, total } = await readGroupLedger(world.database, ports, { name: 'tenants', most })
    expect(total).toBe(whole.total)
    expect(causes.map(({ cause, bad }) => [cause.kind, bad])).toEqual(
      whole.rows.map(({ cause, bad }) => [cause.kind, bad]),
    )
    const rows = [...groups, ...(others === null ? [] : [others])]
    for (const [index, cause] of causes.entries())
      expect(rows.reduce((all, row) => all + (row.byCause[index] ?? 0), 0)).toBe(cause.bad)
    expect(rows.reduce((all, row) => all + row.bad, 0)).toBe(total)
    expect(groups).toHaveLength(Math.min(most, 4))
    // What each has of it is what the list of groups says.
    const listed = await groupsOf('tenants')
    for (const group of groups) expect(group.bad).toBe(listed.groups.get(group.name)?.bad)
    expect(groups[0]).toMatchObject({ name: 'tenant=acme', forecast: { at: null, recoversAt: expect.any(String) } })
  }
  expect(await readGroupLedger(world.database, ports, { name: 'plain', most: 5 })).toMatchObject({
    groups: [],
    total: 0,
    sentence: 'The objective is not grouped: its events are not told apart.',
  })
})

test(
  'after a restart, late counts and silence the sums still add up, and nothing changed by itself',
  patient,
  async () => {
    const before = await readGroupRows(world.database, ['tenants'])
    engine.forget()
    await engine.tick()
    const strip = (rows: typeof before) => rows.map(({ asOf: _, ...row }) => row)
    expect(strip(await readGroupRows(world.database, ['tenants']))).toEqual(strip(before))
    const now = await clock.now()
    await push('tenants', instant(now - 1_200_000), { globex: [5, 2], unheard: [1, 1] })
    await clock.forward(5_000)
    await engine.tick()
    const { sums } = await groupsOf('tenants')
    expect(sums.groups).toEqual(sums.whole)
    await live('tenants', 24, null)
    const silent = await groupsOf('tenants')
    // Nothing shows as good because data are missing.
    expect([...silent.groups.values()].map((each) => each.state)).not.toContain('ok')
    expect(silent.sums.groups).toEqual(silent.sums.whole)
  },
)

test('excluded time is excluded of every group, too', patient, async () => {
  const now = await clock.now()
  const text = (at: number) => new Date(at).toISOString()
  await apply(
    `apiVersion: mainstay.dev/v1\nkind: BudgetExclusion\nmetadata: {name: work}\nspec: {objectives: [tenants], reason: Planned work, once: {from: '${text(now - 1_800_000)}', to: '${text(now - 60_000)}'}}`,
  )
  const before = (await groupsOf('tenants')).sums
  await live('tenants', 2, { acme: [100, 0], globex: [10, 0] })
  const { sums } = await groupsOf('tenants')
  expect(sums.whole.bad).toBeLessThan(before.whole.bad)
  expect(sums.groups).toEqual(sums.whole)
})

test('groups that begin later leave what was before in the whole, and say so', patient, async () => {
  await live('plain', 3, { acme: [100, 1] })
  await apply(objective('plain', by))
  await live('plain', 3, { acme: [40, 0], b: [2, 0] })
  const { sums, groups, sentence, groupedSince } = await groupsOf('plain')
  expect(groupedSince).not.toBeNull()
  expect(sums.before).toEqual({ good: 300, bad: 3 })
  expect(sums.groups.good + sums.before.good).toBe(sums.whole.good)
  expect(groups.get('tenant=acme')?.bad).toBe(0)
  expect(sentence).toContain('303 events of the window were counted before there were groups')
  await apply(objective('plain', ''))
  await clock.forward(5_000)
  await engine.tick()
  expect(await readGroupRows(world.database, ['plain'])).toEqual([])
})

test('one small objective says what a single failure means', patient, async () => {
  await apply(objective('quiet', ''))
  for (let step = 0; step < 40; step += 1) await live('quiet', 4, step % 8 === 0 ? { a: [1, 0] } : { a: [0, 0] })
  const { traffic, guard } = await describeObjective(world.database, 'quiet')
  expect(guard).toBe(5)
  expect(traffic?.verdict).toBe('impossible')
  expect(traffic?.sentence).toContain('one failure alone breaks the objective')
})

test('alerts on the budget begin and end, and survive a restart', patient, async () => {
  await apply(objective('watched', 'mainstay.dev/alert-remaining: "50%", mainstay.dev/alert-drop: "30% in 10m"'))
  await live('watched', 12, { a: [10_000, 0] })
  // 1 % of an hour at this pace is some 80,000: more than half of it.
  await live('watched', 9, { a: [6_000, 7_000] })
  const types = () =>
    world.database.many(
      sql<{
        type: string
        data: JsonObject
      }>`select type, data from journal where subject_id = 'watched' and type like '%budget-alert%' order by id`,
    )
  const begun = await types()
  expect(begun.map((each) => each.data.alert).sort()).toEqual(['drop-30-10m', 'remaining-50'])
  engine.forget()
  await live('watched', 2, { a: [10_000, 0] })
  expect(await types()).toHaveLength(2)
  await apply(objective('watched', ''))
  await live('watched', 1, { a: [10_000, 0] })
  expect((await types()).slice(2).map((each) => each.type)).toEqual([
    'objective.budget-alert-ended',
    'objective.budget-alert-ended',
  ])
})

test('who switches alerts of groups off is not told that they no longer burn', patient, async () => {
  await apply(objective('switched', alerting))
  await live('switched', 12, { acme: [1_000, 0], globex: [40, 40] })
  expect((await news('switched')).map((each) => each.type)).toEqual(['objective.group-burning'])
  await apply(objective('switched', by))
  await live('switched', 2, { acme: [1_000, 0], globex: [40, 40] })
  const [, ended] = await news('switched')
  expect(String(ended?.data.sentence)).toContain('tenant=globex: groups are not told of any more.')
})

test('groups that are there count for the limit of all, also where fewer are declared since', async () => {
  await world.database.run(sql`
    insert into telemetry_streams (id, kind, slice_ms, keep_ms, source, parent, group_values)
    select 'plenty#' || n, kind, slice_ms, keep_ms, '{}'::jsonb, key, array[n::text]
    from telemetry_streams, generate_series(1, 4990) n where id = 'switched' and retired_at is null`)
  await expect(apply(objective('more', `${by}, mainstay.dev/group-limit: "20"`))).rejects.toMatchObject({
    details: { faults: [expect.objectContaining({ detail: expect.stringContaining('could have 50') })] },
  })
  await world.database.run(sql`delete from telemetry_streams where id like 'plenty#%'`)
})

test('documents go out with their groups and come back the same', async () => {
  const { documents: text } = await exportObjectives(world.database, { names: ['tenants'], service: null })
  expect(text).toContain('mainstay.dev/group-by: tenant')
  const before = await readStates(world.database, ['tenants'])
  const slo = text.split(/^---$/m).find((each) => /^kind: SLO$/m.test(each))
  await apply(slo ?? '')
  const after = await readStates(world.database, ['tenants'])
  expect(after[0]?.version).toBe(before[0]?.version)
  const rows = await world.database.one(sql<{ version: number }>`select version from objectives where name = 'tenants'`)
  expect(rows.version).toBe(1)
})

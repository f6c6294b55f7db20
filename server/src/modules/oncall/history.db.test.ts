// Who was on call stays as it was, whatever happens to the definition afterwards.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { day } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { planDocuments } from '../catalog/index.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import { callOf, openWorld, root, type World } from './testing/world.ts'
import { keepEveryHistory } from './usecases/keep-history.ts'

let world: World
const people = ['ana', 'ben', 'chi', 'dov']
const person = (name: string) =>
  `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ${name}}\nspec: {email: ${name}@shop.example}\n---\n`
const rota = (order: readonly string[], more = '') => `apiVersion: mainstay.dev/v1
kind: Schedule
metadata: {name: primary}
spec:
  zone: UTC
  rotations:
    - {name: daily, start: 2026-03-02T00:00, turn: {unit: day, every: 1}, members: [${order.map((each) => `{person: ${each}}`)}]${more}}
`
beforeAll(async () => {
  world = await openWorld({ name: 'history', at: '2026-03-02T12:00:00Z' })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.database.run(sql`truncate overrides, schedule_history, schedule_history_marks, resources cascade`)
  await world.moveTo('2026-03-02T12:00:00Z')
  await world.apply(`${people.map((each) => person(each)).join('')}${rota(['ana', 'ben'])}`)
})

interface Final {
  readonly shifts: readonly { person: string; start: string; end: string; source: string }[]
  readonly gaps: readonly { start: string; end: string }[]
  readonly unrecorded: readonly { start: string; end: string }[]
}
const final = (from: string, to: string) =>
  callOf(world)<Final>('schedules.final', { params: { name: 'primary' }, query: { from: `${from}Z`, to: `${to}Z` } })
const drawn = async (from: string, to: string) =>
  (await final(from, to)).shifts.map((each) => `${each.person} ${each.start.slice(5, 16)} ${each.end.slice(5, 16)}`)

test('an edit changes the future only; a shift under way goes on as what it becomes', async () => {
  await world.forward(2 * day)
  await world.apply(rota(['chi', 'dov']))
  expect(await drawn('2026-03-02T12:00:00', '2026-03-06T00:00:00')).toEqual([
    'ana 03-02T12:00 03-03T00:00',
    'ben 03-03T00:00 03-04T00:00',
    'ana 03-04T00:00 03-04T12:00',
    'chi 03-04T12:00 03-05T00:00',
    'dov 03-05T00:00 03-06T00:00',
  ])
  const now = await callOf(world)<{ schedules: { people: { person: string }[] }[] }>('oncall.now', {
    query: { at: '2026-03-03T09:00:00Z' },
  })
  expect(now.schedules[0]?.people.map((each) => each.person)).toEqual(['ben'])
})

test('what was before the schedule existed is not known: neither covered nor a gap', async () => {
  const found = await final('2026-03-01T00:00:00', '2026-03-03T00:00:00')
  expect(found.unrecorded).toEqual([{ start: '2026-03-01T00:00:00.000Z', end: '2026-03-02T12:00:00.000Z' }])
  expect(found.gaps).toEqual([])
  expect(found.shifts).toHaveLength(1)
})

test('kept by the hour, a long shift is one shift, and writing it down twice changes nothing', async () => {
  for (let index = 0; index < 3; index += 1) {
    await world.forward(day / 4)
    await keepEveryHistory(world.needs)
    await keepEveryHistory(world.needs)
  }
  expect(await drawn('2026-03-02T00:00:00', '2026-03-04T00:00:00')).toEqual([
    'ana 03-02T12:00 03-03T00:00',
    'ben 03-03T00:00 03-04T00:00',
  ])
  const { count } = await world.database.one(
    sql<{ count: number }>`select count(*)::int as count from schedule_history`,
  )
  expect(count).toBe(2)
})

test('an override that was is kept with its reason, also when its rotation is gone', async () => {
  await callOf(world)('overrides.create', {
    params: { name: 'primary' },
    body: {
      kind: 'replace',
      person: 'chi',
      covers: 'ana',
      rotation: 'daily',
      start: '2026-03-02T13:00:00Z',
      end: '2026-03-02T15:00:00Z',
      reason: 'dentist',
    },
  })
  await world.forward(day)
  await world.apply(rota(['dov']).replace('name: daily', 'name: other'))
  const { shifts } = await final('2026-03-02T13:00:00', '2026-03-02T15:00:00')
  expect(shifts.map((each) => `${each.person}: ${each.source}`)).toEqual(['chi: covering for ana: dentist'])
})

test('a schedule that was removed and came back left a gap in between', async () => {
  await world.forward(day)
  await deleteResource(world.needs, world.catalog, { key: { kind: 'Schedule', name: 'primary' }, actor: root })
  await world.forward(day)
  await world.apply(rota(['dov']))
  const { gaps } = await final('2026-03-02T12:00:00', '2026-03-05T00:00:00')
  expect(gaps).toEqual([{ start: '2026-03-03T12:00:00.000Z', end: '2026-03-04T12:00:00.000Z' }])
})

test('plan shows what the rota would do to people, before anything is saved', async () => {
  const documents = rota(['ana', 'chi'], ', hours: [{from: "00:00", to: "22:00"}]')
  const changes = await planDocuments(world.needs, world.catalog, { documents, actor: root })
  const said = changes.flatMap((each) => each.warnings.map((warning) => warning.detail))
  expect(said).toEqual([
    'Nobody is on call from 2026-03-02 22:00 to 2026-03-03 00:00. And 83 more like it.',
    expect.stringContaining('ana is on call on 3 weekends in a row'),
  ])
  expect(await drawn('2026-03-03T00:00:00', '2026-03-04T00:00:00')).toEqual(['ben 03-03T00:00 03-04T00:00'])
})

test('a preview shows whom a change affects, what it breaks anew, and saves nothing', async () => {
  const preview = (body: object) =>
    callOf(world)<{
      changes: { before: string[]; after: string[] }[]
      findings: { code: string; fresh: boolean }[]
      missing: object[]
    }>('schedules.preview', {
      params: { name: 'primary' },
      body: { from: '2026-03-02T12:00:00Z', to: '2026-03-06T00:00:00Z', ...body },
    })
  const cover = {
    kind: 'replace',
    person: 'dov',
    start: '2026-03-03T00:00:00Z',
    end: '2026-03-04T00:00:00Z',
    reason: 'trip',
  }
  const found = await preview({ override: cover })
  expect(found.changes).toEqual([
    { start: '2026-03-03T00:00:00.000Z', end: '2026-03-04T00:00:00.000Z', before: ['ben'], after: ['dov'] },
  ])
  const away = await preview({ override: { ...cover, kind: 'remove', person: 'ben' } })
  expect(away.missing).toHaveLength(1)
  expect(away.findings.filter((each) => each.fresh).map((each) => each.code)).toEqual(['gap'])
  await expect(preview({ override: { ...cover, rotation: 'nope' } })).rejects.toMatchObject({
    code: 'oncall.schedule-refused',
  })
  const rows = await world.database.many(sql`select 1 from overrides`)
  expect(rows).toHaveLength(0)
})

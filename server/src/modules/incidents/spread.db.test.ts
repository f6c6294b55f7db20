// The same rule in many services: a few incidents and then one for all, and no second one for a service that has its own.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { spreadLimit } from './core/index.ts'
import { type IncidentsWorld, openIncidentsWorld } from './incidents.fixture.ts'

const halls = Array.from({ length: 230 }, (_, index) => `hall-${String(index).padStart(3, '0')}`)
const vault = 'vault'

let world: IncidentsWorld
beforeAll(async () => {
  world = await openIncidentsWorld('incidents spread')
  const service = (name: string, tier: number) =>
    JSON.stringify({
      ...{ apiVersion: 'mainstay.dev/v1', kind: 'Service' },
      metadata: { name },
      spec: { tier },
    })
  const everyone = { kinds: () => catalogKinds, translators: [], mayChange: () => undefined }
  const documents = [...halls.map((name) => service(name, 2)), service(vault, 0)].join('\n---\n')
  await applyDocuments(world.needs, everyone, { documents, actor: automation('test') })
})
afterAll(() => world.close())
beforeEach(() => world.clear())

const down = (service: string, rule = 'Unreachable', more = '') => ({
  ...{ service, dedupKey: `${service} ${rule} ${more}`, summary: `${service} is unreachable` },
  labels: { alertname: rule, pod: more },
})

// Incidents of one batch may be declared within the same millisecond: with the clock standing, all of them are.
test.each(['runs', 'stands'])(
  'beyond the first few, services that the same rule names are led together, in one moment or one after the other (the clock %s)',
  async (goes) => {
    if (goes === 'stands') await world.clock.set(await world.clock.now())
    const [early, later] = [halls.slice(0, spreadLimit + 15), halls.slice(spreadLimit + 15, spreadLimit + 20)]
    await world.receive(...early.map((name) => down(name)))
    for (const name of later) await world.receive(down(name))
    const incidents = await world.incidents()
    expect(incidents).toHaveLength(spreadLimit)
    const sizes = incidents.map((each) => each.services.length).sort((a, b) => a - b)
    expect(sizes).toEqual([...Array(spreadLimit - 1).fill(1), 21])
    const wide = incidents.find((each) => each.services.length > 1)
    expect(wide?.alerts).toHaveLength(21)
    expect(wide?.title).toBe('Unreachable in many services, first in hall-000')
    const { rows } = await world.owner.query<{ reason: string }>(
      "select distinct reason from journal where type = 'incident.alert-linked' and subject_id = $1 order by 1",
      [wide?.id],
    )
    expect(rows.map((row) => row.reason)).toContain(
      `Unreachable has opened ${spreadLimit} incidents of other services within an hour: one failure beneath them all.`,
    )
    // Every service is in exactly one of them, and what comes of it later finds that one.
    expect(incidents.flatMap((each) => each.services).sort()).toEqual([...early, ...later].sort())
    await world.receive(down(later[0] ?? '', 'Slow'), down(early[1] ?? '', 'Slow'))
    expect(await world.incidents()).toHaveLength(spreadLimit)
  },
)

test('another rule, a more important service and a person go their own way', async () => {
  await world.receive(...halls.slice(0, spreadLimit).map((name) => down(name)))
  await world.receive(down('hall-100', 'DiskFull'), down(vault))
  const incidents = await world.incidents()
  expect(incidents).toHaveLength(spreadLimit + 2)
  expect(incidents.filter((each) => each.services.length > 1)).toEqual([])
})

test('however many incidents are open, a service that has one gets no second', async () => {
  // Each by a rule of its own, so that nothing joins them.
  await world.receive(...halls.map((name) => down(name, `Down ${name}`)))
  expect(await counted()).toBe(halls.length)
  await world.receive(...halls.map((name) => down(name, `Down ${name}`, 'b')))
  expect(await counted()).toBe(halls.length)
  const { rows } = await world.owner.query<{ alerts: number }>(
    'select count(*)::int as alerts from alerts join incidents on incidents.id = incident_id where services[1] = alerts.service group by incidents.id',
  )
  expect(rows).toEqual(Array(halls.length).fill({ alerts: 2 }))
})

async function counted(): Promise<number> {
  const { rows } = await world.owner.query<{ count: number }>('select count(*)::int as count from incidents')
  return rows[0]?.count ?? 0
}

test('what somebody writes after thousands of lines of machines stands in the timeline', async () => {
  await world.receive(down(halls[0] ?? ''))
  const incident = await world.only()
  // As a storm of many more services would leave them.
  await world.owner.query(
    `insert into journal (type, actor, subject_kind, subject_id, links, reason, data, before, after)
     select type, actor, subject_kind, subject_id, links, reason, data, before, after from journal, generate_series(1, 5100)
     where type = 'incident.alert-linked' and subject_id = $1`,
    [incident.id],
  )
  const written = {
    method: 'POST' as const,
    url: `/api/v1/incidents/${incident.id}/notes`,
    body: { text: 'It is the switch' },
  }
  expect((await world.call(written)).statusCode).toBeLessThan(300)
  const lines: string[] = []
  let after = 0
  for (let more = true; more; ) {
    const url = `/api/v1/incidents/${incident.id}/timeline?limit=1000&after=${after}`
    const page = (await world.call({ url })).json() as { items: { id: number; sentence: string }[]; more: boolean }
    lines.push(...page.items.map((each) => each.sentence))
    after = Math.max(...page.items.map((each) => each.id))
    more = page.more
  }
  expect(lines).toHaveLength(5_000)
  expect(lines.some((line) => line.includes('declared SEV'))).toBe(true)
  expect(lines.filter((line) => line.includes('It is the switch'))).toHaveLength(1)
})

// The note of a hand-over, from real pages.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { minute } from '../../kernel/duration.ts'
import { newId } from '../../platform/ids.ts'
import type { HandOverNote } from './hand-over.contract.ts'
import { callOf, openWorld, root, type World } from './testing/world.ts'
import { tellHandOvers } from './usecases/tell-hand-overs.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ name: 'handover', at: '2026-03-02T00:00:00Z' })
  await world.apply(`${['ana', 'ben', 'root']
    .map(
      (each) =>
        `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ${each}, displayName: ${each.toUpperCase()}}\nspec: {email: ${each}@shop.example, timeZone: UTC}\n---\n`,
    )
    .join('')}
apiVersion: mainstay.dev/v1
kind: Schedule
metadata: {name: primary, displayName: First}
spec:
  zone: UTC
  rotations:
    - {name: daily, start: 2026-03-02T09:00, turn: {unit: day, every: 1}, members: [{person: ana}, {person: ben}]}
---
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: default}
spec: {levels: [{notify: [{schedule: primary}], waitFor: 20m}], fallbackOwner: root}
`)
})
afterAll(() => world.close())

async function open(at: string, summary: string): Promise<string> {
  const alertId = newId()
  await world.moveTo(at)
  const facts = { service: 'checkout', severity: 'critical', summary, startedAt: world.now() } as const
  const rest = { link: `http://x/${alertId}`, impact: null, action: null, runbook: null, change: null }
  await world.database.transaction((tx) =>
    world.pager.open(tx, {
      ...{ alertId, service: 'checkout', policyName: null, urgency: 'high', severity: 'critical', tier: 1 },
      facts: { ...facts, ...rest },
    }),
  )
  await world.run()
  return alertId
}
const note = (at?: string) =>
  callOf(world)<HandOverNote>('schedules.hand-over', {
    params: { name: 'primary' },
    query: at === undefined ? {} : { at },
  })

test('what happened, what is open and who has it, and what comes; the facts of other rooms stand beside it', async () => {
  const over = await open('2026-03-02T12:00:00Z', 'Disk full')
  await world.forward(minute)
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId: over, by: 'ana' }))
  await world.forward(10 * minute)
  await world.database.transaction((tx) => world.pager.resolve(tx, { alertId: over, ended: 'resolved' }))
  const still = await open('2026-03-03T02:00:00Z', 'Slow answers')
  await world.forward(minute)
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId: still, by: 'ana', timeoutMs: null }))
  await callOf(world)('overrides.create', {
    params: { name: 'primary' },
    body: {
      kind: 'replace',
      person: 'ana',
      start: '2026-03-03T20:00:00Z',
      end: '2026-03-03T22:00:00Z',
      reason: 'concert',
    },
    actor: root,
  })
  const asked: object[] = []
  Object.assign(world.oncall, {
    handOverFacts: async (_: unknown, of: object) => {
      asked.push(of)
      return [{ heading: 'Open incidents', sentence: '#4 Cards fail', link: 'http://x/i/4' }]
    },
  })
  await world.moveTo('2026-03-03T08:30:00Z')
  const found = await note()
  expect(found).toMatchObject({
    ...{ leaving: ['ana'], coming: ['ben'], calls: 2, brokenNights: 1 },
    ...{ from: '2026-03-02T09:00:00.000Z', to: '2026-03-03T09:00:00.000Z' },
    happened: [{ alert: over, title: 'checkout: Disk full', standing: expect.stringMatching(/^over at /) }],
    open: [{ alert: still, standing: expect.stringMatching(/^ana has it since /) }],
    facts: [{ sentence: '#4 Cards fail' }],
  })
  expect(asked).toMatchObject([{ services: ['checkout'] }])
  expect(found.ahead).toEqual(['ANA, 2026-03-03 20:00 to 2026-03-03 22:00: covering for ben: concert.'])
  expect(found.text).toContain('ANA → BEN. 2 calls, one broken night.')
  expect(found.text).toContain('- #4 Cards fail <http://x/i/4>'.replace('#', '\\#'))
  // Whoever has just come reads the same.
  await world.moveTo('2026-03-03T10:00:00Z')
  expect(await note()).toMatchObject({ leaving: ['ana'], coming: ['ben'], calls: 2 })
  await world.moveTo('2026-03-03T12:00:00Z')
  expect(await note()).toMatchObject({ leaving: ['ben'], calls: 0, happened: [], open: [] })
})

test('the message at the beginning of a shift leads to the note', async () => {
  await world.moveTo('2026-03-05T08:59:00Z')
  await tellHandOvers(world.needs, world.oncall)
  await world.run()
  world.mails.length = 0
  await world.moveTo('2026-03-05T09:00:30Z')
  await tellHandOvers(world.needs, world.oncall)
  await world.run()
  expect(world.mails.map((each) => each.to)).toEqual(['ben@shop.example'])
  expect(world.mails[0]?.email.text).toContain('/oncall?view=handover&schedule=primary')
})

test('a schedule that is none', async () => {
  await expect(callOf(world)('schedules.hand-over', { params: { name: 'none' } })).rejects.toMatchObject({
    code: 'oncall.unknown-schedule',
  })
})

test('it counts by the terms of the team, as its health does', async () => {
  await world.apply(`apiVersion: mainstay.dev/v1
kind: Team
metadata: {name: web}
spec: {members: [ana, ben]}
---
apiVersion: mainstay.dev/v1
kind: OnCallTerms
metadata: {name: web}
spec: {team: web, night: {from: "11:00", to: "11:30"}}
---
apiVersion: mainstay.dev/v1
kind: Schedule
metadata: {name: second}
spec:
  zone: UTC
  team: web
  rotations:
    - {name: daily, start: 2026-03-02T09:00, turn: {unit: day, every: 1}, members: [{person: ana}, {person: ben}]}
`)
  const alertId = await open('2026-03-06T02:00:00Z', 'Cards fail')
  await world.forward(minute)
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId, by: 'ben' }))
  await world.moveTo('2026-03-06T08:00:00Z')
  const of = async (name: string) => {
    const { calls, brokenNights } = await callOf(world)<HandOverNote>('schedules.hand-over', { params: { name } })
    return { calls, brokenNights }
  }
  expect(await of('primary')).toEqual({ calls: 1, brokenNights: 1 })
  expect(await of('second')).toEqual({ calls: 1, brokenNights: 0 })
})

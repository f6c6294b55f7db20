// Who would be told, asked of rules and receivers that tell nobody, in the whole house.
import { expect, test, vi } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { sql } from '../../platform/database/queries.ts'

vi.setConfig({ testTimeout: 180_000 })

const gone = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'EscalationPolicy',
  metadata: { name: 'unreachable' },
  spec: { levels: [{ notify: [{ person: 'zoe' }], waitFor: '5m' }], fallbackOwner: 'zoe' },
}
const attic = `
apiVersion: mainstay.dev/v1
kind: Service
metadata: { name: attic }
spec: { team: web, tier: 2, escalationPolicy: unreachable }
`

/** With a service whose policy stands as after its people left; nobody is an administrator. */
async function openHouse(name: string): Promise<World> {
  const world = await openWorld({ name })
  // The catalog itself would refuse to store it like this today.
  await world.database.run(sql`
    insert into resources (kind, name, api_version, document, version, owners, created_by, refers_to)
    values ('EscalationPolicy', 'unreachable', 'mainstay.dev/v1', ${JSON.stringify(gone)}::jsonb, 1, '{}', 'test', '{}')`)
  await world.apply(attic)
  return world
}

interface Fate {
  readonly receivers: readonly string[]
  readonly telling: readonly string[]
  readonly held: string | null
}
interface Replay {
  readonly looked: number
  readonly toldBefore: number
  readonly toldAfter: number
  readonly newlyHeld: number
  readonly moved: number
  readonly unreached: number
  readonly notes: readonly string[]
  readonly receivers: readonly object[]
  readonly examples: readonly { readonly title: string; readonly before: Fate; readonly after: Fate }[]
}
interface Explained {
  readonly told: boolean
  readonly sentence: string
  readonly paged: { readonly policy: string; readonly pages: readonly object[] } | null
  readonly trace: readonly { readonly rule: string; readonly verdict: string; readonly because: string }[]
}

// Everything goes to the log as well, which tells nobody; Lag goes there alone.
const file = `route:
  receiver: pager
  routes:
    - {receiver: log, continue: true}
    - {receiver: log, matchers: [alertname=Lag]}
    - {receiver: pager}
receivers:
  - {name: log}
  - {name: pager, webhook_configs: [{url: 'http://pager.example/'}]}
`

test('a replay counts for a receiver only what it tells of, and says who tells nobody', async () => {
  const world = await openHouse('told_replay')
  for (const alert of ['Down', 'Lag']) await world.receive({ service: 'checkout', alert })
  await world.receive({ service: 'attic', alert: 'Leak' })
  const replay = (text?: string) =>
    world.as('responder')<Replay>('POST /api/v1/routing/replay', text === undefined ? {} : { text })

  const other = await replay(file)
  // By policies alone, two; by the file, one: Leak would page nobody in either.
  expect(other).toMatchObject({ looked: 3, toldBefore: 2, toldAfter: 1, newlyHeld: 1, unreached: 1 })
  expect(other.receivers).toEqual([
    { name: 'pager', before: 0, after: 1, routedBefore: 0, routedAfter: 2 },
    { name: 'log', before: 0, after: 0, routedBefore: 0, routedAfter: 3 },
  ])
  expect(other.notes).toEqual([
    'By the other file: log sends nowhere: of the 3 alerts that go to it, it tells nobody. Other receivers tell of 2.',
    'Escalation policy unreachable reaches nobody as it stands now: one alert pages nobody, whatever the rules say.',
  ])
  expect(other.examples.map(({ title, after }) => [title, after])).toEqual([
    ['Lag', { receivers: ['log'], telling: [], held: 'nobody' }],
    ['Down', { receivers: ['log', 'pager'], telling: ['pager'], held: null }],
  ])

  // The same words with no receiver that sends: the policies tell, the receivers do not.
  const silent = await replay('route: {receiver: log}\nreceivers: [{name: log}]\n')
  expect(silent).toMatchObject({ toldBefore: 2, toldAfter: 2, newlyHeld: 0 })
  expect(silent.receivers).toEqual([{ name: 'log', before: 0, after: 0, routedBefore: 0, routedAfter: 3 }])
  expect(silent.notes[0]).toMatch(
    /^By the other file: No receiver sends anywhere: .* escalation policy of the service\.$/,
  )

  // An administrator is behind every policy: then nothing is unreached.
  await world.signIn('ben', 'admin')
  expect(await replay(file)).toMatchObject({ toldBefore: 3, toldAfter: 2, unreached: 0 })
})

test('asked of one signal: told only when somebody would be paged, as really happens', async () => {
  const world = await openHouse('told_explain')
  const explain = (service: string, alertname = 'Leak') =>
    world.as('viewer')<Explained>('POST /api/v1/signals/explain', {
      labels: { alertname, service, severity: 'critical' },
    })
  expect(await explain('checkout')).toMatchObject({ told: true })
  const attic = await explain('attic')
  expect(attic).toMatchObject({
    told: false,
    sentence: 'Nobody: escalation policy unreachable reaches nobody then.',
    paged: { policy: 'unreachable', pages: [] },
  })
  expect(attic.trace.at(-1)).toMatchObject({ rule: 'paging', verdict: 'nobody' })
  await world.receive({ service: 'attic', alert: 'Leak' })
  await world.worker.drain()
  world.expectNoPage()
  await world.signIn('ben', 'admin')
  expect(await explain('attic', 'Flood')).toMatchObject({
    told: true,
    paged: { policy: 'administrators', because: expect.stringContaining('unreachable') },
  })
  await world.receive({ service: 'attic', alert: 'Flood' })
  world.expectPage('ben', /Flood/)

  await world.as('admin')('PUT /api/v1/routing', { text: file, timing: 'at-once' })
  const silent = (await explain('checkout', 'Lags')).trace.filter((step) => step.rule === 'receiver')
  expect(silent).toEqual([
    expect.objectContaining({ verdict: 'tells nobody', because: expect.stringMatching(/^log: /) }),
  ])
  const tested = await world.as('viewer')<Fate & { told: boolean; trace: Explained['trace'] }>(
    'POST /api/v1/routing/test',
    { labels: { alertname: 'Down' } },
  )
  expect(tested).toMatchObject({ told: true, receivers: ['log', 'pager'], telling: ['pager'] })
  expect(tested.trace.filter((step) => step.rule === 'receiver')).toHaveLength(1)
})

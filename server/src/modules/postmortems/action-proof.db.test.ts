// Actions that a readiness check or a drill must prove, and who hears of what is late.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { checkOf } from '../../app/join/postmortems.ts'
import { automation } from '../../kernel/actor.ts'
import { day, hour, minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { type IncidentsWorld, openIncidentsWorld } from '../incidents/incidents.fixture.ts'
import { postmortemPolicyKind } from './kinds/postmortem-policy.ts'
import { postmortemsRoom } from './postmortems.module.ts'
import type { Reminder } from './postmortems.ports.ts'

let world: IncidentsWorld
const reminders: Reminder[] = []
// Whoever has no way to be reached.
const silent = new Set<string>()
beforeAll(async () => {
  world = await openIncidentsWorld('action_proofs', (needs, people) => [
    postmortemsRoom(needs, {
      ...people,
      checkOf,
      remind: async (_tx, reminder) => !silent.has(reminder.person) && reminders.push(reminder) > 0,
    }),
  ])
})
afterAll(() => world.close())
// A Monday.
const start = instant(Date.UTC(2026, 2, 2, 3))
beforeEach(async () => {
  await world.clear()
  await world.owner.query('truncate postmortems cascade')
  await world.clock.set(start)
  reminders.splice(0)
  silent.clear()
})

const at = (ms: number) => formatInstant(plus(start, ms))
const send = async (path: string, body: object, as = 'ana') =>
  (await world.call({ method: 'POST', url: `/api/v1/${path}`, as, body })).json()
const get = async (path: string) => (await world.call({ url: `/api/v1/${path}` })).json()
const apply = (...documents: object[]) =>
  applyDocuments(
    world.needs,
    { kinds: () => [...catalogKinds, postmortemPolicyKind], translators: [], mayChange: () => undefined },
    {
      documents: documents.map((each) => JSON.stringify({ apiVersion: 'mainstay.dev/v1', ...each })).join('\n---\n'),
      actor: automation('test'),
    },
  )
const payment = (links: readonly object[]) => ({
  kind: 'Service',
  metadata: { name: 'payment' },
  spec: { team: 'pay', tier: 1, dependsOn: ['bank'], links },
})
const runbook = { kind: 'runbook', title: 'When payments fail', url: 'https://wiki.shop.example/payments' }

/** A SEV1 of payment that is over; its postmortem's id. */
async function reviewed(): Promise<string> {
  const { id } = await send('incidents', { title: 'Payments fail', severity: 'SEV1', services: ['payment'] })
  await send(`incidents/${id}/roles`, { role: 'commander' })
  await send(`incidents/${id}/transition`, { to: 'resolved', note: 'Rolled back.' })
  await world.drain()
  return (await get('postmortems')).items[0].id
}

/** `null`: it was given up. */
async function drill(service: string, tookMinutes: number | null): Promise<void> {
  const { id } = await send('incidents', { title: 'Game day', severity: 'SEV3', services: [service], kind: 'drill' })
  await send(`incidents/${id}/roles`, { role: 'commander' })
  if (tookMinutes !== null) {
    await world.clock.set(plus(await world.clock.now(), tookMinutes * minute))
    await send(`incidents/${id}/transition`, { to: 'mitigated', note: 'Failed over.' })
  }
  await world.clock.set(plus(await world.clock.now(), minute))
  await send(`incidents/${id}/transition`, { to: 'resolved', note: 'Over.' })
  await world.drain()
}

const action = { title: 'Write down how to fail over', kind: 'mitigate', owner: 'ben', dueAt: at(7 * day) }
const onlyAction = async () => (await get('actions')).items[0]

test('a readiness check proves an action when it passes the whole time; what is missing opens it again', async () => {
  await apply(payment([]))
  const { id } = await send(`postmortems/${await reviewed()}/actions`, action)
  const signal = { kind: 'check', service: 'payment', check: 'runbook', windowMs: 2 * day }
  await send(`actions/${id}/finish`, { signal })
  await world.clock.set(plus(start, day + minute))
  await world.drain()
  expect(await onlyAction()).toMatchObject({
    state: 'open',
    reopened: 1,
    seen: 'payment, runbook: No link of kind runbook is declared.',
  })
  await apply(payment([runbook]))
  await send(`actions/${id}/finish`, {})
  for (let days = 2; days <= 3; days += 1) {
    expect((await onlyAction()).state).toBe('proving')
    await world.clock.set(plus(start, days * day + hour))
    await world.drain()
  }
  await world.clock.set(plus(start, 4 * day))
  await world.drain()
  expect(await onlyAction()).toMatchObject({ state: 'proven', seen: expect.stringContaining('It held for 2 days.') })
})

test('a signal nobody tells of is not known: it proves nothing and opens nothing', async () => {
  const { id } = await send(`postmortems/${await reviewed()}/actions`, action)
  await world.owner.query(
    `insert into signal_services (service, first_at, last_at, traffic_at) values ('payment', $1, $1, $1)`,
    [plus(start, -day)],
  )
  await send(`actions/${id}/finish`, {
    signal: { kind: 'check', service: 'payment', check: 'traffic', windowMs: day },
  })
  await world.clock.set(plus(start, 3 * day))
  await world.drain()
  expect(await onlyAction()).toMatchObject({
    state: 'proving',
    seen: expect.stringContaining('Not proven while it is unknown.'),
  })
})

test('the newest drill decides: too slow opens the action again, in time proves it at once, and a later one may undo that', async () => {
  const { id } = await send(`postmortems/${await reviewed()}/actions`, action)
  await drill('payment', 1)
  const signal = { kind: 'drill', service: 'payment', windowMs: 30 * day, mitigatedWithinMs: 15 * minute }
  await world.clock.set(plus(start, hour))
  await send(`actions/${id}/finish`, { signal })
  await drill('checkout', 1)
  expect((await onlyAction()).state).toBe('proving')
  await drill('payment', 40)
  expect(await onlyAction()).toMatchObject({
    state: 'open',
    reopened: 1,
    seen: expect.stringMatching(/^Drill \d+ of payment took 40 minutes to mitigate, not 15 minutes\.$/),
  })
  await world.clock.set(plus(start, day))
  await send(`actions/${id}/finish`, {})
  await drill('payment', 10)
  expect(await onlyAction()).toMatchObject({ state: 'proven', seen: expect.stringContaining('within 10 minutes') })
  await world.clock.set(plus(start, 3 * day))
  await drill('payment', null)
  expect(await onlyAction()).toMatchObject({
    state: 'open',
    reopened: 2,
    seen: expect.stringContaining('ended without being mitigated'),
  })
})

test('no drill within the window opens the action again', async () => {
  const { id } = await send(`postmortems/${await reviewed()}/actions`, action)
  const wrong = { kind: 'drill', service: 'nothing', windowMs: day, mitigatedWithinMs: null }
  expect((await send(`actions/${id}/finish`, { signal: wrong })).code).toBe('postmortems.unknown-signal')
  await send(`actions/${id}/finish`, { signal: { ...wrong, service: 'payment' } })
  await world.clock.set(plus(start, day + minute))
  await world.drain()
  expect(await onlyAction()).toMatchObject({
    state: 'open',
    seen: 'No drill of payment has ended since. It was to happen within 1 day.',
  })
})

const heard = () => reminders.splice(0).map(({ person, head }) => `${person}: ${head}`)

test('whoever owes it hears a day before and when it is late; after some days those above, at once when nobody can be reached', async () => {
  const person = (name: string) => ({ kind: 'Person', metadata: { name }, spec: { email: `${name}@shop.example` } })
  await apply(person('ana'), person('ben'), person('lena'), person('hugo'))
  await apply({ kind: 'Team', metadata: { name: 'pay' }, spec: { lead: 'lena' } })
  const postmortem = await reviewed()
  await send(`postmortems/${postmortem}/actions`, { ...action, dueAt: at(day) })
  const goTo = async (days: number) => {
    await world.clock.set(plus(start, days * day))
    for (let round = 0; round < 3; round += 1) await world.drain()
    return heard()
  }
  await world.drain()
  const [{ number }] = (await get('postmortems')).items
  const { number: task } = await onlyAction()
  // The action is due tomorrow already.
  expect(heard()).toEqual([`ben: Action ${task} is due on 2026-03-03 (SEV1)`])
  expect(await goTo(1)).toEqual([`ben: Action ${task} was due on 2026-03-03 (SEV1)`])
  expect(await goTo(4)).toEqual([`ana: Postmortem ${number} is due on 2026-03-09 (SEV1)`])
  expect((await goTo(7)).sort()).toEqual([`ana: Postmortem ${number} was due on 2026-03-09 (SEV1)`])
  // Tuesday a week later: the action is five working days late.
  expect((await goTo(8)).sort()).toEqual([
    `ana: Postmortem ${number} was due on 2026-03-09 (SEV1)`,
    `ben: Action ${task} was due on 2026-03-03 (SEV1)`,
    `lena: Action ${task} was due on 2026-03-03 (SEV1)`,
  ])
  silent.add('ana')
  expect(await goTo(9)).toEqual([`lena: Postmortem ${number} was due on 2026-03-09 (SEV1)`])
  silent.clear()
  await apply({
    kind: 'PostmortemPolicy',
    metadata: { name: 'default' },
    spec: { escalation: { afterDays: 1, to: ['hugo'] } },
  })
  expect(await goTo(10)).toEqual([
    `ana: Postmortem ${number} was due on 2026-03-09 (SEV1)`,
    `hugo: Postmortem ${number} was due on 2026-03-09 (SEV1)`,
  ])
  const { rows } = await world.owner.query(
    "select reason, links from journal where type = 'postmortem.overdue' order by id desc limit 1",
  )
  expect(rows).toEqual([{ reason: 'Told to hugo, too.', links: expect.arrayContaining(['person:ana', 'person:hugo']) }])
})

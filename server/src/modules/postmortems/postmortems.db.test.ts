// From a resolved incident to a published review whose actions are proven, or open again.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { day, hour, minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { type IncidentsWorld, openIncidentsWorld } from '../incidents/incidents.fixture.ts'
import { openSloKinds } from '../slo/kinds/openslo-kinds.ts'
import { postmortemsRoom } from './postmortems.module.ts'
import { noteRecurrences } from './usecases/corrective-actions.ts'

const objective = `
apiVersion: openslo/v1
kind: SLO
metadata: {name: payment-month}
spec:
  service: payment
  indicator: {metadata: {name: payment-views}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]
`
let world: IncidentsWorld
beforeAll(async () => {
  world = await openIncidentsWorld('postmortems', (needs, people) => [postmortemsRoom(needs, people)])
  const everyone = { kinds: () => [...catalogKinds, ...openSloKinds], translators: [], mayChange: () => undefined }
  await applyDocuments(world.needs, everyone, { documents: objective, actor: automation('test') })
})
afterAll(() => world.close())
// A Monday.
const start = instant(Date.UTC(2026, 2, 2, 3))
beforeEach(async () => {
  await world.clear()
  await world.owner.query('truncate postmortems cascade')
  await world.clock.set(start)
})

const at = (ms: number) => formatInstant(plus(start, ms))
const send = async (method: 'POST' | 'PATCH' | 'PUT', path: string, body: object, as = 'ana') =>
  (await world.call({ method, url: `/api/v1/${path}`, as, body })).json()
const get = async (path: string, as = 'ana') => (await world.call({ url: `/api/v1/${path}`, as })).json()
const incident = async (severity: string, more: object = {}): Promise<string> => {
  const body = { title: 'Payments fail', severity, services: ['payment'], startedAt: at(-20 * minute), ...more }
  const { id } = await send('POST', 'incidents', body)
  await send('POST', `incidents/${id}/roles`, { role: 'commander' })
  await send('POST', `incidents/${id}/transition`, { to: 'resolved', note: 'Rolled back.' })
  await world.drain()
  return id
}
const opened = async () => get(`postmortems/${(await get('postmortems')).items[0].id}`)
const factors = [
  { id: 'no-canary', text: 'Nothing tried it on few users first', kind: 'latent', leadsTo: ['release'] },
  { id: 'release', text: 'payment 1.5 dropped the retry', kind: 'trigger', leadsTo: [] },
]
const signal = { kind: 'alert', service: 'payment', title: 'payment errors', windowMs: 14 * day }
const action = { title: 'Try each release on 1 % first', kind: 'prevent', owner: 'ben', dueAt: at(7 * day) }

test('the policy opens it from facts, due in five working days; a small one only when asked', async () => {
  const small = await incident('SEV3')
  expect((await get('postmortems')).items).toEqual([])
  const id = await incident('SEV1')
  const postmortem = await opened()
  expect(postmortem).toMatchObject({
    incident: { id },
    because: 'SEV1 incidents are reviewed.',
    owner: 'ana',
    status: 'draft',
    dueAt: at(7 * day),
    facts: { impact: { minutes: 20 }, responders: ['ana (commander)'], budget: [{ objective: 'payment-month' }] },
  })
  expect(postmortem.facts.timeline.map((each: { sentence: string }) => each.sentence)).toContain('ana is commander')
  expect(postmortem.sections[0].body).toContain('Users were hurt for 20 minutes.')
  const asked = await send('POST', 'postmortems', { incident: small })
  expect(asked).toMatchObject({ because: 'ana asked for it.' })
  expect((await send('POST', 'postmortems', { incident: small })).id).toBe(asked.id)
})

test('one that still runs, and a drill, have none', async () => {
  const { id } = await send('POST', 'incidents', { title: 'x', severity: 'SEV1' })
  expect((await send('POST', 'postmortems', { incident: id })).code).toBe('postmortems.still-running')
  await incident('SEV1', { kind: 'drill' })
  expect((await get('postmortems')).items).toEqual([])
})

test('two who write the same section: the second is told, and nothing is lost', async () => {
  await incident('SEV2')
  const { id, sections } = await opened()
  const [summary] = sections
  const path = `postmortems/${id}/sections/summary`
  const first = await send('PUT', path, { body: 'From Ana.', version: summary.version })
  expect(first.sections[0]).toMatchObject({ body: 'From Ana.', version: summary.version + 1, updatedBy: 'ana' })
  const second = await send('PUT', path, { body: 'From Ben.', version: summary.version }, 'ben')
  expect(second).toMatchObject({ code: 'postmortems.edited', status: 409 })
  expect((await opened()).sections[0].body).toBe('From Ana.')
  expect((await send('PUT', `postmortems/${id}/factors`, { factors, version: 99 })).code).toBe('postmortems.edited')
  const circle = [{ ...factors[0], leadsTo: ['no-canary'] }]
  const version = (await opened()).version
  expect((await send('PUT', `postmortems/${id}/factors`, { factors: circle, version })).code).toBe(
    'postmortems.bad-factors',
  )
})

test('review, publication with a hash, and the incident is reviewed; after that nothing is written unseen', async () => {
  const about = await incident('SEV1')
  const { id, version } = await opened()
  const move = (to: string, note?: string) =>
    send('POST', `postmortems/${id}/transition`, { to, ...(note && { note }) })
  expect((await move('review')).code).toBe('postmortems.incomplete')
  await send('PUT', `postmortems/${id}/factors`, { factors, version })
  expect(await move('review')).toMatchObject({ status: 'review' })
  expect((await move('published')).code).toBe('postmortems.reason-missing')
  await send('POST', `postmortems/${id}/actions`, action)
  const published = await move('published')
  expect(published).toMatchObject({ status: 'published', approvedBy: 'ana', publishedAt: at(0) })
  expect(published.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(await get(`incidents/${about}`)).toMatchObject({ status: 'reviewed' })
  const write = await send('PUT', `postmortems/${id}/sections/summary`, { body: 'Nobody did it.', version: 1 })
  expect(write.code).toBe('postmortems.published')
  await move('review', 'A wrong time.')
  await send('PUT', `postmortems/${id}/sections/summary`, { body: 'Corrected.', version: 1 })
  expect((await move('published')).hash).not.toBe(published.hash)
  const { markdown } = await get(`postmortems/${id}/export`)
  expect(markdown).toContain('Nothing tried it on few users first (led to: payment 1.5 dropped the retry)')
})

test('an action is proven when its signal held, and open again when it did not', async () => {
  await incident('SEV1')
  const { id } = await opened()
  const added = await send('POST', `postmortems/${id}/actions`, action)
  const path = `actions/${added.id}`
  expect((await send('POST', `${path}/finish`, {})).code).toBe('actions.signal-missing')
  const wrong = { ...signal, service: 'nothing' }
  expect((await send('POST', `${path}/finish`, { signal: wrong })).code).toBe('postmortems.unknown-signal')
  expect(await send('POST', `${path}/finish`, { signal })).toMatchObject({ state: 'proving', provingSince: at(0) })
  for (let days = 1; days <= 13; days += 1) {
    await world.clock.set(plus(start, days * day + minute))
    await world.drain()
  }
  expect((await get('actions')).items[0]).toMatchObject({ state: 'proving' })
  await world.clock.set(plus(start, 14 * day + hour))
  await world.drain()
  expect((await get('actions')).items[0]).toMatchObject({ state: 'proven' })
  expect((await get('actions')).items[0].seen).toContain('It held for 14 days.')
  await world.receive({ service: 'payment', summary: 'payment errors' })
  const [again] = (await get('actions')).items
  expect(again).toMatchObject({ state: 'open', reopened: 1, provenAt: null })
  expect(again.seen).toContain('opened again')
})

test('an objective that nobody measures proves nothing; one that burns opens the action again', async () => {
  await incident('SEV1')
  const { id } = await opened()
  const added = await send('POST', `postmortems/${id}/actions`, action)
  const byObjective = { kind: 'objective', objective: 'payment-month', windowMs: day }
  await send('POST', `actions/${added.id}/finish`, { signal: byObjective })
  await world.clock.set(plus(start, 3 * day))
  await world.drain()
  expect((await get('actions')).items[0]).toMatchObject({ state: 'proving' })
  expect((await get('actions')).items[0].seen).toContain('Not proven while it is unknown.')
  await noteRecurrences(world.needs, [{ signal: { objective: 'payment-month' }, because: 'It burns again.' }])
  expect((await get('actions')).items[0]).toMatchObject({ state: 'open', reopened: 1, seen: 'It burns again.' })
})

test('what is late is said, once a day for a review, once a week for an action', async () => {
  const about = await incident('SEV1')
  const { id } = await opened()
  await send('POST', `postmortems/${id}/actions`, { ...action, dueAt: at(2 * day) })
  await world.clock.set(plus(start, 8 * day))
  for (let round = 0; round < 3; round += 1) await world.drain()
  const told = async (type: string) =>
    (await world.owner.query('select 1 from journal where type = $1 and links @> $2', [type, [`incident:${about}`]]))
      .rowCount
  expect(await told('postmortem.overdue')).toBe(1)
  expect(await told('action.overdue')).toBe(1)
  expect((await get('actions?state=overdue')).items).toMatchObject([{ overdue: true }])
})

test('a restricted incident has a restricted postmortem', async () => {
  const about = await incident('SEV1', { kind: 'security', title: 'Keys leaked' })
  const { id } = await opened()
  const added = await send('POST', `postmortems/${id}/actions`, action)
  for (const path of ['postmortems', 'actions', 'postmortems?search=leaked'])
    expect((await get(path, 'ben')).items).toEqual([])
  for (const path of [`postmortems/${id}`, `postmortems/${id}/export`])
    expect((await get(path, 'ben')).code).toBe('postmortems.unknown')
  expect((await send('POST', 'postmortems', { incident: about }, 'ben')).code).toBe('incidents.unknown')
  expect((await send('POST', `actions/${added.id}/finish`, { signal }, 'ben')).code).toBe('actions.unknown')
  const { rows } = await world.owner.query("select links from journal where type like 'postmortem.%' and links @> $1", [
    [`incident:${about}`],
  ])
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.every((row) => row.links.includes(`restricted:${about}`))).toBe(true)
})

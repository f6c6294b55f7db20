// Trends and the monthly pack: one set of figures, and nothing of what somebody may not read.
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../kernel/duration.ts'
import { plus } from '../../kernel/instant.ts'
import { at, learningWorld, start } from './learning.fixture.ts'

const { world, send, get } = learningWorld('figures')
const incident = async (title: string, after: number, more: object = {}): Promise<string> => {
  await world().clock.set(plus(start, after))
  const { id } = await send('POST', 'incidents', {
    ...{ title, severity: 'SEV3', services: ['payment'], kind: 'backfilled', startedAt: at(after - hour) },
    ...{ detectedAt: at(after - hour), mitigatedAt: at(after - 30 * minute), resolvedAt: at(after - minute), ...more },
  })
  return id
}

test('a month is told by class, service, team and change, and what is missing is said', async () => {
  const first = await incident('Payments fail', -40 * day)
  const second = await incident('Payments fail', day)
  await incident('Search is slow', 2 * day, { services: ['search'] })
  await incident('An exercise', 2 * day, { kind: 'drill' })
  await send('PUT', `incidents/${second}/classes`, { class: 'change' })
  await send('PUT', `incidents/${first}/classes`, { class: 'capacity' })
  await send('POST', `incidents/${second}/repeats`, { earlier: first, verdict: 'confirmed' })
  await world().clock.set(plus(start, 3 * day))
  const trends = await get('learning/trends')
  expect(trends.totals).toMatchObject({ incidents: 3, repeats: 1, classified: 2, ofChanges: 1, notOfChanges: 1 })
  expect(trends.totals.timeToMitigate).toMatchObject({ medianMs: 30 * minute, known: 3 })
  expect(trends.byClass.map((each: { name: string }) => each.name)).toEqual(['change', 'capacity'])
  expect(trends.byService[0]).toMatchObject({ name: 'payment', incidents: 2 })
  expect(trends.byTeam).toMatchObject([{ name: 'pay' }, { name: 'web' }])
  expect(trends.months.at(-1)).toMatchObject({ month: '2026-03', incidents: 2, repeatRate: 0.5 })
  expect(trends.smallPrint).toContain('1 of 3 incidents have no class of failure.')
  expect((await get('learning/trends?service=search')).totals.incidents).toBe(1)
  expect((await get('learning/trends?team=web')).totals.incidents).toBe(1)
  expect((await get('learning/trends?class=capacity')).totals.incidents).toBe(1)
  const bad = 'from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z'
  expect(await get(`learning/trends?${bad}`)).toMatchObject({ code: 'learning.bad-range' })
})

test('the pack of a month: the same figures, with actions, problems, known errors and lessons', async () => {
  const first = await incident('Payments *fail*', -40 * day)
  const second = await incident('Payments fail', day)
  await send('POST', `incidents/${second}/repeats`, { earlier: first, verdict: 'confirmed' })
  const { id, version } = await send('POST', 'postmortems', { incident: second })
  await send('PUT', `postmortems/${id}/factors`, {
    factors: [{ id: 'pool', text: 'The pool is small', kind: 'latent', leadsTo: [] }],
    version,
  })
  expect(await send('PUT', `incidents/${second}/classes`, { class: 'capacity', factor: 'pool' })).toMatchObject({
    factors: [{ id: 'pool', class: 'capacity' }],
  })
  const action = { title: 'Double it', kind: 'prevent', owner: 'ben', dueAt: at(5 * day) }
  await send('POST', `postmortems/${id}/actions`, action)
  await send('PUT', `postmortems/${id}/sections/lessons`, { body: 'Alert on **waiting** clients.', version: 1 })
  await send('POST', `postmortems/${id}/transition`, { to: 'review' })
  await send('POST', `postmortems/${id}/transition`, { to: 'published' })
  const problem = await send('POST', 'problems', {
    title: 'The pool',
    incidents: [first, second],
    workaround: 'Restart.',
  })
  await send('POST', `problems/${problem.id}/transition`, { to: 'known-error' })
  await world().clock.set(plus(start, 20 * day))
  const pack = await get('learning/packs/2026-03')
  expect(pack).toMatchObject({
    totals: { incidents: 1, repeats: 1, repeatRate: 1 },
    before: { incidents: 0 },
    impactMinutes: 30,
    incidents: [{ incident: { id: second }, classes: ['capacity'], repeats: true, timeToMitigateMs: 30 * minute }],
    repeats: [{ incident: { id: second }, earlier: { id: first } }],
    actions: { agreed: 1, finished: [], proven: [], overdue: [{ title: 'Double it' }] },
    problems: [{ problem: { number: problem.number }, moves: [{ after: 'open' }, { after: 'known-error' }] }],
    knownErrors: [{ workaround: 'Restart.' }],
    lessons: [{ lessons: 'Alert on **waiting** clients.' }],
  })
  const { markdown } = pack
  expect(markdown).toContain('# Review of 2026-03')
  expect(markdown).toContain('Alert on **waiting** clients.')
  expect(markdown).toContain('Payments \\*fail\\*')
  // The same month by the other door.
  const month = (await get('learning/trends')).months.at(-1)
  expect(month).toMatchObject({ ...pack.totals, month: '2026-03' })
  expect((await get('learning/packs/2026-05')).incidents).toEqual([])
  expect(await get('learning/packs/2026-13')).toMatchObject({ code: 'learning.bad-month' })
})

test('a security incident is not counted for who may not read it, nor is a repeat of it', async () => {
  await world().clock.set(plus(start, -3 * day))
  const hidden = { title: 'Tokens leaked', severity: 'SEV3', services: ['payment'], kind: 'security' }
  const { id: secret } = await send('POST', 'incidents', { ...hidden, readers: ['person:ana'] })
  const open = await incident('Tokens leaked', day)
  await send('POST', `incidents/${open}/repeats`, { earlier: secret, verdict: 'confirmed' })
  await send('PUT', `incidents/${secret}/classes`, { class: 'security' })
  const totals = async (as: string) => (await get('learning/trends', as)).totals
  expect(await totals('ana')).toMatchObject({ incidents: 2, repeats: 1, classified: 1 })
  expect(await totals('ben')).toMatchObject({ incidents: 1, repeats: 0, classified: 0 })
  const pack = await get('learning/packs/2026-03', 'ben')
  expect(JSON.stringify(pack)).not.toContain(secret)
  expect(pack.totals).toMatchObject({ incidents: 1, repeats: 0 })
})

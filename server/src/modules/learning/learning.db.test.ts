// From two incidents that look alike to a problem that is proven to be gone, and what a restricted reader does not learn.
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../kernel/duration.ts'
import { plus } from '../../kernel/instant.ts'
import { at, learningWorld, start } from './learning.fixture.ts'

const { world, send, get } = learningWorld('learning')
const incident = async (title: string, after: number, more: object = {}): Promise<string> => {
  await world().clock.set(plus(start, after))
  const body = { title, severity: 'SEV3', services: ['payment'], startedAt: at(after - 20 * minute), ...more }
  const { id } = await send('POST', 'incidents', body)
  await send('POST', `incidents/${id}/roles`, { role: 'commander' })
  await send('POST', `incidents/${id}/transition`, { to: 'resolved', note: 'Rolled back.' })
  await world().drain()
  return id
}
const titles = (of: { earlier: { title: string } }[]) => of.map((each) => each.earlier.title)

test('an earlier incident that looks alike is proposed with its evidence; one that does not is not', async () => {
  await incident('Search is slow', 0, { services: ['search'] })
  const first = await incident('Payments fail: pool of connections exhausted', hour)
  const second = await incident('Payments fail again: pool exhausted', day)
  const { proposals, threshold, looked } = await get(`incidents/${second}/repeats`)
  expect(titles(proposals)).toEqual(['Payments fail: pool of connections exhausted'])
  expect(proposals[0].score).toBeGreaterThanOrEqual(threshold)
  expect(proposals[0].evidence.map((each: { part: string }) => each.part)).toEqual(['text', 'services'])
  expect(proposals[0].evidence[1].sentence).toBe('1 of 1 service in common: payment.')
  expect(looked).toBe(2)
  // Never the other way round.
  expect((await get(`incidents/${first}/repeats`)).proposals).toEqual([])
})

test('the same alert and the same class of failure are evidence', async () => {
  await world().receive({ service: 'payment', summary: 'errors high', dedupKey: 'one' })
  const first = (await world().only()).id
  await send('POST', `incidents/${first}/transition`, { to: 'resolved', note: 'Over.' })
  await world().receive({ service: 'payment', summary: 'errors high', dedupKey: 'one', status: 'resolved' })
  await world().clock.set(plus(start, 2 * day))
  await world().receive({ service: 'payment', summary: 'errors high', dedupKey: 'one' })
  const second = (await world().incidents()).find((each) => each.id !== first)?.id ?? ''
  const put = (id: string, body: object) => send('PUT', `incidents/${id}/classes`, body)
  expect(await put(first, { class: 'nonsense' })).toMatchObject({ code: 'learning.unknown-class' })
  expect(await put(first, { class: 'capacity', factor: 'nowhere' })).toMatchObject({ code: 'learning.unknown-factor' })
  expect(await put(first, { class: 'capacity' })).toMatchObject({ whole: 'capacity', factors: [] })
  await put(second, { class: 'capacity' })
  const { proposals } = await get(`incidents/${second}/repeats`)
  expect(proposals[0].score).toBe(1)
  expect(proposals[0].evidence.map((each: { sentence: string }) => each.sentence)).toContain(
    '1 of 1 alert in common: payment: errors high.',
  )
  await put(second, { class: null })
  expect((await get(`incidents/${second}/classes`)).whole).toBeNull()
})

test('a person confirms, rejects with a reason, or takes the word back; each stands in the timeline', async () => {
  const first = await incident('Payments fail: pool exhausted', 0)
  const second = await incident('Payments fail: pool exhausted', day)
  const judge = (of: string, body: object, as = 'ana') => send('POST', `incidents/${of}/repeats`, body, as)
  const { items } = await get('learning/repeats')
  expect(items).toMatchObject([{ incident: { id: second }, earlier: { id: first }, said: null }])
  expect(await judge(second, { earlier: first, verdict: 'rejected' })).toMatchObject({
    code: 'learning.reason-missing',
  })
  expect(await judge(first, { earlier: second, verdict: 'confirmed' })).toMatchObject({ code: 'learning.not-earlier' })
  expect(await judge(second, { earlier: first, verdict: 'confirmed' }, 'vic')).toMatchObject({ status: 403 })
  const undecided = { earlier: first, verdict: 'undecided', reason: 'By mistake' }
  expect(await judge(second, undecided)).toMatchObject({ code: 'learning.nothing-said' })
  const { proposals } = await judge(second, { earlier: first, verdict: 'rejected', reason: 'Another pool' })
  expect(proposals[0].said).toMatchObject({ verdict: 'rejected', reason: 'Another pool', by: 'ana' })
  expect((await get('learning/repeats')).items).toEqual([])
  await judge(second, undecided)
  await judge(second, { earlier: first, verdict: 'confirmed' })
  expect((await get('learning/repeats?verdict=confirmed')).items).toMatchObject([
    { incident: { id: second }, earlier: { id: first }, said: { verdict: 'confirmed' } },
  ])
  expect((await world().timeline(second)).slice(-3)).toEqual([
    expect.stringContaining('ana said that this does not repeat incident'),
    expect.stringContaining('ana took back what was said of a repeat of incident'),
    expect.stringContaining('ana confirmed that this repeats incident'),
  ])
})

test('drills and merged incidents repeat nothing', async () => {
  await incident('Payments fail', 0, { kind: 'drill' })
  const second = await incident('Payments fail', day)
  expect((await get(`incidents/${second}/repeats`)).proposals).toEqual([])
})

test('a problem: opened from repeats, a known error, planned, watched, and proven after its time', async () => {
  const first = await incident('Payments fail: pool exhausted', 0)
  const second = await incident('Payments fail: pool exhausted', day)
  const problem = await send('POST', 'problems', {
    title: 'The pool is too small',
    incidents: [first, second],
    class: 'capacity',
  })
  expect(problem).toMatchObject({ state: 'open', services: ['payment'], incidents: 2, windowMs: 90 * day })
  const path = `problems/${problem.id}`
  const move = (to: string, note?: string) => send('POST', `${path}/transition`, { to, ...(note && { note }) })
  expect(await move('known-error')).toMatchObject({ code: 'problems.incomplete' })
  await send('PATCH', path, { workaround: 'Restart the pooler.', owner: 'ben' })
  expect(await move('known-error')).toMatchObject({ state: 'known-error', owner: 'ben' })
  expect(await send('PATCH', path, { workaround: null })).toMatchObject({ code: 'problems.incomplete' })

  const third = await incident('Payments fail: pool exhausted', 2 * day)
  const { knownErrors } = await get(`incidents/${third}/repeats`)
  expect(knownErrors).toMatchObject([{ problem: { number: problem.number }, workaround: 'Restart the pooler.' }])

  const postmortem = await send('POST', 'postmortems', { incident: second })
  const signal = { kind: 'alert', service: 'payment', title: 'errors high', windowMs: 14 * day }
  const action = await send('POST', `postmortems/${postmortem.id}/actions`, {
    ...{ title: 'Double the pool', kind: 'prevent', owner: 'ben', dueAt: at(9 * day), signal },
  })
  expect((await send('POST', `${path}/links`, { action: action.id })).linkedActions).toMatchObject([{ state: 'open' }])
  expect(await move('planned')).toMatchObject({ state: 'planned' })
  expect(await move('watching')).toMatchObject({ code: 'problems.not-done' })
  await send('POST', `actions/${action.id}/finish`, {})
  expect(await move('watching')).toMatchObject({ state: 'watching', watchedSince: at(2 * day) })

  // It comes again: the word of a person brings the problem back.
  const fourth = await incident('Payments fail: pool exhausted', 3 * day)
  await send('POST', `incidents/${fourth}/repeats`, { earlier: first, verdict: 'confirmed' })
  expect(await get(path)).toMatchObject({ state: 'open', incidents: 3, watchedSince: null })
  expect((await get(path)).moves[0].because).toContain('It came again')

  await move('watching', 'The pool is gone')
  await world().clock.set(plus(start, 3 * day + 90 * day - minute))
  await world().drain()
  expect((await get(path)).state).toBe('watching')
  await world().clock.set(plus(start, 3 * day + 90 * day + minute))
  await world().drain()
  const gone = await get(path)
  expect(gone).toMatchObject({ state: 'eliminated', sentence: expect.stringContaining('did not repeat for 90 days') })
  expect((await get('problems?state=current')).items).toEqual([])
  const later = await incident('Payments fail: pool exhausted', 100 * day)
  expect(await send('POST', `${path}/links`, { incident: later })).toMatchObject({ state: 'open' })
})

test('who may not read a security incident learns nothing of it: no proposal, no repeat, no problem', async () => {
  const secret = await incident('Tokens leaked: pool exhausted', 0, { kind: 'security', readers: ['person:ana'] })
  const open = await incident('Tokens leaked: pool exhausted', day)
  expect(titles((await get(`incidents/${open}/repeats`)).proposals)).toEqual(['Tokens leaked: pool exhausted'])
  const forBen = async () => JSON.stringify(await get(`incidents/${open}/repeats`, 'ben'))
  expect(await forBen()).not.toContain(secret)
  expect((await get(`incidents/${open}/repeats`, 'ben')).looked).toBe(0)
  const confirm = { earlier: secret, verdict: 'confirmed' }
  expect(await send('POST', `incidents/${open}/repeats`, confirm, 'ben')).toMatchObject({ status: 404 })
  await send('POST', `incidents/${open}/repeats`, confirm)
  const text = { title: 'Tokens in logs', incidents: [secret, open], workaround: 'Rotate them.' }
  const problem = await send('POST', 'problems', text)
  expect(await forBen()).not.toContain('Rotate')
  expect((await get('learning/repeats?verdict=confirmed', 'ben')).items).toEqual([])
  expect((await get('problems', 'ben')).items).toEqual([])
  expect(await get(`problems/${problem.id}`, 'ben')).toMatchObject({ status: 404, code: 'problems.unknown' })
  expect((await get('problems')).items).toHaveLength(1)
  // What is written of it in the journal is closed, too.
  const { rows } = await world().owner.query<{ links: string }>(
    "select links::text as links from journal where type in ('repeat.confirmed', 'problem.opened') and links::text like $1",
    [`%${open}%`],
  )
  expect(rows).toHaveLength(2)
  for (const row of rows) expect(row.links).toContain(`restricted:${secret}`)
})

test('an action of a restricted incident is not linked to a problem all may read', async () => {
  const secret = await incident('Tokens leaked', 0, { kind: 'security', readers: ['person:ana'] })
  const { id } = await send('POST', 'postmortems', { incident: secret })
  const action = await send('POST', `postmortems/${id}/actions`, {
    ...{ title: 'Hide them', kind: 'prevent', owner: 'ana', dueAt: at(9 * day) },
  })
  const problem = await send('POST', 'problems', { title: 'Tokens in logs' })
  const link = (body: object) => send('POST', `problems/${problem.id}/links`, body)
  expect(await link({ action: action.id })).toMatchObject({ code: 'problems.restricted-action' })
  expect(await link({})).toMatchObject({ code: 'problems.nothing-named' })
  await link({ incident: secret })
  expect((await link({ action: action.id })).linkedActions).toHaveLength(1)
  const out = { incident: secret, action: action.id, reason: 'Another one' }
  expect(await send('POST', `problems/${problem.id}/unlink`, out)).toMatchObject({ incidents: 0, linkedActions: [] })
})

test('what was said of an incident goes with it', async () => {
  const first = await incident('Payments fail: pool exhausted', 0)
  const second = await incident('Payments fail: pool exhausted', day)
  await send('POST', `incidents/${second}/repeats`, { earlier: first, verdict: 'confirmed' })
  await send('PUT', `incidents/${second}/classes`, { class: 'capacity' })
  const problem = await send('POST', 'problems', { title: 'The pool', incidents: [first, second] })
  await world().database.transaction(async (tx) => {
    const { removeIncidents } = await import('../incidents/index.ts')
    await removeIncidents(tx, [first])
  })
  expect((await get(`incidents/${second}/repeats`)).proposals).toEqual([])
  expect(await get(`problems/${problem.id}`)).toMatchObject({ incidents: 1, linkedIncidents: [{ id: second }] })
  expect((await get(`incidents/${second}/classes`)).whole).toBe('capacity')
})

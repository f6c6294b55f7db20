// The review before publication: who must look, at which text, and what waits.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
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
const spent: { objective: string; share: number }[] = []
const start = instant(Date.UTC(2026, 2, 2, 3))
const tuesday = instant(Date.UTC(2026, 2, 2, 23))
beforeAll(async () => {
  world = await openIncidentsWorld('postmortem_reviews', (needs, people) => [
    postmortemsRoom(needs, {
      ...people,
      remind: async (_tx, reminder) => reminders.push(reminder),
      budgetSpent: async () => spent,
      // The Tuesday after is none of team pay's working days.
      holidaysOf: async (_queries, { schedule, team }) =>
        schedule === null && team !== 'pay'
          ? null
          : {
              schedule: schedule ?? 'pay-de',
              zone: 'Europe/Berlin',
              holidays: [{ start: tuesday, end: plus(tuesday, day) }],
            },
    }),
  ])
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clear()
  await world.owner.query('truncate postmortems cascade')
  await world.clock.set(start)
  reminders.splice(0)
  spent.splice(0)
})

const call = async (method: 'GET' | 'POST' | 'PATCH' | 'PUT', path: string, as: string, body?: object) =>
  (await world.call({ method, url: `/api/v1/${path}`, as, ...(body === undefined ? {} : { body }) })).json()

async function declare(severities: object, more: object = {}): Promise<void> {
  const person = (name: string) => ({ kind: 'Person', metadata: { name }, spec: { email: `${name}@shop.example` } })
  const policy = { kind: 'PostmortemPolicy', metadata: { name: 'default' }, spec: { severities, ...more } }
  await applyDocuments(
    world.needs,
    { kinds: () => [...catalogKinds, postmortemPolicyKind], translators: [], mayChange: () => undefined },
    {
      documents: [person('ana'), person('ben'), person('root'), policy]
        .map((each) => JSON.stringify({ apiVersion: 'mainstay.dev/v1', ...each }))
        .join('\n---\n'),
      actor: automation('test'),
    },
  )
}

async function written(severity = 'SEV1', more: object = {}): Promise<string> {
  const body = {
    title: 'Payments fail',
    severity,
    services: ['payment'],
    startedAt: formatInstant(plus(start, -20 * minute)),
    ...more,
  }
  const incident = (await call('POST', 'incidents', 'ana', body)).id
  await call('POST', `incidents/${incident}/roles`, 'ana', { role: 'commander' })
  await call('POST', `incidents/${incident}/transition`, 'ana', { to: 'resolved', note: 'Rolled back.' })
  await world.drain()
  const { id, version } = await call('POST', 'postmortems', 'ana', { incident })
  const factors = [{ id: 'a', text: 'No lock timeout', kind: 'latent', leadsTo: [] }]
  expect((await call('PUT', `postmortems/${id}/factors`, 'ana', { factors, version })).factors).toHaveLength(1)
  return id
}
const move = (id: string, to: string) => call('POST', `postmortems/${id}/transition`, 'ana', { to, note: 'Read.' })
const decide = async (id: string, as: string, decision: string, reason?: string) => {
  const { textHash } = await call('GET', `postmortems/${id}/review`, as)
  return call('POST', `postmortems/${id}/review/decision`, as, {
    decision,
    textHash,
    ...(reason === undefined ? {} : { reason }),
  })
}

test('who is named is asked, and without them it is not published; a changed text is looked at again', async () => {
  await declare({ SEV1: { review: { reviewers: ['ana', 'ben'] } } })
  const id = await written()
  await move(id, 'review')
  expect(reminders.map(({ person, path }) => ({ person, path }))).toEqual([
    { person: 'ben', path: `/postmortems/${id}` },
  ])
  expect(await move(id, 'published')).toMatchObject({
    code: 'postmortems.review-missing',
    status: 409,
    errors: [{ detail: 'ben has not approved it.' }],
  })
  // Its owner's own word is not enough.
  await decide(id, 'ana', 'approved')
  expect((await move(id, 'published')).code).toBe('postmortems.review-missing')
  expect(await decide(id, 'ben', 'changes')).toMatchObject({ code: 'postmortems.reason-missing' })
  expect(await decide(id, 'ben', 'changes', 'Say how long.')).toMatchObject({
    ready: false,
    sentence: /ben asks for changes/,
  })
  await call('PATCH', `postmortems/${id}`, 'ana', { title: 'Payments failed for 20 minutes' })
  expect(await decide(id, 'ben', 'approved')).toMatchObject({ ready: true, approvals: 1 })
  await call('PATCH', `postmortems/${id}`, 'ana', { title: 'Something else' })
  expect((await call('GET', `postmortems/${id}/review`, 'vic')).reviewers).toMatchObject([
    { person: 'ana', state: 'outdated' },
    { person: 'ben', state: 'outdated' },
  ])
  expect((await move(id, 'published')).code).toBe('postmortems.review-missing')
  await decide(id, 'ben', 'approved')
  expect(await move(id, 'published')).toMatchObject({ status: 'published' })
})

test('a decision on what somebody changed meanwhile is refused', async () => {
  await declare({ SEV1: { review: { quorum: 1 } } })
  const id = await written()
  await move(id, 'review')
  const { textHash } = await call('GET', `postmortems/${id}/review`, 'ben')
  await call('PATCH', `postmortems/${id}`, 'ana', { title: 'Other words' })
  const order = { decision: 'approved', textHash }
  expect(await call('POST', `postmortems/${id}/review/decision`, 'ben', order)).toMatchObject({
    code: 'postmortems.edited',
  })
})

test('comments are answered first', async () => {
  await declare({ SEV1: { review: { quorum: 1 } } })
  const id = await written()
  await move(id, 'review')
  const { comments } = await call('POST', `postmortems/${id}/review/comments`, 'ben', {
    section: 'summary',
    body: 'Since when?',
  })
  expect(await decide(id, 'ben', 'approved')).toMatchObject({ ready: false, sentence: '1 comment is open.' })
  const path = `postmortems/${id}/review/comments/${comments[0].comment}`
  expect(await call('POST', path, 'vic', { resolved: true })).toMatchObject({ status: 403 })
  const elsewhere = await written('SEV2')
  const wrong = `postmortems/${elsewhere}/review/comments/${comments[0].comment}`
  expect(await call('POST', wrong, 'ana', { resolved: true })).toMatchObject({ code: 'postmortems.unknown-comment' })
  expect(await call('POST', path, 'ana', { resolved: true })).toMatchObject({ ready: true })
  expect((await call('POST', path, 'ana', { resolved: false })).ready).toBe(false)
})

test('somebody else is asked by name; a stranger to the catalog is not', async () => {
  await declare({})
  const id = await written('SEV3')
  const ask = (person: string) => call('POST', `postmortems/${id}/review/reviewers`, 'ana', { person })
  expect(await ask('nobody')).toMatchObject({ code: 'postmortems.unknown-person' })
  expect((await ask('ben')).reviewers).toMatchObject([{ person: 'ben', askedBy: 'ana', state: 'asked' }])
  // Nobody must: it may be published all the same.
  await move(id, 'review')
  expect(await move(id, 'published')).toMatchObject({ status: 'published' })
  expect(await decide(id, 'ben', 'approved')).toMatchObject({ code: 'postmortems.not-in-review' })
})

test('the agenda: what waits, the oldest first; a restricted one is told only to who may read it', async () => {
  await declare({ SEV1: { review: { quorum: 2 } } })
  const first = await written()
  await move(first, 'review')
  await world.clock.set(plus(start, hour))
  const second = await written('SEV1', { kind: 'security' })
  await move(second, 'review')
  const asRoot = (await call('GET', 'postmortem-agenda', 'root')).items
  expect(asRoot.map((each: { postmortem: { id: string } }) => each.postmortem.id)).toEqual([first, second])
  expect(asRoot[0]).toMatchObject({
    waitsSince: formatInstant(start),
    quorum: 2,
    sentence: '2 of 2 approvals missing.',
  })
  expect((await call('GET', 'postmortem-agenda?limit=1', 'root')).nextCursor).not.toBeNull()
  const asVic = (await call('GET', 'postmortem-agenda', 'vic')).items
  expect(asVic.map((each: { postmortem: { id: string } }) => each.postmortem.id)).toEqual([first])
  expect((await call('GET', `postmortems/${second}/review`, 'vic')).code).toBe('postmortems.unknown')
})

test('due by the days of its severity and the calendar of its team; kept to, or not, is counted', async () => {
  await declare({ SEV1: { dueDays: 2 } })
  const id = await written()
  expect(await call('GET', `postmortems/${id}`, 'vic')).toMatchObject({
    dueAt: formatInstant(plus(start, 3 * day)),
    dueBecause: '2 working days for SEV1, by the calendar of pay-de (Europe/Berlin), without 1 holiday.',
  })
  const asked = await written('SEV3', { services: ['search'] })
  expect((await call('GET', `postmortems/${asked}`, 'vic')).dueBecause).toBe('5 working days, Monday to Friday in UTC.')
  await move(id, 'review')
  await move(id, 'published')
  // Corrected when its day is long over: it was on time all the same.
  await world.clock.set(plus(start, 20 * day))
  await move(id, 'review')
  await move(id, 'published')
  expect(await call('GET', 'postmortem-compliance', 'vic')).toMatchObject({
    ...{ due: 2, onTime: 1, late: 1, open: 1, ratio: 0.5 },
    severities: [
      { severity: 'SEV1', due: 1, ratio: 1 },
      { severity: 'SEV3', due: 1, ratio: 0 },
    ],
  })
})

test('what touched an important service and hurt nobody is a near miss, once somebody counted', async () => {
  await declare({}, { nearMissTier: 1 })
  const over = async (service: string, peopleAffected?: number) => {
    const { id } = await call('POST', 'incidents', 'ana', {
      ...{ title: 'The spare took over', severity: 'SEV4', services: [service] },
      ...(peopleAffected === undefined ? {} : { peopleAffected }),
    })
    await call('POST', `incidents/${id}/roles`, 'ana', { role: 'commander' })
    await call('POST', `incidents/${id}/transition`, 'ana', { to: 'resolved', note: 'Over.' })
    await world.drain()
    return (await call('GET', `postmortems?incident=${id}`, 'ana')).items.map(
      (each: { because: string }) => each.because,
    )
  }
  expect(await over('payment')).toEqual([])
  expect(await over('payment', 3)).toEqual([])
  expect(await over('search', 0)).toEqual([])
  expect(await over('payment', 0)).toEqual(['A near miss: it hurt nobody, and it touched payment (tier 1).'])
})

test('an exception ends reminders and is counted beside; nobody excuses their own', async () => {
  await declare({})
  const id = await written()
  const excuse = (as: string, excused: boolean, reason = 'The same as incident 5.') =>
    call('POST', `postmortems/${id}/exception`, as, { excused, reason })
  expect((await excuse('ana', true)).code).toBe('postmortems.own-exception')
  expect((await excuse('ben', false)).code).toBe('postmortems.same-exception')
  expect(await excuse('ben', true)).toMatchObject({
    exception: { by: 'ben', at: formatInstant(start), because: 'The same as incident 5.' },
  })
  expect((await excuse('root', true)).detail).toBe('ben excused it already.')
  const late = async () => {
    const { rows } = await world.owner.query(
      `select count(*)::int as count from journal where type = 'postmortem.overdue'`,
    )
    return rows[0].count
  }
  await world.clock.set(plus(start, 21 * day))
  await world.drain()
  expect(await late()).toBe(0)
  expect(await call('GET', `postmortems/${id}`, 'vic')).toMatchObject({ overdue: false })
  expect(await call('GET', 'postmortem-compliance', 'vic')).toMatchObject({ due: 0, open: 0, ratio: null, excused: 1 })
  expect(await excuse('ana', false, 'It was another cause.')).toMatchObject({ exception: null, overdue: true })
  await world.drain()
  expect(await late()).toBe(1)
  expect(await call('GET', 'postmortem-compliance', 'vic')).toMatchObject({ due: 1, open: 1, excused: 0 })
  const { incident } = await call('GET', `postmortems/${id}`, 'vic')
  expect((await world.timeline(incident.id)).slice(-3)).toEqual([
    'ben said that no postmortem is needed: The same as incident 5.',
    'ana said that a postmortem is needed after all: It was another cause.',
    'The postmortem is overdue',
  ])
  await move(id, 'review')
  await move(id, 'published')
  expect((await excuse('ben', true)).code).toBe('postmortems.published')
})

test('what spent enough of a budget is reviewed however severe it was; a near miss when somebody says so', async () => {
  await declare({}, { budgetShare: 0.2 })
  const over = async (share: number) => {
    spent.splice(0, 2, { objective: 'Payments answer', share }, { objective: 'Payments are fast', share: 0.01 })
    const body = { title: 'Payments were slow', severity: 'SEV4', services: ['payment'] }
    const incident = (await call('POST', 'incidents', 'ana', body)).id
    await call('POST', `incidents/${incident}/transition`, 'ana', { to: 'resolved', note: 'It healed.' })
    await world.drain()
    return incident
  }
  const little = await over(0.19)
  expect((await call('GET', `postmortems?incident=${little}`, 'vic')).items).toEqual([])
  expect((await call('GET', `postmortems?incident=${await over(0.25)}`, 'vic')).items).toMatchObject([
    { because: 'It spent 25 % of the budget of Payments answer; from 20 % on incidents are reviewed.' },
  ])
  expect(await call('POST', 'postmortems', 'ben', { incident: little, because: 'A near miss.' })).toMatchObject({
    because: 'ben asked for it: A near miss.',
  })
})

test('nobody is asked after an action on a holiday', async () => {
  await declare({})
  const id = await written()
  const order = {
    title: 'Set a timeout',
    kind: 'prevent',
    owner: 'ben',
    dueAt: formatInstant(plus(tuesday, 10 * hour)),
  }
  await call('POST', `postmortems/${id}/actions`, 'ana', order)
  const told = async () =>
    (await world.owner.query(`select count(*)::int as count from journal where type = 'action.overdue'`)).rows[0].count
  const before = await told()
  await world.clock.set(plus(tuesday, 11 * hour))
  await world.drain()
  expect(await told()).toBe(before)
  await world.clock.set(plus(tuesday, 35 * hour))
  await world.drain()
  expect(await told()).toBe(before + 1)
})

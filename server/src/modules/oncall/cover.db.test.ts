// Covering for each other: swap requests with their rules, calendars out and in.
import ICAL from 'ical.js'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Actor } from '../../kernel/actor.ts'
import { day } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { callOf, openWorld, type World } from './testing/world.ts'
import { readFeed } from './usecases/publish-calendar.ts'

let world: World
const named = (id: string): Actor => ({ kind: 'person', id, name: id, role: 'responder', teams: ['web'] })
const [ana, ben, chi] = [named('ana'), named('ben'), named('chi')]
beforeAll(async () => {
  world = await openWorld({ name: 'cover', at: '2026-03-02T12:00:00Z' })
  await world.apply(`${['ana', 'ben', 'chi']
    .map(
      (each) =>
        `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ${each}, displayName: ${each.toUpperCase()}}\nspec: {email: ${each}@shop.example}\n---\n`,
    )
    .join('')}
apiVersion: mainstay.dev/v1
kind: Team
metadata: {name: web}
spec: {members: [ana, ben, chi]}
---
apiVersion: mainstay.dev/v1
kind: Schedule
metadata: {name: primary, displayName: First}
spec:
  zone: UTC
  team: web
  rotations:
    - {name: daily, start: 2026-03-02T00:00, turn: {unit: day, every: 1}, members: [{person: ana}, {person: ben}, {person: chi}]}
`)
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.database.run(sql`truncate overrides, swap_requests, calendar_feeds, schedule_holidays`)
  await world.moveTo('2026-03-02T12:00:00Z')
  world.entries.length = 0
})

// Ana has the 2nd and the 5th, Ben the 3rd and 6th, Chi the 4th and 7th.
const dayOf = (date: string) => ({
  start: `2026-03-${date}T00:00:00Z`,
  end: `2026-03-${String(Number(date) + 1).padStart(2, '0')}T00:00:00Z`,
})
const ask = (body: object, actor = ana) =>
  callOf(world)<{ id: string }>('swaps.create', {
    params: { name: 'primary' },
    body: { reason: 'concert', ...body },
    actor,
  })
const answer = (verb: string, id: string, actor: Actor, body: object = {}) =>
  callOf(world)<{ state: string }>(`swaps.${verb}`, { params: { id }, body, actor })
const drawn = async () =>
  (
    await callOf(world)<{ shifts: { person: string; start: string; source: string }[] }>('schedules.final', {
      params: { name: 'primary' },
      query: { from: '2026-03-03T00:00:00Z', to: '2026-03-08T00:00:00Z' },
    })
  ).shifts.map((each) => `${each.start.slice(8, 10)} ${each.person}`)

test('a shift is offered to everybody; the first who takes it has it, and the schedule says why', async () => {
  const { id } = await ask(dayOf('05'))
  expect((await callOf(world)<{ items: object[] }>('swaps.list')).items).toHaveLength(1)
  expect(await answer('accept', id, chi, { despite: true, note: 'gladly' })).toMatchObject({
    state: 'accepted',
    answeredBy: 'chi',
  })
  expect(await drawn()).toEqual(['03 ben', '04 chi', '05 chi', '06 ben', '07 chi'])
  await expect(answer('accept', id, ben)).rejects.toMatchObject({ code: 'oncall.swap-closed' })
  expect(world.types()).toEqual(['swap.requested', 'override.created', 'swap.accepted'])
  expect(world.entries.at(-1)?.entry).toMatchObject({
    reason: 'gladly',
    links: [
      { kind: 'person', id: 'ana' },
      { kind: 'person', id: 'chi' },
    ],
  })
})

test('an exchange moves both shifts or none', async () => {
  const { id } = await ask({ ...dayOf('05'), candidate: 'ben', back: dayOf('03') })
  await expect(answer('accept', id, chi)).rejects.toMatchObject({ code: 'oncall.swap-not-asked' })
  await answer('accept', id, ben, { despite: true })
  expect(await drawn()).toEqual(['03 ana', '04 chi', '05 ben', '06 ben', '07 chi'])
})

test('too little rest is the taker’s to decide, but not by oversight', async () => {
  const { id } = await ask({ start: '2026-03-05T06:00:00Z', end: '2026-03-05T12:00:00Z' })
  await expect(answer('accept', id, chi)).rejects.toMatchObject({
    code: 'oncall.swap-strain',
    details: { faults: [{ detail: expect.stringContaining('chi has 6 h of rest') }] },
  })
  await answer('accept', id, chi, { despite: true })
})

test.each<[string, object, string]>([
  ['somebody else’s shift', dayOf('06'), 'oncall.swap-not-yours'],
  ['a shift that has begun', { start: '2026-03-02T00:00:00Z', end: '2026-03-03T00:00:00Z' }, 'oncall.swap-past'],
  ['oneself', { ...dayOf('05'), candidate: 'ana' }, 'oncall.swap-self'],
  ['a stranger', { ...dayOf('05'), candidate: 'zoe' }, 'oncall.swap-unclear'],
  ['a shift in return of nobody', { ...dayOf('05'), back: dayOf('06') }, 'oncall.swap-unclear'],
  [
    'a shift in return that is not theirs',
    { ...dayOf('05'), candidate: 'ben', back: dayOf('07') },
    'oncall.swap-not-theirs',
  ],
])('asking with %s is refused', async (_, body, code) => {
  await expect(ask(body)).rejects.toMatchObject({ code })
})

test('declined, taken back, too late: each ends a request for good', async () => {
  const declined = (await ask({ ...dayOf('05'), candidate: 'ben' })).id
  await expect(answer('withdraw', declined, ben)).rejects.toMatchObject({ code: 'oncall.swap-not-yours' })
  expect(await answer('decline', declined, ben)).toMatchObject({ state: 'declined' })
  const own = (await ask(dayOf('05'))).id
  await expect(answer('decline', own, ben)).rejects.toMatchObject({ code: 'oncall.swap-not-asked' })
  await expect(answer('accept', own, ana)).rejects.toMatchObject({ code: 'oncall.swap-self' })
  expect(await answer('withdraw', own, ana)).toMatchObject({ state: 'withdrawn' })
  const late = (await ask(dayOf('05'))).id
  await world.forward(4 * day)
  await expect(answer('accept', late, ben)).rejects.toMatchObject({ code: 'oncall.swap-closed' })
  const { items } = await callOf(world)<{ items: { state: string }[] }>('swaps.list', { query: { all: true } })
  expect(items.map((each) => each.state).sort()).toEqual(['declined', 'expired', 'withdrawn'])
})

test('a request whose shift was given away meanwhile is stale', async () => {
  const { id } = await ask(dayOf('05'))
  await callOf(world)('overrides.create', {
    params: { name: 'primary' },
    body: {
      kind: 'replace',
      person: 'ben',
      covers: 'ana',
      reason: 'x',
      start: '2026-03-05T10:00:00Z',
      end: '2026-03-05T12:00:00Z',
    },
  })
  await expect(answer('accept', id, chi)).rejects.toMatchObject({ code: 'oncall.swap-stale' })
})

const eventsOf = (text: string | null) =>
  new ICAL.Component(ICAL.parse(text ?? '')).getAllSubcomponents('vevent').map((each) => new ICAL.Event(each))
const feed = async (body: object, actor = ana) => {
  const { url } = await callOf(world)<{ url: string }>('calendars.create', { body, actor })
  return /\/calendars\/([\w-]+)\.ics$/.exec(url)?.[1] ?? ''
}

test('one’s own calendar and the team’s are read by another implementation; the secret is the only way in', async () => {
  const own = eventsOf(await readFeed(world.needs, world.oncall, await feed({ kind: 'person' })))
  expect(own.slice(0, 3).map((each) => [each.startDate.toString(), each.summary])).toEqual([
    ['2026-03-02T12:00:00Z', 'On call: First'],
    ['2026-03-05T00:00:00Z', 'On call: First'],
    ['2026-03-08T00:00:00Z', 'On call: First'],
  ])
  const token = await feed({ kind: 'team', name: 'web' })
  const before = eventsOf(await readFeed(world.needs, world.oncall, token))
  expect(before.slice(0, 3).map((each) => each.summary)).toEqual(['ANA: First', 'BEN: First', 'CHI: First'])
  expect(new Set(before.map((each) => each.uid)).size).toBe(before.length)
  // A shift that ends early stays the same event; the hole is loud.
  await callOf(world)('overrides.create', {
    params: { name: 'primary' },
    body: { kind: 'remove', person: 'ben', reason: 'ill', start: '2026-03-03T12:00:00Z', end: '2026-03-04T00:00:00Z' },
  })
  const after = eventsOf(await readFeed(world.needs, world.oncall, token))
  expect(after[1]).toMatchObject({ uid: before[1]?.uid, summary: 'BEN: First' })
  expect(after[1]?.endDate.toString()).toBe('2026-03-03T12:00:00Z')
  expect(after[2]?.summary).toBe('NOBODY on call: First')
  expect(await readFeed(world.needs, world.oncall, `${token}x`)).toBeNull()
  const { items } = await callOf(world)<{ items: { id: string; kind: string; lastReadAt: string | null }[] }>(
    'calendars.list',
  )
  expect(items.map((each) => [each.kind, each.lastReadAt !== null])).toEqual([
    ['team', true],
    ['person', true],
  ])
  await expect(callOf(world)('calendars.delete', { params: { id: items[0]?.id }, actor: ben })).rejects.toMatchObject({
    code: 'oncall.unknown-feed',
  })
  await callOf(world)('calendars.delete', { params: { id: items[0]?.id } })
  expect(await readFeed(world.needs, world.oncall, token)).toBeNull()
  await expect(feed({ kind: 'schedule', name: 'nope' })).rejects.toMatchObject({ code: 'oncall.feed-unknown' })
})

const calendar = (...events: readonly string[]) =>
  ['BEGIN:VCALENDAR', ...events.map((each) => `BEGIN:VEVENT\n${each}\nEND:VEVENT`), 'END:VCALENDAR'].join('\n')
const take = (text: string, body: object) =>
  callOf(world)<{ added: string[]; kept: number; removed: string[]; skipped: string[] }>('calendars.import', {
    params: { name: 'primary' },
    body: { text, ...body },
  })
const trip = 'UID:t\nSUMMARY:Chi covers\nDTSTART:20260303T080000Z\nDTEND:20260303T200000Z'
const mail =
  'UID:m\nSUMMARY:Dienst\nATTENDEE;CN="B, B":mailto:BEN@shop.example\nDTSTART:20260305T080000Z\nDTEND:20260305T200000Z'

test('a calendar of covers becomes overrides; read again, only what changed in it changes', async () => {
  const rehearsed = await take(calendar(trip, mail), { as: 'overrides', dryRun: true })
  expect(rehearsed.added).toHaveLength(2)
  expect(await drawn()).toEqual(['03 ben', '04 chi', '05 ana', '06 ben', '07 chi'])
  const unknown = 'UID:u\nSUMMARY:Banana anatomy\nDTSTART:20260306T080000Z\nDURATION:PT1H'
  const first = await take(calendar(trip, mail, unknown), { as: 'overrides' })
  expect(first.added).toEqual([
    '2026-03-03T08:00:00.000Z to 2026-03-03T20:00:00.000Z chi',
    '2026-03-05T08:00:00.000Z to 2026-03-05T20:00:00.000Z ben',
  ])
  expect(first.skipped).toEqual([expect.stringContaining('Banana anatomy')])
  expect(await drawn()).toEqual([
    '03 ben',
    '03 chi',
    '03 ben',
    '04 chi',
    '05 ana',
    '05 ben',
    '05 ana',
    '06 ben',
    '07 chi',
  ])
  const again = await take(calendar(trip.replace('T200000Z', 'T180000Z')), { as: 'overrides' })
  expect([again.added.length, again.kept, again.removed.length]).toEqual([1, 0, 1])
  expect(await take(calendar(trip.replace('T200000Z', 'T180000Z')), { as: 'overrides' })).toMatchObject({
    added: [],
    kept: 1,
    removed: [],
  })
  await world.moveTo('2026-03-03T10:00:00Z')
  expect(await take(calendar(), { as: 'overrides' })).toMatchObject({ removed: [expect.stringContaining('chi')] })
  await take(calendar(trip), { as: 'overrides' })
  expect(await drawn()).toEqual(['03 ben', '03 chi', '03 chi', '03 ben', '04 chi', '05 ana', '06 ben', '07 chi'])
})

test('a calendar of holidays is known to the lint', async () => {
  await take(calendar('UID:h\nSUMMARY:Founding day\nDTSTART;VALUE=DATE:20260304'), { as: 'holidays' })
  const { findings } = await callOf(world)<{ findings: { code: string; sentence: string }[] }>('schedules.lint', {
    params: { name: 'primary' },
  })
  expect(findings.filter((each) => each.code === 'holiday').map((each) => each.sentence)).toEqual([
    'On call on Founding day: chi.',
  ])
  await expect(take('hello', { as: 'holidays' })).rejects.toMatchObject({ code: 'oncall.calendar-refused' })
})

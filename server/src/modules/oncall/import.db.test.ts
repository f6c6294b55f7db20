// Exports of other products become documents that apply, and mean what they meant there.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatInstant, type Instant, instant, parseInstant } from '../../kernel/instant.ts'
import { findResource } from '../catalog/index.ts'
import { peopleOnCallAt, type Schedule } from './core/index.ts'
import { readSchedule } from './kinds/read-spec.ts'
import { callOf, openWorld, type World } from './testing/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ name: 'import', at: '2026-03-02T12:00:00Z' })
  await world.apply(
    'apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ana, displayName: Ana}\nspec: {email: ana@shop.example}\n',
  )
})
afterAll(() => world.close())

const at = (text: string): Instant => {
  const read = parseInstant(text)
  if (read === null) throw new Error(`Not an instant: ${text}`)
  return read
}
interface Report {
  readonly source: string
  readonly documents: string
  readonly schedules: readonly { name: string; agreement: number | null; rotations: number }[]
  readonly newPeople: readonly { name: string }[]
  readonly missing: readonly string[]
  readonly notes: readonly string[]
}
const take = (body: object) => callOf(world)<Report>('schedules.import', { body: { text: JSON.stringify(body) } })
async function saved(name: string): Promise<Schedule> {
  const stored = await findResource(world.database, { kind: 'Schedule', name })
  if (stored === null) throw new Error(`${name} was not saved.`)
  return readSchedule(stored.document, [])
}
const hour = 3_600_000
const user = (id: string) => ({ user: { id, summary: id } })

test('PagerDuty: layers, restrictions and precedence, compared with what it renders itself', async () => {
  const virtual = at('2026-01-05T09:00:00Z')
  const onCall = (when: number): string => {
    // Their rule, written down again: the office layer on weekdays, the weekly one below it.
    const date = new Date(when)
    const office = date.getUTCDay() >= 1 && date.getUTCDay() <= 5 && date.getUTCHours() >= 9 && date.getUTCHours() < 17
    const turn = office ? 24 * hour : 7 * 24 * hour
    const users = office ? ['P2', 'P3'] : ['P1', 'P2', 'P3']
    return users[Math.floor((when - virtual) / turn) % users.length] ?? ''
  }
  const entries: { start: string; end: string; user: { id: string } }[] = []
  for (let when = at('2026-03-02T00:00:00Z') as number; when < at('2026-03-30T00:00:00Z'); when += hour)
    entries.push({
      start: formatInstant(instant(when)),
      end: formatInstant(instant(when + hour)),
      user: { id: onCall(when) },
    })
  const report = await take({
    users: [
      { id: 'P1', name: 'Ana', email: 'ana@shop.example' },
      { id: 'P2', name: 'Bea Müller', email: 'bea@shop.example' },
      { id: 'P3', name: 'Chi', email: 'chi@shop.example' },
    ],
    schedules: [
      {
        name: 'Platform',
        time_zone: 'UTC',
        schedule_layers: [
          {
            name: 'Office',
            start: '2026-01-05T09:00:00Z',
            rotation_virtual_start: '2026-01-05T09:00:00Z',
            rotation_turn_length_seconds: 86_400,
            users: [user('P2'), user('P3')],
            restrictions: [1, 2, 3, 4, 5].map((start_day_of_week) => ({
              type: 'weekly_restriction',
              start_day_of_week,
              start_time_of_day: '09:00:00',
              duration_seconds: 8 * 3600,
            })),
          },
          {
            name: 'Always',
            start: '2026-01-05T09:00:00Z',
            rotation_virtual_start: '2026-01-05T09:00:00Z',
            rotation_turn_length_seconds: 604_800,
            users: ['P1', 'P2', 'P3'].map(user),
          },
          {
            name: 'Over',
            start: '2025-01-05T09:00:00Z',
            end: '2025-02-05T09:00:00Z',
            rotation_virtual_start: '2025-01-05T09:00:00Z',
            rotation_turn_length_seconds: 604_800,
            users: [user('P1')],
          },
        ],
        final_schedule: { rendered_schedule_entries: entries },
      },
    ],
  })
  expect(report).toMatchObject({
    source: 'PagerDuty',
    schedules: [{ name: 'platform', rotations: 2, agreement: 1 }],
    newPeople: [{ name: 'bea-muller' }, { name: 'chi' }],
    missing: [],
    notes: ['Platform: Office over Always.'],
  })
  await world.apply(report.documents)
  expect(peopleOnCallAt(await saved('platform'), at('2026-03-07T12:00:00Z'))).toHaveLength(1)
  // Again: everybody is known now, and nothing is made twice.
  expect((await take({ schedule: { name: 'x', time_zone: 'UTC', schedule_layers: [] } })).notes).toEqual([
    expect.stringContaining('x is left out'),
  ])
})

test('Opsgenie: rotations side by side, restrictions, an empty place and what it cannot say here', async () => {
  const report = await take({
    data: [
      {
        name: 'Database_schedule',
        timezone: 'Europe/Berlin',
        rotations: [
          {
            name: 'Rot1',
            startDate: '2026-01-05T08:00:00Z',
            type: 'weekly',
            length: 2,
            participants: [
              { type: 'user', username: 'ana@shop.example' },
              { type: 'none' },
              { type: 'user', username: 'dov@shop.example' },
            ],
            timeRestriction: {
              type: 'weekday-and-time-of-day',
              restrictions: [
                { startDay: 'friday', startHour: 18, startMin: 0, endDay: 'monday', endHour: 9, endMin: 0 },
              ],
            },
          },
          {
            name: 'Rot2',
            startDate: '2026-01-05T08:00:00Z',
            type: 'daily',
            length: 1,
            participants: [{ type: 'escalation', name: 'e' }],
          },
        ],
      },
    ],
  })
  expect(report).toMatchObject({
    source: 'Opsgenie',
    schedules: [{ name: 'database-schedule', rotations: 1, agreement: null }],
    newPeople: [{ name: 'dov' }],
    notes: [expect.stringContaining('type escalation'), expect.stringContaining('Rot2: has no users')],
  })
  await world.apply(report.documents)
  const schedule = await saved('database-schedule')
  // 2 March lies in the fifth turn of two weeks, counted from 0: Ana's place, the empty one, Dov's, again from the start.
  const on = ['2026-03-06T12:00:00Z', '2026-03-07T12:00:00Z', '2026-02-21T12:00:00Z', '2026-02-07T12:00:00Z'].map(
    (each) => peopleOnCallAt(schedule, at(each)).join(),
  )
  expect(on).toEqual(['', '', 'ana', 'dov'])
})

test('Grafana OnCall: rolling users over a working week, pairs, a single event and a calendar that stays outside', async () => {
  const report = await take({
    users: [
      { id: 'U1', username: 'ana', email: 'ana@shop.example' },
      { id: 'U2', username: 'eve', email: 'eve@shop.example' },
      { id: 'U3', username: 'nobody-knows', email: '' },
    ],
    schedules: {
      results: [
        { id: 'S1', name: 'Web', type: 'calendar', time_zone: 'Europe/Berlin', shifts: ['A', 'B', 'missing'] },
        { id: 'S2', name: 'Cal', type: 'ical', ical_url_primary: 'https://calendar.example/x.ics' },
      ],
    },
    on_call_shifts: {
      results: [
        {
          id: 'A',
          name: 'Days',
          type: 'rolling_users',
          time_zone: 'Europe/Berlin',
          // A Wednesday: the first week of the first user is short.
          start: '2026-02-25T09:00:00',
          duration: 28_800,
          frequency: 'weekly',
          interval: 1,
          by_day: ['MO', 'TU', 'WE', 'TH', 'FR'],
          rolling_users: [['U1'], ['U2']],
        },
        {
          id: 'B',
          name: 'Launch',
          type: 'single_event',
          start: '2026-03-10T18:00:00',
          duration: 7_200,
          users: ['U1', 'U2'],
        },
      ],
    },
  })
  expect(report).toMatchObject({
    source: 'Grafana OnCall',
    schedules: [{ name: 'web', rotations: 2 }],
    newPeople: [{ name: 'eve' }],
    missing: ['nobody-knows'],
    notes: [expect.stringContaining('missing is not in the file'), expect.stringContaining('calendar.example')],
  })
  await world.apply(report.documents)
  const schedule = await saved('web')
  const on = (when: string) => peopleOnCallAt(schedule, at(when)).join('+')
  expect(on('2026-02-23T10:00:00Z')).toBe('')
  expect([on('2026-02-25T10:00:00Z'), on('2026-02-27T10:00:00Z')]).toEqual(['ana', 'ana'])
  expect([on('2026-03-02T10:00:00Z'), on('2026-03-06T10:00:00Z')]).toEqual(['eve', 'eve'])
  expect([on('2026-03-09T10:00:00Z'), on('2026-03-07T10:00:00Z')]).toEqual(['ana', ''])
  expect(on('2026-03-10T18:30:00Z')).toBe('ana+eve')
})

test('a zone nobody knows is said, not a crash', async () => {
  const turn = { rotation_turn_length_seconds: 86_400, users: [user('ana')] }
  const layers = [{ name: 'L', start: '2026-01-05T09:00:00Z', rotation_virtual_start: '2026-01-05T09:00:00Z', ...turn }]
  const { notes } = await take({ schedule: { name: 'Z', time_zone: 'Mars/Base', schedule_layers: layers } })
  expect(notes).toEqual([expect.stringContaining('Mars/Base')])
})

test.each(['no json', '{}', '[]', '{"schedules": []}'])('%s is no export', async (text) => {
  await expect(callOf(world)('schedules.import', { body: { text } })).rejects.toMatchObject({
    code: 'oncall.export-refused',
  })
})

test.each<[string, object, readonly string[]]>([
  [
    'PagerDuty',
    {
      schedules: [{ name: 'main', time_zone: 'UTC', schedule_layers: [] }],
      extensions: [{ id: 'E1', name: 'ChatOps' }],
      webhook_subscriptions: [{ id: 'W2', description: '' }],
    },
    ['ChatOps', 'W2'],
  ],
  [
    'Opsgenie',
    {
      data: [{ name: 'main', timezone: 'UTC', rotations: [] }],
      integrations: [
        { id: 'I1', name: 'Board', type: 'Webhook' },
        { id: 'I2', name: 'Mail', type: 'Email' },
      ],
    },
    ['Board'],
  ],
  [
    'Grafana OnCall',
    {
      schedules: [],
      on_call_shifts: [],
      webhooks: { results: [{ id: 'WH1', name: 'Board' }] },
      escalation_policies: [
        { type: 'trigger_webhook', action_to_trigger: 'WH1' },
        { type: 'trigger_webhook', action_to_trigger: 'WH9' },
        { type: 'wait', duration: 60 },
      ],
    },
    ['Board', 'WH9'],
  ],
])('%s: webhooks of the export are named, with what to do', async (source, body, names) => {
  const report = await take(body)
  expect(report.source).toBe(source)
  const said = report.notes.filter((each) => each.startsWith('Webhook '))
  expect(said.map((each) => each.split(' ')[1])).toEqual(names)
  expect(said[0]).toContain('declare a Webhook with the address of its receiver')
})

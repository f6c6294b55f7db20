// Fixture: the parameters of our set-up text, filled as Zabbix 7 fills its macros.
import { expect, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import { readSignal } from '../../modules/alerts/core/index.ts'
import { testNeverFails } from '../hurt-payload.fixture.ts'
import problem from './fixtures/problem.json' with { type: 'json' }
import { readZabbix } from './read-event.ts'

const read = (more: object) => readZabbix({ body: { ...problem, ...more }, headers: {} })

test('a problem', () => {
  expect(read({}).signals).toMatchObject([
    {
      status: 'firing',
      dedupKey: '8812',
      summary: 'Disk space is low on /var',
      severity: 'High',
      service: 'checkout',
      labels: { host: 'db-1', trigger_id: '23011', scope: 'capacity' },
      annotations: { 'operational data': 'used: 93 %' },
      links: [{ href: 'https://zabbix.shop.example/tr_events.php?triggerid=23011&eventid=8812' }],
    },
  ])
})

test.each([
  { more: { event_value: '0' }, is: ['resolved'], acknowledged: [], nothing: undefined },
  {
    more: { event_update_status: '1', event_update_action: 'acknowledged, commented' },
    is: [],
    acknowledged: ['8812'],
    nothing: 'Somebody acknowledged it in Zabbix.',
  },
  {
    more: { event_update_status: '1', event_update_action: 'unacknowledged' },
    is: [],
    acknowledged: [],
    nothing: 'An update: unacknowledged',
  },
  {
    more: {
      event_update_status: '1',
      event_update_action: 'changed severity from High to Disaster',
      event_severity: 'Disaster',
    },
    is: ['firing'],
    acknowledged: [],
    nothing: undefined,
  },
])('$more', ({ more, is, acknowledged, nothing }) => {
  const reading = read(more)
  expect(reading.signals.map(({ status }) => status)).toEqual(is)
  expect([reading.acknowledged ?? [], reading.nothing, reading.unread]).toEqual([acknowledged, nothing, []])
})

test.each([
  ['Disaster', 'critical'],
  ['High', 'critical'],
  ['Average', 'warning'],
  ['Warning', 'warning'],
  ['Information', 'info'],
  ['Not classified', 'info'],
])('its word %s counts as %s', (word, severity) => {
  const [draft] = read({ event_severity: word }).signals
  const signal = draft === undefined ? null : readSignal({ ...draft, source: 'z' }, instant(0))
  expect(signal).toMatchObject({ ok: true, signal: { severity } })
})

test('a macro that was not filled is nothing', () => {
  const [signal] = read({
    event_opdata: '*UNKNOWN*',
    zabbix_url: '{$ZABBIX.URL}',
    event_tags: '{EVENT.TAGSJSON}',
  }).signals
  expect(signal).toMatchObject({ annotations: {}, links: [], labels: { host: 'db-1' } })
  expect(read({ event_id: '{EVENT.ID}' }).unread[0]).toContain('event_id')
  expect(read({ event_value: '7' }).unread[0]).toContain('event_value')
})

testNeverFails('Zabbix', readZabbix, [problem, { ...problem, event_value: '0' }])

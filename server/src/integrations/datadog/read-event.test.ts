// Fixture: the payload of our set-up text, filled as Datadog's page of webhook variables describes each of them.
import { expect, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import { testNeverFails } from '../hurt-payload.fixture.ts'
import triggered from './fixtures/triggered.json' with { type: 'json' }
import { readDatadog } from './read-event.ts'

const read = (more: object) => readDatadog({ body: { ...triggered, ...more }, headers: {} })

test('a monitor that triggers', () => {
  expect(read({}).signals).toMatchObject([
    {
      status: 'firing',
      dedupKey: '9bd4ac313a4d1e8fae2482df7b77628',
      severity: 'P2',
      service: 'checkout',
      labels: { env: 'prod', host: 'web-1', monitor: 'true', metric: 'trace.http.request.errors' },
      startsAt: instant(1_772_333_970_000),
      links: [{ text: 'The monitor in Datadog' }],
    },
  ])
})

test.each([
  ['Triggered', 'firing'],
  ['Re-Triggered', 'firing'],
  ['No Data', 'firing'],
  ['Re-No Data', 'firing'],
  ['Warn', 'firing'],
  ['Renotify', 'firing'],
  ['Recovered', 'resolved'],
])('%s is %s', (transition, status) => {
  expect(read({ transition }).signals.map((each) => each.status)).toEqual([status])
})

test.each([
  { more: { priority: '$ALERT_PRIORITY', transition: 'Warn' }, severity: 'warning' },
  { more: { priority: '', alert_type: 'warning' }, severity: 'warning' },
  { more: { priority: 'null', alert_type: 'error' }, severity: 'error' },
])('severity of $more', ({ more, severity }) => {
  expect(read(more).signals[0]?.severity).toBe(severity)
})

test('without the payload of the set-up text it says so', () => {
  // What Datadog sends when no payload is set.
  const usual = {
    id: '1',
    title: 'x',
    body: 'y',
    event_type: 'metric_alert_monitor',
    last_updated: '1',
    date: '1',
    org: {},
  }
  expect(readDatadog({ body: usual, headers: {} }).unread[0]).toContain('Set the payload')
  expect(read({ transition: 'Exploded' }).unread[0]).toContain('exploded')
  expect(read({ aggreg_key: null, alert_id: null }).unread[0]).toContain('recovery could not be told')
})

testNeverFails('Datadog', readDatadog, [triggered, { ...triggered, transition: 'Recovered' }])

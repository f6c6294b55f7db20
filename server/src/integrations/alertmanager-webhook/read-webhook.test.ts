// Fixtures: mixed.json as Alertmanager 0.25 sent it (names replaced); grafana.json after the example on Grafana's page
// of its webhook notifier.
import { expect, test } from 'vitest'
import { parseInstant } from '../../kernel/instant.ts'
import { testNeverFails } from '../hurt-payload.fixture.ts'
import grafana from './fixtures/grafana.json' with { type: 'json' }
import mixed from './fixtures/mixed.json' with { type: 'json' }
import { readWebhook } from './read-webhook.ts'

const read = (body: unknown) => readWebhook({ body, headers: {} })

test('each alert of a group speaks for itself, whatever the group says', () => {
  const { signals, unread } = read(mixed)
  expect(unread).toEqual([])
  expect(signals).toMatchObject([
    {
      status: 'firing',
      labels: { cluster: 'eu-1', severity: 'critical' },
      startsAt: parseInstant('2026-03-01T02:58:41.123Z'),
      endsAt: null,
      links: [
        { text: 'Query or rule' },
        { href: 'https://wiki.shop.example/checkout', text: 'Runbook' },
        { text: 'Alertmanager' },
      ],
    },
    { status: 'resolved', labels: { cluster: 'eu-2' }, endsAt: parseInstant('2026-03-01T02:59:30Z') },
  ])
})

test('a shortened group ends nothing it does not list, and says that it is short', () => {
  const whole = read({ ...mixed, truncatedAlerts: 40 })
  expect(whole.signals).toEqual(read(mixed).signals)
  expect(whole.nothing).toContain('40 alerts of the group were left out')
  expect(read({ ...mixed, alerts: [], truncatedAlerts: 40 }).signals).toEqual([])
})

test('Grafana brings its panels along', () => {
  const [signal] = read(grafana).signals
  expect(signal?.links?.map(({ text }) => text)).toEqual([
    ...['Query or rule', 'Runbook', 'Dashboard', 'Panel', 'Picture', 'Silence it in Grafana', 'Alertmanager'],
  ])
  expect(signal?.startsAt).toBe(parseInstant('2026-03-01T00:51:03.157Z'))
})

test.each([
  { body: null, says: 'no object' },
  { body: { status: 'firing' }, says: 'no list of alerts' },
  { body: { alerts: [{ status: 'firing', labels: { a: 1 } }] }, says: 'labels do not map text' },
  { body: { alerts: [{ status: 'paused', labels: { a: 'b' } }] }, says: 'neither firing nor resolved' },
])('unread: $says', ({ body, says }) => {
  expect(read(body).unread.join(' ')).toContain(says)
})

test('an end before the start is no end', () => {
  const [alert] = mixed.alerts
  const { signals } = read({ alerts: [{ ...alert, status: 'resolved', endsAt: '2026-03-01T02:00:00Z' }] })
  expect(signals[0]).toMatchObject({ status: 'resolved', endsAt: null })
})

testNeverFails('Alertmanager', readWebhook, [mixed, grafana], { addsFields: false })

test('new fields beside the known ones are passed over', () => {
  const more = { ...mixed, notification_reason: 'new alerts added', routeLabels: {} }
  expect(read({ ...more, alerts: mixed.alerts.map((each) => ({ ...each, brandNew: [1] })) })).toEqual(read(mixed))
})

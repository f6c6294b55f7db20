// Fixture: the fields Uptime Kuma's webhook provider sends (heartbeat.toJSON and monitor.toJSON), names replaced.
import { expect, test } from 'vitest'
import { parseInstant } from '../../kernel/instant.ts'
import { testNeverFails } from '../hurt-payload.fixture.ts'
import down from './fixtures/down.json' with { type: 'json' }
import { readUptimeKuma } from './read-beat.ts'

const read = (body: unknown) => readUptimeKuma({ body, headers: {} })
const beat = (status: unknown) => ({ ...down, heartbeat: { ...down.heartbeat, status } })

test('a monitor that is down', () => {
  expect(read(down).signals).toMatchObject([
    {
      status: 'firing',
      dedupKey: 'monitor:7',
      summary: 'Checkout: connect ECONNREFUSED 10.0.0.7:443',
      service: 'checkout',
      labels: { monitor: 'Checkout', type: 'http', service: 'checkout' },
      startsAt: parseInstant('2026-03-01T02:59:30.123Z'),
      links: [{ href: 'https://shop.example/checkout' }],
    },
  ])
})

test.each([
  { status: 0, is: ['firing'], nothing: undefined },
  { status: 1, is: ['resolved'], nothing: undefined },
  { status: 2, is: [], nothing: 'The monitor is in pending.' },
  { status: 3, is: [], nothing: 'The monitor is in maintenance.' },
])('status $status', ({ status, is, nothing }) => {
  const reading = read(beat(status))
  expect([reading.signals.map((each) => each.status), reading.nothing]).toEqual([is, nothing])
})

test('the button "Test" does nothing; a status nobody knows is unread', () => {
  expect(read({ heartbeat: null, monitor: null, msg: 'Webhook Testing' }).nothing).toContain('Testing')
  expect(read(beat(9)).unread).toEqual(['Its status 9 is not 0 to 3.'])
  expect(read({ heartbeat: null, monitor: down.monitor, msg: 'Certificate expires in 7 days' }).unread[0]).toContain(
    '7 days',
  )
})

testNeverFails('Uptime Kuma', readUptimeKuma, [down, beat(1), beat(2)])

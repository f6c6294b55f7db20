// Fixtures: the message of an alarm as CloudWatch publishes it to SNS, and the event EventBridge publishes, both after
// the CloudWatch User Guide, names replaced.
import { expect, test } from 'vitest'
import { parseInstant } from '../../kernel/instant.ts'
import { testNeverFails } from '../hurt-payload.fixture.ts'
import alarm from './fixtures/alarm.json' with { type: 'json' }
import event from './fixtures/event.json' with { type: 'json' }
import { readCloudWatch } from './read-alarm.ts'

const notification = (message: unknown) => ({
  Type: 'Notification',
  Message: typeof message === 'string' ? message : JSON.stringify(message),
})
const read = (message: unknown) => readCloudWatch({ body: notification(message), headers: {} })

test('an alarm and its end are one, whichever way they come', () => {
  expect(read(alarm).signals).toMatchObject([
    {
      status: 'firing',
      dedupKey: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-5xx',
      summary: 'Checkout answers 5xx',
      labels: { alertname: 'checkout-5xx', namespace: 'AWS/ApplicationELB', LoadBalancer: 'app/shop/50dc6c495c0c9188' },
      startsAt: parseInstant('2026-03-01T02:59:30.123Z'),
      links: [{ href: expect.stringContaining('region=eu-central-1#alarmsV2:alarm/checkout-5xx') }],
    },
  ])
  expect(read({ ...alarm, NewStateValue: 'OK' }).signals).toMatchObject([{ status: 'resolved' }])
  expect(read(event).signals).toMatchObject([{ status: 'resolved', dedupKey: alarm.AlarmArn }])
})

test('not enough data neither opens nor ends', () => {
  const reading = read({ ...alarm, NewStateValue: 'INSUFFICIENT_DATA' })
  expect([reading.signals, reading.unread]).toEqual([[], []])
  expect(reading.nothing).toContain('nothing was changed')
})

test.each([
  { message: 'Hello', says: 'a text, not an alarm' },
  { message: { hello: 1 }, says: 'no alarm of CloudWatch' },
  { message: { ...alarm, NewStateValue: 'ODD' }, says: 'ODD' },
])('unread: $says', ({ message, says }) => {
  expect(read(message).unread[0]).toContain(says)
})

testNeverFails('CloudWatch', ({ body }) => read(body), [alarm, event])

// Fixture: what Alertmanager 0.25 sends by its opsgenie_configs (measured), with the verb of the address beside it.
import { expect, test } from 'vitest'
import { testNeverFails } from '../hurt-payload.fixture.ts'
import created from './fixtures/alertmanager.json' with { type: 'json' }
import { readOpsgenie } from './read-request.ts'

const read = (body: unknown) => readOpsgenie({ body, headers: {} })
const { alias } = created.body

test('an alert is created under its alias', () => {
  expect(read(created).signals).toMatchObject([
    {
      status: 'firing',
      dedupKey: alias,
      summary: '[FIRING:1] DiskFull (critical)',
      severity: 'P1',
      service: 'checkout',
      labels: { alertname: 'DiskFull', tags: 'disk,db' },
      annotations: { description: 'Alerts Firing: DiskFull on db-1' },
    },
  ])
})

test('closed and acknowledged by alias', () => {
  expect(read({ verb: 'close', alias, body: {} }).signals).toMatchObject([{ status: 'resolved', dedupKey: alias }])
  expect(read({ verb: 'acknowledge', alias, body: {} }).acknowledged).toEqual([alias])
  expect(read({ verb: 'other', alias, body: {} }).nothing).toContain('changes nothing')
})

test('without a priority it is P3, as at Opsgenie; without a message it is unread', () => {
  const { priority: _, ...rest } = created.body
  expect(read({ verb: 'create', alias: null, body: rest }).signals[0]?.severity).toBe('P3')
  expect(read({ verb: 'create', alias: null, body: { alias: 'a' } }).unread).toEqual(['It has no message.'])
})

testNeverFails('Opsgenie', readOpsgenie, [created, { verb: 'close', alias, body: {} }], { addsFields: false })

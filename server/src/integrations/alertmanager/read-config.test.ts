import { expect, test } from 'vitest'
import { parseInstant } from '../../kernel/instant.ts'
import { contains, judgeRouting, receiversFor, routesFor, wallTimeAt } from '../../modules/alerts/core/index.ts'
import { readConfig } from './read-config.ts'

const file = `
global: {slack_api_url: "https://hooks.example/T1/B2/x"}
route:
  receiver: mails
  group_by: [alertname, cluster]
  routes:
    - matchers: ['service=~"cart|checkout"']
      receiver: shop
      routes:
        - match: {severity: critical}
          receiver: shop-pager
          continue: true
        - matchers: [team = web]
          receiver: web
          group_by: ['...']
    - match_re: {service: ^(db|cache)$}
      receiver: nights
      group_wait: 1m30s
      mute_time_intervals: [office]
    - matchers: [alertname = Watchdog]
      receiver: nobody
time_intervals:
  - name: office
    time_intervals:
      - times: [{start_time: '09:00', end_time: '17:00'}]
        weekdays: ['monday:friday']
        location: Europe/Berlin
      - days_of_month: ['-1']
        location: America/New_York
inhibit_rules:
  - source_matchers: [severity = critical]
    target_matchers: [severity =~ "warning|critical"]
    equal: [cluster]
receivers:
  - name: mails
    email_configs: [{to: a@shop.example}]
  - name: shop
    email_configs: [{to: b@shop.example}]
  - name: shop-pager
    pagerduty_configs: [{routing_key: top-secret}]
  - name: web
    webhook_configs:
      - url: https://hooks.example/secret-path
  - name: nights
    email_configs: [{to: c@shop.example}]
  - name: nobody
`

function routing(text = file) {
  const read = readConfig(text)
  if (!read.ok) throw new Error(read.faults.map((each) => `${each.line}: ${each.detail}`).join('\n'))
  return read
}
const at = (text: string) => parseInstant(text) ?? expect.fail(text)

test.each<[Record<string, string>, string[]]>([
  [{ service: 'mail' }, ['mails']],
  [{ service: 'cart' }, ['shop']],
  [{ service: 'carts' }, ['mails']],
  [{ service: 'cart', severity: 'critical' }, ['shop-pager']],
  [{ service: 'cart', severity: 'critical', team: 'web' }, ['shop-pager', 'web']],
  [{ service: 'db' }, ['nights']],
  [{ alertname: 'Watchdog' }, ['nobody']],
])('%j goes to %j', (labels, expected) => {
  expect(receiversFor(routing().routing.root, labels)).toEqual(expected)
})

test('children inherit what they do not set; hours are their own', () => {
  const { root } = routing().routing
  const [night] = routesFor(root, { service: 'db' })
  expect(night).toMatchObject({
    groupBy: ['alertname', 'cluster'],
    groupWaitMs: 90_000,
    repeatIntervalMs: 4 * 3_600_000,
  })
  expect(night?.muteIn).toEqual(['office'])
  expect(routesFor(root, { service: 'cart', team: 'web' })[0]?.groupBy).toBe('all')
})

test('hours count by the clock of their zone; the last day of a month is the calendar’s', () => {
  const { routing: of } = routing()
  const hold = (text: string) => judgeRouting(of, { id: 'x', labels: { service: 'db' } }, [], at(text)).hold
  // A Monday: 07:59 and 08:00 in UTC are 08:59 and 09:00 in Berlin's winter.
  expect(hold('2026-03-02T07:59:00Z')).toBe(null)
  expect(hold('2026-03-02T08:00:00Z')).toBe('muted')
  expect(hold('2026-03-02T15:59:00Z')).toBe('muted')
  expect(hold('2026-03-02T16:00:00Z')).toBe(null)
  expect(hold('2026-03-01T12:00:00Z')).toBe(null)
  // March has 31 days in New York, although a day of it has 23 hours.
  const last = of.intervals.get('office')?.[1] ?? expect.fail('no interval')
  const isLast = (text: string) => contains(last, wallTimeAt(last.zone, at(text)))
  expect([isLast('2026-03-30T12:00:00Z'), isLast('2026-03-31T12:00:00Z'), isLast('2026-04-01T03:00:00Z')]).toEqual([
    false,
    true,
    true,
  ])
})

test('an open alert inhibits others that agree with it, never itself and never one of its own kind', () => {
  const { routing: of } = routing()
  const critical = { id: 'c', labels: { severity: 'critical', cluster: 'one' } }
  const other = { id: 'd', labels: { severity: 'critical', cluster: 'one' } }
  const warning = (cluster: string) => ({ id: 'w', labels: { severity: 'warning', cluster } })
  const by = (alert: typeof critical) => judgeRouting(of, alert, [critical, other], at('2026-03-01T12:00:00Z'))
  expect(by(warning('one'))).toMatchObject({ hold: 'inhibited', inhibitedBy: ['c'] })
  expect(by(warning('two')).hold).toBe(null)
  expect(by(critical).hold).toBe(null)
  expect(judgeRouting(of, { id: 'n', labels: { alertname: 'Watchdog' } }, [], at('2026-03-01T12:00:00Z')).hold).toBe(
    'nobody',
  )
})

test('secrets leave, lines stay, and the file still reads the same', () => {
  const { redacted, notes } = routing()
  for (const secret of ['top-secret', 'secret-path', 'hooks.example/T1']) expect(redacted).not.toContain(secret)
  expect(redacted.split('\n')).toHaveLength(file.split('\n').length)
  expect(routing(redacted).routing.root).toMatchObject({ receiver: 'mails' })
  expect(notes.map((each) => each.detail)).toContainEqual(
    expect.stringContaining('shop-pager: pagerduty_configs is not sent from here'),
  )
})

test.each<[string, string, RegExp]>([
  ['no route', 'receivers: [{name: a}]', /^1: There is no route/],
  ['an unknown receiver', 'receivers: [{name: a}]\nroute:\n  receiver: b', /^3: There is no receiver b/],
  [
    'a field nobody knows',
    'receivers: [{name: a}]\nroute:\n  receiver: a\n  group_byy: [x]',
    /^4: .*Did you mean group_by/,
  ],
  [
    'a matcher on the first route',
    'receivers: [{name: a}]\nroute: {receiver: a, matchers: [a=b]}',
    /^2: .*takes everything/,
  ],
  [
    'a pattern that is none',
    'receivers: [{name: a}]\nroute:\n  receiver: a\n  routes:\n    - matchers: ["a=~["]',
    /^5: /,
  ],
  [
    'a name without a value',
    'receivers: [{name: a}]\nroute: {receiver: a}\ninhibit_rules:\n  - source_match_re:\n      x:\n',
    /^5: x has no value/,
  ],
  [
    'an interval nobody declared',
    'receivers: [{name: a}]\nroute:\n  receiver: a\n  routes: [{mute_time_intervals: [x]}]',
    /^4: There is no time interval x/,
  ],
  [
    'a zone nobody knows',
    'receivers: [{name: a}]\nroute: {receiver: a}\ntime_intervals:\n  - name: x\n    time_intervals: [{location: Europe/Berlim}]',
    /^5: .*Europe\/Berlin/,
  ],
  [
    'a night in one',
    "receivers: [{name: a}]\nroute: {receiver: a}\ntime_intervals:\n  - name: x\n    time_intervals:\n      - times: [{start_time: '22:00', end_time: '06:00'}]",
    /^6: .*for a night write two/,
  ],
  [
    'grouped by all and one',
    "receivers: [{name: a}]\nroute: {receiver: a, group_by: ['...', a]}",
    /^2: .*stands alone/,
  ],
  ['two of one name', 'receivers: [{name: a}, {name: a}]\nroute: {receiver: a}', /declared twice/],
  ['no YAML', 'route: [', /^1: /],
])('refused with its line: %s', (_, text, expected) => {
  const read = readConfig(text)
  expect(read.ok ? 'read' : `${read.faults[0]?.line}: ${read.faults[0]?.detail}`).toMatch(expected)
})

import { expect, test } from 'vitest'
import { linesFor, readMatcherLines } from './matcher-lines.ts'

test.each([
  [
    'service=cart\n\nalertname =~ Disk.*',
    [
      { name: 'service', operator: '=', value: 'cart' },
      { name: 'alertname', operator: '=~', value: 'Disk.*' },
    ],
  ],
  ['a!="x y"', [{ name: 'a', operator: '!=', value: 'x y' }]],
  ['a!~b=c', [{ name: 'a', operator: '!~', value: 'b=c' }]],
])('%j', (text, matchers) => {
  expect(readMatcherLines(text)).toEqual({ ok: true, matchers })
})

test('the line that cannot be read is named', () => {
  expect(readMatcherLines('a=b\nhello')).toEqual({ ok: false, line: 2 })
})

test('an alert is silenced by its rule and its service, not by its instance', () => {
  expect(linesFor({ instance: 'db1', alertname: 'Disk', service: 'orders' })).toBe('alertname=Disk\nservice=orders')
  expect(linesFor({ job: 'x' })).toBe('job=x')
  expect(linesFor({}, 'cart')).toBe('service=cart')
})

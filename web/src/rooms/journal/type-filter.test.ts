import { expect, test } from 'vitest'
import { typeFilter } from './type-filter.ts'

test.each([
  ['', ''],
  ['alert', 'alert.*'],
  ['Alert.', 'alert.*'],
  ['alert.opened', 'alert.opened'],
  ['incident.severity-changed', 'incident.severity-changed'],
  ['*', ''],
  ['alert.*', 'alert.*'],
  ['a l e r t!', 'alert.*'],
])('%j becomes %j', (typed, filter) => {
  expect(typeFilter(typed)).toBe(filter)
})

import { expect, test } from 'vitest'
import { compileSelectors, type Matcher, matches, type Selector, selectorsFor, seriesKey } from './selector.ts'

const select = (metric: string, filters: Matcher[] = [], more: Partial<Selector> = {}): Selector => ({
  indicator: 'checkout',
  measured: { kind: 'side', side: 'total' },
  metric,
  filters,
  ...more,
})
const map = (pairs: Record<string, string>) => new Map(Object.entries(pairs))

test.each<{ matcher: Matcher; value: string | undefined; holds: boolean }>([
  { matcher: { key: 'code', op: 'equals', value: '503' }, value: '503', holds: true },
  { matcher: { key: 'code', op: 'equals', value: '503' }, value: undefined, holds: false },
  { matcher: { key: 'code', op: 'equals', value: '' }, value: undefined, holds: true }, // as in PromQL
  { matcher: { key: 'code', op: 'not-equals', value: '503' }, value: undefined, holds: true },
  { matcher: { key: 'code', op: 'not-equals', value: '503' }, value: '503', holds: false },
  { matcher: { key: 'code', op: 'prefix', value: '5' }, value: '502', holds: true },
  { matcher: { key: 'code', op: 'prefix', value: '5' }, value: '451', holds: false },
  { matcher: { key: 'code', op: 'not-prefix', value: '5' }, value: '451', holds: true },
  { matcher: { key: 'code', op: 'in', values: ['500', '503'] }, value: '503', holds: true },
  { matcher: { key: 'code', op: 'in', values: ['500', '503'] }, value: '504', holds: false },
  { matcher: { key: 'code', op: 'not-in', values: ['500', '503'] }, value: '504', holds: true },
])('$matcher against $value: $holds', ({ matcher, value, holds }) => {
  const selector = select('requests', [matcher])
  expect(matches(selector, map(value === undefined ? {} : { code: value }), map({}))).toBe(holds)
})

test('a point hides the attribute of its resource, and all filters must hold', () => {
  const selector = select('requests', [
    { key: 'service.name', op: 'equals', value: 'checkout' },
    { key: 'route', op: 'equals', value: '/pay' },
  ])
  expect(matches(selector, map({ route: '/pay' }), map({ 'service.name': 'checkout' }))).toBe(true)
  expect(matches(selector, map({ route: '/pay', 'service.name': 'cart' }), map({ 'service.name': 'checkout' }))).toBe(
    false,
  )
  expect(matches(selector, map({ route: '/' }), map({ 'service.name': 'checkout' }))).toBe(false)
})

test('selectors are found by name and by beginning of a name', () => {
  const [exact, prefix, other] = [select('http.requests'), select('http.', [], { namePrefix: true }), select('jobs')]
  const compiled = compileSelectors([exact, prefix, other])
  expect(selectorsFor(compiled, 'http.requests')).toEqual([exact, prefix])
  expect(selectorsFor(compiled, 'http.errors')).toEqual([prefix])
  expect(selectorsFor(compiled, 'http')).toEqual([])
})

test('the key of a stream does not depend on the order of attributes and keeps different streams apart', () => {
  const key = (point: Record<string, string>, resource: Record<string, string> = {}) =>
    seriesKey('m', map(resource), map(point))
  expect(key({ a: '1', b: '2' })).toBe(key({ b: '2', a: '1' }))
  expect(key({ a: '1","b' })).not.toBe(key({ a: '1', b: '' }))
  expect(key({ a: '1' })).not.toBe(key({}, { a: '1' }))
})

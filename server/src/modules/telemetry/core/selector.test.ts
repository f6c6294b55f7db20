import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileSelectors, hitsOf, type Matcher, matches, type Selector, selectorsFor, seriesKey } from './selector.ts'

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

const word = fc.constantFrom('', 'a', 'b', 'c')
const anyMatcher: fc.Arbitrary<Matcher> = fc.record({
  key: fc.constantFrom('job', 'code', 'zone'),
  op: fc.constantFrom('equals', 'equals', 'equals', 'not-equals', 'prefix'),
  value: word,
})

test('looked up by value or tried one by one: the same selectors in the same order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ filters: fc.array(anyMatcher, { maxLength: 3 }), prefixed: fc.boolean() }), {
        maxLength: 12,
      }),
      fc.array(
        fc.tuple(
          fc.dictionary(fc.constantFrom('job', 'code', 'zone'), word),
          fc.dictionary(fc.constantFrom('job', 'code'), word),
        ),
        { minLength: 1 },
      ),
      (given, points) => {
        const selectors = given.map(({ filters, prefixed }) =>
          select('requests', filters, prefixed ? { namePrefix: true } : {}),
        )
        const compiled = compileSelectors(selectors)
        for (const [point, resource] of points.map(
          (pair) => pair.map(map) as [Map<string, string>, Map<string, string>],
        ))
          expect(hitsOf(compiled, 'requests', point, resource)).toEqual(
            selectorsFor(compiled, 'requests').filter((each) => matches(each, point, resource)),
          )
      },
    ),
  )
})

test('the key of a stream does not depend on the order of attributes and keeps different streams apart', () => {
  const key = (point: Record<string, string>, resource: Record<string, string> = {}) =>
    seriesKey('m', map(resource), map(point))
  expect(key({ a: '1', b: '2' })).toBe(key({ b: '2', a: '1' }))
  expect(key({ a: '1","b' })).not.toBe(key({ a: '1', b: '' }))
  expect(key({ a: '1' })).not.toBe(key({}, { a: '1' }))
})

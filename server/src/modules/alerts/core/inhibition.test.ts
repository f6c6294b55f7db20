import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Labels } from './fingerprint.ts'
import { type InhibitRule, inhibitionsOf, probesAgainst, type Source } from './inhibition.ts'
import { type Matcher, operators, type ReadyMatcher, readMatchers } from './matcher.ts'

const names = ['a', 'b', 'c'] as const
const values = ['', 'x', 'y'] as const

const labelled = fc
  .record(Object.fromEntries(names.map((name) => [name, fc.constantFrom(...values)])))
  .map((labels): Labels => Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')))

function ready(matchers: readonly Matcher[]): readonly ReadyMatcher[] {
  const read = readMatchers(matchers)
  if (!read.ok) throw new Error('These patterns can be read.')
  return read.matchers
}

const matchers = fc
  .array(
    fc.record({
      name: fc.constantFrom(...names),
      operator: fc.constantFrom(...operators),
      value: fc.constantFrom(...values),
    }),
    { maxLength: 2 },
  )
  .map(ready)

const rules = fc.array(
  fc.record({
    source: matchers,
    target: matchers,
    equal: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
    line: fc.constant(1),
  }),
  { maxLength: 3 },
)

const holds = (labels: Labels, probe: Labels) =>
  Object.entries(probe).every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value)

test('whatever inhibits has what one of the probes asks for', () => {
  let inhibited = 0
  fc.assert(
    fc.property(labelled, fc.array(labelled, { minLength: 4, maxLength: 16 }), rules, (labels, others, given) => {
      const self: Source = { id: 'self', labels }
      const sources = others.map((each, index) => ({ id: `source ${index}`, labels: each }))
      const probes = probesAgainst(labels, given)
      const found = sources.filter((each) => probes.some((probe) => holds(each.labels, probe)))
      const all = inhibitionsOf(self, sources, given)
      inhibited += all.length
      expect(inhibitionsOf(self, found, given)).toEqual(all)
    }),
    { numRuns: 2_000 },
  )
  expect(inhibited).toBeGreaterThan(100)
})

const rule = (source: readonly Matcher[], equal: readonly string[]): InhibitRule => ({
  ...{ source: ready(source), target: [], equal, line: 1 },
})

test.each<[string, InhibitRule, readonly Labels[]]>([
  [
    'the labels it shares and the values the rule names',
    rule([{ name: 's', operator: '=', value: 'critical' }], ['a', 'gone']),
    [{ s: 'critical', a: 'x' }],
  ],
  ['a pattern says nothing of what stands there', rule([{ name: 's', operator: '=~', value: 'c.*' }], []), [{}]],
  ['two values for one label: nothing is such a source', rule([{ name: 'a', operator: '=', value: 'y' }], ['a']), []],
])('%s', (_, given, expected) => {
  expect(probesAgainst({ a: 'x' }, [given])).toEqual(expected)
})

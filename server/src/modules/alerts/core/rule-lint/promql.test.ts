import fc from 'fast-check'
import { expect, test } from 'vitest'
import { carriedBy, conditionsOf, lacks } from './expression.ts'
import { readPromql } from './promql.ts'
import { readPromDuration } from './promql-tokens.ts'

const read = (text: string) => {
  const reading = readPromql(text)
  if (!reading.ok) throw new Error(`${text}: ${reading.detail}`)
  return reading.expr
}

test.each([
  'up == 0',
  '100 * (count(up == 0) BY (job) / count(up) BY (job)) > 10',
  'sum by (le) (rate(x_bucket{code!~"5..",}[5m] offset -1h)) without (a)'.replace(' without (a)', ''),
  'a and ON (instance) b > 0 unless Ignoring(x) c',
  'a / on (x) group_left (team, owner) b',
  'max_over_time((a > bool 1)[1h:5m]) > 0 or vector(0)',
  '-a ^ 2 ^ 3 + 4e-3 * 0x1F - Inf',
  'x{__name__="y"} @ end() or {"with.dots", "a.b"=\'c\'} @ 1700000000.5',
  'topk(3, sum(rate(x[90])) by ("a.b"))',
  'avg_over_time(cpu:rate:sum5m[1h]) # a note\n > `1`',
  'count_values("version", build) > 1',
])('%s is read', (text) => {
  expect(readPromql(text)).toMatchObject({ ok: true })
})

test.each([
  ['up ==', 5, 'Expected an expression, found the end.'],
  ['sum(up', 6, 'Expected `,` or `)`, found the end.'],
  ['up{job=~5}', 8, 'Expected a text in quotes, found `5`.'],
  ['rate(x[5q])', 8, 'Expected `]`, found `q`.'],
  ['up ; down', 3, 'Nothing in PromQL begins with `;`.'],
  ['up down', 3, 'Expected an operator or the end, found `down`.'],
])('%s is refused at %i', (text, at, detail) => {
  expect(readPromql(text)).toEqual({ ok: false, at, detail })
})

test('no text makes the reader throw or run on', () => {
  const word = fc.constantFrom(
    ...'up sum by on ( ) { } [ 5m ] : = =~ "x" , == > - + / ^ and or bool offset @ rate 1'.split(' '),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join(' ')),
      ),
      (text) => {
        const reading = readPromql(text)
        if (reading.ok) conditionsOf(reading.expr)
        else expect(reading.at).toBeLessThanOrEqual(text.length)
      },
    ),
  )
  expect(readPromql('('.repeat(5_000))).toMatchObject({ ok: false, detail: 'Expected less nesting, found `(`.' })
})

test('operators bind as in Prometheus', () => {
  expect(read('a or b and c == 1 + 2 * -3 ^ 2')).toEqual(read('a or (b and (c == (1 + (2 * (-(3 ^ 2))))))'))
  expect(read('a - b - c')).toEqual(read('(a - b) - c'))
  expect(read('a ^ b ^ c')).toEqual(read('a ^ (b ^ c)'))
})

test.each([
  ['up', '', 'instance'],
  ['sum(up)', 'instance', ''],
  ['sum by (job) (up)', 'instance', 'job'],
  ['sum(up) without (instance)', 'instance', 'job'],
  ['sum by (job) (sum by (instance) (up))', 'job instance', ''],
  ['topk(3, up)', '', 'instance'],
  ['count_values("version", up)', 'instance', 'version'],
  ['histogram_quantile(0.9, rate(x[5m]))', 'le', 'instance'],
  ['absent(up{job="a", env=~"b"})', 'env instance', 'job'],
  ['label_replace(sum(up), "team", "$1", "job", "(.*)")', 'instance', 'team'],
  ['sum by (job) (a) / on () group_left () sum(b)', 'instance', 'job'],
  ['a / on (job) b', 'instance', 'job'],
  ['a * on (job) group_left (team) b', '', 'instance team'],
  ['a * ignoring (code) b', 'code', 'job'],
  ['sum by (job) (a) and b', 'instance', 'job'],
  ['sum by (job) (a) or sum by (team) (b)', 'instance', 'job team'],
  ['sum(a) / b', 'job', ''],
  ['scalar(up) > 0', 'instance', ''],
  ['time() - max(up) > 5', 'instance', ''],
  ['time() - up > 5', '', 'instance'],
  ['info(sum by (instance) (up))', '', 'version'],
])('%s', (text, gone, kept) => {
  const carried = carriedBy(read(text))
  for (const label of gone.split(' ').filter((each) => each !== ''))
    expect([label, lacks(carried, label)]).toEqual([label, true])
  for (const label of kept.split(' ').filter((each) => each !== ''))
    expect([label, lacks(carried, label)]).toEqual([label, false])
})

test('what is aggregated again never gains a label', () => {
  const labels = fc.subarray(['job', 'instance', 'team', 'code'])
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('by', 'without'), labels), { minLength: 1, maxLength: 5 }),
      (steps) => {
        let text = 'up'
        let before = carriedBy(read(text))
        for (const [word, named] of steps) {
          text = `sum ${word} (${named.join(', ')}) (${text})`
          const after = carriedBy(read(text))
          for (const label of ['job', 'instance', 'team', 'code']) {
            if (lacks(before, label)) expect(lacks(after, label)).toBe(true)
            if (word === 'by') expect(lacks(after, label)).toBe(lacks(before, label) || !named.includes(label))
          }
          before = after
        }
      },
    ),
  )
})

test.each([
  ['0', 0],
  ['1h30m', 5_400_000],
  ['1500ms', 1_500],
  ['5', null],
  ['5 m', null],
  ['', null],
])('the duration %j', (text, ms) => {
  expect(readPromDuration(text)).toBe(ms)
})

import { expect, test } from 'vitest'
import { isPlainSelector, readSelector } from './promql.ts'

test.each([
  'http_requests_total',
  ' job:requests:total ',
  'up{}',
  'http_requests_total{code=~"5..", job="shop"}',
  'http_requests_total{ path=\'/a}b\' , code!="2\\"0" ,}',
  '{__name__="x"}',
])('%s picks series', (query) => expect(isPlainSelector(query)).toBe(true))

test.each([
  '',
  'sum(http_requests_total)',
  'a + b',
  'a[5m]',
  'a offset 5m',
  'a @ 1',
  'a{code="5"} or b',
  'a{code=5}',
  'a{code="5',
  'a{"code"="5"}',
  '-a',
  '1',
  'NaN',
  `a{b="${'x'.repeat(5_000)}"}`,
])('%s computes', (query) => expect(isPlainSelector(query)).toBe(false))

test('a selector as metric and filters', () => {
  const query = `http_requests_total{code=~"5..|4\\\\d", job!='a"b', path="x\\"y", __name__="other",}`
  expect(readSelector(query.replace('http_requests_total', ''))).toEqual({
    state: 'read',
    metric: 'other',
    filters: [
      { key: 'code', op: 'regex', value: '5..|4\\d' },
      { key: 'job', op: 'not-equals', value: 'a"b' },
      { key: 'path', op: 'equals', value: 'x"y' },
    ],
  })
  expect(readSelector('up')).toEqual({ state: 'read', metric: 'up', filters: [] })
  for (const wrong of ['sum(up)', '{job="a"}', '{__name__=~"a.*"}', 'up{job=~"("}'])
    expect(readSelector(wrong).state).toBe('refused')
})

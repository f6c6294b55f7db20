import { expect, test } from 'vitest'
import { isPlainSelector } from './promql.ts'

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

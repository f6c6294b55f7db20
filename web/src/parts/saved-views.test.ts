import { expect, test } from 'vitest'
import { queryOf, readKept } from './saved-views.ts'

test('a view is the same in whatever order it was narrowed; a form that is open is no part of it', () => {
  const of = (search: string) => queryOf(new URLSearchParams(search), ['declare'])
  expect(of('severity=SEV1&service=pay')).toBe(of('service=pay&declare=1&severity=SEV1'))
  expect(of('declare=1&search=')).toBe('')
})

test.each([
  ['nothing', null],
  ['no JSON', '{'],
  ['no list', '{"name":"a","query":"a=1"}'],
  ['no views', '[1, null, "a", {"name": "a"}, {"name": " ", "query": "a=1"}, {"name": 1, "query": "a=1"}]'],
  ['a view of everything', '[{"name":"a","query":""}]'],
])('%s is no view', (_, kept) => {
  expect(readKept(kept)).toEqual([])
})

test('what an earlier version kept is read', () => {
  const view = { name: 'Mine', query: 'service=payment' }
  expect(readKept(JSON.stringify([view, { ...view, more: 1 }]))).toEqual([view, view])
})

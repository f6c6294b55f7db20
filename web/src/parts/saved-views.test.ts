import fc from 'fast-check'
import { expect, test } from 'vitest'
import { longestName, mostViews, queryOf, readViews, withView } from './saved-views.ts'

test('a view is the same in whatever order it was narrowed; a form that is open is no part of it', () => {
  const of = (search: string) => queryOf(new URLSearchParams(search), ['declare'])
  expect(of('severity=SEV1&service=pay')).toBe(of('service=pay&declare=1&severity=SEV1'))
  expect(of('declare=1&search=')).toBe('')
})

test.each([
  ['nothing', null],
  ['no JSON', '{'],
  ['no list', '{"name":"a","query":""}'],
  ['no views', '[1, null, "a", {"name": "a"}, {"name": " ", "query": ""}, {"name": 1, "query": "a"}]'],
])('%s is no view', (_, kept) => {
  expect(readViews(kept)).toEqual([])
})

const view = fc.record({ name: fc.string({ maxLength: 60 }), query: fc.string({ maxLength: 20 }) })

test('what is kept is read again; names and queries stand once, the newest last, and never too many', () => {
  fc.assert(
    fc.property(fc.array(view, { maxLength: 30 }), (list) => {
      const views = list.reduce<ReturnType<typeof readViews>>(withView, [])
      expect(readViews(JSON.stringify(views))).toEqual(views)
      expect(views.length).toBeLessThanOrEqual(mostViews)
      expect(new Set(views.map((each) => each.name)).size).toBe(views.length)
      expect(new Set(views.map((each) => each.query)).size).toBe(views.length)
      const last = list.filter((each) => each.name.trim() !== '').at(-1)
      if (last !== undefined)
        expect(views.at(-1)).toEqual({ name: last.name.trim().slice(0, longestName), query: last.query })
    }),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { longestViewName, mostViews, type SavedView, withoutView, withView } from './saved-views.ts'

const view = fc.record({ name: fc.string({ maxLength: 60 }), query: fc.string({ maxLength: 20 }) })

test('names and queries stand once, the newest last, and never too many; what is forgotten is gone', () => {
  fc.assert(
    fc.property(fc.array(view, { maxLength: 30 }), (list) => {
      const views = list.reduce<readonly SavedView[]>(withView, [])
      expect(views.length).toBeLessThanOrEqual(mostViews)
      expect(new Set(views.map((each) => each.name)).size).toBe(views.length)
      expect(new Set(views.map((each) => each.query)).size).toBe(views.length)
      const last = list.filter((each) => each.name.trim() !== '').at(-1)
      if (last === undefined) return
      const name = last.name.trim().slice(0, longestViewName)
      expect(views.at(-1)).toEqual({ name, query: last.query })
      expect(withoutView(views, name)).toEqual(views.slice(0, -1))
    }),
  )
})

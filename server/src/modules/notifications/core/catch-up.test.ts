import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { decideCatchUp, isLate } from './catch-up.ts'

const at = instant(Date.UTC(2026, 2, 2))
const page = (pageId: string, order = 1) => ({ key: `${pageId}:${order}`, pageId, order, dueAt: at })

test.each([
  { what: 'three pages stay single', late: [page('a'), page('b'), page('c')], superseded: [], together: 0 },
  { what: 'four come as one', late: [page('a'), page('b'), page('c'), page('d')], superseded: [], together: 4 },
  {
    what: 'reminders of one page: the last',
    late: [page('a', 1), page('a', 3), page('a', 2)],
    superseded: ['a:1', 'a:2'],
    together: 0,
  },
  { what: 'nothing', late: [], superseded: [], together: 0 },
])('$what', ({ late, superseded, together }) => {
  const decided = decideCatchUp(late)
  expect(decided.superseded).toEqual(superseded)
  expect(decided.together).toHaveLength(together)
})

test('every page is told exactly once, by itself or with others', () => {
  const pages = fc.uniqueArray(
    fc.record({ pageId: fc.constantFrom(...'abcdefgh'), order: fc.integer({ min: 1, max: 5 }) }),
    {
      selector: ({ pageId, order }) => `${pageId}:${order}`,
    },
  )
  fc.assert(
    fc.property(pages, (chosen) => {
      const late = chosen.map(({ pageId, order }) => page(pageId, order))
      const { superseded, together } = decideCatchUp(late)
      const told = late.filter((each) => !superseded.includes(each.key)).map((each) => each.pageId)
      expect([...told].sort()).toEqual([...new Set(late.map((each) => each.pageId))].sort())
      expect(together.length === 0 || together.length === told.length).toBe(true)
      expect(told.length - together.length).toBeLessThanOrEqual(3)
    }),
  )
})

test('late is more than a minute', () => {
  expect([isLate(at, plus(at, minute)), isLate(at, plus(at, minute + 1))]).toEqual([false, true])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layRows, sortRows } from './table-rows.ts'

const rows = [
  { name: 'b', team: 'x', rate: 2 },
  { name: 'a', team: 'y', rate: null },
  { name: 'c', team: 'x', rate: 1 },
]
const groupOf = (row: { team: string }) => ({ id: row.team, title: row.team.toUpperCase() })

test('rows stand under their group, groups in order of appearance', () => {
  const laid = layRows(rows, groupOf, new Set())
  expect(laid.map((item) => (item.kind === 'group' ? `${item.title} ${item.count}` : item.row.name))).toEqual([
    'X 2',
    'b',
    'c',
    'Y 1',
    'a',
  ])
})

test('a folded group keeps its count and hides its rows', () => {
  expect(layRows(rows, groupOf, new Set(['x']))).toHaveLength(3)
})

test.each([
  ['rate', 'cba'],
  ['-rate', 'bca'],
  ['name', 'abc'],
  ['unknown', 'bac'],
])('sorted by %s', (sort, order) => {
  const sorted = sortRows(rows, sort, { rate: (row) => row.rate, name: (row) => row.name })
  expect(sorted.map((row) => row.name).join('')).toBe(order)
})

test('grouping loses and repeats no row', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ id: fc.nat(), team: fc.constantFrom('a', 'b', 'c') })), (many) => {
      const laid = layRows(many, (row) => ({ id: row.team, title: row.team }), new Set())
      const kept = laid.flatMap((item) => (item.kind === 'row' ? [item.row.id] : []))
      expect([...kept].sort()).toEqual(many.map((row) => row.id).sort())
    }),
  )
})

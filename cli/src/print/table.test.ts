import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createStyle } from './style.ts'
import { renderTable, stateCell } from './table.ts'
import { harmless, widthOf } from './text-width.ts'

const plain = { style: createStyle(false), columns: Number.POSITIVE_INFINITY, wide: false, headers: true }
const rows = [
  { name: 'checkout', tier: 1, about: 'Orders and carts' },
  { name: 'a', tier: 10, about: '' },
]
const columns = [
  { header: 'NAME', of: (row: (typeof rows)[number]) => row.name },
  { header: 'TIER', of: (row: (typeof rows)[number]) => String(row.tier), align: 'right' as const },
  { header: 'ABOUT', of: (row: (typeof rows)[number]) => row.about, elastic: true as const },
  { header: 'ALL', of: () => 'x', wide: true as const },
]

test('columns stand under each other, numbers to the right, what is missing is a dash', () => {
  expect(renderTable(rows, columns, plain)).toBe(
    ['NAME      TIER  ABOUT', 'checkout     1  Orders and carts', 'a           10  –', ''].join('\n'),
  )
})

test('wide shows more, no headers shows less', () => {
  expect(renderTable(rows, columns, { ...plain, wide: true })).toContain('ALL')
  expect(renderTable(rows, columns, { ...plain, headers: false })).not.toContain('NAME')
})

test('a narrow terminal cuts the elastic column and nothing else', () => {
  const text = renderTable(rows, columns, { ...plain, columns: 30 })
  expect(text).toContain('checkout     1  Orders and ca…'.slice(0, 20))
  expect(text).toContain('…')
  for (const line of text.trimEnd().split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(30)
})

test('states are shape and word; without a terminal the words remain and no escape appears', () => {
  const text = renderTable([{ state: 'firing' }], [{ header: 'STATE', of: (row) => stateCell(row.state) }], plain)
  expect(text).toBe('STATE\n⬣ firing\n')
  const painted = renderTable([{ state: 'firing' }], [{ header: 'STATE', of: (row) => stateCell(row.state) }], {
    ...plain,
    style: createStyle(true),
  })
  expect(painted).toContain('\u001b[1;31m⬣ firing\u001b[22;39m')
})

test('a word nobody has mapped is never painted as good', () => {
  expect(stateCell('something-new')).toEqual({ text: '· something-new', tone: 'plain' })
  expect(stateCell('no-data').tone).toBe('unknown')
})

test('text from elsewhere cannot steer the terminal, and every row is one line', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (texts) => {
      const text = renderTable(texts, [{ header: 'T', of: (row) => row }], plain)
      expect(text.split('\n')).toHaveLength(texts.length + 2)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
      expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
    }),
  )
})

test.each([
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['🚨', 2],
  ['', 0],
])('%s takes %i columns', (text, width) => {
  expect(widthOf(text)).toBe(width)
})

test('an escape sequence becomes a space', () => {
  expect(harmless('a\u001b[2Jb\u202ec')).toBe('a [2Jb c')
})

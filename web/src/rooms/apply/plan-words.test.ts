import { expect, test } from 'vitest'
import { placeInText, planCounts, valueText } from './plan-words.ts'

const change = (action: 'create' | 'update' | 'unchanged' | 'conflict') => ({
  kind: 'Service',
  name: 'a',
  action,
  fields: [],
  warnings: [],
})

test('a plan is counted in the order of weight', () => {
  expect(
    planCounts({ changes: [change('unchanged'), change('create'), change('create'), change('conflict')] }),
  ).toEqual({
    changing: 3,
    conflicts: 1,
    sentence: '2 to create, 1 in conflict, 1 unchanged',
  })
  expect(planCounts({ changes: [] }).sentence).toBe('no documents')
})

test.each([
  [1, 1, 'ab'],
  [2, 2, 'd'],
  [3, 1, 'ef'],
  [9, 1, 'ef'],
  [2, 99, ''],
])('line %d column %d selects %j', (line, column, selected) => {
  const text = 'ab\ncd\nef'
  const place = placeInText(text, line, column)
  expect(text.slice(place.start, place.end)).toBe(selected)
})

test('values in a diff', () => {
  expect(valueText(undefined)).toBe('–')
  expect(valueText('x')).toBe('x')
  expect(valueText({ a: 1 })).toBe('{"a":1}')
})

import { expect, test } from 'vitest'
import { fewNames } from './few-names.ts'

test.each([
  [0, ''],
  [3, 'n0, n1, n2'],
  [4, 'n0, n1, n2, n3'],
  [5, 'n0, n1, n2 and 2 more'],
  [1_003, 'n0, n1, n2 and 1,000 more'],
])('%i names', (count, text) => {
  expect(fewNames(Array.from({ length: count }, (_, index) => `n${index}`))).toBe(text)
})

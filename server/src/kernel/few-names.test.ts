import { expect, test } from 'vitest'
import { fewNames } from './few-names.ts'

test.each([
  [0, ''],
  [3, 'n0, n1, n2'],
  [4, 'n0, n1, n2, n3'],
  [5, 'n0, n1, n2 and 2 more'],
])('%i names', (count, text) => {
  const names = Array.from({ length: count }, (_, index) => `n${index}`)
  expect(fewNames(names, 3)).toBe(text)
})

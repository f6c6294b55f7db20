import { expect, test } from 'vitest'
import { backOf } from './back.ts'

test.each([
  ['?back=%2Falerts%3Fstatus%3Dall', '/alerts?status=all'],
  ['', '/'],
  ['?back=https%3A%2F%2Fevil.example', '/'],
  ['?back=%2F%2Fevil.example', '/'],
  ['?back=%2F%5Cevil.example', '/'],
  ['?back=javascript%3Aalert(1)', '/'],
  ['?back=%2Fsign-in', '/'],
])('%s leads to %s', (search, path) => {
  expect(backOf(search)).toBe(path)
})

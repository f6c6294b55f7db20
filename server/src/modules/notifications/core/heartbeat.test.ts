import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { freshMs, mayBeat } from './heartbeat.ts'

const now = instant(1_790_000_000_000)

test.each([
  ['a page came through just now and nothing is late', 0, 0, true],
  ['a page came through two minutes ago', freshMs, 0, false],
  ['a page came through a hair less than two minutes ago', freshMs - 1, 0, true],
  ['the clock was set back by an hour since', -3_600_000, 0, false],
  ['the clock was set back by a second since', -1_000, 0, true],
  ['a page to a person is two minutes late', 0, freshMs, false],
  ['a page to a person is a little late', 0, 30_000, true],
] as const)('%s', (_what, agoMs, oldestDueMs, may) => {
  expect(mayBeat(instant(now - agoMs), now, oldestDueMs)).toBe(may)
})

test('before the first synthetic page came through nobody is told that paging works', () => {
  expect(mayBeat(null, now, 0)).toBe(false)
})

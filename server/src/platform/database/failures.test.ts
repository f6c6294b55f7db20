import { expect, test } from 'vitest'
import { AppError } from '../../kernel/app-error.ts'
import { isAway, isTransient, refusalOf } from './failures.ts'

const failure = (code: string) => Object.assign(new Error('as PostgreSQL says it'), { code })

test.each([
  { state: '53100', code: 'database.disk-full', kind: 'unavailable' },
  { state: '57014', code: 'database.too-slow', kind: 'unavailable' },
  { state: '40001', code: 'database.busy', kind: 'unavailable' },
  { state: '40P01', code: 'database.busy', kind: 'unavailable' },
  { state: '55P03', code: 'database.busy', kind: 'unavailable' },
  { state: '25006', code: 'database.read-only', kind: 'unavailable' },
  { state: '25P03', code: 'database.away', kind: 'unavailable' },
  { state: '57P01', code: 'database.away', kind: 'unavailable' },
  { state: '57P03', code: 'database.away', kind: 'unavailable' },
  { state: '53300', code: 'database.away', kind: 'unavailable' },
  { state: '58030', code: 'database.away', kind: 'unavailable' },
  { state: '08006', code: 'database.away', kind: 'unavailable' },
  { state: 'ECONNREFUSED', code: 'database.away', kind: 'unavailable' },
  { state: 'ECONNRESET', code: 'database.away', kind: 'unavailable' },
  { state: '22021', code: 'input.unstorable-text', kind: 'invalid' },
  { state: '22P05', code: 'input.unstorable-text', kind: 'invalid' },
  { state: '22003', code: 'input.out-of-range', kind: 'invalid' },
])('$state is $code', ({ state, code, kind }) => {
  expect(refusalOf(failure(state))).toMatchObject({ name: 'AppError', code, kind })
})

test.each(['23505', '42P01', '42601', '23503'])('%s is a bug or decided by the caller, and stays as it is', (state) => {
  const error = failure(state)
  expect(refusalOf(error)).toBe(error)
})

test.each(['Query read timeout', 'Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])(
  'the driver’s own «%s» means away',
  (message) => {
    expect(isAway(new Error(message))).toBe(true)
    expect(refusalOf(new Error(message))).toMatchObject({ code: 'database.away' })
  },
)

test('a message alone does not make a refused statement look like an absent server', () => {
  expect(isAway(failure('23505'))).toBe(false)
  expect(isAway(Object.assign(new Error('timeout in a trigger'), { code: 'P0001' }))).toBe(false)
})

test('only deadlocks and serialization failures are repeated at once', () => {
  expect(['40001', '40P01', '57014', '23505'].map((state) => isTransient(failure(state)))).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test('a refusal of ours passes through', () => {
  const refusal = new AppError('conflict', 'test.no', 'No.')
  expect(refusalOf(refusal)).toBe(refusal)
})

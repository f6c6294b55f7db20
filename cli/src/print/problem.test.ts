import { expect, test } from 'vitest'
import { ProblemError } from '../../../client/src/client.ts'
import { AppError } from '../../../server/src/kernel/app-error.ts'
import { TimedOut } from '../connection/http.ts'
import { CommandError } from '../exit-codes.ts'
import { tellError } from './problem.ts'
import { createStyle } from './style.ts'

const style = createStyle(false)
const problem = (status: number, more: object = {}) =>
  new ProblemError({ code: 'x.y', detail: 'It is refused.', requestId: 'r-12345678', ...more }, status, null)

test.each([
  [problem(400), 1],
  [problem(401), 4],
  [problem(403), 4],
  [problem(404), 3],
  [problem(409), 5],
  [problem(412), 5],
  [problem(428), 5],
  [problem(422), 1],
  [problem(429), 1],
  [problem(500), 1],
  [problem(504), 7],
  [new ProblemError({ code: 'client.unreachable' }, 0, null, new TimedOut('http://x', 30_000)), 7],
  [new ProblemError({ code: 'client.unreachable' }, 0, null), 1],
  [new CommandError(2, 'No.'), 2],
  [new AppError('not-found', 'a.b', 'Nowhere.'), 3],
  [new AppError('invalid', 'a.b', 'Wrong.'), 1],
  [new Error('Boom'), 1],
  ['text', 1],
])('%o exits %i', (error, code) => {
  expect(tellError(error, style, false).exitCode).toBe(code)
})

test('a refusal says what, where, and the way out', () => {
  const error = problem(401, {
    errors: [{ line: 12, column: 3, pointer: '/spec/tier', detail: 'It must be 0 to 3; it is 9.' }],
  })
  expect(tellError(error, style, false).text).toBe(
    [
      '✗ It is refused.',
      '  line 12:3  /spec/tier  It must be 0 to 3; it is 9.',
      '  Sign in with `mainstay login`, or give a key with --token-file or MAINSTAY_TOKEN.',
      '',
    ].join('\n'),
  )
})

test('the request id is shown for faults of the server, which have their cause in its log', () => {
  expect(tellError(problem(500), style, false).text).toContain('Request r-12345678')
  expect(tellError(problem(422), style, false).text).not.toContain('r-12345678')
})

test('a stack appears only when asked for', () => {
  expect(tellError(new Error('Boom'), style, false).text).not.toContain('at ')
  expect(tellError(new Error('Boom'), style, true).text).toContain('problem.test.ts')
})

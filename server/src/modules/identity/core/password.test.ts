import { expect, test } from 'vitest'
import { judgePassword } from './password.ts'

test.each([
  { password: 'correct horse battery', good: true },
  { password: 'short-one-1', good: false },
  { password: '123456789012', good: false },
  { password: 'abcdefghijklmnop', good: false },
  { password: 'aaaabbbbaaaabbbb', good: false },
  { password: 'Password1234', good: false },
  { password: 'ana.berg@shop.example', good: false },
  { password: 'AnaBerg2026!', good: true },
  { password: 'ana.berg 2026', good: false },
  { password: 'x'.repeat(201), good: false },
  { password: 'пароль длинный 7', good: true },
])('$password: $good', ({ password, good }) => {
  expect(judgePassword(password, ['ana.berg@shop.example', 'Ana Berg']) === null).toBe(good)
})

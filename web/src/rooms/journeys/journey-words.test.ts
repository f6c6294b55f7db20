import { expect, test } from 'vitest'
import { blameText, stepsOf } from './journey-words.ts'

test.each([
  [{ badSteps: 0, aloneSteps: 0 }, 'none'],
  [{ badSteps: 5, aloneSteps: 3 }, '5 of 60, 3 alone'],
])('%j reads %s', (member, text) => expect(blameText(member, 60)).toBe(text))

test('steps add up, whatever is known of them', () =>
  expect(stepsOf({ good: 50, bad: 5, unknown: 3, idle: 2 })).toBe(60))

import { expect, test } from 'vitest'
import { day, hour, minute, second } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { rational } from '../../../kernel/rational.ts'
import { budgetSentence, formatCount, formatPercent, formatShort, formatSpan, formatTimes } from './sentence.ts'

test.each([
  { value: 14.4, text: '14.4' },
  { value: 1_000, text: '1,000' },
  { value: 0.23333, text: '0.233' },
  { value: 100.4, text: '100' },
  { value: 9.999, text: '10' },
  { value: 0, text: '0' },
  { value: -40, text: '-40' },
  { value: 0.000002, text: '0.000002' },
  { value: 1_234_567.8, text: '1,234,568' },
  { value: Number.POSITIVE_INFINITY, text: '∞' },
])('$value is written $text', ({ value, text }) => expect(formatShort(value)).toBe(text))

test.each([
  { ms: 11 * minute + 40 * second, text: '11 min 40 s' },
  { ms: 2 * day + 3 * hour + 59 * minute, text: '2 d 3 h' },
  { ms: hour, text: '1 h' },
  { ms: hour + 20 * second, text: '1 h' },
  { ms: 800, text: '800 ms' },
  { ms: -90 * second, text: '1 min 30 s' },
])('$ms ms is $text', ({ ms, text }) => expect(formatSpan(ms)).toBe(text))

test('shares and counts', () => {
  expect(formatPercent(rational(-7, 4))).toBe('-175 %')
  expect(formatTimes(rational(144, 10))).toBe('14.4×')
  expect(formatCount(3_663_253)).toBe('3,663,253')
})

const format = () => 'Thu 14:05'
const words = {
  periodMs: 30 * day,
  remainingMs: 11 * minute + 40 * second,
  unknown: null,
  exhaustsAt: null,
  recoversAt: null,
}

test.each([
  {
    given: { exhaustsAt: instant(0) },
    text: '11 min 40 s of bad time left in 30 d; at the present rate gone Thu 14:05.',
  },
  { given: {}, text: '11 min 40 s of bad time left in 30 d.' },
  { given: { remainingMs: -3 * hour }, text: 'Overspent by 3 h of bad time in 30 d.' },
  { given: { remainingMs: -3 * hour, measuredMs: 29 * day }, text: 'Overspent by 3 h of bad time in 30 d.' },
  {
    given: { remainingMs: -12 * day, measuredMs: 5 * minute },
    text: 'Overspent by 2 min of bad time in the 5 min of 30 d that were measured.',
  },
  {
    given: { remainingMs: -3 * hour, recoversAt: instant(0) },
    text: 'Overspent by 3 h of bad time in 30 d; without further failures kept again Thu 14:05.',
  },
  { given: { remainingMs: 0 }, text: 'No bad time left in 30 d.' },
  {
    given: { remainingMs: null, unknown: 'no-data' as const },
    text: 'Not known: nothing was measured in the last 30 d.',
  },
  {
    given: { remainingMs: null, unknown: 'no-events' as const },
    text: 'Not known: nothing happened in the last 30 d.',
  },
])('$text', ({ given, text }) => expect(budgetSentence({ ...words, ...given }, format)).toBe(text))

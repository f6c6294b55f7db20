import { expect, test } from 'vitest'
import { creditText, dueText } from './agreement-words.ts'

const none = { percentText: '0', belowText: null, amount: { amount: '0.00', currency: 'EUR' }, capped: false }
const due = { percentText: '20', belowText: '99', amount: { amount: '200.00', currency: 'EUR' }, capped: true }

test.each([
  { credit: none, text: 'none' },
  { credit: due, text: '20 % of the fee, 200.00 EUR (cap)' },
  { credit: { ...due, amount: null, capped: false }, text: '20 % of the fee' },
])('$text', ({ credit, text }) => {
  expect(creditText(credit)).toBe(text)
})

test('what is not known makes a span of it', () => {
  expect(dueText({ creditLeast: none, creditMost: due })).toBe('from none to 20 % of the fee, 200.00 EUR (cap)')
  expect(dueText({ creditLeast: due, creditMost: due })).toBe('20 % of the fee, 200.00 EUR (cap)')
})

import { expect, test } from 'vitest'
import { dueText } from './agreement-words.ts'

const none = {
  ...{ percentText: '0', belowText: null, amount: { amount: '0.00', currency: 'EUR' }, capped: false, text: 'none' },
}
const due = { ...none, percentText: '20', belowText: '99', capped: true, text: '20 % of the fee, 200.00 EUR (cap)' }

test('what is not known makes a span of it', () => {
  expect(dueText({ creditLeast: none, creditMost: due })).toBe('from none to 20 % of the fee, 200.00 EUR (cap)')
  expect(dueText({ creditLeast: due, creditMost: due })).toBe('20 % of the fee, 200.00 EUR (cap)')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prepare, rank, scoreOf } from './fuzzy.ts'

const names = ['checkout', 'checkout-payments', 'card-network', 'Acknowledge the alert', 'Go to on-call', 'catalog']
const items = prepare(names.map((text) => ({ text })))

test.each([
  ['che', 'checkout'],
  ['chepay', 'checkout-payments'],
  ['cn', 'card-network'],
  ['ack', 'Acknowledge the alert'],
  ['on-call', 'Go to on-call'],
])('%s finds %s first', (query, first) => {
  expect(rank(items, query, 5)[0]?.text).toBe(first)
})

test('letters that do not occur in order find nothing', () => {
  expect(rank(items, 'zzz', 5)).toEqual([])
  expect(scoreOf('checkout', 'tuokcehc')).toBe(0)
})

test('a text is always found by itself, and before texts that only contain its letters', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z-]{2,12}$/), (text) => {
      const spread = [...text].join('x')
      const found = rank(prepare([{ text: spread }, { text }]), text, 2)
      expect(found[0]?.text).toBe(text)
    }),
  )
})

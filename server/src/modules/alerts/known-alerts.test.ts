import { expect, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import { createKnownAlerts } from './known-alerts.ts'

const digest = (number: number) => number.toString(16).padStart(32, '0')
const said = { identity: digest(0xabcdef01), content: digest(2), startsAt: instant(Date.UTC(2026, 2, 1, 3)) }
const piece = { words: '{"labels":{"alertname":"Down"},"endsAt":"\u0000"}', endsAt: '2026-03-01T03:04:00Z' }
const remembered = () => {
  const known = createKnownAlerts()
  known.keep('one', piece, said)
  return known
}

test('the same words with another end are known, and their end is read', () => {
  const endsAt = '2026-03-01T03:05:00.5Z'
  expect(remembered().find('one', { ...piece, endsAt })).toEqual({
    ...said,
    endsAt: Date.UTC(2026, 2, 1, 3, 5, 0, 500),
  })
})

test.each([
  ['other words', { words: piece.words.replace('Down', 'down') }],
  ['no end', { endsAt: '' }],
  ['an end that is none', { endsAt: 'tomorrow' }],
  ['an end with an escaped letter', { endsAt: '2026-03-01T03:05:00\\u005a' }],
  ['a day that does not exist', { endsAt: '2026-02-30T00:00:00Z' }],
  ['an end before the start', { endsAt: '2026-03-01T02:59:59Z' }],
])('%s: not known', (_, more) => {
  expect(remembered().find('one', { ...piece, ...more })).toBeNull()
})

test('another sender of the same words speaks of another alert', () => {
  expect(remembered().find('two', piece)).toBeNull()
})

test('memory is bounded: what is repeated stays, what is not goes', () => {
  const known = createKnownAlerts(10)
  const numbered = (number: number) => ({ ...piece, words: `${piece.words} ${number}` })
  known.keep('one', piece, said)
  for (let number = 0; number < 100; number += 1) {
    known.keep('one', numbered(number), said)
    expect(known.find('one', piece)).not.toBeNull()
  }
  const kept = Array.from({ length: 100 }, (_, number) => known.find('one', numbered(number))).filter(Boolean)
  expect(kept.length).toBeLessThan(20)
})

test('of many each is found with what was said last of it', () => {
  const known = createKnownAlerts(3_000)
  const numbered = (number: number) => ({ ...piece, words: `${piece.words} ${number}` })
  const saidOf = (number: number, round: number) => ({
    identity: digest(number * 65_537),
    content: digest(number * 3 + round),
    startsAt: instant(said.startsAt + number + round - 5_000),
  })
  for (const round of [0, 1])
    for (let number = 0; number < 2_500; number += 1) known.keep('one', numbered(number), saidOf(number, round))
  for (let number = 0; number < 2_500; number += 1)
    expect(known.find('one', numbered(number))).toEqual({
      ...saidOf(number, 1),
      endsAt: Date.UTC(2026, 2, 1, 3, 4),
    })
  expect(known.find('one', numbered(2_500))).toBeNull()
})

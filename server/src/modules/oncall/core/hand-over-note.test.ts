import { expect, test } from 'vitest'
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant, parseInstant } from '../../../kernel/instant.ts'
import { notedShift, noteText } from './hand-over-note.ts'
import type { Shift } from './schedule.ts'

const at = (text: string): Instant => parseInstant(`2026-03-${text}:00Z`) ?? instant(Number.NaN)
const shift = (person: string, from: string, to: string): Shift => ({
  person,
  start: at(from),
  end: at(to),
  source: { kind: 'rotation', rotation: 'r', turn: 0, standInFor: null },
})
// Ana, then Ben with Chi beside him from noon, then nobody.
const shifts = [
  shift('ana', '02T09:00', '03T09:00'),
  shift('ben', '03T09:00', '04T09:00'),
  shift('chi', '03T12:00', '04T09:00'),
]
const window = { start: at('01T00:00'), end: at('08T00:00') }

test.each([
  [
    'in the middle of a shift: the one under way',
    '03T20:00',
    { start: at('03T12:00'), end: at('04T09:00'), leaving: ['ben', 'chi'], coming: [] },
  ],
  [
    'shortly after a hand-over: the one before',
    '03T10:59',
    { start: at('02T09:00'), end: at('03T09:00'), leaving: ['ana'], coming: ['ben'] },
  ],
  [
    'two hours after: the new one',
    '03T11:00',
    { start: at('03T09:00'), end: at('03T12:00'), leaving: ['ben'], coming: ['ben', 'chi'] },
  ],
  ['before anybody ever was', '01T12:00', { start: window.start, end: at('02T09:00'), leaving: [], coming: ['ana'] }],
  [
    'when nobody follows',
    '05T12:00',
    { start: at('04T09:00'), end: window.end, leaving: [], coming: [], hasEnd: false },
  ],
])('%s', (_name, when, expected) => {
  expect(notedShift(shifts, window, at(when))).toMatchObject(expected)
})

test('one person for ever has no hand-over', () => {
  const always = [{ ...shift('ana', '01T00:00', '08T00:00') }]
  expect(notedShift(always, window, instant(window.start + 3 * day))).toMatchObject({ hasEnd: false, leaving: ['ana'] })
})

test('what a sender wrote stays text, and empty parts are left out', () => {
  const text = noteText({
    title: 'Hand-over: First',
    span: '2026-03-02 09:00 to 2026-03-03 09:00 (UTC)',
    leaving: 'Ana',
    coming: 'Ben',
    counts: 'One call, no broken nights.',
    open: [
      {
        title: 'web: ![x](http://evil)\n# Disk <b>full</b>',
        standing: 'nobody has acknowledged it.',
        link: 'http://m/1',
      },
    ],
    happened: [],
    ahead: ['Nobody is on call from 04 to 05.'],
    facts: [{ heading: 'Silences', sentence: 'Ana: move', link: null }],
  })
  expect(text).toBe(`# Hand-over: First

2026-03-02 09:00 to 2026-03-03 09:00 (UTC). Ana → Ben. One call, no broken nights.

## Still open

- web: \\!\\[x\\](http://evil) \\# Disk \\<b\\>full\\</b\\>: nobody has acknowledged it. <http://m/1>

## Silences

- Ana: move

## Coming up

- Nobody is on call from 04 to 05.
`)
})

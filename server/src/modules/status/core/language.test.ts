import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { componentStates, languages, postStates, sayIn, timeText, wordsOf } from './index.ts'
import { chooseLanguage, spokenIn } from './language.ts'

test.each([
  { known: ['en', 'de'], asked: 'de', accepted: 'en', chosen: 'de' },
  { known: ['en', 'de'], asked: 'fr', accepted: 'de-AT, en;q=0.8', chosen: 'de' },
  { known: ['en', 'de', 'ja'], asked: null, accepted: 'en;q=0.2, ja-JP;q=0.9, de;q=0.5', chosen: 'ja' },
  { known: ['de', 'en'], asked: null, accepted: 'zh, *;q=0.1', chosen: 'de' },
  { known: ['de', 'en'], asked: null, accepted: 'en;q=0', chosen: 'de' },
  { known: ['de', 'en'], asked: null, accepted: 'en;q=x,,;;q', chosen: 'de' },
  { known: ['nl'], asked: 'en', accepted: 'en', chosen: 'nl' },
  { known: ['en', 'pt'], asked: null, accepted: `${'x,'.repeat(2_000)}pt`, chosen: 'en' },
] as const)('of $known asked $asked accepting $accepted: $chosen', ({ known, asked, accepted, chosen }) => {
  expect(chooseLanguage(known, asked, accepted)).toBe(chosen)
})

test('what was not translated says in which language it is', () => {
  expect(spokenIn('Over.', { de: 'Vorbei.' }, 'de', 'en')).toEqual({ text: 'Vorbei.', language: 'de' })
  expect(spokenIn('Over.', { de: 'Vorbei.' }, 'fr', 'en')).toEqual({ text: 'Over.', language: 'en' })
})

test('no language is left with words of another, and none is empty', () => {
  const texts = (value: unknown): readonly string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'function'
        ? [String((value as (...given: string[]) => unknown)('A', 'B', 'C'))]
        : Object.values(value as object).flatMap(texts)
  const english = texts(wordsOf.en.links).concat(texts(wordsOf.en.subscription))
  for (const language of languages) {
    const words = wordsOf[language]
    expect(texts(words).every((each) => each.trim() !== '')).toBe(true)
    for (const state of componentStates) expect(words.overall(state, true)).toBeTypeOf('string')
    expect(new Set(postStates.map((state) => words.posts[state])).size).toBe(postStates.length)
    if (language === 'en') continue
    for (const each of texts(words.links).concat(texts(words.subscription))) expect(english).not.toContain(each)
  }
})

test('times are those of the zone, in the words of the language', () => {
  const at = instant(Date.parse('2026-03-29T00:30:00Z'))
  expect(timeText(at, 'en', 'UTC')).toBe('29 Mar 2026, 00:30 UTC')
  expect(timeText(at, 'de', 'Europe/Vienna')).toBe('29. März 2026, 01:30 MEZ')
  expect(timeText(instant(at + 3_600_000), 'de', 'Europe/Vienna')).toBe('29. März 2026, 03:30 MESZ')
  expect(timeText(at, 'ja', 'Asia/Tokyo')).toBe('2026年3月29日 09:30 JST')
})

test('what the clock says is said in every language of the page', () => {
  const saying = { say: 'longer', from: null, to: instant(Date.parse('2026-03-04T06:00:00Z')) } as const
  expect(sayIn(['de', 'en'], 'UTC', saying)).toEqual({
    body: 'Die Wartung dauert länger als geplant, bis 4. März 2026, 06:00 UTC.',
    bodies: { en: 'The maintenance takes longer than planned and lasts until 4 Mar 2026, 06:00 UTC.' },
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { composePublic, type PublicChoices, type PublicSource, usualChoices } from './public-copy.ts'
import { redactionFor } from './redaction.ts'

const ana = { role: 'the incident commander', forms: ['ana', 'Ana Ruiz', 'ana.ruiz@shop.example'] }
const will = { role: 'a colleague', forms: ['will', 'Will Rose', 'will@shop.example'] }
const withheld = { people: [ana, will], passages: [], noNames: [] }
const redact = (text: string, more: object = {}) => redactionFor({ ...withheld, ...more }, [text]).redact(text)

test.each([
  { text: 'Ana Ruiz rolled it back.', left: 'the incident commander rolled it back.' },
  { text: "ANA's laptop; ask @ana", left: "the incident commander's laptop; ask the incident commander" },
  { text: 'Mail ana.ruiz@shop.example or x+y@other.example.', left: 'Mail [e-mail address] or [e-mail address].' },
  { text: 'Ruiz, Ana\u200b and Anatol', left: 'the incident commander, the incident commander and Anatol' },
  {
    text: 'https://wiki.example/ana_ruiz?by=ana%20ruiz',
    left: 'https://wiki.example/the incident commander_the incident commander?by=the incident commander%20the incident commander',
  },
  { text: 'banana', left: 'banana' },
  { text: 'It will be done.', left: 'It a colleague be done.' },
])('"$text"', ({ text, left }) => {
  expect(redact(text)).toBe(left)
})

test('a word that is no name here stays; the whole name still goes', () => {
  expect(redact('Will Rose will do it.', { noNames: ['Will'] })).toBe('a colleague will do it.')
})

test('passages go whatever their case and white space', () => {
  expect(redact('The key was\n  HUNTER2 (all of it).', { passages: ['key was hunter2 (all'] })).toBe(
    'The [withheld] of it).',
  )
  expect(redactionFor({ ...withheld, passages: ['not there'] }, ['Some text.']).notFound).toEqual(['not there'])
})

test('nothing of a name or passage stays, wherever they are put', () => {
  const piece = fc.constantFrom(
    'Ana Ruiz',
    'ana',
    '@Ana',
    'RUIZ',
    'ana.ruiz@shop.example',
    'secret  thing',
    'Secret Thing',
    'x',
    ' ',
    '\n',
    '**',
    '-',
    "'s",
    'é',
    '😀',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join(' ')
      const { redact: change, leaks } = redactionFor({ people: [ana], passages: ['secret thing'], noNames: [] }, [
        text,
        'secret thing',
      ])
      const left = change(text)
      expect(leaks(left)).toEqual([])
      expect(left).not.toMatch(/\bana\b|ruiz|secret\s+thing|@shop/i)
    }),
  )
})

const source: PublicSource = {
  title: 'Ana could not pay',
  organisation: 'Shop Ltd',
  severity: 'SEV1',
  services: ['payment'],
  figures: [['Users hurt for', '20 min']],
  timeline: [{ at: '2026-03-02 03:00 UTC', sentence: 'ana acknowledged' }],
  factors: ['No lock timeout'],
  actions: ['Set one'],
  sections: { summary: 'Ana saw it.[^12]\n\n/timeline\n\nThe **vault** key was read.', lessons: 'Inner words.' },
  people: [ana],
}
const composed = (choices: Partial<PublicChoices>) => composePublic(source, { ...usualChoices, ...choices })

test('people by their roles, the journal left out unless it is asked for, no live blocks and citations', () => {
  const verdict = composed({ sections: ['lessons'] })
  expect(verdict).toMatchObject({
    ok: true,
    copy: {
      title: 'the incident commander could not pay',
      partial: true,
      sections: [
        { title: 'Summary', body: 'the incident commander saw it.\n\n\nThe **vault** key was read.' },
        { title: 'What had to come together', lines: ['No lock timeout'] },
        { title: 'What we do about it', lines: ['Set one'] },
      ],
    },
  })
  expect(JSON.stringify(composed({ parts: [] }))).toContain('2026-03-02 03:00 UTC the incident commander acknowledged')
})

test.each([
  { choices: { passages: ['The vault key'] }, pointer: '/passages' }, // Parted by markup: it would stay.
  { choices: { passages: ['nowhere'] }, pointer: '/passages' },
  { choices: { roles: [{ person: 'ana', role: 'Ana, who led' }] }, pointer: '/roles' },
])('what cannot be taken out is refused: $choices', ({ choices, pointer }) => {
  expect(composed(choices)).toMatchObject({ ok: false, pointer })
})

test('a passage that stands in plain words and once in markup is not let out', () => {
  const twice = { ...source, sections: { summary: 'The vault key. Again: the **vault** key.' } }
  expect(composePublic(twice, { ...usualChoices, passages: ['the vault key'] })).toMatchObject({ ok: false })
})

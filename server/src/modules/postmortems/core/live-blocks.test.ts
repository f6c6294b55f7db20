import { expect, test } from 'vitest'
import { languageHints } from './language-hints.ts'
import { citedIn, readLiveLine } from './live-blocks.ts'

test.each([
  { line: '/timeline', read: { block: 'timeline', of: null } },
  { line: '/graph', read: { block: 'graph', of: null } },
  { line: '/graph checkout-availability', read: { block: 'graph', of: 'checkout-availability' } },
  { line: '/impact  ', read: { block: 'impact', of: null } },
  { line: '/budget payment', read: null }, // only a graph is of something
  { line: '/etc/passwd', read: null },
  { line: 'see /timeline', read: null },
  { line: '/Timeline', read: null },
  { line: '/graph <script>', read: null },
])('"$line" stands for $read', ({ line, read }) => {
  expect(readLiveLine(line)).toEqual(read)
})

test('citations are numbers of entries, each once', () => {
  expect(citedIn('It began [^12], and again [^7][^12]; not [^x] and not [12].')).toEqual([12, 7])
})

test.each([
  { text: 'Ben should have checked.', found: ['counterfactual should have'] },
  { text: 'He could’ve asked; he couldn’t have known.', found: ['counterfactual couldn’t have'] },
  { text: 'Human error, obviously.', found: ['blame Human error', 'certainty obviously'] },
  { text: 'The log said `failed to connect`.', found: [] },
  { text: '```\nfailed to connect', found: [] },
  { text: 'The release dropped the retry.', found: [] },
])('"$text"', ({ text, found }) => {
  expect(languageHints(text).map((each) => `${each.kind} ${each.words}`)).toEqual(found)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPattern } from './pattern.ts'

const matches = (source: string, text: string): boolean => {
  const read = readPattern(source)
  if (!read.ok) throw new Error(read.detail)
  return read.pattern.matches(text)
}

test.each([
  ['foo', 'foo', true],
  ['foo', 'foobar', false],
  ['foo', 'xfoo', false],
  ['foo.*', 'foobar', true],
  ['a|b', 'b', true],
  ['a|', '', true],
  ['', '', true],
  ['(dev|prod)-[0-9]{1,3}', 'prod-12', true],
  ['(dev|prod)-[0-9]{1,3}', 'prod-1234', false],
  ['(?i)PROD', 'prod', true],
  ['(?i)[a-c]x', 'BX', true],
  ['[^a-c]', 'b', false],
  ['[]a]+', ']a', true],
  ['[a-]', '-', true],
  ['\\d+\\.\\d+', '12.5', true],
  ['\\w\\s\\S\\W', 'a b-', true],
  ['a.c', 'a\nc', false],
  ['a{2}', 'aa', true],
  ['a{2,}', 'a', false],
  ['a{2,}', 'aaaa', true],
  ['a{x', 'a{x', true],
  ['(?:ab)*?c', 'ababc', true],
  ['^a$', 'a', true],
  ['a^b', 'ab', false],
  ['\\x41\\t', 'A\t', true],
  ['.', '😀', true],
])('%s on %j is %s', (source, text, expected) => {
  expect(matches(source, text)).toBe(expected)
})

test.each([
  ['(?=a)b', 'Looking ahead or behind is not supported.'],
  ['(?<!a)b', 'Looking ahead or behind is not supported.'],
  ['(a)\\1', 'Back-references are not supported.'],
  ['(?P<x>a)', 'not supported; write "("'],
  ['a**', 'Nothing to repeat'],
  ['*a', 'Nothing to repeat'],
  ['(a', 'A "(" is not closed.'],
  ['a)', 'A ")" has no "(".'],
  ['[a', 'A "[" is not closed.'],
  ['[z-a]', 'runs from low to high'],
  ['[[:alpha:]]', 'write a-zA-Z'],
  ['\\b', '"\\b" is not supported.'],
  ['a\\', 'ends in a backslash'],
  ['a{3,2}', '{least,most}'],
  ['(a{1000}){1000}', 'too large'],
  ['(((){1000}){1000}){1000}', 'too large'],
  [`${'('.repeat(200)}a${')'.repeat(200)}`, '100 deep'],
  ['x'.repeat(1001), 'at most 1000 characters'],
])('%s is refused', (source, sentence) => {
  const read = readPattern(source)
  expect(read.ok ? null : read.detail).toContain(sentence)
})

// Each of these takes a backtracking engine longer than the age of the universe; here they are a few thousand steps.
test.each(['(a+)+', '(a|a)*', '(a|aa)+', '(.*)*x', '(a*)*b', '((a?){50})*'])('%s does not hang', (source) => {
  expect(matches(`${source}!`, 'a'.repeat(2048))).toBe(false)
})

test('agrees with the engine of JavaScript on random patterns', () => {
  const { pattern } = fc.letrec((tie) => ({
    atom: fc.oneof(
      fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '\\d'),
      tie('pattern').map((inner) => `(?:${inner})`),
    ),
    piece: fc
      .tuple(tie('atom'), fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{1,}'))
      .map(([atom, count]) => `${atom}${count}`),
    pattern: fc
      .array(
        fc.array(tie('piece'), { maxLength: 3 }).map((each) => each.join('')),
        { minLength: 1, maxLength: 2 },
      )
      .map((each) => each.join('|')),
  }))
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '\n'), maxLength: 8 })
  fc.assert(
    fc.property(pattern, fc.array(text, { maxLength: 6 }), (source, texts) => {
      const read = readPattern(String(source))
      if (!read.ok) return
      const other = new RegExp(`^(?:${source})$`, 'u')
      for (const each of texts)
        expect([source, each, read.pattern.matches(each)]).toEqual([source, each, other.test(each)])
    }),
    { numRuns: 1000 },
  )
})

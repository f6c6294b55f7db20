import { createContext, Script } from 'node:vm'
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

/**
 * What the engine of JavaScript says; null when it does not say in time. It tries every way, and of some patterns of
 * three groups eight characters have ways for minutes.
 */
function createPeer(): (source: string, text: string) => boolean | null {
  const room = createContext({})
  const script = new Script("new RegExp(source, 'u').test(text)")
  return (source, text) => {
    Object.assign(room, { source: `^(?:${source})$`, text })
    try {
      return Boolean(script.runInContext(room, { timeout: 250 }))
    } catch (error) {
      // Asked by its code alone: the error is made in the room, so it is no Error of this one.
      if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null
      throw error
    }
  }
}

test('agrees with the engine of JavaScript on random patterns', () => {
  const { pattern } = fc.letrec((tie) => ({
    atom: fc.oneof(
      { maxDepth: 3 },
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
  const peer = createPeer()
  let [compared, unanswered] = [0, 0]
  fc.assert(
    fc.property(pattern.map(String), fc.array(text, { maxLength: 6 }), (source, texts) => {
      const read = readPattern(source)
      if (!read.ok) return
      for (const each of texts) {
        const expected = peer(source, each)
        if (expected === null) unanswered += 1
        else {
          compared += 1
          expect([source, each, read.pattern.matches(each)]).toEqual([source, each, expected])
        }
      }
    }),
    { numRuns: 1000 },
  )
  expect(compared).toBeGreaterThan(100 * unanswered)
})

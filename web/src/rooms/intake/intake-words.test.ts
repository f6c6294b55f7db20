import { expect, test } from 'vitest'
import { filledMapping, filledWith, formatList, readable, sourceLook } from './intake-words.ts'

test.each([
  { state: 'silent', orphans: 3, word: 'Silent' },
  { state: 'receiving', orphans: 1, word: 'Not understood' },
  { state: 'receiving', orphans: 0, word: 'Receiving' },
  { state: 'quiet', orphans: 0, word: 'Quiet' },
  { state: 'never', orphans: 0, word: 'Not connected' },
] as const)('$state with $orphans orphans: $word', ({ state, orphans, word }) => {
  expect(sourceLook({ state, orphans }).word).toBe(word)
})

test('a token stands wherever the text asks for one', () => {
  expect(filledWith('a <TOKEN> b <TOKEN>', 't')).toBe('a t b t')
  expect(filledWith('a <TOKEN>', null)).toBe('a <TOKEN>')
})

test('payloads are indented when they are JSON, and as they are when not', () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}')
  expect(readable('{"a"')).toBe('{"a"')
})

test('empty fields are no expressions', () => {
  expect(filledMapping({ key: ' item.id ', when: ' ', link: undefined })).toEqual({ key: 'item.id' })
  expect(formatList).toContain('zabbix')
})

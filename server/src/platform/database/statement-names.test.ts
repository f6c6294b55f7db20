import fc from 'fast-check'
import { expect, test } from 'vitest'
import { statementNames } from './statement-names.ts'

const limits = { after: 3, names: 4, counted: 8 }

test('a statement gets its name once it was asked often enough, and keeps it', () => {
  const names = statementNames(limits)
  const given = Array.from({ length: 5 }, () => names.nameOf('select 1'))
  expect(given.slice(0, 2)).toEqual([undefined, undefined])
  expect(given[2]).toMatch(/^m[0-9a-f]{24}$/)
  expect(new Set(given.slice(2)).size).toBe(1)
})

test('two processes, and two limits, name the same text alike', () => {
  const once = statementNames({ ...limits, after: 1 })
  const thrice = statementNames(limits)
  for (let time = 0; time < 2; time += 1) thrice.nameOf('select 2')
  expect(thrice.nameOf('select 2')).toBe(once.nameOf('select 2'))
})

test('whatever is asked: no more names than allowed, no name for two texts', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 400 }), (asked) => {
      const names = statementNames(limits)
      const byName = new Map<string, string>()
      for (const each of asked) {
        const text = `select ${each}`
        const name = names.nameOf(text)
        if (name === undefined) continue
        expect(byName.get(name) ?? text).toBe(text)
        byName.set(name, text)
      }
      expect(byName.size).toBeLessThanOrEqual(limits.names)
    }),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isName } from '../../../kernel/names.ts'
import { personNameFor } from './person-name.ts'

test.each([
  ['ana@shop.example', [], 'ana'],
  ['Ana.Ruiz+oncall@shop.example', [], 'ana-ruiz'],
  ['ana@shop.example', ['ana'], 'ana-2'],
  ['ana@shop.example', ['ana', 'ana-2', 'ana-3'], 'ana-4'],
  ['Åsa_Öberg@shop.example', [], 'asa-oberg'],
  ['+@shop.example', [], 'person'],
  ['山田@shop.example', ['person'], 'person-2'],
])('%s beside %j is %s', (email, taken, name) => {
  expect(personNameFor(email, new Set(taken))).toBe(name)
})

test('whatever the address, the name is a label and free', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 120 }), fc.nat(3), (local, copies) => {
      const taken = new Set<string>()
      for (let each = 0; each <= copies; each += 1) {
        const name = personNameFor(`${local}@b.example`, taken)
        expect(isName(name)).toBe(true)
        expect(taken.has(name)).toBe(false)
        taken.add(name)
      }
    }),
  )
})

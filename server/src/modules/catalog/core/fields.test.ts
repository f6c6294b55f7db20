import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../../kernel/json.ts'
import { fieldsOf, mergeFields, objectOf } from './fields.ts'

const key = fc.constantFrom('tier', 'team', 'a/b', 'x~y', 'links', '__proto__')
const leaf = fc.oneof(
  fc.integer(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer(), { maxLength: 3 }),
)
const { object } = fc.letrec<{ object: JsonObject }>((tie) => ({
  object: fc.dictionary(key, fc.oneof({ depthSize: 'small' }, leaf as fc.Arbitrary<JsonValue>, tie('object')), {
    maxKeys: 4,
  }) as fc.Arbitrary<JsonObject>,
}))

test('an object and its fields say the same', () => {
  fc.assert(
    fc.property(object, (value) => {
      expect(sorted(objectOf(fieldsOf(value)))).toEqual(sorted(value))
    }),
  )
})

test('applying the same document again changes nothing', () => {
  fc.assert(
    fc.property(object, object, (before, desired) => {
      const once = mergeFields(fieldsOf(before), {}, fieldsOf(desired), 'git', false)
      const twice = mergeFields(once.fields, once.owners, fieldsOf(desired), 'git', false)
      expect(twice.changes).toEqual([])
      expect(twice.conflicts).toEqual([])
    }),
  )
})

test('a forced apply leaves the document as the manager wrote it, beside fields of others', () => {
  fc.assert(
    fc.property(object, object, (before, desired) => {
      const merged = mergeFields(
        fieldsOf(before),
        Object.fromEntries([...fieldsOf(before).keys()].map((path) => [path, 'console'])),
        fieldsOf(desired),
        'git',
        true,
      )
      for (const [path, value] of fieldsOf(desired)) {
        // An empty mapping asks for nothing, so what others keep below it stays.
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) continue
        expect(merged.fields.get(path)).toEqual(value)
      }
    }),
  )
})

const current = fieldsOf({ spec: { tier: 1, team: 'web', description: 'old' } })
const owners = { '/spec/tier': 'git', '/spec/team': 'git', '/spec/description': 'console' }

test.each([
  { name: 'own fields change', desired: { spec: { tier: 0, team: 'web' } }, changed: ['/spec/tier'], conflicts: [] },
  {
    name: 'a field it no longer mentions goes away',
    desired: { spec: { tier: 1 } },
    changed: ['/spec/team'],
    conflicts: [],
  },
  {
    name: 'a field of the console is a conflict',
    desired: { spec: { tier: 1, team: 'web', description: 'new' } },
    changed: [],
    conflicts: ['/spec/description'],
  },
  {
    name: 'agreeing with the console is none',
    desired: { spec: { tier: 1, team: 'web', description: 'old' } },
    changed: [],
    conflicts: [],
  },
])('$name', ({ desired, changed, conflicts }) => {
  const merged = mergeFields(current, owners, fieldsOf(desired), 'git', false)
  expect(merged.changes.map((each) => each.path)).toEqual(changed)
  expect(merged.conflicts.map((each) => each.path)).toEqual(conflicts)
})

test('a forced apply takes the field over', () => {
  const merged = mergeFields(
    current,
    owners,
    fieldsOf({ spec: { tier: 1, team: 'web', description: 'new' } }),
    'git',
    true,
  )
  expect(merged.owners['/spec/description']).toBe('git')
  expect(merged.changes).toEqual([{ path: '/spec/description', before: 'old', after: 'new', owner: 'console' }])
})

// Empty branches are leaves too; sorting makes two texts comparable.
function sorted(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  return Object.fromEntries(
    Object.entries(value as JsonObject)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  )
}

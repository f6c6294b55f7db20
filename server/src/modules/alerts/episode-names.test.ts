import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Instant, instant } from '../../kernel/instant.ts'
import { episodeName, type Former, namesOfPlan, startOfSpan } from './episode-names.ts'
import { identityOf } from './leases.store.ts'

const salt = '0c9a4f3e-0000-4000-8000-000000000001'
const nine = instant(Date.UTC(2026, 2, 2, 9))
const at = (minutes: number): Instant => instant(nine + minutes * 60_000)
const of = { source: 'prometheus', key: 'disk' }

const packed = (past: readonly (Former & typeof of)[]): string =>
  Buffer.concat(
    past.map((each) => Buffer.from(identityOf(each).slice(0, 16) + each.id.replaceAll('-', ''), 'hex')),
  ).toString('base64')

test('the same words at any minute of an hour, by whoever makes it; another key, hour, salt or former one makes another', () => {
  const name = episodeName(salt, of, at(3), null)
  expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(episodeName(salt, of, at(59), null)).toBe(name)
  const others = [
    episodeName(salt, { ...of, key: 'queue' }, at(3), null),
    episodeName(salt, { ...of, source: 'other' }, at(3), null),
    episodeName(salt, of, at(60), null),
    episodeName('another', of, at(3), null),
    episodeName(salt, of, at(3), { id: name, openedAt: at(1) }),
  ]
  expect(new Set([name, ...others]).size).toBe(6)
  // Nobody has to know what began in the hour before.
  expect(episodeName(salt, of, at(3), { id: name, openedAt: at(-1) })).toBe(name)
})

test('names of a later hour sort behind those of an earlier one', () => {
  const names = [0, 60, 120].map((minutes) => episodeName(salt, of, at(minutes), null))
  expect([...names].sort()).toEqual(names)
})

test('of any past, a process that took it along names what comes next as the database does, or says that it cannot', () => {
  const key = fc.constantFrom('disk', 'queue', 'latency')
  const begun = fc.array(fc.record({ key, minute: fc.integer({ min: -70, max: 55 }) }), { maxLength: 12 })
  fc.assert(
    fc.property(begun, key, fc.boolean(), (starts, next, isWhole) => {
      const now = at(56)
      const rows: (Former & typeof of)[] = []
      for (const start of [...starts].sort((one, other) => one.minute - other.minute)) {
        const row = { source: of.source, key: start.key }
        const former = rows.findLast((each) => each.key === row.key) ?? null
        rows.push({ ...row, id: episodeName(salt, row, at(start.minute), former), openedAt: at(start.minute) })
      }
      expect(new Set(rows.map((each) => each.id)).size).toBe(rows.length)
      const since = startOfSpan(now)
      const past = rows.filter((each) => each.openedAt >= since)
      // One that is not whole knows the newest ones.
      const known = isWhole ? past : past.slice(-2)
      const named = namesOfPlan({ salt, since, past: packed(known), isWhole })
      const wanted = { source: of.source, key: next }
      const former = rows.findLast((each) => each.key === next) ?? null
      const name = named(wanted, now, null)
      if (name === null) expect(isWhole || known.some((each) => each.key === next)).toBe(false)
      else expect(name).toBe(episodeName(salt, wanted, now, former))
    }),
    { numRuns: 2_000 },
  )
})

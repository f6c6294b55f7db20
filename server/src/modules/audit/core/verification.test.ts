import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import type { Hash } from './bytes.ts'
import { signCheckpoint } from './checkpoint.ts'
import { entryBytes, erasureType, type JournalEntry, restoreType } from './journal-entry.ts'
import { leavesOf, packedLeaves } from './leaf-index.ts'
import { leafHash, rangeRoot } from './merkle-tree.ts'
import type { VerifySignature } from './signed-note.ts'
import { type VerificationRow, verifyLog } from './verification.ts'

const sha256: Hash = (bytes) => createHash('sha256').update(bytes).digest()
// A keyed hash stands in for ed25519, which signed-note.test.ts covers: thousands of runs would spend their time signing.
const mac = (key: Uint8Array, message: Uint8Array) => new Uint8Array(createHmac('sha256', key).update(message).digest())
const verify: VerifySignature = (key, message, signature) => Buffer.compare(mac(key, message), signature) === 0
const origin = 'example.com/journal'
const key = { name: origin, publicKey: new Uint8Array(32).fill(7) }

function entry(id: number, more: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id,
    at: instant(1_700_000_000_000 + id * 1_000),
    type: 'alert.opened',
    actor: { kind: 'automation', id: 'alerts.receive', name: 'alerts.receive' },
    subject: { kind: 'alert', id: `a-${id}` },
    links: [],
    reason: 'first signal',
    data: { severity: 'critical', count: id },
    before: null,
    after: null,
    ...more,
  }
}

const row = (each: JournalEntry): VerificationRow => ({ entry: each, salt: `salt-${each.id}` })
const hashOf = (each: VerificationRow) =>
  'entry' in each ? leafHash(sha256, entryBytes(each.entry, each.salt)) : each.erased.leaf
const rootAt = (leaves: readonly Uint8Array[], size: number) =>
  rangeRoot(sha256, (place) => leaves[place] ?? new Uint8Array(0), 0, size)
const seal = (leaves: readonly Uint8Array[], size: number, from = origin) =>
  signCheckpoint(sha256, { origin: from, size, root: rootAt(leaves, size) }, { ...key, name: from }, (m) =>
    mac(key.publicKey, m),
  )

interface Log {
  readonly rows: readonly VerificationRow[]
  readonly leaves: readonly Uint8Array[]
  readonly checkpoints: readonly string[]
}

function logOf(rows: readonly VerificationRow[], sizes: readonly number[]): Log {
  const leaves = rows.map(hashOf)
  return { rows, leaves, checkpoints: sizes.map((size) => seal(leaves, size)) }
}

const check = ({ rows, leaves, checkpoints }: Log, keys = [key]) =>
  verifyLog({ hash: sha256, verify, keys, origin, leaves: leavesOf(leaves), checkpoints }, rows)
const twelve = Array.from({ length: 12 }, (_, id) => row(entry(id)))
const honest = logOf(twelve, [0, 4, 8, 10])
const without = <T>(list: readonly T[], place: number) => list.filter((_, i) => i !== place)
const swapped = <T>(list: readonly T[], a: number, b: number) =>
  list.map((each, i) => (i === a ? list[b] : i === b ? list[a] : each)).filter((each) => each !== undefined)

test('an honest journal verifies, and says what nobody has signed for yet', () => {
  expect(check(honest)).toEqual({
    ok: true,
    counts: { entries: 12, erased: 0, checkpoints: 4, sealed: 10, unsealed: 2 },
    gaps: [],
  })
})

test('the hash depends on the content, not on key order or extra columns', () => {
  const plain = entry(3, { data: { a: 1, b: { c: [1.5, 'ü'] } } })
  const shuffled = { ...plain, data: { b: { c: [1.5, 'ü'] }, a: 1 }, column: 'of a store' }
  expect(entryBytes(shuffled, null)).toEqual(entryBytes(plain, null))
  expect(entryBytes(plain, 'salt')).not.toEqual(entryBytes(plain, null))
})

const edited = row(entry(5, { reason: 'somebody else' }))
const backDated = row(entry(5, { at: instant(1_600_000_000_000) }))
const stranger = row(entry(99))

test.each<{ what: string; rows: readonly VerificationRow[]; kinds: readonly string[]; first: number }>([
  { what: 'edited', rows: twelve.with(5, edited), kinds: ['edited'], first: 5 },
  { what: 'back-dated', rows: twelve.with(5, backDated), kinds: ['edited'], first: 5 },
  { what: 'edited and deleted', rows: without(twelve.with(5, edited), 8), kinds: ['edited', 'deleted'], first: 5 },
  { what: 'deleted', rows: without(twelve, 6), kinds: ['deleted'], first: 6 },
  { what: 'deleted first', rows: without(twelve, 0), kinds: ['deleted'], first: 0 },
  { what: 'inserted', rows: twelve.toSpliced(4, 0, stranger), kinds: ['inserted'], first: 4 },
  { what: 'appended', rows: [...twelve, stranger], kinds: ['inserted'], first: 12 },
  { what: 'repeated', rows: twelve.toSpliced(9, 0, ...twelve.slice(2, 3)), kinds: ['repeated'], first: 9 },
  { what: 'swapped', rows: swapped(twelve, 2, 7), kinds: ['reordered', 'reordered'], first: 2 },
  { what: 'swapped neighbours', rows: swapped(twelve, 2, 3), kinds: ['reordered'], first: 2 },
  {
    what: 'moved ahead',
    rows: without(twelve, 9).toSpliced(3, 0, ...twelve.slice(9, 10)),
    kinds: ['reordered'],
    first: 3,
  },
  { what: 'tail cut', rows: twelve.slice(0, 9), kinds: ['truncated'], first: 9 },
  { what: 'emptied', rows: [], kinds: ['truncated'], first: 0 },
])('$what: named, at the first bad place', ({ rows, kinds, first }) => {
  const verdict = check({ ...honest, rows })
  if (verdict.ok) throw new Error('not found')
  expect(verdict.findings.map(({ kind }) => kind)).toEqual(kinds)
  expect(verdict.firstBad).toBe(first)
  for (const { sentence } of verdict.findings) expect(sentence).toMatch(/^[A-Z].+\.$/)
})

test('a rewrite of entries and index together is placed between two checkpoints', () => {
  const rows = twelve.with(6, row(entry(6, { reason: null })))
  const verdict = check({ ...logOf(rows, []), checkpoints: honest.checkpoints })
  expect(verdict).toMatchObject({ ok: false, firstBad: 4, findings: [{ kind: 'rewritten', at: 4, until: 8 }] })
})

test('a tail cut from entries and index alike is shown by the checkpoint that covers it', () => {
  const verdict = check({ ...logOf(twelve.slice(0, 7), []), checkpoints: honest.checkpoints })
  expect(verdict).toMatchObject({ ok: false, firstBad: 4, findings: [{ kind: 'truncated', at: 4, until: 10 }] })
})

test('an index altered beside intact entries is told from altered entries', () => {
  const leaves = honest.leaves.with(3, hashOf(stranger))
  expect(check({ ...honest, leaves })).toMatchObject({ ok: false, firstBad: 3, findings: [{ kind: 'index-altered' }] })
})

test('a whole other journal under the same checkpoints is found', () => {
  const other = logOf(
    Array.from({ length: 12 }, (_, id) => row(entry(id + 50))),
    [],
  )
  expect(check({ ...other, checkpoints: honest.checkpoints })).toMatchObject({ ok: false, firstBad: 0 })
})

test.each([
  { what: 'a forged checkpoint', text: seal(honest.leaves, 8).replace('\n8\n', '\n9\n'), kind: 'bad-signature' },
  { what: 'rubbish', text: 'hello', kind: 'unreadable-checkpoint' },
])('$what is a finding about the checkpoint', ({ text, kind }) => {
  const verdict = check({ ...honest, checkpoints: [text] })
  expect(verdict).toMatchObject({ ok: false, firstBad: null, findings: [{ kind, at: null }] })
})

test('a checkpoint nobody known signed does not count', () => {
  expect(check(honest, [])).toMatchObject({ ok: false, counts: { checkpoints: 0, sealed: 0 } })
})

test('a checkpoint of another journal is refused, and so are two views of one size', () => {
  const foreign = { name: 'other', publicKey: key.publicKey }
  const wrong = check({ ...honest, checkpoints: [seal(honest.leaves, 8, 'other')] }, [key, foreign])
  expect(wrong).toMatchObject({ ok: false, findings: [{ kind: 'wrong-origin' }] })
  const second = seal(honest.leaves.with(0, hashOf(stranger)), 8)
  const split = check({ ...honest, checkpoints: [...honest.checkpoints, second] })
  expect(split.ok ? [] : split.findings.map(({ kind }) => kind)).toContain('split-view')
})

test('an erased entry keeps its place; the erasure itself must stand in the journal', () => {
  const record = row(entry(12, { type: erasureType, links: ['journal-entry:5'] }))
  const log = logOf([...twelve, record], [13])
  const erased = { erased: { id: 5, leaf: log.leaves[5] ?? new Uint8Array(32) } }
  expect(check({ ...log, rows: log.rows.with(5, erased) })).toMatchObject({ ok: true, counts: { erased: 1 } })
  expect(check({ ...honest, rows: twelve.with(5, erased) })).toMatchObject({
    ok: false,
    findings: [{ kind: 'erased-unrecorded', at: 5 }],
  })
  const other = { erased: { id: 5, leaf: hashOf(stranger) } }
  expect(check({ ...log, rows: log.rows.with(5, other) })).toMatchObject({ ok: false, firstBad: 5 })
})

test('a restore makes the lost suffix a dated gap, and excuses nothing before it', () => {
  const former = 'example.com/journal/1'
  const keys = [key, { ...key, name: former }]
  const note = row(entry(100, { type: restoreType, data: { formerOrigin: former, keptSize: 9 } }))
  const restored = logOf([...twelve.slice(0, 9), note, row(entry(101))], [11])
  const checkpoints = [...restored.checkpoints, seal(honest.leaves, 8, former), seal(honest.leaves, 12, former)]
  expect(check({ ...restored, checkpoints }, keys)).toMatchObject({
    ok: true,
    gaps: [{ formerOrigin: former, keptSize: 9, lostUpTo: 12 }],
  })
  const rows = [...twelve.slice(0, 9).with(2, stranger), note]
  const hidden = { ...logOf(rows, []), checkpoints: [seal(honest.leaves, 8, former)] }
  expect(check(hidden, keys)).toMatchObject({ ok: false, findings: [{ kind: 'rewritten', at: 0, until: 8 }] })
})

test('a cut leaf file is told from a whole one', () => {
  expect(packedLeaves(new Uint8Array(33))).toBeNull()
  const packed = packedLeaves(new Uint8Array(Buffer.concat(honest.leaves)))
  expect(packed?.size).toBe(12)
  expect(packed?.at(11)).toEqual(new Uint8Array(honest.leaves[11] ?? []))
})

type Tampering = (rows: readonly VerificationRow[], a: number, b: number) => readonly VerificationRow[]
const tamperings: Readonly<Record<string, Tampering>> = {
  edit: (rows, a) => rows.with(a, row(entry(a, { reason: 'x' }))),
  delete: (rows, a) => without(rows, a),
  insert: (rows, a) => rows.toSpliced(a, 0, stranger),
  swap: (rows, a, b) => swapped(rows, a, b),
  cut: (rows, a) => rows.slice(0, a),
}

test('any tampering is found and the first bad place named; honest journals raise no alarm', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(tamperings)),
      fc.integer({ min: 2, max: 40 }),
      fc.nat(),
      fc.nat(),
      fc.array(fc.nat(), { maxLength: 4 }),
      fc.boolean(),
      (kind, size, x, y, sizes, alsoIndex) => {
        const rows = Array.from({ length: size }, (_, id) => row(entry(id)))
        const log = logOf(rows, [...sizes.map((each) => each % (size + 1)), size])
        expect(check(log).ok).toBe(true)
        const [a, b] = [x % size, y % size]
        const bent = tamperings[kind]?.(rows, a, b) ?? rows
        if (kind === 'swap' && a === b) return
        const first = kind === 'swap' ? Math.min(a, b) : a
        const verdict = check({ ...log, rows: bent, leaves: alsoIndex ? bent.map(hashOf) : log.leaves })
        if (verdict.ok) throw new Error(`${kind} at ${a} was not found`)
        if (!alsoIndex) expect(verdict.firstBad).toBe(first)
        else {
          // Both were rewritten consistently: the range named must hold the first change.
          const [finding] = verdict.findings
          expect(finding?.at).toBeLessThanOrEqual(first)
          expect(finding?.until).toBeGreaterThan(first)
        }
      },
    ),
    { numRuns: 1_000 },
  )
})

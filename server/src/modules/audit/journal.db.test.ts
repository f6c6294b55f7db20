import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Actor } from '../../kernel/actor.ts'
import { sha256, verifyEd25519 } from '../../platform/secrets/index.ts'
import { ana, createSigningKey, type JournalWorld, openJournalWorld } from './audit.fixture.ts'
import { type ExportVerdict, mayRead, readerOf, verifyJournalExport } from './core/index.ts'
import { listEntries } from './journal.store.ts'
import { exportJournal } from './usecases/export-journal.ts'
import { signCheckpoint } from './usecases/sign-checkpoint.ts'

let world: JournalWorld
beforeEach(async () => {
  world = await openJournalWorld('journal')
})
afterEach(() => world.close())

const admin: Actor = { ...ana, id: 'p-boss', role: 'admin' }
const all = { all: true } as const

test('an entry comes back as it was written: texts of all scripts, numbers of all sizes', async () => {
  const data = {
    text: 'ünï 🦦 \u2028 "quote" \\',
    big: 9_007_199_254_740_991,
    tiny: 5e-324,
    huge: 1.7976931348623157e308,
    third: 1 / 3,
    nested: [{ a: null }, true],
  }
  const id = await world.write('alert.opened', { data, links: ['service:checkout', 'dashboard:https://x/y:z'] })
  const [entry] = await listEntries(world.database, all, {}, null, 10)
  expect(entry).toMatchObject({
    id,
    type: 'alert.opened',
    data,
    links: ['service:checkout', 'dashboard:https://x/y:z'],
    actor: { kind: 'person', id: 'p-ana', name: 'Ana' },
    reason: null,
    before: null,
    after: null,
  })
  expect(entry?.actor).not.toHaveProperty('role')
})

test('lists are narrowed by subject, link, type and time, and paged without gap or repeat', async () => {
  const ids: number[] = []
  for (let i = 0; i < 30; i += 1)
    ids.push(
      await world.write(i % 3 === 0 ? 'alert.opened' : i % 3 === 1 ? 'alert.closed' : 'alertness.rose', {
        subject: i % 2 === 0 ? 'service:checkout' : 'alert:a-9',
        links: i % 5 === 0 ? ['service:checkout'] : [],
      }),
    )
  const list = async (filter: Parameters<typeof listEntries>[2]) =>
    (await listEntries(world.database, all, filter, null, 100))
      .map((entry) => ids.indexOf(entry.id))
      .sort((a, b) => a - b)
  const where = (test: (i: number) => boolean) => ids.map((_, i) => i).filter(test)
  expect(await list({ type: 'alert.opened' })).toEqual(where((i) => i % 3 === 0))
  expect(await list({ type: 'alert.*' })).toEqual(where((i) => i % 3 !== 2))
  expect(await list({ subjectKind: 'alert', subjectId: 'a-9' })).toEqual(where((i) => i % 2 === 1))
  expect(await list({ concerns: 'service:checkout' })).toEqual(where((i) => i % 2 === 0 || i % 5 === 0))
  const middle = (await listEntries(world.database, all, {}, null, 100))[15]
  if (middle === undefined) throw new Error('There are thirty.')
  const [older, newer] = [await list({ to: middle.at }), await list({ from: middle.at })]
  expect([...older, ...newer].sort((a, b) => a - b)).toEqual(where(() => true))
  const paged: number[] = []
  for (let before: Parameters<typeof listEntries>[3] = null; ; ) {
    const page = await listEntries(world.database, all, {}, before, 7)
    paged.push(...page.map((entry) => entry.id))
    const last = page.at(-1)
    if (last === undefined) break
    before = { at: last.at, id: last.id }
  }
  expect([...paged].sort((a, b) => a - b)).toEqual(ids)
})

test('the query shows exactly what the rule lets each reader read', async () => {
  const people = ['p-ana', 'p-ben', 'p-boss']
  const types = [
    'session.started',
    'sign-in.blocked',
    'key.created',
    'person.changed',
    'setup.completed',
    'alert.opened',
    'sessions.x',
    'personal.x',
  ]
  for (const type of types)
    for (const actor of people)
      for (const subject of ['person:p-ana', 'person:p-ben', 'session:p-ana'])
        for (const links of [[], ['person:p-ana'], ['service:p-ben']])
          await world.write(type, { actor: { ...ana, id: actor }, subject, links })
  const everything = await listEntries(world.database, all, {}, null, 1_000)
  expect(everything.length).toBe(8 * 3 * 3 * 3)
  const readers: Actor[] = [
    ana,
    admin,
    { ...ana, id: 'p-ben', role: 'viewer' },
    { kind: 'key', id: 'k', name: 'k', role: 'editor', teams: [], scopes: ['*'] },
    { kind: 'link', id: 'p-ana', name: 'x' },
  ]
  for (const actor of readers) {
    const reader = readerOf(actor)
    const shown = await listEntries(world.database, reader, {}, null, 1_000)
    expect(shown.map((entry) => entry.id)).toEqual(
      everything.filter((entry) => mayRead(reader, entry)).map((entry) => entry.id),
    )
  }
})

async function exported(): Promise<string[]> {
  let text = ''
  for await (const part of exportJournal(world.needs, world.signingKey)) text += part
  return text.split('\n').slice(0, -1)
}

function parsed(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '')
  } catch {
    return null
  }
}

async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

const check = (lines: readonly string[], more = {}): Promise<ExportVerdict> =>
  verifyJournalExport(linesOf(lines), { hash: sha256, verify: verifyEd25519, ...more })

test('an export verifies without a server, and every change of a line is found', async () => {
  for (let i = 0; i < 25; i += 1) await world.write('alert.opened', { data: { n: i, third: i / 3, text: 'ü\u2028🦦' } })
  await world.sealTo(25)
  await signCheckpoint(world.needs, world.signingKey)
  for (let i = 0; i < 7; i += 1) await world.write('alert.closed', { links: ['service:checkout'] })
  await world.sealTo(32)
  const lines = await exported()
  expect(await check(lines)).toMatchObject({
    readable: true,
    keyFromOutside: false,
    header: { size: 32 },
    verdict: { ok: true, counts: { entries: 32, sealed: 32, checkpoints: 2 } },
  })

  const entries = lines.flatMap((line, index) => (line.startsWith('{"entry"') ? [index] : []))
  expect(entries.length).toBe(32)
  const good = async (changed: readonly string[]) => {
    const verdict = await check(changed)
    return verdict.readable && verdict.verdict.ok
  }
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: lines.length - 1 }),
      fc.integer({ min: 0, max: 200 }),
      fc.constantFrom('delete', 'repeat', 'swap', 'digit', 'letter'),
      async (at, offset, way) => {
        const changed = [...lines]
        const line = changed[at] ?? ''
        if (way === 'delete') changed.splice(at, 1)
        else if (way === 'repeat') changed.splice(at, 0, line)
        else if (way === 'swap')
          [changed[at], changed[(at + 1) % lines.length]] = [changed[(at + 1) % lines.length] ?? '', line]
        else {
          const [pattern, other] =
            way === 'digit'
              ? ([/\d/g, (found: string) => String((Number(found) + 1) % 10)] as const)
              : ([/[a-z]/g, (found: string) => (found === 'z' ? 'y' : 'z')] as const)
          const places = [...line.matchAll(pattern)]
          const place = places[offset % Math.max(1, places.length)]
          // When it was exported is the one thing nobody vouches for.
          if (place === undefined || (at === 0 && line.indexOf('exportedAt') < place.index)) return
          changed[at] = `${line.slice(0, place.index)}${other(place[0])}${line.slice(place.index + 1)}`
          // 3.3333333333333335 and …336 are the same number: another spelling is no other content.
          if (JSON.stringify(parsed(changed[at])) === JSON.stringify(parsed(line))) return
        }
        // One more or one fewer of the same checkpoint says the same.
        if (line.startsWith('{"checkpoint"') && way !== 'digit' && way !== 'letter') return
        if (
          way === 'swap' &&
          (changed[at] === line || line.startsWith('{"checkpoint"') || changed[at]?.startsWith('{"checkpoint"'))
        )
          return
        // The size in the header is a promise to people; the end line and the tree hold the truth.
        if (at === 0 && way === 'digit') return
        expect(await good(changed)).toBe(false)
      },
    ),
    { numRuns: 300 },
  )
})

test('an export rewritten as a whole is honest with itself, and found by a key or a checkpoint kept outside', async () => {
  for (let i = 0; i < 10; i += 1) await world.write('alert.opened', { data: { n: i } })
  await world.sealTo(10)
  const kept = await signCheckpoint(world.needs, world.signingKey)
  const { origin } = JSON.parse((await exported())[0] ?? '{}') as { origin: string }
  const outside = { keys: [{ name: origin, publicKey: world.signingKey.publicKey }] }
  expect(await check(await exported(), outside)).toMatchObject({ keyFromOutside: true, verdict: { ok: true } })

  // Somebody with all powers over the database and a key of their own.
  for (const table of ['journal', 'journal_leaves', 'journal_checkpoints'])
    await world.owner.query(`alter table ${table} disable trigger append_only`)
  await world.owner.query(
    `delete from journal_checkpoints; delete from journal_leaves; delete from journal where id = (select max(id) from journal); update journal set data = '{}'`,
  )
  await world.owner.query(`update journal_head set size = 0, peaks = '{}', xid = '0', entry_id = 0`)
  const forger = createSigningKey()
  const forged: string[] = []
  for await (const part of exportJournal(world.needs, forger)) forged.push(...part.split('\n').slice(0, -1))
  expect(await check(forged)).toMatchObject({ keyFromOutside: false, verdict: { ok: true } })
  expect(await check(forged, outside)).toMatchObject({ verdict: { ok: false } })
  const ownKey = { keys: [...outside.keys, { name: origin, publicKey: forger.publicKey }] }
  expect(await check(forged, { ...ownKey, checkpoints: [kept?.note ?? ''] })).toMatchObject({ verdict: { ok: false } })
})

test.each([
  { what: 'an empty file', lines: [] },
  { what: 'another file', lines: ['{"a":1}'] },
  { what: 'no JSON', lines: ['hello'] },
  { what: 'a later format', lines: ['{"kind":"mainstay-journal","version":2}'] },
])('$what is not readable', async ({ lines }) => {
  expect(await check(lines)).toMatchObject({ readable: false })
})

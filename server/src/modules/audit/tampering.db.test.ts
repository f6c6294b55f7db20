import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type JournalWorld, openJournalWorld } from './audit.fixture.ts'
import { signCheckpoint } from './usecases/sign-checkpoint.ts'
import { verifyJournal } from './usecases/verify-journal.ts'

let world: JournalWorld
beforeEach(async () => {
  world = await openJournalWorld('tampering')
  for (let i = 0; i < 20; i += 1) await world.write('alert.opened', { data: { count: i } })
  await world.sealTo(20)
  await signCheckpoint(world.needs, world.signingKey)
})
afterEach(() => world.close())

const verify = () => verifyJournal(world.database, world.signingKey)
const tables = ['journal', 'journal_leaves', 'journal_checkpoints'] as const

test('an honest journal verifies, sealed and unsealed', async () => {
  await world.write('alert.closed')
  await world.sealTo(21)
  expect(await verify()).toMatchObject({ ok: true, counts: { entries: 21, sealed: 20, unsealed: 1, checkpoints: 1 } })
})

describe.each(tables)('%s', (table) => {
  test.each([
    `update ${table} set ${table === 'journal' ? 'reason' : 'hash'} = null`,
    `delete from ${table}`,
    `truncate ${table}`,
  ])('the application may not: %s', async (statement) => {
    const client = await world.connect()
    await client.query('set role mainstay_app')
    await expect(client.query(statement)).rejects.toMatchObject({
      code: statement.includes('hash') && table === 'journal_checkpoints' ? '42703' : '42501',
    })
  })
  test.each([`delete from ${table}`, `truncate ${table}`])('the owner is refused too: %s', async (statement) => {
    await expect(world.owner.query(statement)).rejects.toThrow('append-only')
    await world.owner.query('set session_replication_role = replica')
    await expect(world.owner.query(statement)).rejects.toThrow('append-only')
  })
})

const idAt = (place: number) => `(select entry_id from journal_leaves where leaf_index = ${place})`

test.each([
  { what: 'an edit', sql: `update journal set data = '{"count":0}' where id = ${idAt(7)}`, kind: 'edited', at: 7 },
  {
    what: 'a back-dating',
    sql: `update journal set at = at - interval '1 day' where id = ${idAt(3)}`,
    kind: 'edited',
    at: 3,
  },
  {
    what: 'another actor',
    sql: `update journal set actor = jsonb_set(actor, '{name}', '"Eve"') where id = ${idAt(11)}`,
    kind: 'edited',
    at: 11,
  },
  { what: 'a deletion', sql: `delete from journal where id = ${idAt(5)}`, kind: 'deleted', at: 5 },
  { what: 'a cut', sql: `delete from journal where id >= ${idAt(15)}`, kind: 'truncated', at: 15 },
  {
    what: 'an insertion past the sequencer',
    sql: `insert into journal (xid, type, actor, subject_kind, subject_id, data) select xid, type, actor, subject_kind, subject_id, '{"count":99}' from journal where id = ${idAt(4)}`,
    kind: 'inserted',
    at: 20,
  },
  {
    what: 'a changed leaf',
    sql: `update journal_leaves set hash = sha256('x') where leaf_index = 9`,
    kind: 'index-altered',
    at: 9,
  },
  {
    what: 'two entries swapped',
    sql: `update journal_leaves set entry_id = -entry_id where leaf_index in (2, 3);
      update journal_leaves set entry_id = (select -entry_id from journal_leaves other where other.leaf_index = 5 - journal_leaves.leaf_index) where leaf_index = 2;
      update journal_leaves set entry_id = 1 + (select entry_id from journal_leaves other where other.leaf_index = 2) - 2 where leaf_index = 3`,
    kind: 'reordered',
    at: 2,
  },
  {
    what: 'entries and leaves cut alike',
    sql: `delete from journal where id >= ${idAt(12)}; delete from journal_leaves where leaf_index >= 12; update journal_head set size = 12`,
    kind: 'truncated',
    at: 0,
  },
])('$what is found and its place named', async ({ sql, kind, at }) => {
  for (const table of tables) await world.owner.query(`alter table ${table} disable trigger append_only`)
  await world.owner.query(sql)
  const verdict = await verify()
  expect(verdict).toMatchObject({ ok: false, firstBad: at })
  expect(verdict.ok ? [] : verdict.findings.map((finding) => finding.kind)).toContain(kind)
})

test('a checkpoint of a key nobody named does not count', async () => {
  await world.owner.query('alter table journal_checkpoints disable trigger append_only')
  await world.owner.query(`update journal_checkpoints set note = replace(note, E'\\n20\\n', E'\\n19\\n')`)
  const verdict = await verify()
  expect(verdict.ok ? [] : verdict.findings.map((finding) => finding.kind)).toEqual(['bad-signature'])
})

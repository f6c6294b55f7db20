// Search over everything ever learnt: where words stand, who may read them, and that a common word stays cheap.
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../kernel/duration.ts'
import { plus } from '../../kernel/instant.ts'
import { searchQuery } from './core/index.ts'
import { at, learningWorld, start } from './learning.fixture.ts'
import { findTexts, type TextsWanted } from './search.store.ts'
import { startReading } from './usecases/search-all.ts'

const { world, send, get } = learningWorld('search')

interface Hit {
  readonly kind: string
  readonly title: string
  readonly part: string
}
const find = (query: string, as = 'ana') => get(`learning/search?${query}`, as)
const titles = async (query: string, as = 'ana'): Promise<readonly string[]> =>
  ((await find(query, as)).items as readonly Hit[]).map(({ kind, title }) => `${kind}: ${title}`).sort()

const incident = async (title: string, after: number, more: object = {}): Promise<string> => {
  await world().clock.set(plus(start, after))
  const { id } = await send('POST', 'incidents', {
    ...{ title, severity: 'SEV3', services: ['payment'], kind: 'backfilled', startedAt: at(after - hour) },
    ...{ detectedAt: at(after - hour), mitigatedAt: at(after - 30 * minute), resolvedAt: at(after - minute), ...more },
  })
  return id
}

/** An incident, its postmortem with a factor, a lesson and an action, and a problem of another service. */
async function learnt() {
  const first = await incident('Payments fail', day)
  const { id, version } = await send('POST', 'postmortems', { incident: first })
  const factors = [{ id: 'pool', text: 'The pgbouncer-pool is small', kind: 'latent', leadsTo: [] }]
  await send('PUT', `postmortems/${id}/factors`, { factors, version })
  const body = 'Alert on <b>waiting</b> clients of PgBouncer.'
  await send('PUT', `postmortems/${id}/sections/lessons`, { body, version: 1 })
  const action = { title: 'Double the pool of pgbouncer', kind: 'prevent', owner: 'ben', dueAt: at(9 * day) }
  await send('POST', `postmortems/${id}/actions`, action)
  const problem = { title: 'Evenings are heavy', workaround: 'Restart pgbouncer.', services: ['search'] }
  await send('POST', 'problems', problem)
  return { first, id }
}

test('words are found wherever they stand: beginnings, together, without, by kind, service and class', async () => {
  const { first, id } = await learnt()
  const all = ['action: Double the pool of pgbouncer', 'postmortem: Payments fail', 'problem: Evenings are heavy']
  expect(await titles('q=pgb')).toEqual(all)
  expect(await titles('q=PGBOUNCER')).toEqual(all)
  expect(await titles('q=pgbouncer-pool')).toEqual(['postmortem: Payments fail'])
  expect(await titles('q=payments&kind=incident')).toEqual(['incident: Payments fail'])
  expect(await titles('q=pgbouncer&service=search')).toEqual(['problem: Evenings are heavy'])
  expect(await titles('q=pgbouncer&service=search&kind=action')).toEqual([])
  // The title of a postmortem belongs to each of its parts.
  expect(await titles('q=payments%20waiting')).toEqual(['postmortem: Payments fail'])
  expect(await titles('q=pgbouncer%20-clients%20-double%20-restart')).toEqual(['postmortem: Payments fail'])
  const { items, ...rest } = await find('q=waiting')
  expect(rest).toEqual({ more: false, capped: false, behind: false })
  expect(items).toMatchObject([{ kind: 'postmortem', id, part: 'lessons' }])
  const pieces: readonly { text: string; hit: boolean }[] = items[0].pieces
  expect(pieces.find((each) => each.hit)).toEqual({ text: 'waiting', hit: true })
  expect(pieces.map((each) => each.text).join('')).toContain('clients of PgBouncer')
  await send('PUT', `incidents/${first}/classes`, { class: 'capacity' })
  expect(await titles('q=pgbouncer&class=capacity')).toHaveLength(2)
  expect(await titles('q=pgbouncer&class=change')).toEqual([])
  expect(await find('q=pgbouncer&limit=2')).toMatchObject({ items: [{}, {}], more: true })
  for (const nothing of ['%26%20%7C%20!', '-pgbouncer', '%20', "')", '%3Dproblem', '%40search%20%3A*%20x'])
    expect(await titles(`q=${nothing}`)).toEqual([])
})

test('what is written anew is found at once, and what is gone no more', async () => {
  const { id } = await learnt()
  const lesson = async (body: string, version: number) =>
    send('PUT', `postmortems/${id}/sections/lessons`, { body, version })
  await lesson('Alert on queues.', 2)
  expect(await titles('q=waiting')).toEqual([])
  expect(await titles('q=queues')).toEqual(['postmortem: Payments fail'])
  await world().owner.query('update postmortems set services = $1', [['search']])
  expect(await titles('q=queues&service=payment')).toEqual([])
  expect(await titles('q=double&service=search')).toEqual(['action: Double the pool of pgbouncer'])
  await world().owner.query('delete from postmortems')
  expect(await titles('q=pgbouncer')).toEqual(['problem: Evenings are heavy'])
  await world().owner.query('delete from problems')
  await world().owner.query('delete from incidents')
  expect((await world().owner.query('select * from learnt_texts')).rows).toEqual([])
})

test('the note with which an incident was resolved is found', async () => {
  const { id } = await send('POST', 'incidents', { title: 'Checkout hangs', severity: 'SEV3', services: ['payment'] })
  await send('POST', `incidents/${id}/roles`, { role: 'commander' })
  await send('POST', `incidents/${id}/transition`, { to: 'resolved', note: 'The certificate was renewed by hand.' })
  const { items } = await find('q=certificate')
  expect(items).toMatchObject([{ kind: 'incident', id, title: 'Checkout hangs' }])
  expect(items[0].pieces).toContainEqual({ text: 'certificate', hit: true })
})

test('nothing of a security incident is found by who may not read it, nor that there is more', async () => {
  const hidden = { title: 'Tokens leaked', severity: 'SEV3', services: ['payment'], kind: 'security' }
  const { id } = await send('POST', 'incidents', { ...hidden, readers: ['person:ana'] })
  await send('POST', `incidents/${id}/roles`, { role: 'commander' })
  await send('POST', `incidents/${id}/transition`, { to: 'resolved', note: 'Rotated.' })
  const postmortem = await send('POST', 'postmortems', { incident: id })
  const action = { title: 'Keep tokens out of logs', kind: 'prevent', owner: 'ana', dueAt: at(9 * day) }
  await send('POST', `postmortems/${postmortem.id}/actions`, action)
  await send('POST', 'problems', { title: 'Tokens in logs', incidents: [id] })
  expect(await titles('q=tokens')).toHaveLength(4)
  expect(await titles('q=rotated')).toHaveLength(1)
  const nothing = { items: [], more: false, capped: false, behind: false }
  for (const query of ['q=tokens', 'q=tokens&limit=1', 'q=rotated', 'q=logs&kind=problem'])
    expect(await find(query, 'ben')).toEqual(nothing)
  // Nor are they among those by which a word counts as common.
  const { rows } = await world().owner.query<{ id: string }>('select id from problems union select id from incidents')
  const wanted = { ...words('tokens'), hidden: rows.map((row) => row.id) }
  expect(await findTexts(world().database, wanted, 1, { matches: 0, newest: 1 })).toEqual({ found: [], capped: false })
})

const words = (typed: string): TextsWanted => {
  const query = searchQuery(typed)
  if (query === null) throw new Error(`Nothing to look for in ${typed}.`)
  return { query, hidden: [], kind: null, service: null, of: null }
}

/** Problems, one an hour, the last the newest. */
async function problems(from: number, to: number, title: string) {
  await world().owner.query(
    `insert into problems (id, title, state, services, window_ms, opened_by, opened_at, class)
     select gen_random_uuid(), $3 || ' n' || n, 'open', '{payment}', 1, 'ana', $4::timestamptz + n * interval '1 hour', 'change'
     from generate_series($1::int, $2::int) as n`,
    [from, to, title, at(0)],
  )
}

test('of a common word the newest texts are looked at, and it is said when that was not all', async () => {
  await problems(1, 20, 'The disk is full')
  const look = async (typed: string, bounds: { matches: number; newest: number }, more: Partial<TextsWanted> = {}) => {
    const { found, capped } = await findTexts(world().database, { ...words(typed), ...more }, 3, bounds)
    const { rows } = await world().owner.query<{ id: string; n: string }>(
      "select id, substring(title from 'n(\\d+)$') as n from problems",
    )
    return { found: found.map((each) => Number(rows.find((row) => row.id === each.thing)?.n)), capped }
  }
  const newest = { found: [20, 19, 18], capped: false }
  // Rare enough: all are looked at.
  expect(await look('disk', { matches: 20, newest: 1 })).toEqual(newest)
  // Too common for that, but the newest show enough.
  expect(await look('disk', { matches: 5, newest: 4 })).toEqual(newest)
  expect(await look('"disk is"', { matches: 5, newest: 4 })).toEqual(newest)
  // Everything there is was among the newest.
  await problems(21, 24, 'The cable is broken')
  expect(await look('disk -n20', { matches: 5, newest: 24 })).toEqual({ found: [19, 18, 17], capped: false })
  expect(await look('disk -full', { matches: 5, newest: 24 })).toEqual({ found: [], capped: false })
  // Common long ago: some are shown, and it is said that they need not be the newest.
  const old = await look('disk', { matches: 5, newest: 4 })
  expect(old.capped).toBe(true)
  expect(old.found).toHaveLength(3)
  expect(old.found.toSorted((a, b) => b - a)).toEqual(old.found)
  // Kind and service narrow in the index: it is rare there.
  expect(await look('disk', { matches: 5, newest: 1 }, { service: 'search' })).toEqual({ found: [], capped: false })
  expect(await look('disk', { matches: 5, newest: 1 }, { kind: 'action' })).toEqual({ found: [], capped: false })
})

test('texts from before there was a search are read by a job, the newest first, once', async () => {
  const { owner, needs, drain } = world()
  await problems(1, 250, 'The disk is full')
  await owner.query("insert into learnt_unread select opened_at, 'problem', id, '' from problems")
  await owner.query("insert into learnt_unread values ($1, 'problem', gen_random_uuid(), '')", [at(0)])
  await owner.query('delete from learnt_texts')
  expect(await find('q=disk')).toMatchObject({ items: [], behind: true })
  // Written before its turn came: what the trigger read stays.
  await owner.query("update problems set title = 'The disk is slow' where title like '%n1'")
  await startReading(needs)
  await startReading(needs)
  expect((await owner.query("select * from due_work where kind = 'learning.read-texts'")).rows).toHaveLength(1)
  await drain()
  const { rows } = await owner.query('select count(*)::int as count from learnt_texts')
  expect(rows).toEqual([{ count: 250 }])
  expect(await find('q=disk&limit=1')).toMatchObject({ items: [{ title: 'The disk is full n250' }], behind: false })
  expect(await titles('q=slow')).toEqual(['problem: The disk is slow'])
  expect((await owner.query("select * from due_work where kind = 'learning.read-texts'")).rows).toEqual([])
})

test('an import brings words before texts: they are not counted again, and follow from then on', async () => {
  await learnt()
  const { owner } = world()
  const texts = async () => (await owner.query('select ctid, * from learnt_texts order by thing, part')).rows
  const tables = ['problems', 'postmortems', 'postmortem_sections', 'corrective_actions']
  for (const table of tables) await owner.query(`create table kept_${table} as select * from ${table}`)
  const before = await texts()
  await owner.query('truncate problems, postmortems cascade')
  for (const table of tables) {
    await owner.query(`insert into ${table} overriding system value select * from kept_${table}`)
    await owner.query(`drop table kept_${table}`)
  }
  expect(await texts()).toEqual(before)
  await owner.query("update problems set workaround = 'Fail over.'")
  expect(await titles('q=fail%20over')).toEqual(['problem: Evenings are heavy'])
})

test('texts as long as they may be, and words longer than an index takes, are written and found', async () => {
  const { id } = await learnt()
  const many = Array.from({ length: 14_000 }, (_, index) => index.toString(36)).join(' ')
  const body = `Here ${'x'.repeat(5_000)} ${many}`.slice(0, 100_000)
  const url = `/api/v1/postmortems/${id}/sections/lessons`
  expect((await world().call({ method: 'PUT', url, body: { body, version: 2 } })).statusCode).toBe(200)
  expect(await titles('q=here')).toEqual(['postmortem: Payments fail'])
  const hostile = `'${'"qqq <-> !('.repeat(30)}`.slice(0, 300)
  expect(await find(`q=${encodeURIComponent(hostile)}`)).toMatchObject({ items: [] })
  expect((await world().call({ url: `/api/v1/learning/search?q=${'a'.repeat(301)}` })).statusCode).toBe(422)
})

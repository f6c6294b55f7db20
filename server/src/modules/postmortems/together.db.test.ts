// Ten people write one postmortem at once, through two servers of which one is killed: nobody loses a character.
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { openSession, type Session } from '../../../../web/src/rooms/postmortems/together/session.ts'
import { hour, minute } from '../../kernel/duration.ts'
import { plus } from '../../kernel/instant.ts'
import { type IncidentsWorld, openIncidentsWorld } from '../incidents/incidents.fixture.ts'
import { postmortemsRoom } from './postmortems.module.ts'
import { openDocument, stateOf, textsOf } from './together/document.ts'
import { readDocument } from './together/open-documents.ts'
import { ask, type Host, startHost, wireOf } from './together.fixture.ts'
import { foldUpdates, listHere } from './together.store.ts'

let world: IncidentsWorld
let hosts: readonly [Host, Host]
beforeAll(async () => {
  world = await openIncidentsWorld('together', (needs, people) => [postmortemsRoom(needs, people)])
  const { host, port, user = '', database = '', password } = world.owner
  const connection = { host, port, user, database, ...(password ? { password } : {}) }
  hosts = [await startHost(connection), await startHost(connection)]
})
afterAll(async () => {
  for (const host of hosts ?? []) await host.kill()
  await world.close()
})

let id = ''
beforeEach(async () => {
  await world.clear()
  await world.owner.query('truncate postmortems cascade')
  id = await openOne()
})

const call = async (method: 'GET' | 'POST' | 'PUT', path: string, body?: object, as = 'ana') =>
  (await world.call({ method, url: `/api/v1/${path}`, as, ...(body === undefined ? {} : { body }) })).json()

async function openOne(more: object = {}): Promise<string> {
  const order = { title: 'Payments fail', severity: 'SEV1', services: ['payment'], ...more }
  const incident = await call('POST', 'incidents', order)
  await call('POST', `incidents/${incident.id}/transition`, { to: 'resolved', note: 'Rolled back.' })
  await world.drain()
  return (await call('POST', 'postmortems', { incident: incident.id })).id
}

const bodyOf = async (section: string): Promise<string> =>
  (await call('GET', `postmortems/${id}`)).sections.find((each: { section: string }) => each.section === section).body

const quick = { bunchMs: 10, retryMs: [50, 100, 200], hereMs: 200 }
function enter(who: string, host: Host, on = id): Session {
  const session = openSession(wireOf(host, on, who), quick)
  onTestFinished(async () => {
    await session.close()
  })
  return session
}
const isLive = (session: Session) => expect.poll(() => session.state().kind, { timeout: 60_000 }).toBe('live')
const long = { timeout: 60_000, interval: 100 }

/** The same walk every time: numbers that look like chance. */
function chance(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

test('ten editors converge, and a server killed in the middle loses no character', { timeout: 180_000 }, async () => {
  const letters = 'ABCDEFGHIJ'.split('')
  const sessions = letters.map((letter, index) => enter(`writer-${letter}`, index % 2 === 0 ? hosts[0] : hosts[1]))
  for (const session of sessions) await isLive(session)
  const written = new Map(letters.map((letter) => [letter, 0]))
  const type = async (rounds: number, seed: number) => {
    const next = chance(seed)
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, session] of sessions.entries()) {
        const letter = letters[index] ?? ''
        const text = session.doc.getText('lessons')
        const own = text.toString().indexOf(letter)
        // The last two also take back what they wrote; nobody else touches their letters.
        if (index >= 8 && own >= 0 && next(3) === 0) {
          text.delete(own, 1)
          written.set(letter, (written.get(letter) ?? 0) - 1)
        } else {
          const count = 1 + next(3)
          text.insert(next(text.length + 1), letter.repeat(count))
          written.set(letter, (written.get(letter) ?? 0) + count)
        }
      }
      // Lets what was typed so far go out, so that hands meet in the middle of each other's words.
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  await type(40, 1)
  const killed = hosts[0].kill()
  await type(40, 2)
  await killed
  await type(20, 3)
  await hosts[0].start()
  await type(20, 4)

  await expect.poll(() => sessions.filter((session) => session.unsent()).length, long).toBe(0)
  const texts = () => new Set(sessions.map((session) => session.doc.getText('lessons').toString()))
  await expect.poll(() => texts().size, long).toBe(1)
  const [text = ''] = texts()
  for (const letter of letters) expect([letter, text.split(letter).length - 1]).toEqual([letter, written.get(letter)])
  // What stands in the database, what a newcomer reads and what is exported is the same.
  await expect.poll(() => bodyOf('lessons'), long).toBe(text)
  const late = enter('late', hosts[1])
  await isLive(late)
  expect(late.doc.getText('lessons').toString()).toBe(text)
  const { sections } = (await ask(hosts[1], 'late', 'GET', `${id}/authors`)) as {
    sections: { section: string; runs: { by: string; text: string }[] }[]
  }
  for (const run of sections.find((each) => each.section === 'lessons')?.runs ?? [])
    expect(run.by).toBe(`writer-${run.text[0]}`)
})

test('who is here is seen, and where; who leaves is gone', { timeout: 120_000 }, async () => {
  const [ana, ben] = [enter('ana', hosts[0]), enter('ben', hosts[1])]
  await isLive(ana)
  await isLive(ben)
  ben.at({ section: 'summary', line: 3 })
  await expect.poll(() => ana.writers(), long).toMatchObject([{ person: 'ben', section: 'summary', line: 3 }])
  await ben.close()
  await expect.poll(() => ana.writers(), long).toEqual([])
})

test('text that comes as a whole joins what others write, and the journal tells of it once in a while', {
  timeout: 120_000,
}, async () => {
  const ana = enter('ana', hosts[0])
  await isLive(ana)
  const text = ana.doc.getText('lessons')
  text.insert(0, 'First. Last.')
  await expect.poll(() => ana.unsent(), long).toBe(false)
  const version = async () =>
    (await call('GET', `postmortems/${id}`)).sections.find((each: { section: string }) => each.section === 'lessons')
      .version
  text.insert(0, '> ')
  await expect.poll(() => ana.unsent(), long).toBe(false)
  const whole = await call('PUT', `postmortems/${id}/sections/lessons`, {
    body: '> First. Then more. Last.',
    version: await version(),
  })
  expect(whole.sections.at(-1).body).toBe('> First. Then more. Last.')
  await expect.poll(() => text.toString(), long).toBe('> First. Then more. Last.')
  const { rows } = await world.owner.query(
    "select data->>'part' as part from journal where type = 'postmortem.edited' and data->>'postmortemId' = $1",
    [id],
  )
  expect(rows.map((row) => row.part)).toEqual(['What we learned', 'What we learned'])
})

test('each sitting and each step leaves a version, and one can be written again', { timeout: 120_000 }, async () => {
  const ana = enter('ana', hosts[0])
  await isLive(ana)
  const text = ana.doc.getText('lessons')
  text.insert(0, 'Morning.')
  await expect.poll(() => ana.unsent(), long).toBe(false)
  await world.clock.forward(hour)
  text.insert(8, ' Noon.')
  await expect.poll(() => ana.unsent(), long).toBe(false)
  const { items } = await call('GET', `postmortems/${id}/versions`)
  expect(items).toMatchObject([
    { number: 2, because: 'The end of a sitting.', authors: ['ana'] },
    { number: 1, because: 'As it stood when people began to write together.' },
  ])
  const old = await call('GET', `postmortems/${id}/versions/2`)
  expect(old.sections.at(-1)).toMatchObject({ section: 'lessons', body: 'Morning.' })
  expect((await call('GET', `postmortems/${id}/versions/9`)).code).toBe('postmortems.unknown-version')
  const back = await call('POST', `postmortems/${id}/versions/2/restore`)
  expect(back.sections.at(-1).body).toBe('Morning.')
  await expect.poll(() => text.toString(), long).toBe('Morning.')
  expect((await call('GET', `postmortems/${id}/versions`)).items[0].because).toBe('Before version 2 was written again.')
})

test('the log is folded, and who was away for long reads the whole document', { timeout: 180_000 }, async () => {
  const [ana, ben] = [enter('ana', hosts[0]), enter('ben', hosts[1])]
  await isLive(ana)
  await isLive(ben)
  await world.clock.set(await world.clock.now())
  const { client } = (await ask(hosts[0], 'cy', 'POST', `${id}/document`)) as { client: number }
  const doc = new Y.Doc()
  doc.clientID = client
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let count = 0; count < 320; count += 1) doc.getText('lucky').insert(count, 'x')
  for (const [index, update] of updates.entries()) {
    if (index === 250) await world.clock.forward(2 * minute)
    const body = { client, update: Buffer.from(update).toString('base64') }
    await ask(hosts[index % 2 === 0 ? 0 : 1], 'cy', 'POST', `${id}/document/updates`, body)
  }
  await expect.poll(() => ben.doc.getText('lucky').toString(), long).toBe('x'.repeat(320))
  const { rows } = await world.owner.query('select count(*)::int as count from postmortem_updates')
  expect(rows[0].count).toBeLessThan(100)
  // Its place is folded away: it is told to read anew.
  const heard: string[] = []
  const end = new AbortController()
  const following = wireOf(hosts[0], id, 'late').follow(0, (event) => heard.push(event.type), end.signal)
  await expect.poll(() => heard.includes('reset'), long).toBe(true)
  end.abort()
  await following.catch(() => undefined)
  const late = enter('late', hosts[0])
  await isLive(late)
  expect(late.doc.getText('lucky').toString()).toBe('x'.repeat(320))
})

test('what is hostile, foreign or too late is refused; those who write notice nothing', {
  timeout: 120_000,
}, async () => {
  const ana = enter('ana', hosts[0])
  await isLive(ana)
  const text = ana.doc.getText('lessons')
  const path = `${id}/document/updates`
  const send = (who: string, client: number, update: Uint8Array | string) => {
    const body = { client, update: typeof update === 'string' ? update : Buffer.from(update).toString('base64') }
    return ask(hosts[0], who, 'POST', path, body).catch((error: { status: number; code: string }) => error)
  }
  const { client } = (await ask(hosts[0], 'eve', 'POST', `${id}/document`)) as { client: number }
  const made = (work: (doc: Y.Doc) => void, as = client) => {
    const doc = new Y.Doc()
    doc.clientID = as
    work(doc)
    return Y.encodeStateAsUpdate(doc)
  }
  const word = made((doc) => doc.getText('lessons').insert(0, 'x'))
  expect(await send('eve', client, 'gA==')).toMatchObject({ status: 422, code: 'postmortems.bad-update' })
  expect(await send('eve', client, 'not base64!')).toMatchObject({ status: 422, code: 'http.invalid' })
  expect(await send('eve', client, 'A'.repeat(700_004))).toMatchObject({ status: 422 })
  const huge = made((doc) => doc.getText('lessons').insert(0, 'x'.repeat(100_001)))
  expect(await send('eve', client, huge)).toMatchObject({ code: 'postmortems.too-long' })
  const embed = made((doc) => doc.getText('lessons').insertEmbed(0, { src: 'x' }))
  expect(await send('eve', client, embed)).toMatchObject({ status: 422, code: 'postmortems.bad-update' })
  // In another's name: with their number, or with their words.
  expect(await send('eve', ana.client(), word)).toMatchObject({ status: 403, code: 'postmortems.not-your-hand' })
  const forged = made((doc) => doc.getText('lessons').insert(0, 'x'), ana.client())
  expect(await send('eve', client, forged)).toMatchObject({ status: 422, code: 'postmortems.bad-update' })
  expect(await send('viewer-vic', client, word)).toMatchObject({ status: 403, code: 'identity.forbidden' })
  text.insert(0, 'Still here.')
  await expect.poll(() => ana.unsent(), long).toBe(false)
  expect(await bodyOf('lessons')).toBe('Still here.')

  // Closed to them: they learn nothing of it. Published: nobody writes any more, and who still does is told.
  const closed = await openOne({ kind: 'security', title: 'Keys leaked' })
  for (const [method, address] of [
    ['POST', `${closed}/document`],
    ['GET', `${closed}/document`],
    ['GET', `${closed}/versions`],
    ['GET', `${closed}/authors`],
    ['GET', `${closed}/live?after=0`],
  ] as const)
    await expect(ask(hosts[1], 'eve', method, address)).rejects.toMatchObject({ code: 'postmortems.unknown' })
  await world.owner.query("update postmortems set status = 'published' where id = $1", [id])
  await expect.poll(() => ana.state().kind, long).toBe('closed')
  expect(await send('eve', client, word)).toMatchObject({ status: 409, code: 'postmortems.published' })
})

/** A document full of traces: every character stands apart, and all are deleted. */
function worn(): Uint8Array {
  const doc = openDocument(null, [])
  doc.clientID = 9
  const text = doc.getText('lucky')
  doc.transact(() => {
    for (let count = 0; count < 760_000; count += 1) text.insert(0, 'x')
  })
  doc.transact(() => text.delete(0, text.length))
  doc.getText('lessons').insert(0, 'It is long.')
  return stateOf(doc)
}

test('a document that became too large is begun anew, and who writes on it loses nothing', {
  timeout: 180_000,
}, async () => {
  await call('POST', `postmortems/${id}/document`)
  const state = worn()
  expect(state.length).toBeGreaterThan(4_194_304)
  await world.owner.query('update postmortem_documents set state = $2, seq = 400 where postmortem_id = $1', [
    id,
    Buffer.from(state),
  ])
  await world.owner.query(
    `insert into postmortem_sections (postmortem_id, section, body, version, updated_by, updated_at)
     values ($1, 'lessons', 'It is long.', 1, 'ana', now())
     on conflict (postmortem_id, section) do update set body = excluded.body`,
    [id],
  )
  const [ana, ben] = [enter('ana', hosts[0]), enter('ben', hosts[1])]
  await isLive(ana)
  await isLive(ben)
  ana.doc.getText('lessons').insert(0, 'Ana: ')
  await expect.poll(() => bodyOf('lessons'), long).toBe('Ana: It is long.')
  const epoch = async () =>
    (await world.owner.query('select epoch, length(state) as size from postmortem_documents')).rows[0]
  await expect.poll(epoch, long).toMatchObject({ epoch: 1 })
  expect((await epoch()).size).toBeLessThan(10_000)
  // Both still hold the document before; what they write goes into the one that is.
  const end = ben.doc.getText('lessons')
  end.insert(end.length, ' Ben, too.')
  await expect.poll(() => bodyOf('lessons'), long).toBe('Ana: It is long. Ben, too.')
  await expect.poll(() => ana.doc.getText('lessons').toString(), long).toBe('Ana: It is long. Ben, too.')
  ana.doc.getText('lessons').delete(0, 5)
  await expect.poll(() => bodyOf('lessons'), long).toBe('It is long. Ben, too.')
  await expect.poll(() => ben.doc.getText('lessons').toString(), long).toBe('It is long. Ben, too.')
  expect((await call('GET', `postmortems/${id}/versions`)).items[0].because).toContain('too large')
})

test('hands that wrote nothing are given back, so that nobody is kept out for ever', { timeout: 120_000 }, async () => {
  await call('POST', `postmortems/${id}/document`)
  const crowd = (from: number, at: string) =>
    world.owner.query(
      `insert into postmortem_writers (postmortem_id, client, actor, person, opened_at)
       select $1, n, 'user:crowd', 'crowd', ${at} from generate_series($2::int, $2::int + 4999) as n`,
      [id, from],
    )
  await crowd(1, "mainstay_now() - interval '2 days'")
  expect((await call('POST', `postmortems/${id}/document`)).client).toBeGreaterThan(0)
  const count = async () => (await world.owner.query('select count(*)::int from postmortem_writers')).rows[0].count
  expect(await count()).toBeLessThan(10)
  // All of them of today: the document begins anew rather than keep somebody out.
  await crowd(1, 'mainstay_now()')
  const joined = await call('POST', `postmortems/${id}/document`)
  expect(joined).toMatchObject({ epoch: 1 })
  expect(await count()).toBeLessThan(10)
})

test('a document is read as a whole, also while its log is folded', { timeout: 120_000 }, async () => {
  const ana = enter('ana', hosts[0])
  await isLive(ana)
  ana.doc.getText('lessons').insert(0, 'In the log.')
  await expect.poll(() => ana.unsent(), long).toBe(false)
  await ana.close()
  const { database } = world.needs
  const before = await readDocument(database, id)
  if (before === null) throw new Error('Nobody has begun.')
  const folding: typeof database = {
    ...database,
    many: async (query) => {
      const rows = await database.many(query)
      await fold()
      return rows
    },
    maybe: async (query) => {
      const row = await database.maybe(query)
      await fold()
      return row
    },
  }
  const fold = () =>
    database.transaction(async (tx) =>
      foldUpdates(tx, { id, state: stateOf(before.doc), seq: before.seq, before: plus(await tx.now(), minute) }),
    )
  const read = await readDocument(folding, id)
  expect(read === null ? null : textsOf(read.doc).lessons).toBe('In the log.')
  expect(read?.seq).toBe(before.seq)
})

test('a crowded document hides nobody who writes on another one', async () => {
  const other = await openOne({ title: 'The other one' })
  for (const each of [id, other]) await call('POST', `postmortems/${each}/document`)
  await world.owner.query(
    `insert into postmortem_writers (postmortem_id, client, actor, person, opened_at, seen_at)
     select $1, n, 'user:crowd', 'aa ' || n, mainstay_now(), mainstay_now() from generate_series(1, 600) as n`,
    [id],
  )
  const { database } = world.needs
  const here = await listHere(database, [id, other], plus(await database.now(), -minute), 100)
  expect(here.filter((each) => each.postmortemId === id).length).toBe(100)
  expect(here.filter((each) => each.postmortemId === other).length).toBe(1)
})

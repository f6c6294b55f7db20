// The database is away: what is answered for is kept, people are paged from the plan, links work; afterwards everything
// stands in the database once, with its true times, and nobody is paged again.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { frameHeaderBytes, readFrames } from '../../src/modules/lifeboat/core/index.ts'
import { sql } from '../../src/platform/database/queries.ts'
import { linkIn, openSea, signal } from './sea.fixture.ts'

test('an alert is kept, paged, acknowledged by its link, and stands in the database once', async () => {
  const { world, ask, boat, leave, back, pass } = await openSea()
  await leave()
  const taken = await ask<{ lifeboat: string }>('POST /api/v1/signals', signal('disk'))
  expect(taken.lifeboat).toMatch(/^[0-9a-f-]{36}$/)
  await pass(250)
  const mail = world.expectPage('ana', /disk/)
  expect(boat.state().counts).toMatchObject({ signals: 1, alerts: 1, pages: 1 })
  const ready = await world.ask('GET', '/readyz', { headers: {}, payload: null })
  expect(ready).toMatchObject({ status: 200, body: { ready: true } })
  expect(JSON.stringify(ready.body)).toContain('afloat')

  const link = linkIn(mail.text)
  const looked = await world.ask('GET', link, { headers: {}, payload: null })
  expect(looked).toMatchObject({ status: 200, body: expect.stringContaining('lifeboat') })
  const answered = await world.ask('POST', link, { headers: {}, payload: null })
  expect(answered.body).toContain('It is yours, ana')
  // The wait of the first level is over: nobody else is paged.
  await pass(16 * 60_000)
  world.expectNoPage()

  await back()
  world.expectNoPage()
  const alerts = await ask<{ items: readonly Record<string, unknown>[] }>('GET /api/v1/alerts')
  expect(alerts.items).toHaveLength(1)
  expect(alerts.items[0]).toMatchObject({ title: 'disk', status: 'acknowledged', acknowledgedBy: 'ana' })
  expect(alerts.items[0]?.acknowledgedAt).toBe('2026-03-02T09:00:05.250Z')
  const id = String(alerts.items[0]?.id)
  expect(mail.text).toContain(`/alerts/${id}`)
  const { pages } = await ask<{ pages: readonly Record<string, unknown>[] }>(`GET /api/v1/alerts/${id}`)
  expect(pages).toEqual([expect.objectContaining({ person: 'ana', channel: 'email', state: 'sent' })])
  // The link in the mail still leads to the alert.
  const again = await world.ask('GET', link, { headers: {}, payload: null })
  expect(again.body).toContain('ana acknowledged it')
  const { gaps } = await ask<{ gaps: readonly Record<string, unknown>[] }>('GET /api/v1/lifeboat')
  expect(gaps).toEqual([
    expect.objectContaining({ from: '2026-03-02T09:00:00.000Z', signals: 1, alerts: 1, pages: 1, acknowledged: 1 }),
  ])
  const journal = await ask<{ items: readonly { type: string }[] }>('GET /api/v1/journal?type=lifeboat.landed')
  expect(journal.items).toHaveLength(1)
  expect(world.troubles.filter((each) => !/database is away/i.test(each))).toEqual([])
})

test('an alert that was taken in just before, and told to nobody yet, keeps the page that was made aboard', async () => {
  const { world, ask, leave, back, pass } = await openSea()
  // Its people are told by a job that does not run any more.
  await ask('POST /api/v1/signals', signal('disk'))
  await leave()
  await ask('POST /api/v1/signals', signal('disk'))
  await pass(250)
  world.expectPage('ana', /disk/)
  await back()
  await world.worker.drain()
  world.expectNoPage()
  const { items } = await ask<{ items: readonly { id: string; title: string; count: number }[] }>('GET /api/v1/alerts')
  expect(items).toMatchObject([{ title: 'disk', count: 2 }])
  const pages = await ask<{ items: readonly { alertId: string; person: string }[] }>('GET /api/v1/pages')
  expect(pages.items).toMatchObject([{ alertId: items[0]?.id, person: 'ana' }])
  const sent = await ask<{ items: readonly { alert: string | null; state: string }[] }>('GET /api/v1/deliveries')
  expect(sent.items.map((each) => each.state)).toEqual(['sent'])
})

test('a sender with a token of its own is taken in, acknowledges and ends; what cannot be understood is refused, not lost', async () => {
  const { world, ask, boat, leave, back, pass } = await openSea()
  await world.apply(
    JSON.stringify({
      apiVersion: 'mainstay.dev/v1',
      kind: 'AlertSource',
      metadata: { name: 'pager' },
      spec: { format: 'pagerduty', service: 'checkout' },
    }),
  )
  const { token } = await world.as('editor')<{ token: string }>('POST /api/v1/intake/sources/pager/tokens', {})
  await boat.arm()
  await leave()
  const send = (payload: unknown, bearer = token) =>
    world.ask('POST', '/in/pager', {
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    })
  const event = (event_action: string, dedup_key: string) => ({
    routing_key: 'x',
    event_action,
    dedup_key,
    payload: { summary: `${dedup_key} is full`, source: 'db-1', severity: 'critical' },
  })
  expect((await send(event('trigger', 'disk'), 'not-a-token')).status).toBeGreaterThanOrEqual(400)
  expect(await send(event('trigger', 'disk'))).toMatchObject({ status: 202 })
  expect(await send(event('trigger', 'queue'))).toMatchObject({ status: 202 })
  await pass(250)
  world.expectPage('ana', /is full/)
  expect(await send(event('acknowledge', 'queue'))).toMatchObject({ status: 202 })
  expect(await send(event('resolve', 'disk'))).toMatchObject({ status: 202 })
  const unclear = await send({ hello: 'world' })
  expect(unclear).toMatchObject({ status: 503 })
  expect(JSON.stringify(unclear.body)).toContain('Send it again')
  await back()
  const { items } = await ask<{ items: readonly { title: string; status: string; source: string }[] }>(
    'GET /api/v1/alerts',
  )
  expect(items.map((each) => `${each.source} ${each.title} ${each.status}`).sort()).toEqual([
    'in/pager disk is full resolved',
    'in/pager queue is full acknowledged',
  ])
  expect(world.troubles.filter((each) => !/database is away/i.test(each))).toEqual([])
})

test('an escalation that was open goes on with its next step, once, and the database goes on from there', async () => {
  const { world, ask, boat, leave, back, pass } = await openSea()
  await world.receive({ service: 'checkout', alert: 'latency' })
  world.expectPage('ana')
  await boat.arm()
  await leave()
  await pass(14 * 60_000)
  world.expectNoPage()
  await pass(61_000)
  const mail = world.expectPage('ben', /latency/)
  await back()
  world.expectNoPage()
  const { items } = await ask<{ items: readonly { id: string }[] }>('GET /api/v1/alerts')
  const { pages } = await ask<{ pages: readonly { person: string; state: string }[] }>(
    `GET /api/v1/alerts/${items[0]?.id}`,
  )
  expect(pages.map((page) => [page.person, page.state]).sort()).toEqual([
    ['ana', 'sent'],
    ['ben', 'sent'],
  ])
  // The rounds are used up at ben: the wait that began aboard ends in the database, and nobody is paged again.
  await world.forward('20m')
  world.expectNoPage()
  const answered = await world.ask('POST', linkIn(mail.text), { headers: {}, payload: null })
  expect(answered.body).toContain('It is yours, ben')
})

test('what was planned and not yet sent goes out with the key it has, and the database does not send it again', async () => {
  const { world, ask, boat, leave, back, pass } = await openSea()
  // Committed, planned, and the worker has not come to it.
  await ask('POST /api/v1/signals', signal('queue'))
  await world.worker.drain()
  world.expectPage('ana')
  await world.forward('14m')
  await boat.arm()
  const before = await ask<{ items: readonly { key: string }[] }>('GET /api/v1/deliveries')
  await leave()
  await pass(61_000)
  world.expectPage('ben')
  await back()
  world.expectNoPage()
  const after = await ask<{ items: readonly { key: string; state: string; attempts: readonly unknown[] }[] }>(
    'GET /api/v1/deliveries',
  )
  expect(after.items).toHaveLength(before.items.length + 1)
  expect(after.items.every((each) => each.state === 'sent' && each.attempts.length === 1)).toBe(true)
})

test('what the database has, too, may be leaving by another process: it leaves from aboard five seconds later, once', async () => {
  const { world, boat, leave, back, pass } = await openSea()
  await world.receive({ service: 'checkout', alert: 'latency' })
  world.expectPage('ana')
  // Planned for ben, and nobody has come to it.
  await world.database.run(sql`
    insert into deliveries select (jsonb_populate_record(sent, jsonb_build_object(
      'key', sent.key || ':ben', 'person', 'ben', 'phase', 'pending', 'due_at', mainstay_now(), 'ended_at', null,
      'receipt', null, 'attempts', 0, 'first_attempt_at', null))).* from deliveries sent where person = 'ana'`)
  await boat.arm()
  await leave()
  await pass(4_750)
  world.expectNoPage()
  await pass(250)
  world.expectPage('ben', /latency/)
  await back()
  await world.forward('1m')
  world.expectNoPage()
})

test('a database that was there for a moment only: others may have gone on with what it has, so it waits once more', async () => {
  const { world, ask, boat, away, leave, back, pass } = await openSea()
  await world.receive({ service: 'checkout', alert: 'latency' })
  world.expectPage('ana')
  await world.database.run(sql`
    insert into deliveries select (jsonb_populate_record(sent, jsonb_build_object(
      'key', sent.key || ':ben', 'person', 'ben', 'phase', 'pending', 'due_at', mainstay_now(), 'ended_at', null,
      'receipt', null, 'attempts', 0, 'first_attempt_at', null))).* from deliveries sent where person = 'ana'`)
  await boat.arm()
  await leave()
  // Written down 25 at a time.
  for (let each = 0; each < 26; each += 1) await ask('POST /api/v1/signals', signal(`fault-${each}.`))
  await pass(4_750)
  away.isAway = false
  away.onCommit = () => {
    away.isAway = true
  }
  await boat.look()
  away.onCommit = () => undefined
  await pass(250)
  expect(boat.state().standing).toBe('afloat')
  world.expectNoPage()
  await pass(4_750)
  world.expectNoPage()
  await pass(250)
  world.expectPage('ben', /latency/)
  await back()
  await world.forward('1m')
  world.expectNoPage()
})

test('one failure is one page, an end stops it, and those who heard of it are told when the database is back', async () => {
  const { world, ask, leave, back, pass } = await openSea()
  await leave()
  await ask('POST /api/v1/signals', signal('errors'))
  await ask('POST /api/v1/signals', signal('latency'))
  await ask('POST /api/v1/signals', signal('errors'))
  await pass(250)
  world.expectPage('ana', /errors/)
  await ask('POST /api/v1/signals', signal('errors', 'checkout', 'resolved'))
  await ask('POST /api/v1/signals', signal('latency', 'checkout', 'resolved'))
  await pass(20 * 60_000)
  world.expectNoPage()
  await back()
  expect(world.newMails().map((mail) => mail.subject)).toEqual([expect.stringContaining('Resolved')])
  const { items } = await ask<{ items: readonly Record<string, unknown>[] }>('GET /api/v1/alerts')
  expect(items.map((each) => [each.title, each.status, each.count]).sort()).toEqual([
    ['errors', 'resolved', 3],
    ['latency', 'resolved', 2],
  ])
})

test('of more alerts than the plan describes: what is repeated pages nobody, and what ended meanwhile is another when it comes again', async () => {
  const { world, ask, boat, leave, back, pass } = await openSea()
  await ask('POST /api/v1/signals', signal('an old one'))
  await world.worker.drain()
  world.expectPage('ana', /an old one/)
  const [{ id = '' } = {}] = (await ask<{ items: readonly { id: string }[] }>('GET /api/v1/alerts')).items
  // Others that began later, by their names, as many as the plan describes.
  await world.database.run(sql`
    with others as (
      insert into alerts (id, source, key, status, severity, worst, urgency, service, title, signal, started_at, last_seen_at)
      select overlay(gen_random_uuid()::text placing 'ff' from 1)::uuid, source, 'other ' || number, 'firing', 'warning', 'warning', 'low', null, 'another',
        signal || jsonb_build_object('key', 'other ' || number), started_at, last_seen_at
      from (select source, signal, started_at, last_seen_at from alerts where id = ${id}) one, generate_series(1, 5000) as number
      returning id, last_seen_at)
    insert into alert_leases (alert_id, identity, content, last_seen_at, count)
    select id, gen_random_uuid(), gen_random_uuid(), last_seen_at + interval '1 second', 1 from others`)
  await boat.arm()
  await leave()
  await ask('POST /api/v1/signals', signal('an old one'))
  await pass(250)
  expect(boat.state().counts).toMatchObject({ signals: 1, alerts: 0, pages: 0 })
  await ask('POST /api/v1/signals', signal('an old one', 'checkout', 'resolved'))
  await ask('POST /api/v1/signals', signal('an old one'))
  await pass(250)
  // Another episode; it joins the page that ana has.
  expect(boat.state().counts).toMatchObject({ signals: 3, alerts: 1, pages: 0 })
  world.expectNoPage()
  await back()
  const { items } = await ask<{ items: readonly Record<string, unknown>[] }>('GET /api/v1/alerts?service=checkout')
  expect(items.map((each) => [each.id === id, each.status, each.count])).toEqual([
    [false, 'firing', 1],
    [true, 'resolved', 3],
  ])
  world.expectNoPage()
})

test('every intake keeps what it takes: Alertmanager, PagerDuty with its acknowledgement, and the key may repeat', async () => {
  const { world, ask, leave, back, pass } = await openSea()
  const routing = await world.withKey({ role: 'responder' })
  await leave()
  const at = '2026-03-02T09:00:00Z'
  const labels = { alertname: 'Down', service: 'ledger', severity: 'critical' }
  await ask('POST /api/v2/alerts', [{ labels, annotations: {}, startsAt: at, endsAt: '2026-03-02T12:00:00Z' }])
  await ask('POST /api/v1/signals', signal('disk'), { headers: { 'idempotency-key': 'once-and-again' } })
  await ask('POST /api/v1/signals', signal('disk'), { headers: { 'idempotency-key': 'once-and-again' } })
  await pass(250)
  expect(world.newMails().length).toBeGreaterThan(0)
  // A key the plan does not know may be a new one: nobody is told that it is wrong.
  const unknown = { authorization: `Bearer mst_abcdefghij_${'a'.repeat(43)}`, 'content-type': 'application/json' }
  const refused = await world.ask('POST', '/api/v1/signals', { headers: unknown, payload: JSON.stringify(signal('x')) })
  expect(refused.status).toBe(503)
  await routing('GET /api/v1/alerts', undefined, { status: 503 })
  await back()
  world.expectNoPage()
  const { items } = await ask<{ items: readonly { title: string }[] }>('GET /api/v1/alerts')
  expect(items.map((each) => each.title).sort()).toEqual(['Down', 'disk'])
})

const searchService = `
apiVersion: mainstay.dev/v1
kind: Service
metadata: { name: search }
spec: { team: web, tier: 1 }
`

test('a service the plan did not know: whoever is on call for it is told when the database is back, once', async () => {
  const { world, ask, leave, back, pass } = await openSea()
  // Declared after the plan was read last.
  await world.apply(searchService)
  await leave()
  await ask('POST /api/v1/signals', signal('disk', 'search'))
  await pass(250)
  expect(world.newMails().filter((mail) => mail.to === 'ana@shop.example')).toEqual([])
  await back()
  await world.forward('10s')
  // Its team has no policy of its own: everybody of it.
  const heard = world.newMails()
  expect(heard.map((mail) => mail.to).sort()).toEqual(['ana@shop.example', 'ben@shop.example'])
  for (const mail of heard) expect(mail.subject).toContain('disk')
  await world.forward('1m')
  world.expectNoPage()
  const { items } = await ask<{ items: readonly { id: string; title: string; status: string }[] }>('GET /api/v1/alerts')
  expect(items).toMatchObject([{ title: 'disk', status: 'firing' }])
  const pages = await ask<{ items: readonly { person: string }[] }>('GET /api/v1/pages')
  expect(pages.items.map((page) => page.person).sort()).toEqual(['ana', 'ben'])
  expect(world.troubles.filter((each) => !/database is away|Nobody can be paged/i.test(each))).toEqual([])
})

test('a process that died between a page and its messages: the database tells them', async () => {
  const { world, ask, boat, folder, away, leave } = await openSea()
  await leave()
  await ask('POST /api/v1/signals', signal('disk'))
  await boat.tick()
  world.expectPage('ana', /disk/)
  const berth = path.join(folder, 'boat-1')
  const [name = ''] = readdirSync(berth).filter((each) => each.endsWith('.journal'))
  const bytes = readFileSync(path.join(berth, name))
  const { payloads } = readFrames(bytes)
  const messages = payloads.findIndex((each) => JSON.parse(Buffer.from(each).toString()).kind === 'messages')
  expect(messages).toBeGreaterThan(0)
  const cut = payloads.slice(0, messages).reduce((sum, each) => sum + frameHeaderBytes + each.length, 0)
  await boat.stop()
  away.isAway = false
  mkdirSync(berth, { recursive: true })
  writeFileSync(path.join(berth, name), bytes.subarray(0, cut))
  await boat.start()
  await world.forward('10s')
  // Of a process that had died there nobody would have heard.
  const sent = await ask<{ items: readonly { person: string; state: string }[] }>('GET /api/v1/deliveries')
  expect(sent.items).toMatchObject([{ person: 'ana', state: 'sent' }])
})

test('a landing that is cut off halfway: what the database has by then is told by it alone, the rest from aboard', async () => {
  const { world, ask, boat, away, back, pass } = await openSea()
  away.isAway = true
  await boat.look()
  // Nobody aboard has judged them yet; they are written down 100 at a time.
  for (let each = 0; each < 101; each += 1) await ask('POST /api/v1/signals', signal(`fault-${each}.`))
  expect(boat.state()).toMatchObject({ standing: 'doubt', counts: { signals: 101, alerts: 0 } })
  away.isAway = false
  away.onCommit = () => {
    away.isAway = true
  }
  await boat.look()
  away.onCommit = () => undefined
  await pass(250)
  expect(boat.state()).toMatchObject({ standing: 'afloat', counts: { alerts: 1 } })
  world.expectPage('ana', /fault-100\./)
  await back()
  await world.forward('10s')
  // Of one failure: they stand with the page that is out.
  world.expectNoPage()
  const { items } = await ask<{ items: readonly { title: string; count: number }[] }>('GET /api/v1/alerts?limit=200')
  expect(items.map((each) => each.count)).toEqual(Array.from({ length: 101 }, () => 1))
  const sent = await ask<{ items: readonly { person: string; state: string }[] }>('GET /api/v1/deliveries')
  expect(sent.items).toMatchObject([{ person: 'ana', state: 'sent' }])
})

test('what came within a moment is written down together, each as of its own time and after what came before it', async () => {
  const { world, ask, boat, away, pass, back } = await openSea()
  const began = await world.clock.now()
  away.isAway = true
  await boat.look()
  const said = [
    ['disk', 'firing'],
    ['queue', 'firing'],
    ['disk', 'resolved'],
    ['disk', 'firing'],
    ['disk', 'firing'],
    ['cache', 'resolved'],
  ] as const
  for (const [alert, status] of said) {
    await ask('POST /api/v1/signals', signal(alert, 'checkout', status))
    await pass(100)
  }
  expect(boat.state()).toMatchObject({ standing: 'doubt', counts: { signals: 6, alerts: 0 } })
  await back()
  const { items } = await ask<{
    items: readonly { title: string; status: string; count: number; startedAt: string }[]
  }>('GET /api/v1/alerts')
  const seen = items.map((each) => [each.title, each.status, each.count, Date.parse(each.startedAt) - began])
  expect(seen.sort()).toEqual([
    ['disk', 'firing', 2, 300],
    ['disk', 'resolved', 2, 0],
    ['queue', 'firing', 1, 100],
  ])
})

test('what a landing that was cut off wrote down, and nobody was told of, keeps the page that was sent aboard', async () => {
  const { world, ask, boat, folder, away, leave } = await openSea()
  await leave()
  await ask('POST /api/v1/signals', signal('disk'))
  await boat.tick()
  world.expectPage('ana', /disk/)
  const berth = path.join(folder, 'boat-1')
  const [name = ''] = readdirSync(berth).filter((each) => each.endsWith('.journal'))
  const bytes = readFileSync(path.join(berth, name))
  const { payloads } = readFrames(bytes)
  const signals = payloads.findIndex((each) => JSON.parse(Buffer.from(each).toString()).kind === 'signals') + 1
  const cut = payloads.slice(0, signals).reduce((sum, each) => sum + frameHeaderBytes + each.length, 0)
  await boat.stop()
  away.isAway = false
  // First as it stood before anybody had judged it, then the whole of it.
  for (const part of [bytes.subarray(0, cut), bytes]) {
    mkdirSync(berth, { recursive: true })
    writeFileSync(path.join(berth, name), part)
    await boat.start()
  }
  await world.forward('10s')
  world.expectNoPage()
  const { items } = await ask<{ items: readonly { id: string; count: number }[] }>('GET /api/v1/alerts')
  expect(items).toMatchObject([{ count: 1 }])
  const pages = await ask<{ items: readonly { alertId: string; person: string }[] }>('GET /api/v1/pages')
  expect(pages.items).toMatchObject([{ alertId: items[0]?.id, person: 'ana' }])
  const sent = await ask<{ items: readonly { state: string }[] }>('GET /api/v1/deliveries')
  expect(sent.items).toMatchObject([{ state: 'sent' }])
})

test.each([
  ['before a byte of a message left has used up no copy', 'leaving', 'refused'],
  ['while it sent a message may have sent it', 'outcome', 'lost'],
])('a process that died aboard %s; either way the database has it sent at once', async (_, record, outcome) => {
  const { world, ask, boat, folder, away, leave } = await openSea()
  await leave()
  await ask('POST /api/v1/signals', signal('disk'))
  await boat.tick()
  world.expectPage('ana', /disk/)
  const berth = path.join(folder, 'boat-1')
  const [name = ''] = readdirSync(berth).filter((each) => each.endsWith('.journal'))
  const bytes = readFileSync(path.join(berth, name))
  const { payloads } = readFrames(bytes)
  const kinds = payloads.map((each): string => JSON.parse(Buffer.from(each).toString()).kind)
  expect(kinds.slice(-3)).toEqual(['attempt', 'leaving', 'outcome'])
  const upTo = (count: number) =>
    bytes.subarray(
      0,
      payloads.slice(0, count).reduce((sum, each) => sum + frameHeaderBytes + each.length, 0),
    )
  await boat.stop()
  away.isAway = false
  mkdirSync(berth, { recursive: true })
  writeFileSync(path.join(berth, name), upTo(kinds.indexOf(record)))
  await boat.start()
  await world.forward('10s')
  // This very process remembers what it sent, so it does not leave it again; another one would send it now.
  world.expectNoPage()
  const { items } = await ask<{ items: readonly { state: string; attempts: readonly object[] }[] }>(
    'GET /api/v1/deliveries',
  )
  expect(items).toMatchObject([{ state: 'sent', attempts: [{ outcome }, { outcome: 'accepted' }] }])
  const { copies } = await world.database.one(sql<{ copies: number }>`select copies from deliveries`)
  expect(copies).toBe(outcome === 'lost' ? 1 : 0)
})

test.each([0.35, 0.7, 0.95])(
  'a journal torn at %d of its length is written down, then the whole of it, each once',
  async (cut) => {
    const { world, ask, boat, folder, away, leave } = await openSea()
    await world.apply(searchService)
    await world.receive({ service: 'checkout', alert: 'latency' })
    world.expectPage('ana')
    await boat.arm()
    await leave()
    await ask('POST /api/v1/signals', signal('disk', 'search'))
    await boat.tick()
    await ask('POST /api/v1/signals', signal('queue', 'search'))
    await boat.tick()
    const heard = world.newMails()
    expect(heard.length).toBeGreaterThan(0)
    for (const mail of heard) await world.ask('POST', linkIn(mail.text), { headers: {}, payload: null })
    const berth = path.join(folder, 'boat-1')
    const [name = ''] = readdirSync(berth).filter((each) => each.endsWith('.journal'))
    const bytes = readFileSync(path.join(berth, name))
    const sealed = readFileSync(path.join(folder, 'plan.sealed'))
    for (const secret of ['ana@shop.example', 'web-on-call', 'checkout']) expect(sealed.includes(secret)).toBe(false)

    // The process dies; the next one finds what was written up to some byte, as a crash leaves it.
    await boat.stop()
    away.isAway = false
    const landWhat = async (part: Buffer) => {
      mkdirSync(berth, { recursive: true })
      writeFileSync(path.join(berth, name), part)
      await boat.start()
      await world.worker.drain()
      const { items } = await ask<{ items: readonly { title: string; status: string; count: number }[] }>(
        'GET /api/v1/alerts',
      )
      const deliveries = await ask<{ items: readonly { key: string; state: string }[] }>('GET /api/v1/deliveries')
      const journal = await ask<{ items: readonly { type: string }[] }>('GET /api/v1/journal?limit=200')
      return {
        alerts: items.map((each) => [each.title, each.status, each.count]).sort(),
        keys: deliveries.items.map((each) => [each.key, each.state]).sort(),
        entries: journal.items.length,
      }
    }
    await landWhat(bytes.subarray(0, Math.floor(bytes.length * cut)))
    const whole = await landWhat(bytes)
    expect(whole.alerts).toEqual([
      ['disk', 'acknowledged', 1],
      ['latency', 'firing', 1],
      ['queue', 'acknowledged', 1],
    ])
    // What is torn off is not known: whoever was told of it is told once more, and never a third time.
    const sent = whole.keys.filter(([, state]) => state === 'sent').length - 1
    const more = sent - heard.length
    expect(more).toBeGreaterThanOrEqual(0)
    expect(more).toBeLessThanOrEqual(cut < 0.5 ? heard.length : 0)
    expect(await landWhat(bytes)).toEqual(whole)
    await world.worker.drain()
    expect(world.newMails().length).toBeLessThanOrEqual(cut < 0.5 ? heard.length : 0)
  },
)

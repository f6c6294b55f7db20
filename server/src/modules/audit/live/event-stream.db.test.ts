import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { answerError } from '../../../platform/http/server.ts'
import { ana, type JournalWorld, openJournalWorld } from '../audit.fixture.ts'
import { createStreams, type LiveStreams, streamLimits } from './event-stream.ts'

let world: JournalWorld
let server: FastifyInstance
let streams: LiveStreams
const rights = new Map<string, Actor>()
const readers: Reader[] = []
beforeEach(async () => {
  world = await openJournalWorld('stream')
  rights.clear()
  rights.set('ana', ana)
  rights.set('boss', { ...ana, id: 'p-boss', role: 'admin' })
})
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close()
  await streams.stop()
  await server.close()
  await world.close()
})

async function start(limits: Partial<typeof streamLimits> = {}): Promise<void> {
  const who = (headers: Record<string, unknown>) => rights.get(String(headers.authorization)) ?? null
  streams = createStreams(
    world.needs,
    {
      admit: async (request) => {
        const actor = who(request.headers)
        if (actor === null) throw new AppError('forbidden', 'http.unauthenticated', 'Sign in.')
        return actor
      },
      recheck: async (request) => who(request.headers),
    },
    { ...streamLimits, ...limits },
  )
  server = fastify()
  server.setErrorHandler((error, request, reply) => answerError({ log: world.needs.log }, error, request, reply))
  server.get('/api/v1/stream', (request, reply) => streams.open(request, reply))
  await server.listen({ host: '127.0.0.1', port: 0 })
}

interface Event {
  id: string
  event: string
  data: { id?: number; type?: string }
}

interface Reader {
  readonly events: Event[]
  readonly state: { status: number; ended: boolean; text: string; lastId: string }
  /** Numbers of entries, in order. */
  entries(): number[]
  pause(): void
  resume(): void
  close(): void
}

/** A plain reader of the wire format: what EventSource does, with nothing hidden. */
function open(who: string, options: { after?: string; lastEventId?: string } = {}): Reader {
  const address = server.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const state = { status: 0, ended: false, text: '', lastId: '' }
  const events: Event[] = []
  let answer: IncomingMessage | undefined
  const request: ClientRequest = get(
    {
      host: '127.0.0.1',
      port,
      path: `/api/v1/stream${options.after === undefined ? '' : `?after=${options.after}`}`,
      headers: {
        authorization: who,
        ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
      },
      agent: false,
    },
    (response) => {
      answer = response
      state.status = response.statusCode ?? 0
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        state.text += chunk
        const blocks = state.text.split('\n\n')
        state.text = blocks.pop() ?? ''
        for (const block of blocks) {
          const fields = block
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)])
          const field = (name: string) => fields.find(([key]) => key === name)?.[1]
          state.lastId = field('id') ?? state.lastId
          const data = field('data')
          if (data !== undefined)
            events.push({ id: state.lastId, event: field('event') ?? 'message', data: JSON.parse(data) })
        }
      })
      response.on('close', () => {
        state.ended = true
      })
      response.on('error', () => undefined)
    },
  )
  request.on('error', () => {
    state.ended = true
  })
  const reader: Reader = {
    events,
    state,
    entries: () =>
      events.flatMap((event) => (event.event === 'message' && event.data.id !== undefined ? [event.data.id] : [])),
    pause: () => answer?.pause(),
    resume: () => answer?.resume(),
    close: () => request.destroy(),
  }
  readers.push(reader)
  return reader
}

const ready = (reader: Reader) => expect.poll(() => reader.events[0]?.event).toBe('ready')
const heard = (reader: Reader, ids: number[]) => expect.poll(() => reader.entries()).toEqual(ids)

test('what is committed arrives, once, in order, in the shape of the list', async () => {
  await start()
  await world.write('alert.opened')
  const reader = open('ana')
  await ready(reader)
  const ids = []
  for (let i = 0; i < 5; i += 1) ids.push(await world.write('alert.opened', { links: ['service:checkout'] }))
  await heard(reader, ids)
  expect(reader.events[1]).toMatchObject({
    event: 'message',
    data: {
      type: 'alert.opened',
      actor: { name: 'Ana' },
      subject: { kind: 'alert', id: 'a-1' },
      links: [{ kind: 'service', id: 'checkout' }],
    },
  })
})

test.each(['after', 'lastEventId'] as const)(
  'a client that comes back with %s misses nothing and hears nothing twice',
  async (way) => {
    await start()
    const first = open('ana')
    await ready(first)
    const one = await world.write('alert.opened')
    await heard(first, [one])
    const place = first.events.at(-1)?.id ?? ''
    first.close()
    const missed: number[] = []
    for (let i = 0; i < 1_203; i += 1) missed.push(i)
    const { rows } = await world.owner.query<{ id: string }>(
      `insert into journal (type, actor, subject_kind, subject_id, data) select 'alert.opened', '{"kind":"automation","id":"t","name":"t"}', 'alert', n::text, '{}' from generate_series(1, 1203) n returning id`,
    )
    const back = open('ana', { [way]: place })
    // Written while it catches up.
    const live = [await world.write('alert.closed'), await world.write('alert.closed')]
    await heard(back, [...rows.map((row) => Number(row.id)), ...live])
  },
)

test('who missed too much, or comes from another cluster, is told to read anew', async () => {
  await start({ catchUp: 500 })
  const first = open('ana')
  await ready(first)
  const place = first.events[0]?.id ?? ''
  await world.owner.query(
    `insert into journal (type, actor, subject_kind, subject_id, data) select 'alert.opened', '{"kind":"automation","id":"t","name":"t"}', 'alert', n::text, '{}' from generate_series(1, 900) n`,
  )
  await expect.poll(() => first.entries().length).toBe(900)
  for (const after of [place, '9000000000000-1']) {
    const back = open('ana', { after })
    await expect.poll(() => back.events.some((event) => event.event === 'reset')).toBe(true)
    const next = await world.write('alert.closed')
    await expect.poll(() => back.entries().at(-1)).toBe(next)
  }
  const bad = open('ana', { after: 'nonsense' })
  await expect.poll(() => bad.state.status).toBe(422)
})

test('entries about sign-ins reach administrators and those they are about', async () => {
  await start()
  const [plain, boss] = [open('ana'), open('boss')]
  await ready(plain)
  await ready(boss)
  const others = await world.write('session.started', { actor: { ...ana, id: 'p-ben' }, subject: 'session:s1' })
  const own = await world.write('session.started', { subject: 'session:s2' })
  const about = await world.write('person.changed', { actor: { ...ana, id: 'p-boss' }, subject: 'person:p-ana' })
  const open_ = await world.write('alert.opened')
  await heard(boss, [others, own, about, open_])
  await heard(plain, [own, about, open_])
})

test('without rights there is no stream; when they end, nothing more is sent and the stream ends', async () => {
  await start({ recheckMs: 20 })
  const stranger = open('eve')
  await expect.poll(() => stranger.state.status).toBe(401)
  const reader = open('ana')
  await ready(reader)
  const one = await world.write('alert.opened')
  await heard(reader, [one])
  rights.delete('ana')
  // The admission ages; the next entry finds it too old.
  await expect
    .poll(async () => {
      await world.write('alert.opened')
      return reader.state.ended
    })
    .toBe(true)
  const seen = reader.entries().length
  await world.write('alert.opened')
  expect(reader.entries().length).toBe(seen)
  expect(streams.state.clients).toBe(0)
})

test('an idle stream without rights ends with the next heartbeat', async () => {
  await start({ recheckMs: 10, heartbeatMs: 50 })
  const reader = open('ana')
  await ready(reader)
  rights.delete('ana')
  await expect.poll(() => reader.state.ended).toBe(true)
})

test('a heartbeat carries the place, so that who may read little does not fall behind', async () => {
  await start({ heartbeatMs: 50 })
  const reader = open('ana')
  await ready(reader)
  const begun = reader.events[0]?.id
  // Nothing this reader may see, so only a heartbeat can move the place.
  const hidden = await world.write('session.started', { actor: { ...ana, id: 'p-ben' }, subject: 'session:s1' })
  await expect.poll(() => reader.state.lastId).toMatch(new RegExp(`-${hidden}$`))
  expect(reader.state.lastId).not.toBe(begun)
  expect(reader.events.length).toBe(1)
})

test('a client that does not read is cut off; others go on', async () => {
  await start({ waiting: 150, chunkBytes: 65_536 })
  const [slow, good] = [open('ana'), open('ana')]
  await ready(slow)
  await ready(good)
  slow.pause()
  // The system's socket buffers take megabytes before anything waits here.
  let written = 0
  const burst = async () => {
    await world.owner.query(
      `insert into journal (type, actor, subject_kind, subject_id, data) select 'alert.opened', '{"kind":"automation","id":"t","name":"t"}', 'alert', n::text, jsonb_build_object('text', repeat('x', 20000)) from generate_series(1, 100) n`,
    )
    written += 100
    await expect.poll(() => good.entries().length, { timeout: 5_000 }).toBe(written)
    return streams.state.cutOff
  }
  await expect.poll(burst, { timeout: 20_000 }).toBe(1)
  expect(streams.state.clients).toBe(1)
  await burst()
})

test('a client that has stopped reading is not kept for ever when nothing more happens', async () => {
  await start({ heartbeatMs: 50, chunkBytes: 20_000_000 })
  const slow = open('ana')
  await ready(slow)
  slow.pause()
  await world.owner.query(
    `insert into journal (type, actor, subject_kind, subject_id, data) select 'alert.opened', '{"kind":"automation","id":"t","name":"t"}', 'alert', n::text, jsonb_build_object('text', repeat('x', 100000)) from generate_series(1, 150) n`,
  )
  await expect.poll(() => streams.state, { timeout: 5_000 }).toEqual({ clients: 0, cutOff: 1 })
})

test('a thousand idle clients share one reader of the database', async () => {
  await start({ clients: 1_000 })
  const many = Array.from({ length: 1_000 }, () => open('ana'))
  await expect
    .poll(() => many.filter((reader) => reader.events[0]?.event === 'ready').length, { timeout: 20_000 })
    .toBe(1_000)
  expect(world.database.pool.total).toBeLessThanOrEqual(12)
  const refused = open('ana')
  await expect.poll(() => refused.state.status).toBe(503)
  const id = await world.write('alert.opened')
  await expect.poll(() => many.filter((reader) => reader.entries()[0] === id).length, { timeout: 10_000 }).toBe(1_000)
  for (const reader of many) reader.close()
  await expect.poll(() => streams.state.clients, { timeout: 10_000 }).toBe(0)
})

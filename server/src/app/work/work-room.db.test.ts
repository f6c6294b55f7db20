import { expect, onTestFinished, test } from 'vitest'
import { gate, openPlatform } from '../../../test/platform.ts'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { appendEntries, listEntries } from '../../modules/audit/index.ts'
import type { Database } from '../../platform/database/database.ts'
import { createMetrics } from '../../platform/http/metrics.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { answerMissing, buildHttp } from '../../platform/http/server.ts'
import { newId } from '../../platform/ids.ts'
import { createJournal } from '../../platform/journal/journal.ts'
import { silentLog } from '../../platform/log/log.ts'
import { addWork, listSetAside } from '../../platform/work/due-work.store.ts'
import { bindJob, defineJob } from '../../platform/work/job.ts'
import { workRoom } from './work-room.ts'

const admin: Actor = { kind: 'key', id: 'k1', name: 'admin', role: 'admin', teams: [], scopes: ['*'] }
const job = defineJob<{ n: number }>({ kind: 'test.send', lane: 'notify' })

async function world() {
  const { database, worker } = await openPlatform('set aside')
  const state = { broken: true, runs: 0 }
  const ran = gate()
  const handle = async () => {
    if (state.broken) throw new AppError('invalid', 'test.broken', 'The receiver does not exist.')
    state.runs += 1
    ran.open()
  }
  const work = worker({ jobs: [bindJob(job, handle)] })
  const needs = {
    database,
    journal: createJournal(appendEntries, () => []),
    log: silentLog,
    newId,
    publicUrl: 'http://test',
  }
  const options = {
    operations: workRoom(needs).operations ?? [],
    wireRoutes: [],
    gatekeeper: { authenticate: async () => admin, isPublic: () => false, authorize: () => undefined },
    idempotency: { database },
    rateLimits: createRateLimits(),
    metrics: createMetrics(),
    log: silentLog,
    trustProxy: false,
    instrument: null,
    secure: false,
  }
  const server = await buildHttp(options)
  server.setNotFoundHandler((request, reply) => answerMissing(options, request, reply))
  onTestFinished(() => server.close())
  const call = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const reply = await server.inject({ method, url, ...(payload === undefined ? {} : { payload }) })
    return { status: reply.statusCode, body: reply.json() }
  }
  const fail = async (n: number, key?: string) => {
    await database.transaction((tx) => addWork(tx, job, { n }, key === undefined ? {} : { key }))
    await work.drain()
  }
  return { database, work, state, call, fail, ran }
}

test('what failed for good is listed, page by page, with its reason', async () => {
  const { call, fail } = await world()
  for (const n of [1, 2, 3]) await fail(n, `thing-${n}`)
  const first = await call('GET', '/api/v1/work/set-aside?limit=2')
  expect(first.body.items).toMatchObject([
    { kind: 'test.send', key: 'thing-3', lane: 'notify', attempts: 1, lastError: 'The receiver does not exist.' },
    { key: 'thing-2' },
  ])
  const second = await call('GET', `/api/v1/work/set-aside?limit=2&cursor=${first.body.nextCursor}`)
  expect(second.body).toMatchObject({ items: [{ key: 'thing-1' }], nextCursor: null })
  expect((await call('GET', '/api/v1/work/set-aside?kind=other.kind')).body.items).toEqual([])
})

test('retried when the cause is gone, it is done, and the journal says who asked for it', async () => {
  const { database, work, state, call, fail } = await world()
  await fail(1)
  const [row] = await listSetAside(database, 1)
  state.broken = false
  expect(await call('POST', `/api/v1/work/set-aside/${row?.id}/retry`)).toMatchObject({ status: 200 })
  await work.drain()
  expect(state.runs).toBe(1)
  expect(await listSetAside(database, 1)).toEqual([])
  const again = await call('POST', `/api/v1/work/set-aside/${row?.id}/retry`)
  expect(again).toMatchObject({ status: 404, body: { code: 'work.unknown' } })
  expect(await entries(database)).toMatchObject([{ type: 'work.retried', data: { kind: 'test.send', attempts: 1 } }])
})

test('dropped, it never runs, and its reason is kept', async () => {
  const { database, work, state, call, fail } = await world()
  await fail(1)
  const [row] = await listSetAside(database, 1)
  const drop = `/api/v1/work/set-aside/${row?.id}/drop`
  expect(await call('POST', drop, {})).toMatchObject({ status: 422 })
  expect(await call('POST', drop, { reason: 'The channel is gone.' })).toMatchObject({ status: 200 })
  state.broken = false
  await work.drain()
  expect(state.runs).toBe(0)
  expect(await entries(database)).toMatchObject([{ type: 'work.dropped', reason: 'The channel is gone.' }])
})

test('newer work for the same is not doubled: the older one can only be dropped', async () => {
  const { database, work, state, call, fail } = await world()
  await fail(1, 'same')
  const [row] = await listSetAside(database, 1)
  await database.transaction((tx) => addWork(tx, job, { n: 2 }, { key: 'same', delayMs: 60_000 }))
  const refused = await call('POST', `/api/v1/work/set-aside/${row?.id}/retry`)
  expect(refused).toMatchObject({ status: 409, body: { code: 'work.superseded' } })
  expect(await listSetAside(database, 5)).toHaveLength(1)
  await work.drain()
  expect(state.runs).toBe(0)
})

function entries(database: Database) {
  return listEntries(database, { all: true }, {}, null, 10)
}

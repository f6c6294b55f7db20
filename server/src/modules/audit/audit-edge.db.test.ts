// The room through the real edge, with real sessions: once for each refusal, then the good case.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditPermissions } from '../../app/permissions/audit.ts'
import { identityPermissions } from '../../app/permissions/identity.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { sha256, verifyEd25519 } from '../../platform/secrets/index.ts'
import { type IdentityWorld, join, openIdentityWorld, type Process, setUp } from '../identity/identity.fixture.ts'
import { createDoor, gatekeeper } from '../identity/index.ts'
import { createSigningKey } from './audit.fixture.ts'
import { auditRoom } from './audit.module.ts'
import { verifyJournalExport } from './core/index.ts'

let world: IdentityWorld
let process: Process
let admin: { session: string; id: string }
let ben: { session: string; id: string }
const signingKey = createSigningKey()
const table = { ...identityPermissions, ...auditPermissions }

beforeEach(async () => {
  world = await openIdentityWorld('audit-edge')
  process = await world.startProcess({
    table,
    rooms: (needs) => [auditRoom(needs, { signingKey, ...createDoor(gatekeeper(needs, table), createRateLimits()) })],
  })
  admin = await setUp(process)
  ben = await join(process, admin.session, 'ben@shop.example', 'viewer')
})
afterEach(() => world.close())

const get = (url: string, session: string) => process.call({ method: 'GET', url, session })

test('lists are paged, filtered, and hold for each reader what that reader may read', async () => {
  const types = async (session: string, query = '') =>
    (await get(`/api/v1/journal${query}`, session))
      .json<{ items: { type: string }[] }>()
      .items.map((entry) => entry.type)
  const all = await types(admin.session)
  expect(all).toContain('setup.link-created')
  expect(all).toContain('session.started')
  const own = await types(ben.session)
  expect(own).toEqual(['session.started', 'person.password-changed', 'person.invited', 'person.created'])
  expect(await types(admin.session, '?type=person.*')).toEqual(all.filter((type) => type.startsWith('person.')))
  expect(await types(admin.session, `?concerns=person:${ben.id}&limit=500`)).toEqual(own)

  const paged: string[] = []
  for (let cursor = ''; ; ) {
    const page = (await get(`/api/v1/journal?limit=3${cursor}`, admin.session)).json<{
      items: { type: string }[]
      nextCursor: string | null
    }>()
    paged.push(...page.items.map((entry) => entry.type))
    if (page.nextCursor === null) break
    cursor = `&cursor=${page.nextCursor}`
  }
  expect(paged).toEqual(all)
})

test.each([
  '/api/v1/journal?type=DROP TABLE',
  '/api/v1/journal?concerns=nothing',
  '/api/v1/journal?from=yesterday',
  '/api/v1/journal?cursor=abc',
  '/api/v1/journal?limit=501',
  '/api/v1/journal/checkpoints?cursor=WyJ4Il0',
  '/api/v1/stream?after=first',
])('%s is refused with its place', async (url) => {
  const answer = await get(url, admin.session)
  expect(answer.statusCode).toBe(422)
  expect(answer.json<{ errors: unknown[] }>().errors.length).toBeGreaterThan(0)
})

test.each(['/api/v1/journal/export', '/api/v1/journal/verification'])('%s is for administrators', async (url) => {
  expect((await get(url, ben.session)).json()).toMatchObject({ code: 'identity.forbidden' })
  expect((await process.server.inject({ method: 'GET', url })).statusCode).toBe(401)
})

test('what is exported and what is verified agree, and stopping signs what was written', async () => {
  const exported = await get('/api/v1/journal/export', admin.session)
  expect(exported.headers).toMatchObject({
    'content-type': 'application/jsonl',
    'content-disposition': 'attachment; filename="journal.jsonl"',
  })
  async function* lines() {
    yield* exported.body.split('\n')
  }
  const verdict = await verifyJournalExport(lines(), { hash: sha256, verify: verifyEd25519 })
  expect(verdict).toMatchObject({ readable: true, verdict: { ok: true } })

  const [one, two] = await Promise.all([
    get('/api/v1/journal/verification', admin.session),
    get('/api/v1/journal/verification', admin.session),
  ])
  expect(one.json()).toMatchObject({ ok: true, checkpoints: 1, findings: [], firstBad: null })
  // The second one may come after the first has ended: then it is a run of its own, with its own moment.
  expect({ ...two.json<object>(), at: null }).toEqual({ ...one.json<object>(), at: null })

  const { items } = (await get('/api/v1/journal/checkpoints', ben.session)).json<{
    items: { size: number; note: string; key: string }[]
  }>()
  expect(items[0]).toMatchObject({
    size: exported.body.split('\n').filter((line) => line.startsWith('{"entry"')).length,
  })
  expect(items[0]?.note).toContain(items[0]?.key.split('+')[0])

  await join(process, admin.session, 'eve@shop.example', 'viewer')
  // What runs in another database of the cluster can hold sealing back for a moment; then the next leave does it.
  await expect
    .poll(async () => {
      await process.stop()
      const { rows } = await world.owner.query(
        'select (select count(*) from journal) - (select max(size) from journal_checkpoints) as unsigned',
      )
      return rows[0].unsigned
    })
    .toBe('0')
})

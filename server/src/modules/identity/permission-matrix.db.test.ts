// Every operation of the house × role × own, other or no team × session or key, through the real edge, compared with an
// oracle that was written apart from the product: it knows the rules as a person would explain them.
import { Type } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identityPermissions } from '../../app/permissions/identity.ts'
import { permissionTable } from '../../app/permissions/index.ts'
import type { Permission } from '../../app/permissions/table.ts'
import { operation, route } from '../../platform/http/operation.ts'
import { type IdentityWorld, join, openIdentityWorld, type Process, setUp } from './identity.fixture.ts'
import { createKey } from './usecases/keys.ts'

// Rows that no operation of today has: the table may get them tomorrow.
const table: Readonly<Record<string, Permission>> = {
  ...permissionTable,
  ...identityPermissions,
  'probe.own-team': { role: 'responder', otherTeam: 'admin', scope: 'probe:write' },
  'probe.looser-elsewhere': { role: 'editor', otherTeam: 'viewer', scope: 'probe:read' },
}
const ids = Object.keys(table)
const ladder = ['viewer', 'responder', 'editor', 'admin'] as const
const owners = ['own', 'other', 'none'] as const
type Rung = (typeof ladder)[number]
type Owner = (typeof owners)[number]
type Carrier = 'session' | 'key with the scope' | 'key with the room' | 'key with all' | 'key with another scope'
const carriers: readonly Carrier[] = [
  'session',
  'key with the scope',
  'key with the room',
  'key with all',
  'key with another scope',
]

/** Allowed or refused, by the words of the handbook. */
function oracle(row: Permission, rung: Rung, owner: Owner, carrier: Carrier): number {
  if ('open' in row) return 200
  if (carrier === 'key with another scope') return 403
  const least = owner === 'other' && row.otherTeam !== undefined ? row.otherTeam : row.role
  return ladder.indexOf(rung) >= ladder.indexOf(least) ? 200 : 403
}

let world: IdentityWorld
let process: Process
const credentials = new Map<string, { session?: string; key?: string }>()
const rooms = [...new Set(ids.map((id) => scopeOf(id)?.split(':')[0]))].filter((room) => room !== undefined)

function scopeOf(id: string): string | null {
  const row = table[id]
  return row === undefined || 'open' in row ? null : row.scope
}

beforeAll(async () => {
  world = await openIdentityWorld('matrix')
  const probes = ids.map((id) =>
    route(
      operation({
        id,
        method: 'GET',
        path: `/probe/${id}`,
        summary: id,
        query: Type.Object({ owner: Type.Optional(Type.String()) }),
        reply: Type.Object({}),
      }),
      async () => ({}),
      async ({ query }) => query.owner ?? null,
    ),
  )
  const members = ladder.map((rung) => ({ email: `${rung}@shop.example`, team: 'own' }))
  process = await world.startProcess({
    table,
    operations: probes,
    ports: { teamMembers: async () => members },
  })
  const admin = await setUp(process)
  const refresh = process.room.jobs?.find(({ job }) => job.kind === 'identity.refresh-teams')
  await refresh?.handle(
    {},
    {
      id: 1,
      attempt: 1,
      dueAt: 0 as never,
      finish: async () => undefined,
      again: async () => undefined,
      rest: () => undefined,
    },
  )
  for (const rung of ladder) {
    const { session } = await join(process, admin.session, `${rung}@shop.example`, rung)
    credentials.set(`${rung} session`, { session })
    const scopes = new Map<string, readonly string[]>([
      ['key with all', ['*']],
      ['key with another scope', ['nothing:here', 'prob:*', 'probe', 'probe:wri']],
      ...rooms.map((room) => [`key with the room ${room}`, [`${room}:*`]] as const),
      ...ids.flatMap((id) => {
        const scope = scopeOf(id)
        return scope === null ? [] : [[`key with the scope ${scope}`, [scope]] as const]
      }),
    ])
    for (const [name, list] of scopes) {
      const { token } = await createKey(
        process.needs,
        { name, role: rung, scopes: list, teams: ['own'], service: true, expiresAt: null },
        { kind: 'automation', id: 'test', name: 'test' },
      )
      credentials.set(`${rung} ${name}`, { key: token })
    }
  }
})
afterAll(() => world.close())

function carried(rung: Rung, carrier: Carrier, id: string): { session?: string; key?: string } {
  const scope = scopeOf(id)
  if (scope === null && (carrier === 'key with the scope' || carrier === 'key with the room')) return {}
  const name =
    carrier === 'key with the scope'
      ? `${carrier} ${scope}`
      : carrier === 'key with the room'
        ? `${carrier} ${scope?.split(':')[0]}`
        : carrier
  const found = credentials.get(`${rung} ${name}`)
  if (found === undefined) throw new Error(`No ${name} for ${rung}.`)
  return found
}

test('every cell of the matrix answers as the handbook says', async () => {
  const wrong: string[] = []
  let cells = 0
  for (const id of ids) {
    const row = table[id]
    if (row === undefined) continue
    for (const rung of ladder)
      for (const owner of owners)
        for (const carrier of carriers) {
          const query = owner === 'none' ? '' : `?owner=${owner}`
          const { statusCode } = await process.call({
            method: 'GET',
            url: `/probe/${id}${query}`,
            ...carried(rung, carrier, id),
          })
          cells += 1
          if (statusCode !== oracle(row, rung, owner, carrier))
            wrong.push(`${id} ${rung} ${owner} ${carrier}: ${statusCode}`)
        }
    // Without credentials, and with ones that are none.
    const closed = 'open' in row ? 200 : 401
    for (const nobody of [{}, { key: 'mst_aaaaaaaaaa_'.padEnd(58, 'a') }, { session: 'x'.repeat(43) }]) {
      const { statusCode } = await process.call({ method: 'GET', url: `/probe/${id}`, ...nobody })
      cells += 1
      if (statusCode !== closed) wrong.push(`${id} nobody ${JSON.stringify(nobody)}: ${statusCode}`)
    }
  }
  expect(wrong).toEqual([])
  expect(cells).toBe(ids.length * (4 * 3 * 5 + 3))
})

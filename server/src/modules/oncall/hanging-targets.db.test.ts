// A mail server and a chat that take every connection and never answer: pages that go another way leave as if they were not there.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { gate } from '../../../test/platform.ts'
import { createDiscordChannel } from '../../integrations/discord/discord-channel.ts'
import { sql } from '../../platform/database/queries.ts'
import { createEgress } from '../../platform/egress/index.ts'
import { newId } from '../../platform/ids.ts'
import { silentLog } from '../../platform/log/log.ts'
import { createWorker } from '../../platform/work/worker.ts'
import { insertContact } from '../notifications/contacts.store.ts'
import { type HttpReceiver, startReceiver } from '../notifications/testing/http-receiver.ts'
import { addressContext } from '../notifications/usecases/reach.ts'
import { openWorld, type World } from './testing/world.ts'
import { openEscalation } from './usecases/open-escalation.ts'

let world: World
let phones: HttpReceiver
let silence: Awaited<ReturnType<typeof openSilence>>
beforeAll(async () => {
  world = await openWorld({ name: 'hanging_targets', at: '2026-03-02T09:00:00Z' })
  phones = await startReceiver()
  silence = await openSilence()
  const loopback = { cidr: '127.0.0.0/8', ports: 'any', schemes: ['http', 'https', 'tcp', 'tls'] } as const
  const egress = createEgress({
    policies: (connector) => ({ connector, allow: [loopback], maxConcurrentPerTarget: 50, plainOnlyAllowed: true }),
    guard: { ownPorts: () => [], endpoints: () => [], ownAddresses: () => [] },
  })
  Object.assign(world.notifications.channels, { discord: createDiscordChannel(egress) })
})
afterAll(async () => {
  await silence.close()
  await phones.close()
  await world.close()
})

/** Takes connections and whatever is said on them, and says nothing. */
async function openSilence() {
  const sockets = new Set<import('node:net').Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.resume()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const document = (kind: string, name: string, spec: string) =>
  `apiVersion: mainstay.dev/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n---\n`
const reached = (name: string) =>
  document('Person', name, `{email: ${name}@shop.example, timeZone: UTC}`) +
  document(
    'EscalationPolicy',
    `to-${name}`,
    `{levels: [{notify: [{person: ${name}}], waitFor: 12h}], repeat: 0, fallbackOwner: ${name}}`,
  ) +
  document('Service', `of-${name}`, `{team: web, tier: 1, escalationPolicy: to-${name}}`)

async function page(name: string): Promise<void> {
  const alertId = newId()
  const service = `of-${name}`
  const facts = {
    ...{ service, severity: 'critical' as const, summary: '9 % of requests fail', startedAt: world.now() },
    ...{ impact: null, action: null, runbook: null, change: null, link: `http://mainstay.example/alerts/${alertId}` },
  } as const
  const of = { alertId, service, policyName: null, urgency: 'high', severity: 'critical', tier: 1 } as const
  await world.database.transaction((tx) => openEscalation(tx, world.needs, world.oncall, { ...of, facts }))
}

async function contact(person: string, kind: 'discord' | 'webhook', address: object): Promise<void> {
  const id = newId()
  const sealed = world.notifications.seal(JSON.stringify(address), addressContext(id))
  const row = { id, person, kind, label: kind, address: sealed, fingerprint: id, verifiedAt: world.now() }
  await world.database.transaction((tx) => insertContact(tx, row))
}

test('mail and chat hang for good: every page that goes another way leaves, and theirs wait on record', async () => {
  // More of each than any lane has workers.
  const each = 20
  const named = (way: string) => Array.from({ length: each }, (_, index) => `${way}-${index}`)
  const [byMail, byChat, byPhone] = [named('mail'), named('chat'), named('phone')]
  await world.apply(
    document('Team', 'web', '{members: []}') +
      document('Person', 'root', '{email: root@shop.example, timeZone: UTC}') +
      [...byMail, ...byChat, ...byPhone].map(reached).join(''),
  )
  for (const name of byChat)
    await contact(name, 'discord', { url: `http://127.0.0.1:${silence.port}/api/webhooks/1/x` })
  const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`
  for (const name of byPhone) await contact(name, 'webhook', { url: `${phones.url}/${name}`, secret })
  const over = gate()
  let connected = 0
  world.onConnect = async () => {
    connected += 1
    await over.opened
  }
  await world.moveTo(new Date().toISOString())
  // First those that hang: whatever comes after them has to pass them.
  for (const name of [...byMail, ...byChat, ...byPhone]) await page(name)
  const hanging = ['notifications.deliver-by-mail', 'notifications.deliver-by-chat', 'notifications.deliver-notice']
  const worker = createWorker({
    database: world.database,
    log: silentLog,
    owner: 'storm',
    // Each attempt is given up after seconds, and this shall not rest on that: whoever hung keeps its place.
    jobs: world.rooms
      .flatMap((room) => [...(room.jobs ?? []), ...(room.subscriptions ?? []).map(({ bound }) => bound)])
      .map((bound) => {
        if (!hanging.includes(bound.job.kind)) return bound
        const handle: typeof bound.handle = async (payload, turn) => {
          await bound.handle(payload, turn)
          await over.opened
        }
        return { ...bound, handle }
      }),
  })
  await worker.start()
  try {
    // Time goes on: on a busy machine an attempt may take too long, and the next one comes when it is due.
    const eventually = (look: () => void) =>
      vi.waitFor(
        async () => {
          await world.moveTo(new Date().toISOString())
          look()
        },
        { timeout: 150_000, interval: 250 },
      )
    const told = () => [...new Set(phones.received.map(({ path }) => path.slice(1)))].sort()
    await eventually(() => expect(told()).toEqual([...byPhone].sort()))
    await eventually(() => expect([connected > 0, silence.connections > 0]).toEqual([true, true]))
    expect(world.mails).toEqual([])
    const waiting = await world.database.many(sql<{ kind: string; count: number }>`
      select kind, count(*)::int as count from deliveries where phase in ('pending', 'sending') and purpose = 'page' and step = 1
        and kind in ('email', 'discord') and person not like 'phone-%' and (kind = 'discord' or person like 'mail-%')
      group by kind order by kind`)
    expect(waiting).toEqual([
      { kind: 'discord', count: each },
      { kind: 'email', count: each },
    ])
  } finally {
    over.open()
    await worker.stop()
  }
}, 400_000)

// Three servers of the built product on one PostgreSQL, each behind a wire of its own, and a company of many people, each
// of whom hears of services nobody else does: so every alert is a page of its own.
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { type EmbeddedPostgres, startEmbedded } from '../../src/platform/database/embedded/index.ts'
import { silentLog } from '../../src/platform/log/log.ts'
import { type MailProvider, openMailProvider } from './mail-provider.ts'
import { createKey, newDataFolder, openProduct, type Product } from './product.ts'
import { openWire, type Wire } from './wire.ts'

export interface Member {
  readonly server: Product
  readonly wire: Wire
  /** One fault at a time: what is broken already is not broken again. */
  isBusy: boolean
}

export interface Fleet {
  readonly members: readonly Member[]
  readonly postgres: EmbeddedPostgres
  /** Holds the cluster. */
  readonly postgresFolder: string
  readonly provider: MailProvider
  readonly token: string
  stop(): Promise<void>
}

export async function openFleet(size: number): Promise<Fleet> {
  const folders = Array.from({ length: size + 1 }, newDataFolder)
  const [postgresFolder = '', ...dataFolders] = folders
  const postgres = await startEmbedded({ dataDir: postgresFolder, log: silentLog })
  const provider = await openMailProvider()
  const keyFile = path.join(dataFolders[0] ?? '', 'shared.key')
  writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  const { host, port, user, database } = postgres.connection
  const members = await Promise.all(
    dataFolders.map(async (dataFolder): Promise<Member> => {
      const wire = await openWire({ path: path.join(host, `.s.PGSQL.${port}`) })
      const environment = {
        DATABASE_URL: `postgres://${user}@127.0.0.1:${wire.port}/${database}`,
        MAINSTAY_KEY_FILE: keyFile,
      }
      const server = await openProduct({ dataFolder, mailPort: provider.port, environment })
      return { server, wire, isBusy: false }
    }),
  )
  const stop = async () => {
    await Promise.all(members.map(({ server }) => server.end()))
    await Promise.all(members.map(({ wire }) => wire.stop()))
    await provider.stop()
    await postgres.stop()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
  try {
    const [setup] = await Promise.all(members.map(({ server }) => server.start()))
    const token = await createKey(members[0]?.server.url ?? '', setup ?? null)
    return { members, postgres, postgresFolder, provider, token, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** As systemd would: started again until it stays, because PostgreSQL may be away at that moment. */
export async function revive({ server }: Member): Promise<void> {
  const until = performance.now() + 240_000
  for (;;) {
    try {
      await server.start('open')
      return
    } catch (error) {
      if (performance.now() > until) throw error
      await server.kill()
      await wait(500)
    }
  }
}

export const serviceOf = (index: number) => `svc-${index}`
export const addressOf = (index: number, people: number) => `p${index % people}@shop.example`

export async function declareCompany(fleet: Fleet, services: number, people: number): Promise<void> {
  const documents = [
    ...range(people).flatMap((index) => [
      `kind: Person\nmetadata: { name: p${index} }\nspec: { email: ${addressOf(index, people)} }`,
      // Long enough that nobody is asked a second time while the proof runs.
      `kind: EscalationPolicy\nmetadata: { name: to-p${index} }\nspec: { team: web, levels: [{ notify: [{ person: p${index} }], waitFor: 12h }], repeat: 0, fallbackOwner: p${index} }`,
    ]),
    `kind: Team\nmetadata: { name: web }\nspec: { members: [p0, p1] }`,
    ...range(services).map(
      (index) =>
        `kind: Service\nmetadata: { name: ${serviceOf(index)} }\nspec: { team: web, tier: 1, escalationPolicy: to-p${index % people} }`,
    ),
  ].map((document) => `apiVersion: mainstay.dev/v1\n${document}\n`)
  const reply = await fetch(`${fleet.members[0]?.server.url}/api/v1/apply`, {
    method: 'POST',
    headers: { authorization: `Bearer ${fleet.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ documents: documents.join('---\n'), manager: 'git:chaos' }),
  })
  expect(reply.status, await reply.clone().text()).toBe(200)
}

/**
 * One alert about one service; a sender that is not answered asks the next server, as Alertmanager does, until its patience
 * is over. On a slow machine all servers may be starting for longer than any number of quick refusals takes.
 */
export async function report(fleet: Fleet, index: number, title: string, patienceMs: number): Promise<boolean> {
  const until = performance.now() + patienceMs
  for (let attempt = 0; attempt === 0 || performance.now() < until; attempt += 1) {
    const { server } = fleet.members[(index + attempt) % fleet.members.length] as Member
    const answered = await fetch(`${server.url}/api/v1/signals`, {
      method: 'POST',
      headers: { authorization: `Bearer ${fleet.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        source: 'chaos',
        signals: [{ dedupKey: title, summary: title, severity: 'critical', service: serviceOf(index) }],
      }),
      signal: AbortSignal.timeout(12_000),
    }).then(
      async (reply) => {
        await reply.arrayBuffer()
        return reply.ok
      },
      () => false,
    )
    if (answered) return true
    await wait(200)
  }
  return false
}

const range = (length: number) => Array.from({ length }, (_, index) => index)

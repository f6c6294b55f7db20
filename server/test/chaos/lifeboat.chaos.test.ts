// PostgreSQL is away: it hangs, or it is stopped and held down. Every alert is taken, whoever is on call hears of it
// within half a minute, an open escalation goes on, the link in the mail works; afterwards nothing is lost, nobody is
// paged again, and the gap is on record.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedPostgres, startEmbedded } from '../../src/platform/database/embedded/index.ts'
import { silentLog } from '../../src/platform/log/log.ts'
import { type Mail, type Mailbox, openMailbox } from '../mailbox.ts'
import { record } from '../proof/record.ts'
import { expectNothingLost, type Load, loadOn } from './load.ts'
import { freeze, postmasterOf } from './postgres-processes.ts'
import { createKey, eventually, newDataFolder, openProduct, type Product, read } from './product.ts'
import { openWire, type Wire } from './wire.ts'

/** The promise. */
const firstPageMs = 30_000
/** Ten seconds, or as many minutes as a proof asks for. */
const outageMinutes = Number(process.env.MAINSTAY_PROOF_OUTAGE_MINUTES ?? 0)
const outageMs = outageMinutes === 0 ? 10_000 : outageMinutes * 60_000
const alerts = outageMinutes === 0 ? 20 : 10 * outageMinutes
const waitMs = 20_000

const folders = [newDataFolder(), newDataFolder()]
const [cluster = '', dataFolder = ''] = folders
const target = { path: '' }
let postgres: EmbeddedPostgres
let wire: Wire
let mailbox: Mailbox
let server: Product
let token: string
let load: Load

async function startPostgres(): Promise<void> {
  postgres = await startEmbedded({ dataDir: cluster, log: silentLog })
  const { host, port } = postgres.connection
  target.path = path.join(host, `.s.PGSQL.${port}`)
}

beforeAll(async () => {
  await startPostgres()
  wire = await openWire(target)
  mailbox = await openMailbox()
  const { user, database } = postgres.connection
  const environment = { DATABASE_URL: `postgres://${user}@127.0.0.1:${wire.port}/${database}` }
  server = await openProduct({ dataFolder, mailPort: mailbox.port, environment })
  token = await createKey(server.url, await server.start())
  load = loadOn([server.url], token)
  const declared = await fetch(`${server.url}/api/v1/apply`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ documents, manager: 'git:chaos' }),
  })
  expect(declared.status).toBe(200)
}, 60_000)

afterAll(async () => {
  await server.end()
  await wire.stop()
  await mailbox.stop()
  await postgres.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const documents = `
apiVersion: mainstay.dev/v1
kind: Person
metadata: { name: eva }
spec: { email: eva@shop.example }
---
apiVersion: mainstay.dev/v1
kind: Person
metadata: { name: finn }
spec: { email: finn@shop.example }
---
apiVersion: mainstay.dev/v1
kind: Team
metadata: { name: web }
spec: { members: [eva, finn] }
---
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: { name: quick }
spec: { team: web, levels: [{ notify: [{ person: eva }], waitFor: ${waitMs / 1_000}s }, { notify: [{ person: finn }], waitFor: 10m }], repeat: 0, fallbackOwner: eva }
---
apiVersion: mainstay.dev/v1
kind: Person
metadata: { name: gil }
spec: { email: gil@shop.example }
---
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: { name: gil }
spec: { team: web, levels: [{ notify: [{ person: gil }] }], repeat: 0, fallbackOwner: gil }
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: { name: ledger }
spec: { team: web, tier: 1, escalationPolicy: gil }
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: { name: checkout }
spec: { team: web, tier: 1, escalationPolicy: quick }
`

test('PostgreSQL hangs', () => survives('hung', async () => freeze(postmasterOf(cluster))), outageMs + 50_000)

test(
  'PostgreSQL is stopped and held down',
  () =>
    survives('held', async () => {
      await postgres.stop()
      return startPostgres
    }),
  outageMs + 120_000,
)

interface Lifeboat {
  readonly standing: string
  readonly plan: { readonly takenAt: string } | null
  readonly gaps: readonly { readonly signals: number; readonly pages: number; readonly acknowledged: number }[]
}
const lifeboat = () => read<Lifeboat>(server.url, token, '/api/v1/lifeboat')
const mailAbout = (what: string, to: string): Mail | null =>
  mailbox.mails.find((mail) => mail.to === to && mail.subject.includes(what) && mail.acknowledge !== null) ?? null

async function survives(name: string, breakIt: () => Promise<() => unknown>): Promise<void> {
  const open = `${name}-open`
  const opened = new Date()
  await send({ dedupKey: open, summary: open, severity: 'critical', service: 'checkout' })
  await eventually('eva is paged', async () => mailAbout(open, 'eva@shop.example'))
  await eventually('the plan has it', async () => {
    const { plan } = await lifeboat()
    return plan !== null && Date.parse(plan.takenAt) > opened.getTime() + 2_000 ? true : null
  })
  const { gaps: before } = await lifeboat()
  const since = performance.now()
  const mend = await breakIt()
  let isMended = false
  try {
    // Nobody is refused, from the first moment on.
    const answers = await Promise.all(
      Array.from({ length: alerts }, async (_, index) => {
        await pauseUntil(since + (index * outageMs) / alerts)
        const from = performance.now()
        const isTaken = await load.accept(`${name}-${index}.`)
        await eventually(
          `alert ${index} of the gap is paged`,
          async () => mailAbout(`${name}-${index}.`, 'ana@shop.example'),
          firstPageMs,
        )
        return { isTaken, ms: Math.round(performance.now() - from) }
      }),
    )
    expect(load.refusals).toEqual([])
    expect(answers.filter((each) => each.isTaken !== true)).toEqual([])
    const longestMs = Math.max(...answers.map((each) => each.ms))
    if (outageMinutes === 0) record('lifeboat', { outages: 1, longestMs })
    else record('outage', { minutes: outageMinutes, alerts, refused: load.refusals.length, longestMs })
    expect(longestMs).toBeLessThan(firstPageMs)
    const mail = mailAbout(`${name}-0.`, 'ana@shop.example')
    expect(await lifeboat()).toMatchObject({ standing: 'afloat' })
    const taken = await fetch(mail?.acknowledge ?? '', { method: 'POST' })
    expect([taken.status, await taken.text()]).toEqual([200, expect.stringContaining('It is yours')])
    await eventually('the open escalation goes on', async () => mailAbout(open, 'finn@shop.example'), firstPageMs)
    await mend()
    isMended = true
  } finally {
    if (!isMended) await mend()
  }
  const [gap] = await eventually(
    'the gap is on record',
    async () => {
      const { standing, gaps } = await lifeboat()
      return standing === 'ashore' && gaps.length === before.length + 1 ? gaps : null
    },
    30_000,
  )
  expect(gap).toMatchObject({ signals: alerts, acknowledged: 1 })
  // The others have heard so much in this minute that what comes now would be bundled.
  await send({ dedupKey: `${name}-after`, summary: `${name}-after`, severity: 'critical', service: 'ledger' })
  await eventually('everything goes its ordinary way', async () => mailAbout(`${name}-after`, 'gil@shop.example'))
  await expectNothingLost(server.url, token, load)
  const { items } = await read<{ items: readonly { title: string; status: string; acknowledgedBy: string }[] }>(
    server.url,
    token,
    `/api/v1/alerts?search=${name}-0.`,
  )
  expect(items).toEqual([
    expect.objectContaining({ title: `${name}-0.`, status: 'acknowledged', acknowledgedBy: 'ana' }),
  ])
  expectFewCopies(name)
  // The next one must not belong to the same failure.
  for (const [key, service] of [
    [open, 'checkout'],
    [`${name}-after`, 'ledger'],
  ] as const)
    await send({ dedupKey: key, summary: key, severity: 'critical', service, status: 'resolved' })
}

/** At most two mails of one page, under one key, and one page of each alert to each person. Whom a later round asks again has another. */
function expectFewCopies(name: string): void {
  const isFirst = (subject: string) => subject.includes(`${name}-`) && !subject.startsWith('Again:')
  const pages = mailbox.mails.filter((mail) => mail.acknowledge !== null && isFirst(mail.subject))
  const keys = new Map<string, string[]>()
  for (const mail of pages) {
    const of = `${mail.to} ${mail.subject}`
    keys.set(of, [...(keys.get(of) ?? []), mail.messageId])
  }
  for (const [of, ids] of keys)
    expect({ of, keys: new Set(ids).size, few: ids.length <= 2 }).toEqual({ of, keys: 1, few: true })
}

async function send(signal: Readonly<Record<string, string>>): Promise<void> {
  const reply = await fetch(`${server.url}/api/v1/signals`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ source: 'chaos', signals: [signal] }),
  })
  expect(reply.status).toBe(202)
}

const pauseUntil = (at: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())))

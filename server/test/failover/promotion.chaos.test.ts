// A primary and a synchronous standby, and promotions under load: the product follows to the new primary by itself, loses
// nothing it answered for, and never works on the former primary that comes back.
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'
import { seenMemoryIn } from '../../src/app/history/history-room.ts'
import { expectNothingLost, type Load, loadOn } from '../chaos/load.ts'
import { createKey, eventually, newDataFolder, openProduct, type Product, read, readiness } from '../chaos/product.ts'
import { type Mailbox, openMailbox } from '../mailbox.ts'
import { record } from '../proof/record.ts'
import { database, type Fate, openPair, type Pair } from './pair.ts'

const promotions = Number(process.env.MAINSTAY_PROOF_PROMOTIONS ?? 5)
const fates: readonly Fate[] = ['killed', 'stalled', 'stopped']

const folders = [newDataFolder(), newDataFolder()]
let pair: Pair
let mailbox: Mailbox
let servers: readonly Product[] = []
let token: string
let load: Load

beforeAll(async () => {
  const [one = '', two = ''] = folders
  pair = await openPair()
  mailbox = await openMailbox()
  const keyFile = path.join(one, 'shared.key')
  writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  const environment = { DATABASE_URL: pair.url, MAINSTAY_KEY_FILE: keyFile }
  servers = await Promise.all(
    [one, two].map((dataFolder) => openProduct({ dataFolder, mailPort: mailbox.port, environment })),
  )
  const [first] = servers
  const [setup] = await Promise.all(servers.map((each) => each.start()))
  if (first === undefined) throw new Error('No server was started.')
  token = await createKey(first.url, setup ?? null)
  load = loadOn(
    servers.map(({ url }) => url),
    token,
  )
}, 240_000)

afterAll(async () => {
  await Promise.all(servers.map((each) => each.end()))
  await mailbox?.stop()
  await pair?.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

test(
  `${promotions} promotions of the synchronous standby under load lose nothing that was answered for`,
  async () => {
    const awayMs: number[] = []
    for (let round = 0; round < promotions; round += 1) {
      const fate = fates[round % fates.length] ?? 'killed'
      const before = load.accepted.size
      const stream = load.stream(50)
      await eventually('the load runs', async () => (load.accepted.size > before + 20 ? true : null))
      const since = performance.now()
      await pair.promote(fate)
      for (const { url } of servers)
        await eventually(`${url} works on the new primary after the former was ${fate}`, async () => {
          const state = await readiness(url)
          return state?.ready === true && state.sentences === '' && (await isAshore(url)) ? true : null
        })
      awayMs.push(Math.round(performance.now() - since))
      if (fate === 'stalled') await expectLeft()
      await stream.stop()
      await pair.mend()
    }
    for (const { url } of servers) await expectNothingLost(url, token, load)
    const rows = await pair.primary.ask<{ title: string }>('select title from alerts', database)
    const kept = new Set(rows.map(({ title }) => title))
    const lost = [...load.accepted].filter((key) => !kept.has(key))
    const copies = new Map<string, number>()
    for (const { messageId } of mailbox.mails) copies.set(messageId, (copies.get(messageId) ?? 0) + 1)
    record('failover', {
      promotions,
      accepted: load.accepted.size,
      lost: lost.length,
      messages: copies.size,
      mostCopies: Math.max(...copies.values()),
      longestAwayMs: Math.max(...awayMs),
    })
    expect(lost).toEqual([])
    expect(Math.max(...copies.values())).toBeLessThanOrEqual(2)
  },
  120_000 + promotions * 60_000,
)

test('a standby that nobody waited for and that was behind is not silently taken for the whole: the loss is told', async () => {
  onTestFailed(() => servers.forEach(({ output }) => void process.stderr.write(output)))
  const seen = () => servers.map(({ dataFolder }) => seenMemoryIn(dataFolder).read()?.size ?? 0)
  // Commits are answered without it from here on, and it is away.
  pair.primary.setSynchronous('')
  await pair.standby.stop()
  // All it can have, sealed or not yet: what a server saw last may be far behind that while pages are still written down.
  const [there] = await pair.primary.ask<{ entries: number }>('select count(*)::int as entries from journal', database)
  const stream = load.stream(50)
  await eventually('every server has seen what the standby has not', async () =>
    seen().every((size) => size > (there?.entries ?? Number.POSITIVE_INFINITY) + 20) ? true : null,
  )
  await stream.stop()
  const known = seen()
  await pair.primary.kill()
  await pair.standby.start()
  await pair.promote('killed')
  for (const { url } of servers) {
    const [told] = await eventually(`${url} tells that history is lost`, async () => {
      const { items } = await read<{ items: readonly { data: Loss }[] }>(
        url,
        token,
        '/api/v1/journal?type=history.lost',
      )
      return items.length === servers.length ? items : null
    })
    expect(told?.data.lost).toBeGreaterThan(0)
    expect(told?.data.seen).toBeGreaterThanOrEqual(Math.min(...known))
    expect(told?.data.found).toBeLessThan(told?.data.seen ?? 0)
    await eventually('it works', async () => ((await isAshore(url)) ? true : null))
  }
}, 240_000)

interface Loss {
  readonly seen: number
  readonly found: number
  readonly lost: number
}

/** Nobody of ours is left on the former primary, although it answers as one. */
async function expectLeft(): Promise<void> {
  await eventually('the former primary is left', async () => {
    const [row] = await pair.standby.ask<{ primary: boolean; sessions: number }>(
      `select not pg_is_in_recovery() as primary, count(*)::int as sessions
       from pg_stat_activity where application_name = 'mainstay' and wait_event is distinct from 'SyncRep'`,
    )
    expect(row?.primary).toBe(true)
    return row?.sessions === 0 ? true : null
  })
}

async function isAshore(url: string): Promise<boolean> {
  const { standing } = await read<{ standing: string }>(url, token, '/api/v1/lifeboat')
  return standing === 'ashore'
}

// The built product is killed at any moment, twenty times the server and twenty times its PostgreSQL, while alerts
// stream in. What was answered is there, every page that was due goes out, and nobody gets a third copy.
import { rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Mailbox, openMailbox } from '../mailbox.ts'
import { expectNothingLost, type Load, listAlerts, loadOn } from './load.ts'
import { isAnother, postmasterOf } from './postgres-processes.ts'
import { createKey, eventually, newDataFolder, openProduct, type Product, read, readiness } from './product.ts'

const kills = 20
const everyMs = 25

const dataFolder = newDataFolder()
let mailbox: Mailbox
let server: Product
let token: string
let load: Load

beforeAll(async () => {
  mailbox = await openMailbox()
  server = await openProduct({ dataFolder, mailPort: mailbox.port })
  token = await createKey(server.url, await server.start())
  load = loadOn([server.url], token)
})

afterAll(async () => {
  await server.end()
  await mailbox.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

test(`the server killed ${kills} times under load loses nothing it answered for`, async () => {
  await underLoad(async (moment) => {
    await wait(moment)
    await server.kill()
    await server.start()
  })
  expect(load.accepted.size).toBeGreaterThan(kills)
  await expectNothingLost(server.url, token, load)
}, 300_000)

test(`PostgreSQL killed ${kills} times under load comes back by itself and has everything`, async () => {
  await underLoad(async (moment) => {
    await wait(moment)
    const killed = postmasterOf(dataFolder)
    process.kill(killed, 'SIGKILL')
    await eventually('PostgreSQL takes changes again', async () => {
      // Alerts are taken all the while, and the server is ready for them: the database is there when nothing is said of it.
      const state = await readiness(server.url)
      return state?.ready === true && state.sentences === '' && isAnother(dataFolder, killed) ? true : null
    })
    expect(await load.accept(`after-${load.accepted.size}-${moment}`)).toBe(true)
  })
  await expectNothingLost(server.url, token, load)
}, 300_000)

test('every page went out, at most two copies of each, all copies under one key', async () => {
  const copies = new Map<string, number>()
  for (const mail of mailbox.mails) copies.set(mail.messageId, (copies.get(mail.messageId) ?? 0) + 1)
  expect(Math.max(...copies.values())).toBeLessThanOrEqual(2)
  const waiting = new Map((await listAlerts(server.url, token)).map((alert) => [alert.id, alert.title]))
  let last = ''
  const told = async () => {
    for (const [id, title] of waiting) {
      const { pages } = await read<{ pages: { state: string }[] }>(server.url, token, `/api/v1/alerts/${id}`)
      last = `${title}: ${JSON.stringify(pages)}`
      const went = pages.some(({ state }) => state === 'sent' || (state === 'unknown' && arrived(title)))
      // A send lasts about 150 ms and a process about a second here, so now and then both copies of one key are cut off
      // between the mail server's answer and its record: nobody can say that it arrived, and a third is never tried.
      if (!went) return null
      waiting.delete(id)
    }
    return true
  }
  // What exceeds three messages a minute waits for the next bundle.
  await eventually('a message for every alert', told, 90_000).catch((error: Error) => {
    throw new Error(`${error.message} The next is ${last}`)
  })
  expect(waiting.size).toBe(0)
}, 300_000)

test('asked to stop under load, it ends within ten seconds, leaves no PostgreSQL behind and has everything', async () => {
  const pid = postmasterOf(dataFolder)
  const before = load.accepted.size
  const stream = load.stream(5)
  await eventually('the load runs', async () => (load.accepted.size > before + 200 ? true : null))
  const { code, withinMs } = await server.stop()
  await stream.stop()
  expect(code).toBe(0)
  expect(withinMs).toBeLessThan(10_000)
  expect(() => process.kill(pid, 0)).toThrow()
  await server.start()
  await expectNothingLost(server.url, token, load)
})

/** Named in a mail, or one of those a long bundle only counts. */
function arrived(title: string): boolean {
  const named = new RegExp(`${title}(?![\\w-])|^- and \\d+ more$`, 'm')
  return mailbox.mails.some((mail) => named.test(mail.subject) || named.test(mail.text))
}

/** One sender every 25 ms, and the deed at seeded moments of the stream. */
async function underLoad(deed: (momentMs: number) => Promise<void>): Promise<void> {
  const stream = load.stream(everyMs)
  let seed = 20_261_121
  for (let kill = 0; kill < kills; kill += 1) {
    seed = (seed * 48_271) % 2_147_483_647
    await deed(200 + (seed % 700))
  }
  await stream.stop()
}

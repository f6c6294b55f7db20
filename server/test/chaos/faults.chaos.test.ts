// Three servers, a real PostgreSQL and a mail provider. Every two seconds something breaks while alerts come in: whatever
// breaks, everybody who was to be told is told, hardly ever twice, never a third time, and always under one key.
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepNote, record } from '../proof/record.ts'
import { breakThings } from './breakage.ts'
import { addressOf, declareCompany, type Fleet, openFleet, report } from './fleet.ts'
import type { Taken } from './mail-provider.ts'

const seed = Number(process.env.MAINSTAY_PROOF_SEED ?? 20_261_121)
const faults = Number(process.env.MAINSTAY_PROOF_FAULTS ?? 60)
/** So many alerts come in for each fault, also where both take longer. */
const pagesPerFault = 30
const pages = faults * pagesPerFault
const pageEveryMs = 66
// A person is told of three alerts a minute one by one; more come as one message a minute later, which looks like a stop and
// hides keys. So nobody is asked for more, also in a small part.
const people = Math.max(Math.ceil(pages / 6), Math.min(pages, Math.ceil(25_000 / pageEveryMs)))
const mostUnderWay = 60
/** A sender asks again for as long, then it gives up and was promised nothing. */
const patienceMs = 180_000
/** Longer than anything that is still on its way stays away on any machine: a bundle is collected for a minute. */
const quietMs = 150_000

let fleet: Fleet

beforeAll(async () => {
  fleet = await openFleet(3)
  await declareCompany(fleet, pages, people)
}, 300_000)

afterAll(() => fleet?.stop(), 60_000)

test(`${pages} pages go out while ${faults} things break`, async () => {
  const accepted = new Map<number, number>()
  const underWay = new Set<Promise<void>>()
  let begun = 0
  const { counts, over } = breakThings(fleet, seed, faults, async (broken) => {
    while (begun < Math.min(broken * pagesPerFault, pages)) await wait(50)
  })
  const load = (async () => {
    for (let index = 0; index < pages; index += 1) {
      begun = index + 1
      const asked = report(fleet, index, titleOf(index), patienceMs).then((taken) => {
        if (taken) accepted.set(index, performance.now())
        underWay.delete(asked)
      })
      underWay.add(asked)
      await wait(pageEveryMs)
      // A machine that is slower than this is asked more slowly.
      while (underWay.size > mostUnderWay) await Promise.race(underWay)
    }
    await Promise.all(underWay)
  })()
  const progress = setInterval(() => {
    const broken = Object.values(counts).reduce((sum, each) => sum + each, 0)
    process.stderr.write(
      `${broken} of ${faults} faults, ${accepted.size} pages due, ${fleet.provider.taken.length} messages\n`,
    )
  }, 10_000)
  await Promise.all([over, load]).finally(() => clearInterval(progress))
  // What a sender could not get rid of in three minutes was promised nothing; nearly all of it was taken.
  expect(accepted.size).toBeGreaterThan(pages * 0.95)

  const missed = await waitForPages([...accepted.keys()])
  const copies = countCopies()
  const figures = {
    faults: Object.values(counts).reduce((sum, each) => sum + each, 0),
    kills: counts.kill + 3 * counts['kill-all'],
    pauses: counts.pause,
    restarts: counts.restart,
    partitions: counts.partition,
    providers: counts.provider,
    pages: accepted.size,
    missed: missed.length,
    ...copies,
    ...delays(accepted),
  }
  record('faults', figures)
  keepPages(accepted)
  expect(missed.map(titleOf)).toEqual([])
  expect(figures.mostCopies).toBeLessThanOrEqual(2)
  expect(figures.otherKey).toBe(0)
  expect(figures.duplicates).toBeLessThanOrEqual(figures.messages / 100)
}, 3_600_000)

// No number is the beginning of another one.
const titleOf = (index: number) => `chaos-${String(index).padStart(4, '0')}`

const isAbout = (mail: Taken, index: number) =>
  mail.to === addressOf(index, people) && (mail.subject.includes(titleOf(index)) || mail.text.includes(titleOf(index)))

/** Waits for as long as messages still come; what is missing then is missed. */
async function waitForPages(due: readonly number[]): Promise<readonly number[]> {
  let read = 0
  let lastAt = performance.now()
  const waiting = new Map<string, number[]>()
  for (const index of due) {
    const address = addressOf(index, people)
    waiting.set(address, [...(waiting.get(address) ?? []), index])
  }
  for (;;) {
    for (const mail of fleet.provider.taken.slice(read)) {
      read += 1
      lastAt = performance.now()
      const rest = (waiting.get(mail.to) ?? []).filter((index) => !isAbout(mail, index))
      waiting.set(mail.to, rest)
    }
    const missing = [...waiting.values()].flat()
    if (missing.length === 0 || performance.now() - lastAt > quietMs) return missing
    await wait(200)
  }
}

function countCopies() {
  const copies = new Map<string, number>()
  const keys = new Map<string, Set<string>>()
  for (const { key, to, subject } of fleet.provider.taken) {
    copies.set(key, (copies.get(key) ?? 0) + 1)
    // Whoever is told of one alert by name is told of it under one key; bundles have no name in their subject.
    const named = /chaos-\d{4}/.exec(subject)?.[0]
    if (named === undefined) continue
    const about = `${to} ${named}`
    keys.set(about, (keys.get(about) ?? new Set()).add(key))
  }
  const numbers = [...copies.values()]
  return {
    messages: numbers.length,
    duplicates: numbers.reduce((sum, each) => sum + each - 1, 0),
    mostCopies: Math.max(0, ...numbers),
    otherKey: [...keys.values()].filter((each) => each.size > 1).length,
  }
}

/** What became of each page, on the clocks of the servers' logs. */
function keepPages(accepted: ReadonlyMap<number, number>): void {
  const clock = (at: number) => new Date(performance.timeOrigin + at).toISOString()
  for (const [index, at] of accepted) {
    const mails = fleet.provider.taken.filter((mail) => isAbout(mail, index))
    const copies = mails.map((mail) => ({ at: clock(mail.at), key: mail.key }))
    keepNote('pages.jsonl', `${JSON.stringify({ title: titleOf(index), answeredAt: clock(at), copies })}\n`)
  }
}

/** From the answer to the sender until the provider had the message, on the clock of this process; told, not demanded. */
function delays(accepted: ReadonlyMap<number, number>) {
  const first = new Map<string, number>()
  for (const { subject, text, at } of fleet.provider.taken)
    for (const title of new Set(`${subject}\n${text}`.match(/chaos-\d{4}/g)))
      if (!first.has(title)) first.set(title, at)
  const waits = [...accepted]
    .map(([index, at]) => Math.max(0, (first.get(titleOf(index)) ?? at) - at))
    .sort((a, b) => a - b)
  const at = (share: number) => Math.round(waits[Math.floor((waits.length - 1) * share)] ?? 0)
  return { medianMs: at(0.5), p99Ms: at(0.99), longestMs: at(1) }
}

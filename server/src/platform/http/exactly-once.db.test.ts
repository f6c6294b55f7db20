// What was asked under a key is done once, whatever dies or hangs in between: real processes, a real database, a movable clock.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { administer } from '../../../test/cluster.ts'
import { openPlatform, type Platform } from '../../../test/platform.ts'
import { AppError } from '../../kernel/app-error.ts'
import { minute, second } from '../../kernel/duration.ts'
import { sql } from '../database/queries.ts'
import { createTogether } from '../database/together.ts'
import { runOnce } from './idempotency.ts'

type Call = Parameters<typeof runOnce>[1]
const call = (more: Partial<Call> = {}): Call => ({
  ...{ key: 'k1', method: 'POST', operation: 'notes.write', body: { text: 'x' }, status: 201 },
  ...{ actor: { kind: 'automation', id: 'test', name: 'test' }, secretReply: false, answersAgain: false },
  ...more,
})

async function open(name: string): Promise<Platform> {
  const platform = await openPlatform(name)
  await administer(platform.connection, async (client) => {
    await client.query('create table notes (text text not null)')
    await client.query('grant all on notes to public')
  })
  return platform
}

const notesOf = async ({ database }: Platform) =>
  (await database.many(sql<{ text: string }>`select text from notes order by text`)).map(({ text }) => text)
const write = (platform: Platform, text = 'by the test') =>
  platform.database.transaction(async (tx) => {
    await tx.run(sql`insert into notes (text) values (${text})`)
    return { text }
  })
const ask = (platform: Platform, more: Partial<Call> = {}, work: () => Promise<unknown> = () => write(platform)) =>
  runOnce(platform, call(more), work)
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )

async function another(
  { connection }: Platform,
  stop: 'before the commit' | 'after the commit',
  more: Partial<Call> = {},
) {
  const program = path.join(import.meta.dirname, 'deed-process.fixture.ts')
  const order = JSON.stringify({ call: call(more), stop })
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(connection), order], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exited
  }
  onTestFinished(kill)
  await once(lines, 'line')
  return {
    kill,
    goOn: async (): Promise<string> => {
      const said = once(lines, 'line')
      child.stdin.write('go on\n')
      return String((await said)[0])
    },
  }
}

test('killed after the commit: it is not done again, and the repeat says that the answer was lost', async () => {
  const platform = await open('killed after')
  const process = await another(platform, 'after the commit')
  expect(await refusal(ask(platform))).toBe('http.idempotency-in-flight')
  await process.kill()
  await platform.clock.forward(2 * minute)
  for (let times = 0; times < 2; times += 1) expect(await refusal(ask(platform))).toBe('http.answer-lost')
  expect(await notesOf(platform)).toEqual(['by the process'])
  // Another body under the key is no repeat of it, and a new key is a new wish.
  expect(await refusal(ask(platform, { body: {} }))).toBe('http.idempotency-reused')
  await ask(platform, { key: 'k2' })
  expect(await notesOf(platform)).toEqual(['by the process', 'by the test'])
})

test('killed after the commit: an operation that can answers again, and writes nothing', async () => {
  const platform = await open('killed answers')
  const process = await another(platform, 'after the commit', { answersAgain: true })
  await process.kill()
  await platform.clock.forward(11 * second)
  const again = await ask(platform, { answersAgain: true })
  expect(again).toEqual({ value: { text: 'by the process' }, status: 201, repeated: true })
  // From here on the answer is kept.
  const kept = await ask(platform, { answersAgain: true }, () =>
    Promise.reject(new Error('It is not asked for again.')),
  )
  expect(kept).toMatchObject({ status: 201, repeated: true, value: { body: { text: 'by the process' } } })
  expect(await notesOf(platform)).toEqual(['by the process'])
})

test('what asks for the answer again can write nothing, in a transaction or without', async () => {
  const platform = await open('killed writes nothing')
  const process = await another(platform, 'after the commit', { answersAgain: true })
  await process.kill()
  await platform.clock.forward(2 * minute)
  const { database } = platform
  for (const work of [
    async () => [await write(platform), await write(platform, 'a second')],
    async () => database.run(sql`insert into notes (text) values ('alone')`),
    async () =>
      database.many(sql`with made as (insert into notes (text) values ('within') returning text) select * from made`),
  ])
    expect(await refusal(ask(platform, { answersAgain: true }, work))).toBe('http.answer-lost')
  expect(await notesOf(platform)).toEqual(['by the process'])
})

test('killed before the commit: nothing was done, and the repeat does it after a minute', async () => {
  const platform = await open('killed before')
  const process = await another(platform, 'before the commit')
  await process.kill()
  expect(await refusal(ask(platform))).toBe('http.idempotency-in-flight')
  await platform.clock.forward(61 * second)
  expect(await ask(platform)).toMatchObject({ repeated: false, status: 201 })
  expect(await notesOf(platform)).toEqual(['by the test'])
})

test('taken for dead while it hung: whoever took the key over does it, and the first cannot commit any more', async () => {
  const platform = await open('hung')
  const process = await another(platform, 'before the commit')
  await platform.clock.forward(61 * second)
  await ask(platform)
  expect(await process.goOn()).toBe('http.idempotency-in-flight')
  expect(await notesOf(platform)).toEqual(['by the test'])
})

test('many with one key at once: one does it, the others wait for its answer', async () => {
  const platform = await open('at once')
  const all = await Promise.all(Array.from({ length: 12 }, () => refusal(ask(platform))))
  expect(all.filter((each) => each === 'answered').length).toBeGreaterThan(0)
  expect(new Set(all)).toEqual(
    new Set(all.includes('http.idempotency-in-flight') ? ['answered', 'http.idempotency-in-flight'] : ['answered']),
  )
  expect(await ask(platform)).toMatchObject({ repeated: true })
  expect(await notesOf(platform)).toEqual(['by the test'])
})

test('what failed after its commit is not done again: a refusal is said again, anything else is a lost answer', async () => {
  const platform = await open('failed later')
  const failing = (key: string, error: Error) =>
    refusal(
      ask(platform, { key }, async () => {
        await write(platform, key)
        throw error
      }),
    )
  const no = new AppError('conflict', 'test.no', 'No.')
  expect([await failing('refused', no), await failing('refused', no)]).toEqual(['test.no', 'test.no'])
  expect(await failing('broke', new Error('It broke.'))).toBe('Error: It broke.')
  await platform.clock.forward(2 * minute)
  expect(await failing('broke', no)).toBe('http.answer-lost')
  expect(await notesOf(platform)).toEqual(['broke', 'refused'])
})

test('what wrote nothing is not said to be done: reads, work rolled back, work done for many', async () => {
  const platform = await open('nothing')
  const { database } = platform
  const together = createTogether<string, void>({
    fill: () => () => true,
    run: async (texts) => {
      for (const text of texts) await write(platform, text)
      return texts.map(() => undefined)
    },
  })
  const isDone = async () =>
    (await database.many(sql<{ done: boolean }>`select done_at is not null as done from idempotency_keys`)).map(
      ({ done }) => done,
    )
  let seen: readonly boolean[] = []
  const look = async (work: () => Promise<unknown>) =>
    ask(platform, { key: crypto.randomUUID() }, async () => {
      await work()
      seen = await isDone()
      throw new AppError('conflict', 'test.enough', 'Enough.')
    }).catch(() => undefined)
  await look(() => database.transaction((tx) => tx.many(sql`select * from notes`)))
  expect(seen).toEqual([false])
  await look(() => database.rehearse((tx) => tx.run(sql`insert into notes (text) values ('rehearsed')`)))
  expect(seen).toEqual([false])
  await look(() => together.add('together'))
  expect(seen).toEqual([false])
  // A refusal that changed nothing frees the key.
  expect(await isDone()).toEqual([])
  await look(() => database.run(sql`insert into notes (text) values ('alone')`))
  expect(seen).toEqual([true])
})

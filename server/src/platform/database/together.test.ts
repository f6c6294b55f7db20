import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../../kernel/app-error.ts'
import { createTogether } from './together.ts'

/** A round ends when the test lets it. */
function open(most = 10, gatherMs: () => number = () => 0) {
  const rounds: { readonly items: readonly number[]; end(error?: Error): void }[] = []
  const together = createTogether<number, string>({
    gatherMs,
    fill: () => {
      let count = 0
      return () => {
        count += 1
        return count <= most
      }
    },
    run: (items) =>
      new Promise((resolve, reject) => {
        rounds.push({
          items,
          end: (error) => (error === undefined ? resolve(items.map((item) => `done ${item}`)) : reject(error)),
        })
      }),
  })
  return { rounds, together }
}

const round = (rounds: readonly { items: readonly number[] }[], index: number) =>
  expect.poll(() => rounds[index]?.items, { timeout: 20_000 })

test('who comes in the same turn goes together, who comes meanwhile with the next round', async () => {
  const { rounds, together } = open(3)
  const answers = [1, 2].map(together.add)
  await round(rounds, 0).toEqual([1, 2])
  for (const item of [3, 4, 5, 6]) answers.push(together.add(item))
  rounds[0]?.end()
  await round(rounds, 1).toEqual([3, 4, 5])
  rounds[1]?.end()
  await round(rounds, 2).toEqual([6])
  rounds[2]?.end()
  expect(await Promise.all(answers)).toEqual([1, 2, 3, 4, 5, 6].map((item) => `done ${item}`))
})

test('nobody waits for a round that has to wait', async () => {
  const { rounds, together } = open()
  const stuck = together.add(1)
  await round(rounds, 0).toEqual([1])
  const other = together.add(2)
  await round(rounds, 1).toEqual([2])
  rounds[1]?.end()
  expect(await other).toBe('done 2')
  rounds[0]?.end()
  expect(await stuck).toBe('done 1')
})

test('a round waits for more while it is to, and for nobody any more as soon as one says so', async () => {
  const rounds: (readonly number[])[] = []
  const together = createTogether<number, number>({
    fill: () => () => true,
    run: (items) => {
      rounds.push(items)
      return Promise.resolve(items)
    },
    gatherMs: (waiting) => (waiting.includes(0) ? 0 : 600_000),
  })
  const answers = [together.add(1)]
  for (const item of [2, 3]) {
    await new Promise((resolve) => setImmediate(resolve))
    answers.push(together.add(item))
  }
  expect(rounds).toEqual([])
  answers.push(together.add(0))
  expect(await Promise.all(answers)).toEqual([1, 2, 3, 0])
  expect(rounds).toEqual([[1, 2, 3, 0]])
})

test('what has gathered begins when its time is over', async () => {
  const { rounds, together } = open(10, () => 1)
  const answer = together.add(1)
  await round(rounds, 0).toEqual([1])
  rounds[0]?.end()
  expect(await answer).toBe('done 1')
})

test('when a round fails each is tried alone, and only who fails hears of it', async () => {
  const { rounds, together } = open()
  const [first, second] = [1, 2].map((item) => together.add(item).catch((error: Error) => error.message))
  await round(rounds, 0).toEqual([1, 2])
  rounds[0]?.end(new Error('One of them is wrong.'))
  await round(rounds, 1).toEqual([1])
  rounds[1]?.end(new Error('It is this one.'))
  await round(rounds, 2).toEqual([2])
  rounds[2]?.end()
  expect([await first, await second]).toEqual(['It is this one.', 'done 2'])
})

test('what is away is away for all of them', async () => {
  const { rounds, together } = open()
  const answers = [1, 2].map((item) => together.add(item).catch((error: Error) => error.message))
  await round(rounds, 0).toEqual([1, 2])
  rounds[0]?.end(new AppError('unavailable', 'database.away', 'Away.'))
  expect(await Promise.all(answers)).toEqual(['Away.', 'Away.'])
  expect(rounds).toHaveLength(1)
})

test('each item is run once and answered with its own, however they come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.nat(), { maxLength: 5 }), { maxLength: 8 }), async (turns) => {
      const run: number[] = []
      const together = createTogether<number, number>({
        fill: () => {
          let sum = 0
          return (item) => {
            sum += item % 7
            return sum < 10
          }
        },
        run: async (items) => {
          run.push(...items)
          return items.map((item) => item + 1)
        },
      })
      const answers: Promise<number>[] = []
      for (const items of turns) {
        answers.push(...items.map(together.add))
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(await Promise.all(answers)).toEqual(turns.flat().map((item) => item + 1))
      expect([...run].sort()).toEqual(turns.flat().sort())
    }),
    { numRuns: 50 },
  )
})

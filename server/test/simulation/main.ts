// `npm run simulate -- --seeds 2000 --days 30`: many seeds, one after the other, in little memory. A seed that fails is
// shrunk and told with the command that replays it. `--plants` shows how fast each planted bug is found.
import { parseArgs } from 'node:util'
import { day } from '../../src/kernel/duration.ts'
import { record } from '../proof/record.ts'
import { type Fault, faults, type Options } from './options.ts'
import { plants } from './planted.ts'
import { type Result, simulate } from './run.ts'
import { explain, shrink } from './shrink.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '50' },
    from: { type: 'string', default: '1' },
    days: { type: 'string', default: '30' },
    without: { type: 'string', default: '' },
    plant: { type: 'string' },
    plants: { type: 'boolean', default: false },
  },
})

const say = (sentence: string) => process.stdout.write(`${sentence}\n`)
const days = whole('days', values.days)
const without = values.without.split(',').filter((each): each is Fault => isFault(each))
const plant = values.plant ?? null
const mostFailures = 5

function whole(name: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  process.stderr.write(`--${name} takes a whole number, not "${text}".\n`)
  process.exit(2)
}

function isFault(word: string): boolean {
  if (word === '') return false
  if (faults.some((each) => each === word)) return true
  process.stderr.write(`There is no fault "${word}". Known: ${faults.join(', ')}.\n`)
  process.exit(2)
}

/** The same digest twice, or the run is no function of its options. */
function replay(options: Options): number {
  const first = simulate(options)
  const again = simulate(options)
  say(first.violation === null ? `seed ${options.seed} holds, digest ${first.digest}` : explain(first))
  if (first.digest === again.digest) return first.violation === null ? 0 : 1
  say(`The same options gave another run: ${first.digest}, then ${again.digest}.`)
  return 1
}

const began = performance.now()
const totals = { runs: 0, events: 0, alerts: 0, pages: 0, sent: 0, acknowledged: 0, copies: 0 }

function count({ events, counts }: Result): void {
  totals.runs += 1
  totals.events += events
  for (const name of ['alerts', 'pages', 'sent', 'acknowledged', 'copies'] as const) totals[name] += counts[name]
}

let saidAt = Number.NEGATIVE_INFINITY
function progress(last: boolean, failures: number, of: number): void {
  if (!last && performance.now() - saidAt < 5_000) return
  saidAt = performance.now()
  const seconds = ((saidAt - began) / 1_000).toFixed(0)
  const memory = (process.memoryUsage.rss() / 1e6).toFixed(0)
  const years = ((totals.runs * days * day) / (365.25 * day)).toFixed(1)
  process.stderr.write(
    `${totals.runs} of ${of} seeds, ${years} years, ${failures} failed, ${seconds} s, ${memory} MB\n`,
  )
}

function many(from: number, seeds: number): number {
  let failures = 0
  for (let seed = from; seed < from + seeds && failures < mostFailures; seed += 1) {
    const result = simulate({ seed, days, without, plant })
    count(result)
    if (result.violation !== null) {
      failures += 1
      say(`\nseed ${seed}:\n${explain(shrink(result))}\n`)
    }
    progress(false, failures, seeds)
  }
  progress(true, failures, seeds)
  const cpu = process.cpuUsage()
  const years = ((totals.runs * days) / 365.25).toFixed(1)
  say(
    `${totals.runs} seeds of ${days} days (${years} years): ${failures} failed. ${totals.alerts} alerts, ${totals.pages} pages, ` +
      `${totals.sent} messages (${totals.copies} second copies), ${totals.acknowledged} acknowledgements, ${totals.events} events. ` +
      `${((cpu.user + cpu.system) / 1e6).toFixed(0)} s of CPU.`,
  )
  record('simulation', {
    seeds: totals.runs,
    days: totals.runs * days,
    violations: failures,
    pages: totals.pages,
    sent: totals.sent,
    cpuMs: Math.round((cpu.user + cpu.system) / 1_000),
  })
  return failures === 0 ? 0 : 1
}

function findPlants(most: number): number {
  let missed = 0
  let mostSeeds = 0
  for (const { name, breaks } of plants) {
    let found: Result | null = null
    for (let seed = 1; seed <= most && found === null; seed += 1) {
      const result = simulate({ seed, days, without, plant: name })
      if (result.violation !== null && breaks.includes(result.violation.invariant)) found = result
    }
    if (found === null) missed += 1
    else mostSeeds = Math.max(mostSeeds, found.options.seed)
    const told =
      found === null
        ? `not found in ${most} seeds`
        : `seed ${found.options.seed}, day ${Math.ceil((found.at - found.startedAt) / day)}, ${found.violation?.invariant}`
    say(`${name.padEnd(34)} ${told}`)
  }
  say(`${plants.length - missed} of ${plants.length} planted bugs found within ${most} seeds of ${days} days.`)
  record('plants', { planted: plants.length, found: plants.length - missed, mostSeeds })
  return missed === 0 ? 0 : 1
}

process.exitCode =
  values.seed !== undefined
    ? replay({ seed: whole('seed', values.seed), days, without, plant })
    : values.plants
      ? findPlants(whole('seeds', values.seeds))
      : many(whole('from', values.from), whole('seeds', values.seeds))

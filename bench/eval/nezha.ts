// Reads Nezha: minute metrics of pods, latency of calls from both sides where it was recorded, traces of some minutes.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Instant, instant, parseInstant, plus } from '../../server/src/kernel/instant.ts'
import type { MeasuredSeries, Sample } from '../../server/src/modules/incidents/core/deviation.ts'
import { type Call, graphOf } from '../../server/src/modules/incidents/core/service-graph.ts'
import { type RecordedCase, type Row, readRows, serviceOf } from './recorded-rows.ts'
import { readTracedCalls } from './traced-calls.ts'

interface NezhaCase {
  readonly id: string
  readonly dir: string
  readonly graph: string
  readonly fault_start: string
  readonly window_minutes: number
}

const minuteMs = 60_000
// The metrics of a minute are written at its end.
const lateMs = 30_000
// What a failure leaves behind it is no reference either.
const wakeMs = 10 * minuteMs
// Before the first failure and after the last one the load generator runs for a while only.
const runMs = 15 * minuteMs

export function* readNezha(folder: string): Generator<RecordedCase> {
  const { cases } = JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8')) as { cases: NezhaCase[] }
  for (const dir of new Set(cases.map((each) => each.dir))) {
    const ofDay = cases.filter((each) => each.dir === dir)
    const starts = ofDay.map((each) => timeOf(each.fault_start))
    const run = { start: plus(instant(Math.min(...starts)), -runMs), end: plus(instant(Math.max(...starts)), runMs) }
    const series = [...podSeries(path.join(folder, dir)), ...callSeries(path.join(folder, dir), timeOf)]
    for (const each of ofDay) {
      const start = timeOf(each.fault_start)
      const end = plus(start, each.window_minutes * minuteMs + lateMs)
      const { edges } = JSON.parse(readFileSync(path.join(folder, each.graph), 'utf8')) as { edges: Call[] }
      yield {
        id: each.id,
        question: {
          series,
          graph: graphOf(edges),
          hurt: [],
          reference: [
            { start: run.start, end: plus(start, -lateMs) },
            { start: plus(end, wakeMs), end: run.end },
          ],
          window: { start, end },
        },
      }
    }
  }
}

/** `2022-08-22 03:51:19.607 +0000 UTC m=+0.1` or RFC 3339. */
function timeOf(text: string): Instant {
  const at = parseInstant(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`)
  if (at === null) throw new Error(`${text} is no time.`)
  return at
}

const ofPods: readonly (readonly [column: string, MeasuredSeries['measured'], words: string, divisor: number])[] = [
  ['CpuUsageRate(%)', 'saturation', 'CPU', 100],
  ['MemoryUsageRate(%)', 'saturation', 'memory', 100],
  ['PodServerLatencyP90(s)', 'latency', 'p90 latency', 1],
  ['PodServerLatencyP95(s)', 'latency', 'p95 latency', 1],
  ['PodServerLatencyP99(s)', 'latency', 'p99 latency', 1],
  ['PodWorkload(Ops)', 'traffic', 'requests', 1],
]

function* podSeries(folder: string): Generator<MeasuredSeries> {
  for (const file of readdirSync(path.join(folder, 'metric')).sort()) {
    if (!file.endsWith('_metric.csv.gz')) continue
    const service = serviceOf(file.replace('_metric.csv.gz', ''))
    const rows = readRows(path.join(folder, 'metric', file))
    for (const [column, measured, words, divisor] of ofPods)
      yield { service, calls: null, measured, words, samples: samplesOf(rows, 'Time', column, divisor) }
  }
}

/** From what each side measured where that was recorded, else from the traces, else from the sums made of them. */
function* callSeries(folder: string, at: typeof timeOf): Generator<MeasuredSeries> {
  const sides = [
    ['source_50.csv.gz', 'caller'],
    ['destination_50.csv.gz', 'callee'],
  ] as const
  for (const [file, seenBy] of sides) {
    const whole = path.join(folder, 'metric', file)
    if (!existsSync(whole)) continue
    const rows = readRows(whole)
    for (const column of Object.keys(rows[0] ?? {})) {
      const [service, callee] = column.split('_')
      if (service === undefined || callee === undefined) continue
      const samples = samplesOf(rows, 'time', column, 1)
      yield { service, calls: { callee, seenBy }, measured: 'latency', words: 'p50 latency', samples }
    }
  }
  if (!existsSync(path.join(folder, 'metric', 'source_50.csv.gz')))
    yield* readTracedCalls(folder, (hourAndMinute, day) => at(`${day} ${hourAndMinute}:30`))
}

function samplesOf(rows: readonly Row[], time: string, column: string, divisor: number): readonly Sample[] {
  return rows.flatMap((row) => {
    const text = row[column] ?? ''
    return text === '' ? [] : [{ at: timeOf(row[time] ?? ''), value: Number(text) / divisor }]
  })
}

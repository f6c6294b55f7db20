// Reads PetShop: 5-minute metrics of the nodes of an X-Ray map, three header rows, and an adjacency matrix.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Instant, instant } from '../../server/src/kernel/instant.ts'
import type { MeasuredSeries, Sample } from '../../server/src/modules/incidents/core/deviation.ts'
import { type Call, graphOf, type ServiceGraph } from '../../server/src/modules/incidents/core/service-graph.ts'
import type { RecordedCase } from './recorded-rows.ts'

interface PetshopCase {
  readonly id: string
  readonly graph: string
  readonly normal: string
  readonly abnormal: string
  readonly normal_rows?: readonly [number, number]
  readonly abnormal_rows?: readonly [number, number]
  readonly target: { readonly node: string; readonly metric: string }
}

interface Table {
  readonly columns: readonly { readonly node: string; readonly metric: string; readonly statistic: string }[]
  readonly rows: readonly { readonly at: Instant; readonly values: readonly string[] }[]
}

const stepMs = 300_000

export function* readPetshop(folder: string): Generator<RecordedCase> {
  const tables = new Map<string, Table>()
  const tableOf = (name: string) => {
    const table = tables.get(name) ?? readTable(path.join(folder, name))
    tables.set(name, table)
    return table
  }
  const { cases } = JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8')) as { cases: PetshopCase[] }
  for (const each of cases) {
    const graph = readGraph(path.join(folder, each.graph))
    const normal = tableOf(each.normal)
    const abnormal = tableOf(each.abnormal)
    const before = normal.rows.slice(...(each.normal_rows ?? []))
    const within = abnormal.rows.slice(...(each.abnormal_rows ?? []))
    yield {
      id: each.id,
      question: {
        series: [...seriesOf(graph, normal.columns, before, abnormal, within)],
        graph,
        hurt: [{ service: each.target.node, measured: readings[each.target.metric]?.[0] ?? null }],
        reference: [spanOf(before)],
        window: spanOf(within),
      },
    }
  }
}

const readings: Readonly<Record<string, readonly [MeasuredSeries['measured'], (raw: number) => number]>> = {
  latency: ['latency', (raw) => raw],
  availability: ['errors', (raw) => 1 - raw / 100],
  requests: ['traffic', (raw) => raw / (stepMs / 1000)],
}

const spanOf = (rows: Table['rows']) => ({
  start: rows[0]?.at ?? instant(0),
  end: instant((rows.at(-1)?.at ?? 0) + stepMs),
})

function* seriesOf(
  graph: ServiceGraph,
  columns: Table['columns'],
  before: Table['rows'],
  abnormal: Table,
  within: Table['rows'],
): Generator<MeasuredSeries> {
  for (const [place, { node, metric, statistic }] of columns.entries()) {
    const there = abnormal.columns.findIndex(
      (each) => each.node === node && each.metric === metric && each.statistic === statistic,
    )
    const read = (rows: Table['rows'], column: number): Sample[] =>
      rows.flatMap(({ at, values }) => {
        const text = values[column] ?? ''
        return text === '' ? [] : [{ at, value: Number(text) }]
      })
    const samples = [...read(before, place), ...(there < 0 ? [] : read(within, there))]
    // A remote node is what those who call it saw: it reports nothing itself.
    const calls = node.endsWith('_remote')
      ? graph.callersOf(node).map((caller) => ({ service: caller, calls: { callee: node, seenBy: 'caller' as const } }))
      : [{ service: node, calls: null }]
    const [measured, value] = readings[metric] ?? []
    if (measured === undefined || value === undefined) continue
    for (const whose of calls)
      yield {
        ...whose,
        measured,
        words: `${statistic} ${measured}`,
        samples: samples.map((each) => ({ at: each.at, value: value(each.value) })),
      }
  }
}

function readTable(file: string): Table {
  const [nodes = [], metrics = [], statistics = [], , ...rows] = linesOf(file)
  return {
    columns: nodes.slice(1).map((node, place) => ({
      node,
      metric: metrics[place + 1] ?? '',
      statistic: statistics[place + 1] ?? '',
    })),
    rows: rows.map(([seconds, ...values]) => ({ at: instant(Math.round(Number(seconds) * 1000)), values })),
  }
}

function readGraph(file: string): ServiceGraph {
  const [head = [], ...rows] = linesOf(file)
  const calls: Call[] = []
  for (const [caller = '', ...marks] of rows)
    for (const [place, mark] of marks.entries())
      if (Number(mark) !== 0) calls.push({ caller, callee: head[place + 1] ?? '' })
  return graphOf(calls)
}

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.split(','))

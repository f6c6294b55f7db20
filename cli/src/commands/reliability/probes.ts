import type { Probe, TelemetrySource } from '../../../../client/src/operations.gen.ts'
import { formatDuration } from '../../../../server/src/kernel/duration.ts'
import { type Api, openApi, readPages } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { needName, printDetail, printListing } from '../../print/output.ts'
import { type Cell, stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { exact, exactAndAgo } from '../../print/times.ts'

const limitOf = (call: Call): number => call.options.integer('limit', 1, 100_000) ?? 500
// Rounds come every second; one that is this late means that nobody asks.
const lateMs = 60_000

/** A result that is overdue is not shown as good. */
function stateOf({ lastGood, nextAt }: Probe, now: number): Cell {
  if (lastGood === null || now - Date.parse(nextAt) > lateMs) return stateCell('unknown')
  return stateCell(lastGood ? 'good' : 'bad')
}

export async function printProbes(call: Call, api: Api): Promise<void> {
  const { items, more } = await readPages((page) => api.client['probes.list']({ query: page }), limitOf(call))
  const now = call.shell.now()
  await printListing<Probe>(call, {
    rows: items,
    more,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'STATE', of: (row) => stateOf(row, now) },
      { header: 'KIND', of: (row) => row.kind },
      { header: 'EVERY', of: (row) => formatDuration(row.everyMs), align: 'right' },
      { header: 'TOOK', of: (row) => (row.lastMs === null ? null : `${row.lastMs} ms`), align: 'right' },
      { header: 'LAST RESULT', of: (row) => row.lastReason, elastic: true },
      { header: 'ASKS', of: (row) => row.target, elastic: true, wide: true },
      { header: 'SERVICE', of: (row) => row.service, wide: true },
      { header: 'WHEN', of: (row) => (row.lastAt === null ? null : exact(row.lastAt, call.shell.zone)), wide: true },
    ],
    nameOf: (row) => `probe/${row.name}`,
    none: 'No probes. Declare one: mainstay apply -f probe.yaml',
  })
}

const resultsShown = 20

export const showProbe: Run = async (call) => {
  const name = needName(call, 'mainstay describe probe home')
  const { zone, now } = call.shell
  const api = await openApi(call)
  const probe = await api.client['probes.read']({ params: { name } })
  const results = await api.client['probes.results']({ params: { name }, query: { limit: resultsShown } })
  await printDetail(call, {
    title: `probe ${name}`,
    facts: [
      ['State', stateOf(probe, now()).text],
      ['Last result', probe.lastReason],
      ['When', probe.lastAt === null ? 'never' : exactAndAgo(probe.lastAt, zone, now())],
      ['Asks', `${probe.kind} ${probe.target}`],
      ['Every', probe.kind === 'heartbeat' ? null : formatDuration(probe.everyMs)],
      [probe.kind === 'heartbeat' ? 'Must be heard before' : 'Next', exactAndAgo(probe.nextAt, zone, now())],
      ['Service', probe.service],
    ],
    sections: [
      {
        title: 'Results, newest first',
        lines: results.items.flatMap((each) => [
          harmless(
            `${exact(each.at, zone)}  ${stateCell(each.good ? 'good' : 'bad').text}  ${each.totalMs} ms  ${each.reason}`,
          ),
          ...(each.good ? [] : Object.entries(each.evidence).map(([key, text]) => harmless(`    ${key}: ${text}`))),
        ]),
      },
    ],
    name: `probe/${name}`,
    document: { ...probe, results: results.items },
  })
  return exitCodes.ok
}

export const listSources: Run = async (call) => {
  const api = await openApi(call)
  const { items, more } = await readPages((page) => api.client['telemetry.sources']({ query: page }), limitOf(call))
  const { now, zone } = call.shell
  await printListing<TelemetrySource>(call, {
    rows: items,
    more,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'KIND', of: (row) => row.kind },
      { header: 'USED', of: (row) => `${row.matched} of ${row.samples}`, align: 'right' },
      { header: 'HEARD', of: (row) => exactAndAgo(row.lastAt, zone, now()) },
      { header: 'OBJECTIVES', of: (row) => row.objectives.join(', '), elastic: true },
      { header: 'FINDINGS', of: (row) => row.findings.map((each) => each.sentence).join(' '), elastic: true },
    ],
    nameOf: (row) => `source/${row.name}`,
    none: 'Nothing sends data yet.',
  })
  return exitCodes.ok
}

// Which service lacks which signal, and what one service sends.
import type {
  CoverageCell,
  Operations,
  ServiceCoverage,
  ServiceCoverageDetail,
} from '../../../../client/src/operations.gen.ts'
import { coverageColumns } from '../../../../server/src/modules/telemetry/core/index.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, printListing } from '../../print/output.ts'
import { type Cell, stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { ago } from '../../print/times.ts'

const lackings = ['any', ...coverageColumns] as const
const orders = ['name', 'missing', 'samples'] as const

const words = { present: 'yes', silent: 'silent', missing: 'NO' } as const

const cellOf = (row: ServiceCoverage, column: CoverageCell['column']): Cell => {
  const state = row.cells.find((each) => each.column === column)?.state ?? 'missing'
  return { ...stateCell(state === 'present' ? 'good' : state === 'silent' ? 'unknown' : 'bad'), text: words[state] }
}

const costOf = ({ usage }: ServiceCoverage): string | null =>
  usage === null || usage.cost === null ? null : `${Number(usage.cost.amount.toPrecision(3))} ${usage.cost.currency}`

type Query = NonNullable<Operations['telemetry.coverage']['input']['query']>

export const showCoverage: Run = async (call) => {
  const [service] = call.args
  if (service !== undefined) return showService(call, service)
  const { options, shell } = call
  const [missing, sort, team] = [
    lackings.find((each) => each === options.text('missing')),
    orders.find((each) => each === options.text('sort')),
    options.text('team'),
  ]
  const asked: Query = {
    ...(missing === undefined ? {} : { missing }),
    ...(sort === undefined ? {} : { sort }),
    ...(team === null ? {} : { team }),
  }
  const api = await openApi(call)
  const limit = options.integer('limit', 1, 100_000) ?? 500
  const { items, more } = await readPages(
    (page) => api.client['telemetry.coverage']({ query: { ...asked, ...page } }),
    limit,
  )
  const column = (header: string, of: CoverageCell['column']) => ({
    header,
    of: (row: ServiceCoverage) => cellOf(row, of),
  })
  await printListing<ServiceCoverage>(call, {
    rows: items,
    more,
    columns: [
      { header: 'SERVICE', of: (row) => row.service },
      column('TRAFFIC', 'traffic'),
      column('ERRORS', 'errors'),
      column('LATENCY', 'latency'),
      column('SATURATION', 'saturation'),
      column('OBJECTIVE', 'objective'),
      column('RUNBOOK', 'runbook'),
      column('OWNER', 'owner'),
      { header: 'SAMPLES', of: (row) => (row.usage === null ? null : String(row.usage.samples)), align: 'right' },
      { header: 'SERIES', of: (row) => (row.usage === null ? null : String(row.usage.series)), align: 'right' },
      { header: 'COST', of: costOf, align: 'right' },
      { ...column('DASHBOARD', 'dashboard'), wide: true },
      { ...column('TRACES', 'traces'), wide: true },
      { header: 'HEARD', of: (row) => ago(row.lastAt, shell.now()), wide: true },
    ],
    nameOf: (row) => `coverage/${row.service}`,
    none: 'No service, or none that lacks this.',
  })
  return exitCodes.ok
}

async function showService(call: Call, name: string): ReturnType<Run> {
  const api = await openApi(call)
  const found = await api.client['telemetry.service-coverage']({ params: { name } })
  const { usage } = found
  await printDetail(call, {
    title: `coverage of ${name}`,
    facts: [
      ['Declared', found.declared ? 'yes' : 'no: nobody owns what it sends'],
      ...found.cells.map((cell): [string, string] => [
        cell.column.charAt(0).toUpperCase() + cell.column.slice(1),
        harmless(`${words[cell.state]}. ${cell.sentence}`),
      ]),
      [
        'Sent',
        usage === null
          ? 'nothing'
          : `${usage.samples} samples, ${usage.series} series ${usage.whole ? 'in the last whole day' : 'today so far'}`,
      ],
      ['Cost', costOf(found)],
      ['Stored', `about ${found.storedBytes} bytes of 24 hours`],
    ],
    sections: [{ title: 'Metrics, most samples first', lines: metricLines(found) }],
    name: `coverage/${name}`,
    document: found,
  })
  return exitCodes.ok
}

const metricLines = ({ metrics }: ServiceCoverageDetail): readonly string[] =>
  metrics.flatMap((each) => [
    harmless(`${each.name}  ${each.samples} samples, ${each.series} series`),
    ...each.findings.map((finding) => harmless(`    ! ${finding.sentence}`)),
  ])

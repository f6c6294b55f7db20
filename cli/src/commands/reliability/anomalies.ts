// Hints as a table: what, since when, and how it ended.
import type { Anomaly, WatchedSeries } from '../../../../client/src/operations.gen.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printListing } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { ago } from '../../print/times.ts'

const signals = ['traffic', 'errors', 'latency'] as const
const states = ['open', 'ended'] as const
const dayMs = 86_400_000
const limitOf = (call: Call): number => call.options.integer('limit', 1, 100_000) ?? 100

export const listAnomalies: Run = async (call) => {
  const { options, shell } = call
  if (options.has('watched')) return listWatched(call)
  const service = options.text('service')
  const signal = signals.find((each) => each === options.text('signal'))
  const state = states.find((each) => each === options.text('state'))
  const from = options.time('from', shell.now()) ?? new Date(shell.now() - dayMs).toISOString()
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) =>
      api.client['anomalies.list']({
        query: {
          ...page,
          from,
          ...(service === null ? {} : { service }),
          ...(signal === undefined ? {} : { signal }),
          ...(state === undefined ? {} : { state }),
        },
      }),
    limitOf(call),
  )
  const now = shell.now()
  await printListing<Anomaly>(call, {
    rows: items,
    more,
    columns: [
      { header: 'SERVICE', of: (row) => row.service },
      { header: 'SINCE', of: (row) => ago(row.startedAt, now) },
      { header: 'ENDED', of: (row) => (row.endedAt === null ? null : `${ago(row.endedAt, now)}, ${row.endedBecause}`) },
      { header: 'WHAT', of: (row) => row.sentence, elastic: true },
      { header: 'OBJECTIVE', of: (row) => row.objective, wide: true },
      { header: 'SCORE', of: (row) => row.score.toFixed(2), align: 'right', wide: true },
      { header: 'ALERT', of: (row) => (row.alerted ? 'yes' : 'no'), wide: true },
    ],
    nameOf: (row) => `anomaly/${row.id}`,
    none: 'Nothing unusual. What is watched: mainstay anomalies --watched',
  })
  return exitCodes.ok
}

const listWatched: Run = async (call) => {
  const { options, shell } = call
  const service = options.text('service')
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) => api.client['anomalies.series']({ query: { ...page, ...(service === null ? {} : { service }) } }),
    limitOf(call),
  )
  await printListing<WatchedSeries>(call, {
    rows: items,
    more,
    columns: [
      { header: 'SERVICE', of: (row) => row.service },
      { header: 'SIGNAL', of: (row) => row.signal },
      { header: 'STATE', of: (row) => (row.learning ? stateCell('unknown') : stateCell('good')) },
      { header: 'STEPS', of: (row) => String(row.steps), align: 'right' },
      { header: 'LAST', of: (row) => ago(row.lastAt, shell.now()) },
      { header: 'BECOMES', of: (row) => row.mode },
      { header: 'FROM', of: (row) => row.objective ?? 'golden signals', elastic: true },
      { header: 'HOURS OF', of: (row) => row.timeZone, wide: true },
    ],
    nameOf: (row) => `series/${row.service}/${row.signal}`,
    none: 'Nothing is watched: no service tells golden signals, and no objective counts.',
  })
  return exitCodes.ok
}

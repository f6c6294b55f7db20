// Trends and the review of a month from a terminal.
import type { LearningTally } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, printListing, say } from '../../print/output.ts'
import { roughly } from '../../print/times.ts'
import { oneOf } from '../respond/text-given.ts'
import { percent } from './repeats.ts'

const cuts = ['month', 'class', 'service', 'team', 'severity'] as const

export const showTrends: Run = async (call) => {
  const { options, shell } = call
  const by = oneOf(cuts, options.text('by') ?? 'month', 'cut')
  const from = options.time('from', shell.now())
  const named = (['service', 'team', 'class'] as const).flatMap((name) => {
    const text = options.text(name)
    return text === null ? [] : [[name, text] as const]
  })
  const api = await openApi(call)
  const trends = await api.client['learning.trends']({
    query: { ...Object.fromEntries(named), ...(from === null ? {} : { from }) },
  })
  const months = trends.months.map(({ month, incidents, repeats, timeToMitigate }) => ({
    name: month,
    ...{ incidents, repeats, timeToMitigate },
  }))
  const rows: Readonly<Record<(typeof cuts)[number], readonly LearningTally[]>> = {
    month: months,
    class: trends.byClass,
    service: trends.byService,
    team: trends.byTeam,
    severity: trends.bySeverity,
  }
  await printListing<LearningTally>(call, {
    rows: rows[by],
    columns: [
      { header: by.toUpperCase(), of: (row) => row.name },
      { header: 'INCIDENTS', of: (row) => String(row.incidents), align: 'right' },
      { header: 'REPEATS', of: (row) => String(row.repeats), align: 'right' },
      {
        header: 'TIME TO MITIGATE',
        of: ({ timeToMitigate: { medianMs } }) => (medianMs === null ? null : roughly(medianMs)),
        align: 'right',
      },
    ],
    nameOf: (row) => `${by}/${row.name}`,
    none: by === 'class' ? 'None is classified.' : 'No incident.',
  })
  if (!inTable(call)) return exitCodes.ok
  const { incidents, repeats, repeatRate, ofChanges, classified } = trends.totals
  const rate = repeatRate === null ? '' : ` (${percent(repeatRate)})`
  say(
    call,
    `${incidents} incidents, ${repeats} repeats${rate}, ${ofChanges} of ${classified} classified are of a change.`,
  )
  const { timeToAcknowledge, timeToFirstUpdate } = trends.totals
  for (const [name, { medianMs, known }] of [
    ['Acknowledged', timeToAcknowledge],
    ['First update', timeToFirstUpdate],
  ] as const)
    if (medianMs !== null) say(call, `${name} after ${roughly(medianMs)}, the median of ${known}.`)
  for (const line of trends.smallPrint) say(call, line)
  return exitCodes.ok
}

export const showPack: Run = async (call) => {
  const { options, shell } = call
  const now = new Date(shell.now())
  const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7)
  const month = options.text('month') ?? last
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw usageError(`"${month}" is no month.`, 'Write it as 2026-10.')
  const api = await openApi(call)
  const { markdown, ...pack } = await api.client['learning.pack']({ params: { month } })
  shell.out.write(options.text('format') === 'json' ? `${JSON.stringify(pack, null, 2)}\n` : markdown)
  return exitCodes.ok
}

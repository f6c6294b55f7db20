import type { SloReport, SloReportRow } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { copyText } from '../../connection/download.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { exact } from '../../print/times.ts'

const kinds: readonly SloReport['period']['kind'][] = ['week', 'month', 'quarter', 'year', 'trailing']
const words = { met: 'met', missed: '⬣ missed', unknown: 'not known' } as const

export const reportObjectives: Run = async (call) => {
  const { options, shell } = call
  const [service, team] = [options.text('service'), options.text('team')]
  const [tier, ago, days] = [
    options.integer('tier', 0, 3),
    options.integer('ago', 0, 60),
    options.integer('days', 1, 400),
  ]
  const period = kinds.find((each) => each === options.text('period')) ?? (days === null ? 'month' : 'trailing')
  const query = {
    period,
    zone: options.text('zone') ?? shell.zone,
    ...(service === null ? {} : { service }),
    ...(team === null ? {} : { team }),
    ...(tier === null ? {} : { tier }),
    ...(ago === null ? {} : { ago }),
    ...(days === null ? {} : { days }),
  }
  if (options.has('csv')) {
    const text = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
    await copyText(call, `/api/v1/slo-report.csv?${text.join('&')}`)
    return exitCodes.ok
  }
  const api = await openApi(call)
  const report = await api.client['slo-report.read']({ query })
  await printListing<SloReportRow>(call, {
    rows: report.rows,
    columns: [
      { header: 'OBJECTIVE', of: (row) => row.objective },
      { header: 'VERDICT', of: (row) => words[row.verdict] },
      { header: 'TARGET', of: (row) => `${row.targetText} %`, align: 'right' },
      { header: 'ATTAINED', of: (row) => row.attainedText, align: 'right' },
      { header: 'BAD MIN', of: (row) => String(row.badMinutes), align: 'right' },
      { header: 'UNKNOWN MIN', of: (row) => String(row.unknownMinutes), align: 'right' },
      { header: 'SERVICE', of: (row) => row.service, elastic: true },
      { header: 'GOOD', of: (row) => String(row.good), align: 'right', wide: true },
      { header: 'BAD', of: (row) => String(row.bad), align: 'right', wide: true },
      { header: 'TEAM', of: (row) => row.team, wide: true },
      { header: 'TIER', of: (row) => (row.tier === null ? null : String(row.tier)), wide: true },
    ],
    nameOf: (row) => `objective/${row.objective}`,
    none: 'No objectives.',
  })
  if (!inTable(call)) return exitCodes.ok
  const { total, notes } = report
  const { start, end, zone } = report.period
  say(call, `${exact(start, shell.zone)} to ${exact(end, shell.zone)}, ${zone}:`)
  say(
    call,
    `${total.met} met, ${total.missed} missed, ${total.unknown} not known; ${total.badMinutes} min failed, ${total.pages} pages.`,
  )
  for (const group of report.teams)
    say(
      call,
      harmless(
        `  ${group.key === '' ? 'without a team' : `team ${group.key}`}: ${group.met} met, ${group.missed} missed, ${group.unknown} not known, ${group.pages} pages`,
      ),
    )
  for (const note of notes) say(call, harmless(note))
  return exitCodes.ok
}

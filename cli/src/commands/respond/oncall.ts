import { parseInstant } from '../../../../server/src/kernel/instant.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, printListing, say } from '../../print/output.ts'
import { ago, exact } from '../../print/times.ts'
import { calledNames } from './called.ts'
import { timeOption } from './schedule.ts'

export const onCallNow: Run = async (call) => {
  const { shell } = call
  const api = await openApi(call)
  const at = timeOption(call, 'at')
  const { schedules } = await api.client['oncall.now'](at === null ? {} : { query: { at } })
  const called = await calledNames(
    api,
    schedules.flatMap((each) => each.next?.people ?? []),
  )
  await printListing(call, {
    rows: schedules,
    columns: [
      { header: 'SCHEDULE', of: (row) => row.name },
      {
        header: 'ON CALL',
        of: (row) =>
          row.people.length === 0
            ? { text: '⬣ nobody', tone: 'critical' }
            : row.people.map((each) => each.displayName).join(', '),
      },
      {
        header: 'UNTIL',
        of: (row) => {
          const [first] = row.people.flatMap((each) => each.until ?? []).sort()
          return first === undefined ? null : `${exact(first, shell.zone)} (${ago(first, shell.now())})`
        },
      },
      { header: 'NEXT', of: (row) => row.next?.people.map(called).join(', ') ?? null },
      { header: 'BECAUSE', of: (row) => row.people.map((each) => each.source).join(', '), wide: true, elastic: true },
    ],
    nameOf: (row) => `schedule/${row.name}`,
    none: 'No schedules. Declare one: mainstay apply -f schedule.yaml',
  })
  return exitCodes.ok
}

export const simulate: Run = async (call) => {
  const { options, shell } = call
  const at = options.text('at')
  // A simulation looks ahead, so a bare duration would be ambiguous here.
  if (at !== null && parseInstant(at) === null)
    throw usageError(`--at has to be a time such as 2026-03-29T03:00:00+02:00, not "${at}".`)
  const urgency = options.text('urgency') === 'low' ? 'low' : 'high'
  const api = await openApi(call)
  const name = call.args[0] ?? ''
  const found = await api.client['policies.simulate']({
    params: { name },
    body: { urgency, ...(at === null ? {} : { at }) },
  })
  if (inTable(call)) say(call, `If it fires at ${exact(found.at, shell.zone)} and nobody answers:`)
  await printListing(call, {
    rows: found.steps,
    columns: [
      { header: 'WHEN', of: (row) => exact(row.at, shell.zone) },
      { header: 'LEVEL', of: (row) => (row.level === null ? null : String(row.level)), align: 'right' },
      { header: 'ROUND', of: (row) => String(row.round), align: 'right' },
      { header: 'WHO', of: (row) => row.person },
      { header: 'HOW', of: (row) => `${row.channel} ${row.contact}`, elastic: true },
      { header: 'BECAUSE', of: (row) => row.because, elastic: true },
    ],
    nameOf: (row) => `person/${row.person}`,
    documentOf: (row) => row,
    none: 'Nobody would be paged.',
  })
  for (const each of inTable(call) ? found.webhooks : [])
    say(call, `○ ${exact(each.at, shell.zone)}: webhook ${each.webhook} is told, ${placeOf(each)}.`)
  for (const each of found.findings) say(call, `▲ ${each.person}: ${each.sentence}`)
  if (!found.complete) say(call, 'It goes on; this is its beginning.')
  return exitCodes.ok
}

const placeOf = ({ level, round }: { readonly level: number | null; readonly round: number }): string =>
  `${level === null ? 'beside the fallback owner' : `level ${level}`}, round ${round}`

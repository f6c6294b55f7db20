import { parseInstant } from '../../../../server/src/kernel/instant.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { inTable, printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { exact } from '../../print/times.ts'
import { readGivenFile } from './given-file.ts'

/** A time of the command line; null when it was left out. */
export function timeOption(call: Call, name: string): string | null {
  const text = call.options.text(name)
  if (text !== null && parseInstant(text) === null)
    throw usageError(`--${name} has to be a time such as 2026-03-29T03:00:00+02:00, not "${text}".`)
  return text
}

export const showSchedule: Run = async (call) => {
  const { shell } = call
  const [from, to] = [timeOption(call, 'from'), timeOption(call, 'to')]
  const api = await openApi(call)
  const final = await api.client['schedules.final']({
    params: { name: call.args[0] ?? '' },
    query: { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) },
  })
  const gaps = final.missing.map((each) => ({ ...each, person: null, source: 'nobody is on call' }))
  const rows = [...final.shifts, ...gaps].sort((a, b) => Date.parse(a.start) - Date.parse(b.start))
  await printListing(call, {
    rows,
    columns: [
      { header: 'FROM', of: (row) => exact(row.start, shell.zone) },
      { header: 'TO', of: (row) => exact(row.end, shell.zone) },
      { header: 'WHO', of: (row) => (row.person === null ? { text: '⬣ nobody', tone: 'critical' } : row.person) },
      { header: 'BECAUSE', of: (row) => row.source, elastic: true },
    ],
    nameOf: (row) => `person/${row.person ?? ''}`,
    documentOf: (row) => row,
    none: 'No shifts in this time.',
  })
  return exitCodes.ok
}

export const handOver: Run = async (call) => {
  const at = timeOption(call, 'at')
  const api = await openApi(call)
  const note = await api.client['schedules.hand-over']({
    params: { name: call.args[0] ?? '' },
    ...(at === null ? {} : { query: { at } }),
  })
  if (inTable(call)) call.shell.out.write(note.text.split('\n').map(harmless).join('\n'))
  else
    await printDetail(call, { title: note.displayName, facts: [], name: `schedule/${note.schedule}`, document: note })
  return exitCodes.ok
}

/** Serious findings are a failed check, so that a pipeline can ask. */
export const checkSchedule: Run = async (call) => {
  const api = await openApi(call)
  const { findings } = await api.client['schedules.lint']({ params: { name: call.args[0] ?? '' } })
  await printListing(call, {
    rows: findings,
    columns: [
      {
        header: 'LEVEL',
        of: (row) => (row.level === 'serious' ? { text: 'serious', tone: 'critical' } : row.level),
      },
      { header: 'FINDING', of: (row) => row.code },
      { header: 'WHAT', of: (row) => row.sentence, elastic: true },
    ],
    nameOf: (row) => row.code,
    documentOf: (row) => row,
    none: 'Nothing to look at in the coming twelve weeks.',
  })
  return findings.some((each) => each.level === 'serious') ? exitCodes.gateRefused : exitCodes.ok
}

export const showLoad: Run = async (call) => {
  const [from, to] = [timeOption(call, 'from'), timeOption(call, 'to')]
  const api = await openApi(call)
  const load = await api.client['schedules.load']({
    params: { name: call.args[0] ?? '' },
    query: { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) },
  })
  const hours = (ms: number) => String(Math.round(ms / 3_600_000))
  await printListing(call, {
    rows: load.people,
    columns: [
      { header: 'WHO', of: (row) => row.person },
      { header: 'HOURS', of: (row) => hours(row.totalMs), align: 'right' },
      { header: 'NIGHTS', of: (row) => hours(row.nightMs), align: 'right' },
      { header: 'WEEKENDS', of: (row) => hours(row.weekendMs), align: 'right' },
      { header: 'HOLIDAYS', of: (row) => hours(row.holidayMs), align: 'right' },
      { header: 'SHARE', of: (row) => `${(row.share * 100).toFixed(1)} %`, align: 'right' },
    ],
    nameOf: (row) => `person/${row.person}`,
    documentOf: (row) => row,
    none: 'Nobody is on call in this time.',
  })
  return exitCodes.ok
}

export const importCalendar: Run = async (call) => {
  const [name = '', file = ''] = call.args
  const as = call.options.text('as') === 'holidays' ? 'holidays' : 'overrides'
  const kind = call.options.text('kind')
  const text = await readGivenFile(call, file)
  const dryRun = call.options.has('dry-run')
  const api = await openApi(call)
  const report = await api.client['calendars.import']({
    params: { name },
    body: { text, as, dryRun, ...(kind === 'add' || kind === 'remove' || kind === 'replace' ? { kind } : {}) },
  })
  const would = dryRun ? 'would be ' : ''
  for (const each of report.added) say(call, `+ ${each}`)
  for (const each of report.removed) say(call, `- ${each}`)
  for (const each of report.skipped) say(call, `▲ ${each}`)
  say(call, `${report.added.length} ${would}added, ${report.kept} kept, ${report.removed.length} ${would}taken back.`)
  return exitCodes.ok
}

export const createCalendar: Run = async (call) => {
  const [schedule, team] = [call.options.text('schedule'), call.options.text('team')]
  const api = await openApi(call)
  const { url } = await api.client['calendars.create']({
    body:
      schedule !== null
        ? { kind: 'schedule', name: schedule }
        : team !== null
          ? { kind: 'team', name: team }
          : { kind: 'person' },
  })
  say(call, 'Subscribe to this address in your calendar. It is a secret and is shown only now:')
  call.shell.out.write(`${url}\n`)
  return exitCodes.ok
}

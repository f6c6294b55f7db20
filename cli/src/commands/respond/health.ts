// What being on call does to people, and the hours payroll asks for.
import type { OnCallFigures, PayStatement, TeamOnCallHealth } from '../../../../client/src/operations.gen.ts'
import { formatDuration, minute } from '../../../../server/src/kernel/duration.ts'
import { openApi } from '../../connection/api.ts'
import { copyText } from '../../connection/download.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { inTable, printDetail, printListing, say } from '../../print/output.ts'
import type { Column } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'

const hours = (ms: number): string => (ms / 3_600_000).toFixed(ms % 3_600_000 === 0 ? 0 : 2)
const answer = (ms: number | null): string | null => (ms === null ? null : formatDuration(Math.round(ms / 1000) * 1000))

interface FigureRow {
  readonly who: string
  readonly figures: OnCallFigures | null
}

const columns: readonly Column<FigureRow>[] = [
  { header: 'WHO', of: (row) => harmless(row.who) },
  {
    header: 'ON CALL H',
    of: ({ figures }) => (figures === null ? 'too few' : hours(figures.onCallMs)),
    align: 'right',
  },
  { header: 'CALLS', of: ({ figures }) => (figures === null ? null : String(figures.calls)), align: 'right' },
  { header: 'PAGES', of: ({ figures }) => (figures === null ? null : String(figures.pages)), align: 'right' },
  {
    header: 'AFTER HOURS',
    of: ({ figures }) => (figures === null ? null : String(figures.afterHours)),
    align: 'right',
  },
  {
    header: 'BROKEN NIGHTS',
    of: ({ figures }) => (figures === null ? null : String(figures.brokenNights)),
    align: 'right',
  },
  { header: 'AWAKE H', of: ({ figures }) => (figures === null ? null : hours(figures.awakeMs)), align: 'right' },
  { header: 'ANSWER', of: ({ figures }) => answer(figures?.medianAnswerMs ?? null), align: 'right' },
  {
    header: 'OVERFULL',
    of: ({ figures }) => (figures === null ? null : `${figures.overfull}/${figures.stretches}`),
    align: 'right',
  },
]

export const showHealth: Run = async (call) => {
  const weeks = call.options.integer('weeks', 1, 26)
  const query = weeks === null ? {} : { weeks }
  const api = await openApi(call)
  const [team] = call.args
  if (team !== undefined) return printTeam(call, await api.client['oncall.team-health']({ params: { team }, query }))
  const found = await api.client['oncall.health']({ query })
  if (!inTable(call)) {
    await printDetail(call, { title: 'On-call health', facts: [], name: 'oncall/health', document: found })
    return exitCodes.ok
  }
  const mine = found.me === null ? [] : [{ who: `${found.me.displayName} (you)`, figures: found.me.total }]
  const teams = found.teams.map((each) => ({ who: `team ${each.team}`, figures: each.total }))
  await printListing<FigureRow>(call, {
    rows: [...mine, ...teams],
    columns,
    nameOf: (row) => row.who,
    none: 'No team has a schedule.',
  })
  for (const each of found.teams.filter(({ missingMs }) => missingMs >= minute))
    say(
      call,
      `▲ team ${each.team}: nobody was on call for ${formatDuration(Math.round(each.missingMs / minute) * minute)}.`,
    )
  return exitCodes.ok
}

async function printTeam(call: Call, found: TeamOnCallHealth) {
  if (!inTable(call)) {
    await printDetail(call, { title: found.displayName, facts: [], name: `team/${found.team}`, document: found })
    return exitCodes.ok
  }
  if (found.reads === 'nothing')
    say(call, 'Fewer than three people were on duty: their figures are for them and for the lead of the team.')
  const all = found.total === null ? [] : [{ who: 'all', figures: found.total }]
  await printListing<FigureRow>(call, {
    rows: [...found.people.map((each) => ({ who: each.displayName, figures: each.total })), ...all],
    columns,
    nameOf: (row) => row.who,
    none: 'Nothing to show.',
  })
  const { night, workingHours } = found.terms
  say(call, `Night is ${night}, working hours are ${workingHours}, where each person lives.`)
  for (const person of found.people)
    for (const limit of person.limits.filter((each) => each.isOver))
      say(call, harmless(`▲ ${person.displayName}: ${limit.sentence}.`))
  for (const each of found.advice) say(call, harmless(`→ ${each.sentence} ${each.because}`))
  return exitCodes.ok
}

/** `--month 2026-11`, or `--from` and `--until`; the last whole month unless said. */
function periodOf({ options }: Call): { from?: string; until?: string } {
  const [month, from, until] = [options.text('month'), options.text('from'), options.text('until')]
  if (month === null) {
    if ((from === null) !== (until === null)) throw usageError('Give --from and --until, or --month.')
    return from === null || until === null ? {} : { from, until }
  }
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month)
  if (match === null || from !== null || until !== null)
    throw usageError(`--month has to be a month such as 2026-11, without --from and --until, not "${month}".`)
  const [year, number] = [Number(match[1]), Number(match[2])]
  return { from: `${month}-01`, until: new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10) }
}

export const showPay: Run = async (call) => {
  const { args, options } = call
  const [team = ''] = args
  const query = periodOf(call)
  if (options.has('csv')) {
    const text = Object.entries(query).map(([key, value]) => `${key}=${value}`)
    const path = `/api/v1/oncall/pay/${encodeURIComponent(team)}/csv?${text.join('&')}`
    await copyText(call, path)
    return exitCodes.ok
  }
  const api = await openApi(call)
  return printPay(call, await api.client['pay.read']({ params: { team }, query }))
}

async function printPay(call: Call, found: PayStatement) {
  if (!inTable(call)) {
    await printDetail(call, { title: found.displayName, facts: [], name: `team/${found.team}`, document: found })
    return exitCodes.ok
  }
  const signed = found.state === 'signed' ? `signed by ${found.signedBy}` : found.state
  say(
    call,
    harmless(`${found.displayName}, ${found.from} until ${found.until} (${signed}); standby / called out, in hours:`),
  )
  const cell = (person: PayStatement['people'][number], name: string): string | null => {
    const sum = person.total.find((each) => each.class === name)
    return sum === undefined ? null : `${hours(sum.standbyMs)} / ${hours(sum.awakeMs)}`
  }
  await printListing(call, {
    rows: found.people,
    columns: [
      { header: 'WHO', of: (row) => harmless(row.displayName) },
      { header: 'ZONE', of: (row) => row.zone },
      { header: 'WEEKDAY', of: (row) => cell(row, 'weekday'), align: 'right' },
      { header: 'NIGHT', of: (row) => cell(row, 'night'), align: 'right' },
      { header: 'WEEKEND', of: (row) => cell(row, 'weekend'), align: 'right' },
      { header: 'HOLIDAY', of: (row) => cell(row, 'holiday'), align: 'right' },
      { header: 'CORRECTIONS', of: (row) => String(row.corrections.length), align: 'right' },
    ],
    nameOf: (row) => `person/${row.person}`,
    documentOf: (row) => row,
    none: 'Nobody was on call, or nothing of it is for you to read.',
  })
  if (found.reads === 'own') say(call, 'Only your own hours: the lead of the team reads all of them.')
  if (found.unrecordedMs > 0) say(call, `▲ ${hours(found.unrecordedMs)} h of the period are not on record.`)
  for (const each of found.people.filter(({ differs }) => differs.length > 0))
    say(call, harmless(`▲ ${each.displayName}: the record has something else by now; see -o json, and correct it.`))
  return exitCodes.ok
}

export const signPay: Run = async (call) => {
  const { from, until } = periodOf(call)
  if (from === undefined || until === undefined) throw usageError('Which period? Give --month, or --from and --until.')
  const api = await openApi(call)
  return printPay(call, await api.client['pay.sign']({ params: { team: call.args[0] ?? '' }, body: { from, until } }))
}

const classes = ['holiday', 'weekend', 'night', 'weekday'] as const

export const correctPay: Run = async (call) => {
  const { args, options } = call
  const { from, until } = periodOf(call)
  const [name, reason] = [classes.find((each) => each === options.text('class')), options.text('reason')]
  if (from === undefined || until === undefined) throw usageError('Which period? Give --month, or --from and --until.')
  if (name === undefined || reason === null) throw usageError('Give --class and --reason.')
  const [standby, awake] = [hoursOf(call, 'standby'), hoursOf(call, 'called-out')]
  const api = await openApi(call)
  const [team = '', person = ''] = args
  const { id } = await api.client['pay.read']({ params: { team }, query: { from, until } })
  if (id === null) throw usageError('This period is not signed: there is nothing to correct yet.')
  const body = { person, class: name, reason, standbyMs: standby, awakeMs: awake }
  return printPay(call, await api.client['pay.correct']({ params: { id }, body }))
}

/** `--standby -1.5` takes an hour and a half away. */
function hoursOf({ options }: Call, name: string): number {
  const text = options.text(name)
  if (text === null) return 0
  if (!/^-?\d{1,4}(\.\d{1,4})?$/.test(text)) throw usageError(`--${name} has to be hours such as -1.5, not "${text}".`)
  return Math.round(Number(text) * 3_600_000)
}

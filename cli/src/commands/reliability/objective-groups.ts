import type { ObjectiveGroup } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { inTable, needName, printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'

const sorts = ['spent', 'remaining', 'name'] as const

/** The worst N groups of an objective, and sums that add up. */
export const listGroups: Run = async (call) => {
  const name = needName(call, 'mainstay slo groups checkout-availability')
  const { options } = call
  if (options.has('causes')) return showCauses(call, name, options.integer('limit', 1, 20) ?? 5)
  const [search, sort] = [options.text('search'), sorts.find((each) => each === options.text('sort'))]
  const api = await openApi(call)
  const reply = await api.client['objectives.groups']({
    params: { name },
    query: {
      limit: options.integer('limit', 1, 500) ?? 20,
      ...(search === null ? {} : { search }),
      ...(sort === undefined ? {} : { sort }),
    },
  })
  await printListing<ObjectiveGroup>(call, {
    rows: reply.items,
    columns: [
      { header: 'GROUP', of: (row) => harmless(row.name), elastic: true },
      { header: 'STATE', of: stateOf },
      { header: 'OWN BUDGET LEFT', of: (row) => percent(row.remainingRatio), align: 'right' },
      { header: 'BURN', of: (row) => rate(row.burnRate), align: 'right' },
      { header: 'BAD', of: (row) => String(row.bad), align: 'right' },
      { header: 'OF ALL BAD', of: (row) => percent(row.badShare), align: 'right' },
      { header: 'GOOD', of: (row) => String(row.good), align: 'right' },
      { header: 'TOLD', of: (row) => row.told, wide: true },
      { header: 'WHY', of: (row) => harmless(row.sentence), wide: true },
    ],
    nameOf: (row) => row.name,
    none: search === null ? reply.sentence : `No group of ${name} is called “${search}”.`,
  })
  if (!inTable(call) || reply.by.length === 0) return exitCodes.ok
  const { groups, before, whole } = reply.sums
  const earlier =
    before.good + before.bad === 0 ? '' : `, before there were groups ${before.good} good ${before.bad} bad`
  say(call, harmless(reply.sentence))
  say(
    call,
    `Groups ${groups.good} good ${groups.bad} bad${earlier}: the whole has ${whole.good} good ${whole.bad} bad.`,
  )
  if (reply.nextCursor !== null)
    say(call, `The first ${reply.items.length} of ${reply.groups}: --limit 500 shows more.`)
  return exitCodes.ok
}

interface CauseRow {
  readonly group: string
  readonly cause: string
  readonly bad: number
  readonly forecast: string
}

/** One row for each group and cause that hit it; all rows together are all failures. */
async function showCauses(call: Call, name: string, most: number): Promise<ExitCode> {
  const api = await openApi(call)
  const { causes, groups, others, sentence } = await api.client['objectives.group-ledger']({
    params: { name },
    query: { most },
  })
  const parts = [
    ...groups.map((each) => ({ group: each.name, byCause: each.byCause, forecast: each.forecast.sentence })),
    ...(others === null ? [] : [{ group: 'all others', byCause: others.byCause, forecast: '' }]),
  ]
  const rows = parts.flatMap(({ group, byCause, forecast }) =>
    byCause.flatMap((bad, index): readonly CauseRow[] => {
      const cause = causes[index]?.cause
      return bad === 0 || cause === undefined ? [] : [{ group, cause: `${cause.kind} ${cause.label}`, bad, forecast }]
    }),
  )
  await printListing<CauseRow>(call, {
    rows,
    columns: [
      { header: 'GROUP', of: (row) => harmless(row.group) },
      { header: 'BAD', of: (row) => String(row.bad), align: 'right' },
      { header: 'CAUSE', of: (row) => harmless(row.cause), elastic: true },
      { header: 'FORECAST', of: (row) => harmless(row.forecast), wide: true },
    ],
    nameOf: (row) => row.group,
    none: sentence,
  })
  if (rows.length > 0) say(call, harmless(sentence))
  return exitCodes.ok
}

function stateOf({ state, level }: ObjectiveGroup) {
  const cell = stateCell(state)
  return level === 'none' ? cell : { ...cell, text: `${cell.text}, ${level}` }
}

const percent = (ratio: number | null): string => (ratio === null ? 'unknown' : `${Number((ratio * 100).toFixed(1))} %`)
const rate = (value: number | null): string => (value === null ? 'unknown' : `${Number(value.toPrecision(3))}×`)

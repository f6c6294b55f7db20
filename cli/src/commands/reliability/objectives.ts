import type { Objective, ObjectiveBudgetNumbers, ObjectiveSummary } from '../../../../client/src/operations.gen.ts'
import { formatDuration } from '../../../../server/src/kernel/duration.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, needName, printDetail, printListing } from '../../print/output.ts'
import { type Cell, stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { exact, exactAndAgo } from '../../print/times.ts'

const states: readonly ObjectiveSummary['state'][] = ['ok', 'burning', 'exhausted', 'no-data', 'no-events', 'expired']

/** `get objectives` lists, `get objective NAME` shows. */
export const getObjectives: Run = (call) => (call.args.length === 0 ? listObjectives(call) : showObjective(call))

export const listObjectives: Run = async (call) => {
  const { options } = call
  const service = options.text('service')
  const state = states.find((each) => each === options.text('state'))
  const filter = { ...(service === null ? {} : { service }), ...(state === undefined ? {} : { state }) }
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) => api.client['objectives.list']({ query: { ...page, ...filter } }),
    options.integer('limit', 1, 100_000) ?? 500,
  )
  await printListing<ObjectiveSummary>(call, {
    rows: items,
    more,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'STATE', of: stateOfObjective },
      { header: 'TARGET', of: (row) => `${row.targetText} %`, align: 'right' },
      { header: 'BUDGET LEFT', of: (row) => percent(row.budget.remainingRatio), align: 'right' },
      { header: 'BURN', of: (row) => rateText(row.burn?.rate ?? null), align: 'right' },
      { header: 'SERVICE', of: (row) => row.service },
      { header: 'IN WORDS', of: (row) => row.sentence, elastic: true },
      { header: 'WINDOW', of: (row) => formatDuration(row.windowMs), wide: true },
      { header: 'TEAM', of: (row) => row.team, wide: true },
    ],
    nameOf: (row) => `objective/${row.name}`,
    none: 'No objectives. Declare one: mainstay apply -f slo.yaml',
  })
  return exitCodes.ok
}

/** Numbers alone: ten thousand of them in one answer. */
export const listBudgets: Run = async (call) => {
  const { options } = call
  const service = options.text('service')
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) => api.client['objectives.budgets']({ query: { ...page, ...(service === null ? {} : { service }) } }),
    options.integer('limit', 1, 100_000) ?? 1_000,
    10_000,
  )
  await printListing<ObjectiveBudgetNumbers>(call, {
    rows: items,
    more,
    columns: [
      { header: 'NAME', of: (row) => row.objective },
      { header: 'STATE', of: stateOfObjective },
      { header: 'WINDOW', of: (row) => formatDuration(row.windowMs), align: 'right' },
      { header: 'GOOD', of: (row) => String(row.good), align: 'right' },
      { header: 'BAD', of: (row) => String(row.bad), align: 'right' },
      { header: 'ALLOWED', of: (row) => String(Number(row.totalBad.toFixed(2))), align: 'right' },
      { header: 'SPENT', of: (row) => String(Number(row.spentBad.toFixed(2))), align: 'right' },
      { header: 'BUDGET LEFT', of: (row) => percent(row.remainingRatio), align: 'right' },
      { header: 'BURN', of: (row) => rateText(row.burnRate), align: 'right' },
      { header: 'MEASURED', of: (row) => percent(row.measuredRatio), align: 'right' },
      { header: 'SERVICE', of: (row) => row.service, wide: true },
      { header: 'AS OF', of: (row) => row.asOf ?? 'never judged', wide: true },
    ],
    nameOf: (row) => `objective/${row.objective}`,
    none: 'No objectives. Declare one: mainstay apply -f slo.yaml',
  })
  return exitCodes.ok
}

function stateOfObjective({ state, level }: Pick<ObjectiveSummary, 'state' | 'level'>): Cell {
  const cell = stateCell(state)
  return level === 'none' ? cell : { ...cell, text: `${cell.text}, ${level}` }
}

export const showObjective: Run = async (call) => {
  const name = needName(call, 'mainstay slo show checkout-availability')
  const { shell } = call
  const api = await openApi(call)
  const objective = await api.client['objectives.read']({ params: { name } })
  const forPeople = inTable(call)
  const ledger = forPeople ? (await api.client['objectives.ledger']({ params: { name } })).rows : []
  const { ceiling } = forPeople ? await api.client['objectives.ceiling']({ params: { name } }) : { ceiling: null }
  const { budget } = objective
  await printDetail(call, {
    title: `${objective.displayName} · objective ${name}`,
    facts: [
      ['In words', objective.sentence],
      ['State', stateOfObjective(objective).text],
      ['Since', objective.since === null ? null : exactAndAgo(objective.since, shell.zone, shell.now())],
      ['Service', `${objective.service}${objective.tier === null ? '' : `, tier ${objective.tier}`}`],
      ['Team', objective.team],
      ['Target', `${objective.targetText} % over ${formatDuration(objective.windowMs)}, ${objective.method}`],
      ['Ceiling', ceiling?.sentence ?? null],
      ['Budget left', percent(budget.remainingRatio)],
      ['Spent', `${budget.spentBad} of ${Number(budget.totalBad.toFixed(2))} bad events`],
      ['Measured', `${percent(budget.measuredRatio)} of the window`],
      ['Traffic', objective.traffic?.sentence ?? null],
      [
        'Grouped by',
        objective.groupedBy.length === 0 ? null : `${objective.groupedBy.join(', ')}: mainstay slo groups ${name}`,
      ],
      ['Exhausted', objective.exhaustion.sentence],
      ['As of', objective.asOf === null ? 'never judged' : exactAndAgo(objective.asOf, shell.zone, shell.now())],
    ],
    sections: [
      { title: 'Alert rules', lines: objective.tiers.map(tierLine) },
      {
        title: 'Spent by',
        lines: ledger.map((row) =>
          harmless(
            `${percent(row.share).padStart(7)}  ${exact(row.from, shell.zone)}  ${row.cause.kind} ${row.cause.label}`,
          ),
        ),
      },
    ],
    name: `objective/${name}`,
    document: objective,
  })
  return exitCodes.ok
}

function tierLine(tier: Objective['tiers'][number]): string {
  const burns = `${rateText(tier.longBurn)} over ${formatDuration(tier.longMs)}, ${rateText(tier.shortBurn)} over ${formatDuration(tier.shortMs)}`
  return harmless(
    `${tier.firing ? '⬣' : '·'} ${tier.state.padEnd(6)} ${tier.name}: ${burns}, limit ${rateText(tier.threshold)}. ${tier.reason}`,
  )
}

/** Unknown is a word of its own, never a number. */
export const percent = (ratio: number | null): string =>
  ratio === null ? 'unknown' : `${Number((ratio * 100).toFixed(1))} %`
const rateText = (rate: number | null): string => (rate === null ? 'unknown' : `${Number(rate.toPrecision(3))}×`)

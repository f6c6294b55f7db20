// The budget report of a calendar window: the running period first, then those that ended.
import { formatInstant } from '../../../kernel/instant.ts'
import { toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { type PeriodRow, readPeriods } from '../periods.store.ts'
import type { ObjectivePeriod } from '../slo.contract.ts'
import { readStates } from '../states.store.ts'
import { needObjective } from './describe-objectives.ts'

export async function reportPeriods(queries: Queries, name: string, limit: number): Promise<ObjectivePeriod[]> {
  const { definition } = await needObjective(queries, name)
  const [state] = await readStates(queries, [name])
  const running: ObjectivePeriod[] = []
  if (state?.view.period !== undefined) {
    const { budget, period } = state.view
    const { remainingRatio, totalBad } = budget
    const target = toNumber(definition.target)
    running.push({
      ...period,
      state: 'running',
      target,
      version: state.version,
      good: budget.good,
      bad: budget.bad,
      attainment: remainingRatio === null || totalBad === 0 ? null : 1 - (budget.spentBad / totalBad) * (1 - target),
      totalBad,
      spentBad: budget.spentBad,
      remainingRatio,
      met: remainingRatio === null ? null : remainingRatio >= 0,
      measuredRatio: budget.measuredRatio,
    })
  }
  return [...running, ...(await readPeriods(queries, name, limit)).map(ended)].slice(0, limit)
}

function ended(row: PeriodRow): ObjectivePeriod {
  return {
    start: formatInstant(row.startsAt),
    end: formatInstant(row.endsAt),
    state: 'ended',
    target: row.target,
    version: row.version,
    good: row.good,
    bad: row.bad,
    attainment: row.attainment,
    totalBad: row.allowed,
    spentBad: row.spent,
    remainingRatio: row.remaining,
    projectedRemainingRatio: row.remaining,
    met: row.met,
    measuredRatio: row.expected === 0 ? 0 : row.measured / row.expected,
  }
}

// What classes of cause spent, day by day: kept, because a quarter is longer than slices are.
import { day, minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { divide, multiply, type Rational, rational } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type CauseDay, dropOldCauseDays, readCauseDays, saveCauseDay } from '../cause-days.store.ts'
import { budgetFraction } from '../core/budget.ts'
import { periodAt } from '../core/calendar.ts'
import { appliesTo, type CauseClass, causeClasses } from '../core/policy.ts'
import { findObjective, type ObjectiveRow } from '../objectives.store.ts'
import { listPolicies } from '../policies.store.ts'
import type { SloPorts } from '../slo.ports.ts'
import { listScoped } from './list-scoped.ts'
import { computeLedger } from './read-ledger.ts'

const quarters = { count: 1, unit: 'Q', startTime: '2026-01-01 00:00:00', timeZone: 'UTC' } as const
// Minute slices are kept 35 days: what is older stands as it was attributed last.
const attributableMs = 33 * day
// Late data and incidents that are worked on move the newest days; a correction may move any.
const [freshMs, oftenMs, seldomMs, keptMs] = [3 * day, 15 * minute, day, 830 * day]

/** For objectives with a policy about classes of cause. */
export async function attributeDays(needs: Needs, ports: SloPorts): Promise<number> {
  const { database } = needs
  const policies = (await listPolicies(database)).filter((policy) =>
    policy.steps.some((step) => step.when.kind === 'class'),
  )
  if (policies.length === 0) return 0
  const now = await database.now()
  let done = 0
  for (const each of await listScoped(database)) {
    if (!policies.some((policy) => appliesTo(policy.scope, each))) continue
    const objective = await findObjective(database, each.name)
    if (objective !== null) done += await attributeObjective(needs, ports, objective, now)
  }
  await database.transaction((tx) => dropOldCauseDays(tx, instant(now - keptMs)))
  return done
}

async function attributeObjective(
  needs: Needs,
  ports: SloPorts,
  objective: ObjectiveRow,
  now: Instant,
): Promise<number> {
  if (objective.born === null) return 0
  const { database } = needs
  const earliest = Math.max(objective.born, now - attributableMs, periodAt(quarters, now).start)
  const first = instant(Math.floor(earliest / day) * day)
  const known = new Map(
    (await readCauseDays(database, objective.name, first, instant(now + day))).map((row) => [row.day, row]),
  )
  const { method } = objective.definition.budgeting
  let done = 0
  for (let at = first; at <= now; at = instant(at + day)) {
    const row = known.get(at)
    const every = now - at < freshMs ? oftenMs : seldomMs
    if (row !== undefined && row.method === method && now - row.attributedAt < every) continue
    const attributed = await attributeDay(database, ports, objective, at, now)
    await database.transaction((tx) => saveCauseDay(tx, objective.name, attributed))
    done += 1
  }
  return done
}

async function attributeDay(
  queries: Queries,
  ports: SloPorts,
  objective: ObjectiveRow,
  from: Instant,
  now: Instant,
): Promise<CauseDay> {
  const to = instant(Math.min(now, from + day))
  const { ledger, total, excludedSpent } = await computeLedger(queries, ports, objective, { from, to })
  const spent: Partial<Record<CauseClass, number>> = excludedSpent === 0 ? {} : { exclusion: excludedSpent }
  for (const line of ledger.lines) spent[line.kind] = (spent[line.kind] ?? 0) + line.spent
  return { day: from, method: objective.definition.budgeting.method, total, spent, attributedAt: now }
}

/**
 * Of the budget of the quarter that runs: as many events as so far, for as long as it lasts. Early in a quarter that is
 * an estimate; without it the first failure of a quarter would be all of its budget. Null when nothing was counted.
 */
export async function readQuarterShares(
  queries: Queries,
  objective: ObjectiveRow,
  asOf: Instant,
): Promise<readonly { readonly cause: CauseClass; readonly share: Rational }[] | null> {
  if (objective.born === null) return null
  const quarter = periodAt(quarters, instant(asOf - 1))
  const { definition, born } = objective
  const rows = (await readCauseDays(queries, objective.name, quarter.start, quarter.end)).filter(
    (row) => row.method === definition.budgeting.method,
  )
  const total = rows.reduce((all, row) => all + row.total, 0)
  const begun = Math.max(quarter.start, born)
  if (total === 0 || asOf <= begun) return null
  const length = rational(quarter.end - begun, asOf - begun)
  const allowed = multiply(multiply(budgetFraction(definition.target), rational(total)), length)
  return causeClasses.map((cause) => {
    const spent = rows.reduce((all, row) => all + (row.spent[cause] ?? 0), 0)
    return { cause, share: divide(rational(spent), allowed) }
  })
}

// The groups of an objective as people read them, with sums that add up to the whole.
import { formatInstant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { countOthers, findStream } from '../../telemetry/index.ts'
import { formatCount } from '../core/sentence.ts'
import { type GroupSort, type ListedGroup, listGroupRows, sumGroupRows } from '../groups.store.ts'
import { readStates } from '../states.store.ts'
import { needObjective } from './describe-objectives.ts'

export interface GroupsOrder {
  readonly name: string
  readonly search: string | null
  readonly sort: GroupSort
  readonly after: { readonly place: number; readonly label: string; readonly stream: number } | null
  readonly limit: number
}

export async function describeGroups(queries: Queries, order: GroupsOrder) {
  const { name, search, sort, after, limit } = order
  const { definition } = await needObjective(queries, name)
  const { groups } = definition
  const [state] = await readStates(queries, [name])
  const whole = { good: state?.view.budget.good ?? 0, bad: state?.view.budget.bad ?? 0 }
  const sums = await sumGroupRows(queries, name)
  const stream = groups === undefined ? null : await findStream(queries, name)
  const others = stream === null ? 0 : await countOthers(queries, stream.key)
  const rows = groups === undefined ? [] : await listGroupRows(queries, { objective: name, search, sort }, after, limit)
  const before = groups === undefined ? whole : { good: whole.good - sums.good, bad: whole.bad - sums.bad }
  return {
    rows: rows.map((row) => ({ row, shown: groupView(row, whole.bad) })),
    by: [...(groups?.by ?? [])],
    limit: groups?.most ?? 0,
    groups: sums.groups,
    burning: sums.burning,
    others,
    groupedSince: stream?.groupedSince == null ? null : formatInstant(stream.groupedSince),
    alerts: groups?.alerts ?? null,
    sums: { groups: { good: sums.good, bad: sums.bad }, before, whole },
    sentence: sentenceOf(groups ?? null, { ...sums, others, before }),
  }
}

function groupView(row: ListedGroup, allBad: number) {
  const { values, state, level, good, bad, remaining, burn, told, sentence } = row
  return {
    name: row.label,
    values: values === null ? null : [...values],
    state,
    level,
    since: formatInstant(row.since),
    good,
    bad,
    badShare: allBad === 0 ? 0 : bad / allBad,
    totalBad: row.allowed,
    spentBad: row.spent,
    remainingRatio: remaining,
    burnRate: burn,
    told,
    sentence,
  }
}

interface Told {
  readonly groups: number
  readonly others: number
  readonly before: { readonly good: number; readonly bad: number }
}

function sentenceOf(
  settings: { readonly by: readonly string[]; readonly most: number } | null,
  { groups, others, before }: Told,
): string {
  if (settings === null) return 'The objective is not grouped: its events are not told apart.'
  const words = [`${formatCount(groups)} ${groups === 1 ? 'group' : 'groups'} by ${settings.by.join(' and ')}.`]
  if (others > 0)
    words.push(
      `About ${formatCount(others)} more values found no place among ${formatCount(settings.most)} and are counted together as all others.`,
    )
  const earlier = before.good + before.bad
  if (earlier > 0)
    words.push(
      `${formatCount(earlier)} events of the window were counted before there were groups, in the whole alone.`,
    )
  return words.join(' ')
}

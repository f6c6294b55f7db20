// Who of the groups was hit by what, and when each budget will be gone: the worst of them, all others together.
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { budgetFraction } from '../core/budget.ts'
import { forecastGroup, type GroupForecast } from '../core/group-forecast.ts'
import { shownMinute } from '../core/review-words.ts'
import { formatCount } from '../core/sentence.ts'
import { compileDefinition, type Definition } from '../definition.ts'
import { type ListedGroup, listGroupRows, sumGroupRows } from '../groups.store.ts'
import type { SloPorts } from '../slo.ports.ts'
import { readStates } from '../states.store.ts'
import { needObjective } from './describe-objectives.ts'
import { type ComputedLedger, computeLedger, rangeOf, rowOf } from './read-ledger.ts'

type Slices = ComputedLedger['parts'][number]

export async function readGroupLedger(
  queries: Queries,
  ports: SloPorts,
  order: { readonly name: string; readonly most: number },
) {
  const objective = await needObjective(queries, order.name)
  const { definition } = objective
  const range = await rangeOf(queries, definition, { name: order.name, from: null, to: null })
  const common = {
    from: formatInstant(range.from),
    to: formatInstant(range.to),
    by: [...(definition.groups?.by ?? [])],
  }
  const because = whyNot(definition)
  const [state] = await readStates(queries, [order.name])
  if (because !== null || state === undefined)
    return {
      ...common,
      groups: [],
      others: null,
      causes: [],
      total: 0,
      sentence: because ?? 'Nothing was measured yet.',
    }
  const worst = await listGroupRows(queries, { objective: order.name, search: null, sort: 'spent' }, null, order.most)
  const computed = await computeLedger(queries, ports, objective, {
    ...range,
    groups: worst.map((group) => group.stream),
  })
  const { ledger, causes, rule } = computed
  const labels = new Map(causes.map((cause) => [`${cause.kind} ${cause.id}`, cause]))
  const lines = ledger.lines.map((line) => {
    const { cause, bad } = rowOf(line, labels.get(`${line.kind} ${line.id}`) ?? null, {
      from: range.from,
      to: range.to,
      unit: rule.unit,
    })
    return { cause, bad, parts: line.parts }
  })
  const share = (bad: number) => (ledger.spent === 0 ? 0 : bad / ledger.spent)
  const spentOf = (part: number) => {
    const bad = lines.reduce((all, line) => all + (line.parts[part] ?? 0), 0)
    return { bad, share: share(bad), byCause: lines.map((line) => line.parts[part] ?? 0) }
  }
  const { groups } = await sumGroupRows(queries, order.name)
  return {
    ...common,
    causes: lines.map(({ cause, bad }) => ({ cause, bad, share: share(bad) })),
    groups: worst.map((group, part) => ({
      name: group.label,
      values: group.values === null ? null : [...group.values],
      ...spentOf(part),
      remainingRatio: group.remaining,
      forecast: forecastOf(definition, group, computed.parts[part] ?? new Map(), range.to),
    })),
    others: { groups: groups - worst.length, ...spentOf(worst.length) },
    total: ledger.spent,
    sentence: `Of ${formatCount(ledger.spent)} failures in the window, by cause and group; every one of them stands once.`,
  }
}

/** Slices of time fail for several groups at once: what each of them spent does not add up to the whole. */
function whyNot({ groups, budgeting }: Definition): string | null {
  if (groups === undefined) return 'The objective is not grouped: its events are not told apart.'
  return budgeting.method === 'occurrences'
    ? null
    : 'Slices of time are not shared out among groups: one that failed for two of them would count twice.'
}

function forecastOf(definition: Definition, group: ListedGroup, slices: Slices, end: Instant) {
  const { windowMs, sliceMs, target, calendar } = definition
  const rules = compileDefinition(definition)
  const soonest = rules.tiers.find((tier) => tier.name === rules.soonest)
  if (calendar !== undefined || soonest === undefined)
    return { at: null, recoversAt: null, sentence: 'Not forecast: its window does not roll.' }
  const found = forecastGroup({
    slices,
    windowMs,
    paceMs: soonest.longMs,
    sliceMs,
    end,
    budget: budgetFraction(target),
  })
  return {
    at: found.state === 'exhausts' ? formatInstant(found.at) : null,
    recoversAt: found.state === 'recovers' ? formatInstant(found.at) : null,
    sentence: `${group.label}: ${forecastWords(found)}`,
  }
}

function forecastWords(found: GroupForecast): string {
  switch (found.state) {
    case 'unknown':
      return 'nothing happened in its window.'
    case 'lasts':
      return 'at the present rate its budget lasts.'
    case 'exhausts':
      return `at the present rate its budget is gone ${shownMinute(found.at)}.`
    case 'recovers':
      return `overspent; without further failures kept again ${shownMinute(found.at)}.`
    case 'not-at-this-pace':
      return 'overspent, and not kept again within a window.'
  }
}

// What follows from a verdict: the state that is stored, and what others are told of it. Pure.
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import { alertKind } from '../core/budget-alerts.ts'
import { absenceDelayMs } from '../core/burn.ts'
import { defaultStaleMs } from '../core/judge.ts'
import { formatSpan } from '../core/sentence.ts'
import type { ObjectiveRow } from '../objectives.store.ts'
import type { BurningData, RecoveredData, StateChangedData, UnmeasuredData } from '../slo.contract.ts'
import { budgetNow, type Judged, stateOf, viewOf } from '../state-view.ts'
import type { KeptState, StateMemory, StateRow } from '../states.store.ts'
import { alertOnBudget, type BudgetNews } from './budget-alerts.ts'
import { burnWords } from './burn-words.ts'

export type News =
  | { readonly kind: 'state-changed'; readonly data: StateChangedData }
  | { readonly kind: 'burning'; readonly data: BurningData }
  | { readonly kind: 'recovered'; readonly data: RecoveredData }
  | { readonly kind: 'unmeasured'; readonly data: UnmeasuredData }
  | { readonly kind: 'measured'; readonly data: UnmeasuredData }
  | BudgetNews

export interface Conclusion {
  readonly row: StateRow
  readonly news: readonly News[]
}

export interface Concluding {
  readonly objective: ObjectiveRow
  readonly judged: Judged
  readonly memory: StateMemory
  readonly before: KeptState | null
  /** Something was told of it at some time: silence now is news. */
  readonly everMeasured: boolean
  /** Since when objectives are evaluated without a longer break: nobody is silent to whoever was away. */
  readonly listensSince: Instant
  /** Which of its groups is hit most; null when it has none. */
  readonly worst: string | null
  readonly now: Instant
}

export function conclude(order: Concluding): Conclusion {
  const { objective, judged, before } = order
  const { verdict } = judged
  const budget = budgetNow(judged)
  const view = viewOf(judged)
  const { state, level } = stateOf(verdict, budget)
  const changed = before === null || before.state !== state || before.level !== level
  const blind = blindness(order, view.sentence)
  const alerts = alertOnBudget(objective, judged, order.memory.budgetAlerts ?? [])
  const row: StateRow = {
    name: objective.name,
    version: objective.version,
    asOf: verdict.evaluatedAt,
    state,
    level,
    since: changed ? verdict.evaluatedAt : before.since,
    remaining: view.budget.remainingRatio,
    burn: view.burn?.rate ?? null,
    view,
    memory: {
      tiers: verdict.next,
      blindSince: blind.since,
      blindTold: blind.told,
      ...(alerts.firing.length === 0 ? {} : { budgetAlerts: alerts.firing }),
    },
  }
  const news: News[] = [...burnNews(order, row), ...blind.news, ...alerts.news]
  // A first verdict of "nothing is known yet" is no change of anything.
  if (changed && !(before === null && state === 'no-data'))
    news.unshift({
      kind: 'state-changed',
      data: {
        objective: objective.name,
        service: objective.service,
        from: before === null ? null : { state: before.state, level: before.level },
        to: { state, level },
        remaining: row.remaining,
        sentence: view.sentence,
        version: objective.version,
      },
    })
  return { row, news }
}

function burnNews({ objective, judged, worst }: Concluding, row: StateRow): readonly News[] {
  const { verdict, definition } = judged
  const { change, governing } = verdict
  const common = { objective: objective.name, service: objective.service, remaining: row.remaining }
  if (change === 'none') return []
  if (change === 'resolved' || governing === null)
    return [
      {
        kind: 'recovered',
        data: { ...common, sentence: row.view.sentence, endedAt: formatInstant(verdict.evaluatedAt) },
      },
    ]
  const since = verdict.next.find((each) => each.name === governing.tier.name)?.since ?? verdict.evaluatedAt
  return [
    {
      kind: 'burning',
      data: {
        ...common,
        displayName: objective.displayName,
        level: governing.severity,
        tier: governing.tier.name,
        longBurn: governing.long?.rate ?? null,
        shortBurn: governing.short?.rate ?? null,
        sentence: burnWords(judged, row.view.sentence, worst),
        startedAt: formatInstant(since),
        notify: definition.notify,
      },
    },
  ]
}

interface Blindness {
  readonly since: Instant | null
  readonly told: boolean
  readonly news: readonly News[]
}

/** Silence is worth an alert once a total outage would have been: the delay comes from the budget. */
export function silenceDelayMs({ definition, rules }: Pick<Judged, 'definition' | 'rules'>): number {
  const pages = definition.plan.tiers.filter((tier) => tier.severity === 'page')
  const fastest = [...(pages.length > 0 ? pages : definition.plan.tiers)].sort((a, b) => a.longMs - b.longMs)[0]
  const usual = defaultStaleMs(definition.sliceMs)
  return fastest === undefined ? Math.max(usual, 600_000) : absenceDelayMs(fastest, rules.budget, usual)
}

function blindness(order: Concluding, sentence: string): Blindness {
  const { judged, memory, now, objective, everMeasured, listensSince } = order
  const { verdict, rules, definition } = judged
  const soonest = verdict.tiers.find((each) => each.tier.name === rules.soonest)
  const isBlind =
    soonest?.state === 'frozen' && soonest.frozenBecause !== 'excluded' && soonest.frozenBecause !== 'no-events'
  const data = (since: Instant, words: string): UnmeasuredData => ({
    objective: objective.name,
    displayName: objective.displayName,
    service: objective.service,
    sentence: words,
    since: formatInstant(since),
  })
  if (!isBlind) {
    const news: News[] =
      memory.blindTold && memory.blindSince !== null
        ? [{ kind: 'measured', data: data(memory.blindSince, sentence) }]
        : []
    return { since: null, told: false, news }
  }
  // Before the first measurement nobody was silent. It comes before its slice is closed, so that the verdict still knows nothing.
  if (!everMeasured && !memory.blindTold) return { since: null, told: false, news: [] }
  const since = memory.blindSince ?? instant(Math.max(verdict.evaluatedAt, objective.born ?? verdict.evaluatedAt))
  const due = definition.alertWhenNoData && now - Math.max(since, listensSince) >= silenceDelayMs(judged)
  if (memory.blindTold || !due) return { since, told: memory.blindTold, news: [] }
  const words = `Nothing is known of ${objective.displayName} since ${formatSpan(now - since)}: an outage could hide behind it. ${verdict.reason}`
  return { since, told: true, news: [{ kind: 'unmeasured', data: data(since, words) }] }
}

/** An objective that was removed while it burned, or while it was unmeasured, ends what was told of it. */
export function farewell(row: KeptState, now: Instant): readonly News[] {
  const sentence = 'The objective was removed.'
  const { service } = row
  const news: News[] = []
  if (row.memory.tiers.some((tier) => tier.firing))
    news.push({
      kind: 'recovered',
      data: { objective: row.name, service, remaining: row.remaining, sentence, endedAt: formatInstant(now) },
    })
  for (const alert of row.memory.budgetAlerts ?? [])
    news.push({
      kind: 'budget-alert-ended',
      data: {
        objective: row.name,
        displayName: row.name,
        service,
        alert,
        kind: alertKind(alert),
        remaining: row.remaining,
        sentence,
        at: formatInstant(now),
      },
    })
  if (row.memory.blindTold)
    news.push({
      kind: 'measured',
      data: {
        objective: row.name,
        displayName: row.name,
        service,
        sentence,
        since: formatInstant(row.memory.blindSince ?? now),
      },
    })
  return news
}

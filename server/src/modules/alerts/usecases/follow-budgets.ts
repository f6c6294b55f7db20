// Groups of our own objectives that burn, and budgets that run low: alerts of their own, beside that of the whole.
import { parseInstant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { BudgetAlertData, GroupBurningData, GroupRecoveredData } from '../../slo/index.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { linksOf, source, take } from './follow-objectives.ts'

// By the group's own stream of counts: names may be as long as an attribute.
const groupDedup = ({ objective, stream }: Pick<GroupBurningData, 'objective' | 'stream'>) =>
  `objective:${objective}:group:${stream}`
const longestLabel = 200

export async function followGroupBurning(needs: Needs, ports: AlertsPorts, data: GroupBurningData): Promise<void> {
  const { links, annotations } = await linksOf(needs, data)
  const group = data.group.slice(0, longestLabel).toWellFormed()
  await take(needs, ports, {
    source,
    status: 'firing',
    dedupKey: groupDedup(data),
    severity: data.level === 'page' ? 'critical' : 'warning',
    service: data.service,
    summary: `${data.displayName}, ${group}: error budget burns too fast`,
    labels: { alertname: 'GroupBudgetBurn', objective: data.objective, service: data.service, tier: data.tier, group },
    annotations: { description: data.sentence, ...annotations },
    startsAt: parseInstant(data.startedAt),
    links,
  })
}

export async function followGroupRecovered(needs: Needs, ports: AlertsPorts, data: GroupRecoveredData): Promise<void> {
  await take(needs, ports, {
    source,
    status: 'resolved',
    dedupKey: groupDedup(data),
    service: data.service,
    summary: data.sentence,
    labels: { alertname: 'GroupBudgetBurn', objective: data.objective, service: data.service },
    endsAt: parseInstant(data.endedAt),
  })
}

const budgetTitles = {
  remaining: 'little error budget is left',
  drop: 'much error budget was spent lately',
  exhaustion: 'the error budget will be gone soon',
} as const

/** What is left of a budget can wait for the morning: a warning, however little it is. */
export async function followBudgetAlert(
  needs: Needs,
  ports: AlertsPorts,
  data: BudgetAlertData,
  over: boolean,
): Promise<void> {
  const { links, annotations } = await linksOf(needs, data)
  await take(needs, ports, {
    source,
    status: over ? 'resolved' : 'firing',
    dedupKey: `objective:${data.objective}:budget:${data.alert}`,
    severity: 'warning',
    service: data.service,
    summary: `${data.displayName}: ${budgetTitles[data.kind]}`,
    labels: { alertname: 'ErrorBudgetLow', objective: data.objective, service: data.service, alert: data.alert },
    annotations: { description: data.sentence, ...annotations },
    ...(over ? { endsAt: parseInstant(data.at) } : { startsAt: parseInstant(data.at) }),
    links,
  })
}

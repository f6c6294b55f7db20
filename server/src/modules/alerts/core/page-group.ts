// One page for one failure: whether an alert that opens belongs to a page that is out already, or is told by itself.
import { formatDuration, minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { AlertSeverity, Tier, Urgency } from '../../../kernel/severity.ts'
import { isWorse } from './episode.ts'
import { type Asked, asked } from './trace.ts'

/** Symptoms of one failure come within minutes of the first; later ones are more likely another problem. */
export const sameFailureMs = 30 * minute
/** Whoever took the first ones is still looking at what they took. */
export const stillLookingMs = 15 * minute

/** How the page stands: `assigned` is low urgency, which never goes on; `over` is one that told everybody and stopped. */
export type Standing = 'escalating' | 'acknowledged' | 'snoozed' | 'assigned' | 'over' | 'none'

export interface PageGroup {
  readonly id: string
  /** Of the alert the page was made for. */
  readonly number: number
  readonly title: string
  /** The sender's rule it was made by. */
  readonly rule: string | null
  /** Null when nobody owns the service it was made for: then it goes to the last resort. */
  readonly team: string | null
  readonly services: readonly string[]
  /** Escalation policy its service names; null leaves it to the team. */
  readonly policy: string | null
  readonly tier: Tier | null
  readonly worst: AlertSeverity
  readonly urgency: Urgency
  readonly openedAt: Instant
  readonly answeredBy: string | null
  readonly answeredAt: Instant | null
  readonly standing: Standing
}

export interface Pageable {
  readonly rule: string | null
  readonly service: string | null
  readonly team: string | null
  readonly policy: string | null
  readonly tier: Tier | null
  readonly severity: AlertSeverity
  readonly urgency: Urgency
}

/** What two services have to do with each other, as a sentence; null when nothing. Asked for different ones only. */
export type Relation = (a: string, b: string) => string | null

export interface JoinVerdict {
  readonly group: PageGroup | null
  /** Only the rule joins them: the page is about its own services as before. */
  readonly isSpread: boolean
  readonly asked: Asked
}

/**
 * Whether a page out reaches the people this alert would reach. Where the service names an escalation policy, that decides,
 * whoever owns the service; where it leaves it to the team, the team does. What has neither goes to the last resort.
 */
export function reachesSame(
  alert: Pick<Pageable, 'team' | 'policy'>,
  group: Pick<PageGroup, 'team' | 'policy'>,
): boolean {
  return alert.policy === group.policy && (alert.policy !== null || alert.team === group.team)
}

/** Whether a page out is looked at: of the same team it is at least said why it does not fit. */
export function mayReach(alert: Pick<Pageable, 'team' | 'policy'>, group: Pick<PageGroup, 'team' | 'policy'>): boolean {
  return (alert.team !== null && alert.team === group.team) || reachesSame(alert, group)
}

/** The oldest first; of the same millisecond, the one whose alert came first, or each look would join another of them. */
export function byAge(a: Pick<PageGroup, 'openedAt' | 'number'>, b: Pick<PageGroup, 'openedAt' | 'number'>): number {
  return a.openedAt - b.openedAt || a.number - b.number
}

/** The oldest page that fits: it is the one nearest to the cause. When unsure an alert is told by itself. */
export function judgeJoin(
  alert: Pageable,
  groups: readonly PageGroup[],
  relation: Relation,
  now: Instant,
): JoinVerdict {
  const { service, team } = alert
  if (service === null)
    return alone('Nobody has declared whose service it is, so nothing says which failure it belongs to.')
  const own = groups.filter((each) => mayReach(alert, each)).sort(byAge)
  const whose = team === null ? 'for services without an owner' : `to team ${team}`
  const to = alert.policy === null ? whose : `${whose} or by policy ${alert.policy}`
  if (own.length === 0) return alone(`No page ${to} is out.`)
  let nearest: string | null = null
  for (const group of own) {
    const because = relates(service, group, relation)
    if (because === null) continue
    const obstacle = obstacleTo(alert, group, now)
    if (obstacle === null)
      return {
        group,
        isSpread: false,
        asked: asked('group', 'joins', `It is paged with #${group.number} (${group.title}): ${because}.`),
      }
    nearest ??= obstacle
  }
  const spread = spreadOf(alert, own, now)
  if (spread !== null) return spread
  return alone(nearest ?? `Pages ${to} are out, for services that have nothing to do with ${service}.`)
}

/** So many pages of one rule go to the same people before the next alert of it joins one of them. */
export const spreadLimit = 10

/** The same rule in many services of the same people is one failure beneath them all: they are not called for each. */
function spreadOf(alert: Pageable, own: readonly PageGroup[], now: Instant): JoinVerdict | null {
  const { rule } = alert
  if (rule === null) return null
  const alike = own.filter((each) => each.rule === rule && obstacleTo(alert, each, now) === null)
  const [group] = alike
  if (group === undefined || alike.length < spreadLimit) return null
  const because = `${rule} has paged the same people for ${spreadLimit} other services: one failure beneath them all`
  return {
    group,
    isSpread: true,
    asked: asked('group', 'joins', `It is paged with #${group.number} (${group.title}): ${because}.`),
  }
}

function relates(service: string, group: PageGroup, relation: Relation): string | null {
  if (group.services.includes(service)) return 'the same service'
  for (const other of group.services) {
    const because = relation(service, other)
    if (because !== null) return because
  }
  return null
}

function obstacleTo(alert: Pageable, group: PageGroup, now: Instant): string | null {
  const page = `#${group.number}`
  if (isWorse(alert.severity, group.worst))
    return `It is ${alert.severity} and ${page} was told as ${group.worst}: what is worse is always told.`
  if (alert.urgency === 'high' && group.urgency !== 'high')
    return `${page} was told without urgency, and this is urgent.`
  if (!reachesSame(alert, group)) return `${page} goes by another escalation policy, to other people.`
  if ((group.tier ?? 1) > (alert.tier ?? 1))
    return `${page} is about a service of tier ${group.tier ?? 1}, less important than this one.`
  const age = now - group.openedAt
  if (age > sameFailureMs) return `${page} was made ${formatDuration(age)} ago, too long for the same failure.`
  switch (group.standing) {
    case 'escalating':
      return null
    case 'acknowledged': {
      const since = group.answeredAt === null ? Number.POSITIVE_INFINITY : now - group.answeredAt
      return since <= stillLookingMs ? null : `${page} was acknowledged too long ago to be about this.`
    }
    case 'assigned':
      return alert.urgency === 'low' ? null : `${page} goes to nobody else by itself.`
    case 'snoozed':
      return `${page} was put off until later.`
    case 'over':
      return `${page} was told to everybody and goes on to nobody.`
    case 'none':
      return `${page} is over.`
  }
}

function alone(because: string): JoinVerdict {
  return { group: null, isSpread: false, asked: asked('group', 'own page', because) }
}

/** A member that got worse: whether the page it belongs to has said as much already. */
export function judgeRise(
  group: Pick<PageGroup, 'number' | 'worst' | 'urgency'>,
  risen: { readonly severity: AlertSeverity; readonly urgency: Urgency },
): { readonly leaves: boolean; readonly asked: Asked } {
  const worse = isWorse(risen.severity, group.worst) || (risen.urgency === 'high' && group.urgency === 'low')
  const because = worse
    ? `It rose to ${risen.severity}, and #${group.number} was told as ${group.worst}: it is told by itself now.`
    : `It rose to ${risen.severity}, no worse than #${group.number}, with which it was paged.`
  return { leaves: worse, asked: asked('group', worse ? 'own page' : 'stays', because) }
}

export interface Member {
  readonly id: string
  readonly severity: AlertSeverity
  readonly openedAt: Instant
}

/** Whom the page speaks of from now on: the alert it was made for while it fires, else the worst, else the oldest. */
export function speakerOf<M extends Member>(group: string, members: readonly M[]): M | null {
  const own = members.find((each) => each.id === group)
  if (own !== undefined) return own
  const [first] = [...members].sort((a, b) =>
    isWorse(a.severity, b.severity) ? -1 : isWorse(b.severity, a.severity) ? 1 : a.openedAt - b.openedAt,
  )
  return first ?? null
}

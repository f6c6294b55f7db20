// The groups of an objective (its tenants, routes, regions): what an SLO says of them, what they are called, and who is
// told when one of them burns.
import type { Level } from './judge.ts'
import { formatCount, formatPercent } from './sentence.ts'

export interface GroupSettings {
  readonly by: readonly string[]
  readonly most: number
  /** Null: people are told of the whole objective alone. */
  readonly alerts: GroupAlerts | null
}

export interface GroupAlerts {
  /** A tier tells of a group only if so much happened to the group in its long window. */
  readonly leastEvents: number
}

/** With fewer, one failure is more than a hundredth of everything. */
export const defaultLeastEvents = 100

/** `tenant=acme region=eu`; null values are all those without a group of their own. */
export function groupLabel(by: readonly string[], values: readonly string[] | null): string {
  if (values === null) return 'all others'
  return by.map((attribute, index) => `${attribute}=${values[index] || '(none)'}`).join(' ')
}

export type Told = 'page' | 'ticket'

export interface GroupNow {
  readonly key: number
  /** What its tiers say, as far as enough happened (`levelOf`). */
  readonly level: Told | null
  readonly burn: number
  /** What people were told last, and did not hear the end of. */
  readonly told: Told | null
}

export interface GroupNews {
  readonly tell: readonly number[]
  readonly end: readonly number[]
  /** Burning, and not told: the whole objective speaks for them, or there are too many. */
  readonly untold: number
}

/** So many groups of one objective are told of at a time: beyond, it is not about single groups any more. */
export const mostTold = 20

const rank = (level: Told | null) => (level === 'page' ? 2 : level === 'ticket' ? 1 : 0)

/**
 * A group is told of when it burns worse than the whole objective does: while the whole is told of at that level,
 * whoever was woken looks at it already. What was told ends when the group no longer burns, and never merely because
 * the whole began to.
 */
export function tellGroups(whole: Told | null, groups: readonly GroupNow[]): GroupNews {
  const end = groups.filter((each) => each.told !== null && each.level === null).map((each) => each.key)
  const held = groups.filter((each) => each.told !== null && each.level !== null).length
  const wanted = groups
    .filter((each) => rank(each.level) > Math.max(rank(each.told), rank(whole)))
    .sort((a, b) => rank(b.level) - rank(a.level) || b.burn - a.burn || a.key - b.key)
  let room = Math.max(0, mostTold - held)
  const tell: number[] = []
  for (const each of wanted) {
    if (each.told === null && room === 0) continue
    if (each.told === null) room -= 1
    tell.push(each.key)
  }
  const heard = new Set(tell)
  return {
    tell,
    end,
    untold: groups.filter((each) => each.level !== null && each.told === null && !heard.has(each.key)).length,
  }
}

interface JudgedTier {
  readonly firing: boolean
  readonly severity: Told
  readonly eventsInLong: number
}

/** The worst of the firing tiers in which enough happened. What was told stays as it was told until no tier fires. */
export function levelOf(tiers: readonly JudgedTier[], alerts: GroupAlerts, told: Told | null): Told | null {
  const firing = tiers.filter((tier) => tier.firing)
  const enough = firing.filter((tier) => tier.eventsInLong >= alerts.leastEvents)
  if (enough.length === 0) return firing.length > 0 ? told : null
  return enough.some((tier) => tier.severity === 'page') ? 'page' : 'ticket'
}

export const toldOf = (level: Level): Told | null => (level === 'page' || level === 'ticket' ? level : null)

const shownWorst = 3

/** Who an outage hits, for whoever is told of the whole: `Most of it: tenant=acme (62 % of 53 failures), …`. */
export function worstSentence(
  groups: readonly { readonly label: string; readonly bad: number }[],
  allBad: number,
): string | null {
  const worst = groups
    .filter((each) => each.bad > 0)
    .sort((a, b) => b.bad - a.bad || (a.label < b.label ? -1 : 1))
    .slice(0, shownWorst)
  if (worst.length === 0 || allBad === 0) return null
  const [first, ...rest] = worst.map(({ label, bad }) => `${label} ${formatPercent(bad / allBad)}`)
  return `Of ${formatCount(allBad)} failures: ${[first, ...rest].join(', ')}.`
}

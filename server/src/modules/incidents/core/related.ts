// What to look at beside the incident: changes that may have caused it, and incidents of the past that look alike.
// Each comes with its reasons; the score only orders, it is no probability.
import { hour, minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'

export interface ChangeSeen {
  readonly id: string
  readonly service: string
  readonly kind: string
  readonly summary: string
  readonly at: Instant
}

export interface AroundIncident {
  readonly services: readonly string[]
  /** Services the affected ones call, directly or not, with the number of steps. */
  readonly beneath: ReadonlyMap<string, number>
  readonly startedAt: Instant
}

export interface Ranked<Item> {
  readonly item: Item
  readonly score: number
  readonly because: readonly string[]
}

/** Later than this after the beginning a change cannot have begun it; clocks and detection are that inexact. */
const clockMs = 2 * minute
const farMs = 24 * hour

export function rankChanges(changes: readonly ChangeSeen[], around: AroundIncident): readonly Ranked<ChangeSeen>[] {
  return changes
    .map((change) => scoreChange(change, around))
    .filter((each) => each.score > 0)
    .sort((a, b) => b.score - a.score || b.item.at - a.item.at || (a.item.id < b.item.id ? -1 : 1))
}

function scoreChange(change: ChangeSeen, around: AroundIncident): Ranked<ChangeSeen> {
  const before = around.startedAt - change.at
  const steps = around.services.includes(change.service) ? 0 : around.beneath.get(change.service)
  if (before < -clockMs || before > farMs || steps === undefined) return { item: change, score: 0, because: [] }
  const because: string[] = []
  // Half the weight for each quarter of an hour that lies between, and for each step down the graph.
  const near = 0.5 ** (Math.max(0, before) / (15 * minute))
  because.push(before <= 0 ? 'At the moment it began.' : `${inWords(before)} before it began.`)
  const close = 0.5 ** steps
  because.push(
    steps === 0
      ? `On ${change.service}, which is hurt.`
      : `On ${change.service}, ${steps === 1 ? 'which a hurt service calls' : `${steps} calls below a hurt service`}.`,
  )
  const back = change.kind === 'rollback' ? 0.5 : 1
  if (back < 1) because.push('A rollback: more often the cure than the cause.')
  // A floor keeps what is old but near in the list, behind everything recent.
  return { item: change, score: (0.02 + near) * close * back, because }
}

export interface PastIncident {
  readonly id: string
  readonly title: string
  readonly services: readonly string[]
  readonly alertTitles: readonly string[]
  readonly startedAt: Instant
}

export function rankSimilar(
  past: readonly PastIncident[],
  now: Omit<PastIncident, 'id' | 'startedAt'>,
): readonly Ranked<PastIncident>[] {
  return past
    .map((each) => scorePast(each, now))
    .filter((each) => each.score >= leastAlike)
    .sort((a, b) => b.score - a.score || b.item.startedAt - a.item.startedAt || (a.item.id < b.item.id ? -1 : 1))
}

const leastAlike = 0.25

function scorePast(past: PastIncident, now: Omit<PastIncident, 'id' | 'startedAt'>): Ranked<PastIncident> {
  const because: string[] = []
  const sameServices = past.services.filter((each) => now.services.includes(each))
  const services = share(sameServices.length, past.services.length, now.services.length)
  if (sameServices.length > 0)
    because.push(`The same ${sameServices.length === 1 ? 'service' : 'services'}: ${sameServices.join(', ')}.`)
  const sameAlerts = past.alertTitles.filter((each) => now.alertTitles.includes(each))
  const alerts = share(new Set(sameAlerts).size, new Set(past.alertTitles).size, new Set(now.alertTitles).size)
  if (sameAlerts.length > 0) because.push(`The same alert: ${sameAlerts[0]}.`)
  const [a, b] = [wordsOf(past.title), wordsOf(now.title)]
  const sameWords = [...a].filter((each) => b.has(each))
  const words = share(sameWords.length, a.size, b.size)
  if (sameWords.length > 0) because.push(`Also called: ${sameWords.slice(0, 5).join(', ')}.`)
  return { item: past, score: services * 0.4 + alerts * 0.4 + words * 0.2, because }
}

/** The part two sets have in common, 0 to 1. */
function share(common: number, one: number, other: number): number {
  const all = one + other - common
  return all === 0 ? 0 : common / all
}

const emptyWords = new Set(['the', 'and', 'for', 'with', 'are', 'has', 'not', 'from', 'all'])

function wordsOf(title: string): ReadonlySet<string> {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []
  return new Set(words.filter((word) => !emptyWords.has(word)))
}

function inWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / minute))
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

/** Everything that the services call, directly or not, with the least number of steps. O(services + calls). */
export function servicesBeneath(
  services: readonly string[],
  calls: readonly { readonly from: string; readonly to: string }[],
): ReadonlyMap<string, number> {
  const calledBy = new Map<string, string[]>()
  for (const { from, to } of calls) calledBy.set(from, [...(calledBy.get(from) ?? []), to])
  const steps = new Map<string, number>(services.map((each) => [each, 0]))
  // The map grows while it is walked, so it ends when nothing new is found.
  for (const [service, distance] of steps)
    for (const next of calledBy.get(service) ?? []) if (!steps.has(next)) steps.set(next, distance + 1)
  for (const service of services) steps.delete(service)
  return steps
}

// What the measured series of an incident say before anything is ranked: what deviates at each service, what only callers
// see of a callee, and which callee explains how much of a caller's trouble.

import { minute } from '../../../kernel/duration.ts'
import { contains, type Interval } from '../../../kernel/interval.ts'
import { type Deviation, type DeviationRules, deviationOf, type Measured, type MeasuredSeries } from './deviation.ts'
import type { ServiceGraph } from './service-graph.ts'

/** What callers see of a callee that does not see it itself: it lies on the way between, or the callee measures nothing. */
export interface Way {
  readonly callee: string
  /** The worst that any caller sees. */
  readonly deviation: Deviation
  /** The part of its callers that see it. */
  readonly share: number
  /** Whether anything but its callers measures the callee. */
  readonly seen: boolean
}

export interface MeasuredFacts {
  /** The worst of each service for each thing measured, in the order of their names. */
  readonly own: readonly Deviation[]
  readonly ways: readonly Way[]
  readonly explanationOf: (deviation: Deviation) => Explanation | null
}

export interface Explanation {
  readonly service: string
  /** How much of it, 0 to 1. */
  readonly part: number
}

export interface MeasuredWorld {
  readonly series: readonly MeasuredSeries[]
  readonly graph: ServiceGraph
  /** What it usually is: the time before, or what else is known to be quiet. */
  readonly reference: readonly Interval[]
  readonly window: Interval
}

/** A callee that left its usual this much later than its caller hardly explains it; metrics are that coarse. */
const lateMs = 5 * minute

export function factsOf(world: MeasuredWorld, rules: DeviationRules): MeasuredFacts {
  const own: Deviation[] = []
  const calls: Deviation[] = []
  const traffic = new Map<string, number>()
  const measured = new Set<string>()
  for (const series of world.series) {
    const deviation = deviationOf(series, world.reference, world.window, rules)
    if (deviation !== null) (series.calls === null ? own : calls).push(deviation)
    if (series.calls !== null) continue
    if (series.measured === 'traffic') {
      // Several may count parts of its requests; the largest is the nearest to all of them.
      const counted = meanWithin(series, world.window)
      traffic.set(series.service, Math.max(counted, traffic.get(series.service) ?? 0))
    } else measured.add(series.service)
  }
  const ways = waysOf(world.series, calls, measured)
  return {
    own: worstOfEach(own, (each) => keyOf(each.series.service, each.series.measured)),
    ways,
    explanationOf: (mine) =>
      explain(mine, { own, ways, traffic, calleesOf: (of) => measuredBeneath(of, world.graph, measured) }),
  }
}

const keyOf = (...parts: readonly (string | undefined)[]): string => JSON.stringify(parts)
const increaseOf = (each: Deviation): number => Math.abs(each.level - each.usual)

function meanWithin(series: MeasuredSeries, window: Interval): number {
  const values = series.samples.filter(({ at }) => contains(window, at)).map((each) => each.value)
  return values.length === 0 ? 0 : values.reduce((sum, each) => sum + each, 0) / values.length
}

/** The highest score for each key, by the order of the keys; of equal ones the first by its words. */
function worstOfEach(deviations: readonly Deviation[], key: (each: Deviation) => string): readonly Deviation[] {
  const worst = new Map<string, Deviation>()
  for (const each of deviations) {
    const known = worst.get(key(each))
    if (known === undefined || isWorse(each, known)) worst.set(key(each), each)
  }
  return [...worst.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
}

function isWorse(one: Deviation, other: Deviation): boolean {
  if (one.score !== other.score) return one.score > other.score
  return keyOf(one.series.service, one.series.words) < keyOf(other.series.service, other.series.words)
}

const isAnswer = (measured: Measured): boolean => measured !== 'traffic' && measured !== 'saturation'

function waysOf(
  series: readonly MeasuredSeries[],
  calls: readonly Deviation[],
  measured: ReadonlySet<string>,
): readonly Way[] {
  const edgeOf = (each: MeasuredSeries) => keyOf(each.service, each.calls?.callee, each.measured, each.words)
  const atCallee = new Map(
    calls
      .filter((each) => each.series.calls?.seenBy === 'callee')
      .map((each) => [edgeOf(each.series), increaseOf(each)] as const),
  )
  const gaps = calls.filter(
    (each) =>
      each.series.calls?.seenBy === 'caller' &&
      isAnswer(each.series.measured) &&
      // What the callee sees itself is its own trouble, not one of the way.
      (atCallee.get(edgeOf(each.series)) ?? 0) < increaseOf(each) / 2,
  )
  const callers = new Map<string, Set<string>>()
  const seen = new Set(measured)
  for (const { service, calls: of } of series) {
    if (of?.seenBy === 'callee') seen.add(of.callee)
    if (of?.seenBy === 'caller') callers.set(of.callee, (callers.get(of.callee) ?? new Set()).add(service))
  }
  const endOf = (each: Deviation) => keyOf(each.series.calls?.callee, each.series.measured)
  return worstOfEach(gaps, endOf).map((deviation) => {
    const callee = deviation.series.calls?.callee ?? ''
    const seeing = gaps.filter((each) => endOf(each) === endOf(deviation)).map((each) => each.series.service)
    return { callee, deviation, share: new Set(seeing).size / (callers.get(callee)?.size ?? 1), seen: seen.has(callee) }
  })
}

interface Known {
  readonly own: readonly Deviation[]
  readonly ways: readonly Way[]
  /** Requests per second. */
  readonly traffic: ReadonlyMap<string, number>
  readonly calleesOf: (service: string) => readonly string[]
}

/** By what was added at the callee, for all its requests where both are counted: seconds, or requests that failed. */
function explain(mine: Deviation, known: Known): Explanation | null {
  const { service, measured, words } = mine.series
  if (!isAnswer(measured)) return null
  const found: Explanation[] = []
  for (const callee of known.calleesOf(service)) {
    const alike = known.own.filter((each) => each.series.service === callee && each.series.measured === measured)
    const theirs = alike.find((each) => each.series.words === words) ?? worstOfEach(alike, () => '')[0]
    if (theirs === undefined) continue
    const [here, there] = [known.traffic.get(service) ?? 0, known.traffic.get(callee) ?? 0]
    const times = here > 0 && there > 0 ? there / here : 1
    const late = theirs.since - mine.since > lateMs ? 0.5 : 1
    found.push({ service: callee, part: Math.min(1, (increaseOf(theirs) / increaseOf(mine)) * times) * late })
  }
  for (const { callee, deviation, seen } of known.ways)
    if (seen && deviation.series.service === service && deviation.series.measured === measured)
      found.push({ service: callee, part: Math.min(1, increaseOf(deviation) / increaseOf(mine)) })
  return found.sort((a, b) => b.part - a.part || (a.service < b.service ? -1 : 1))[0] ?? null
}

/** Those it calls, through up to three that nobody measures. */
function measuredBeneath(service: string, graph: ServiceGraph, measured: ReadonlySet<string>): readonly string[] {
  const found: string[] = []
  const seen = new Set([service])
  let level = [service]
  for (let depth = 0; depth <= 3 && level.length > 0; depth += 1) {
    const next: string[] = []
    for (const callee of level.flatMap((each) => graph.calleesOf(each))) {
      if (seen.has(callee)) continue
      seen.add(callee)
      if (measured.has(callee)) found.push(callee)
      else next.push(callee)
    }
    level = next
  }
  return found
}

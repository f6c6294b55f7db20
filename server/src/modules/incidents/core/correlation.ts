// Which problem an alert belongs to: near in time, near in the graph of calls, or a new one. Incremental: it looks at
// what is known at that moment, never ahead, and never moves what was placed.
// What people said of two kinds of alerts goes before what is near.
import { minute, second } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { type LearntPair, learntWord, pairInWords } from './learnt-pairs.ts'
import { type ServiceGraph, stepsBetween } from './service-graph.ts'
import type { Symptom } from './symptom.ts'

export interface Problem {
  readonly id: string
  /** In the order they came. */
  readonly symptoms: readonly Symptom[]
}

export type Placement =
  | { readonly joins: string; readonly because: string }
  | { readonly joins: null; readonly because: string }

export interface CorrelationRules {
  /** A problem whose symptoms have all ended this long ago takes no more. */
  readonly quietMs: number
  /** A warning that has fired longer than this says nothing about what starts now. */
  readonly freshMs: number
  /** The same for a critical alert, and for one of the very same service. */
  readonly openMs: number
  /** How far apart in the graph of calls two services still belong together. */
  readonly steps: number
}

export const correlationRules: CorrelationRules = {
  quietMs: 45 * second,
  freshMs: 5 * minute,
  openMs: 60 * minute,
  steps: 2,
}

export function placeSymptom(
  symptom: Symptom,
  problems: readonly Problem[],
  graph: ServiceGraph,
  rules: CorrelationRules = correlationRules,
  learnt: readonly LearntPair[] = [],
): Placement {
  const now = symptom.startedAt
  let best: { problem: Problem; near: Near; lastAt: Instant } | null = null
  for (const problem of problems) {
    const fresh = problem.symptoms.filter((each) => isFresh(each, now, rules))
    const word = learntWord(symptom, learnt.length === 0 ? [] : fresh, learnt)
    if (word?.pair.verdict === 'together') return { joins: problem.id, because: pairInWords(word.pair) }
    if (word !== null) continue
    const near = nearest(symptom, fresh, graph, rules.steps)
    if (near === null) continue
    const lastAt = fresh.reduce(
      (last, each) => (each.startedAt > last ? each.startedAt : last),
      fresh[0]?.startedAt ?? now,
    )
    if (best === null || near.steps < best.near.steps || (near.steps === best.near.steps && lastAt > best.lastAt))
      best = { problem, near, lastAt }
  }
  if (best === null) return { joins: null, because: 'Nothing near it in the graph of calls began lately.' }
  return { joins: best.problem.id, because: wordsOf(symptom, best.near) }
}

function isFresh(symptom: Symptom, now: Instant, rules: CorrelationRules): boolean {
  const within = symptom.severity === 'critical' ? rules.openMs : rules.freshMs
  if (now - symptom.startedAt > within) return false
  return symptom.endedAt === null || symptom.endedAt > now || now - symptom.endedAt <= rules.quietMs
}

interface Near {
  readonly steps: number
  readonly of: Symptom
}

function nearest(symptom: Symptom, others: readonly Symptom[], graph: ServiceGraph, limit: number): Near | null {
  let best: Near | null = null
  for (const of of others) {
    const steps = stepsApart(symptom, of, graph, limit)
    if (steps === null || (best !== null && steps >= best.steps)) continue
    best = { steps, of }
    if (steps === 0) break
  }
  return best
}

function stepsApart(one: Symptom, other: Symptom, graph: ServiceGraph, limit: number): number | null {
  let fewest: number | null = null
  for (const mine of placesOf(one))
    for (const theirs of placesOf(other)) {
      const steps = stepsBetween(graph, mine, theirs, limit)
      if (steps !== null && (fewest === null || steps < fewest)) fewest = steps
    }
  return fewest
}

function placesOf(symptom: Symptom): readonly string[] {
  return [symptom.service, symptom.blames].filter((each) => each !== null)
}

function wordsOf(symptom: Symptom, near: Near): string {
  const there = near.of.service ?? near.of.blames ?? 'another service'
  const seconds = Math.max(0, Math.round((symptom.startedAt - near.of.startedAt) / second))
  const after = `${seconds} s after ${near.of.rule} of ${there}`
  if (near.steps === 0) return `Same service, ${after}.`
  if (near.steps === 1) return `${symptom.service ?? symptom.blames} and ${there} call each other; it began ${after}.`
  return `${near.steps} calls away from ${there}; it began ${after}.`
}

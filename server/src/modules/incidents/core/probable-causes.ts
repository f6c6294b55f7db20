// Where to look first: the services of an incident ranked by what speaks for each, with the evidence in words.
// Symptoms speak for their own service or for those it calls; a failure below explains the symptoms above it; a change
// just before the first symptom speaks loudest. Deterministic; cost: symptoms × calls of their services.
import { minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { ServiceGraph } from './service-graph.ts'
import type { SignalKind, Symptom } from './symptom.ts'

export interface RecentChange {
  readonly id: string
  readonly service: string
  readonly at: Instant
  readonly summary: string
}

export interface ProbableCause {
  readonly service: string
  /** Comparable within one incident only. */
  readonly score: number
  /** The strongest first. */
  readonly evidence: readonly string[]
}

export interface CauseQuestion {
  readonly symptoms: readonly Symptom[]
  readonly changes: readonly RecentChange[]
  readonly graph: ServiceGraph
}

// Of the service itself, by what is seen there. Saturation is rarely a consequence; a drop of traffic nearly always is.
const own: Readonly<Record<SignalKind, number>> = {
  saturation: 3,
  errors: 2,
  latency: 1.5,
  other: 1,
  calls: 0.2,
  traffic: 0.1,
}
const blamed = 1
const callsBelow = 0.4
const trafficAbove = 0.3
const change = 3
/** A change this long before the first symptom no longer speaks for itself. */
const changeWithinMs = 60 * minute
/** What a further sign of bad answers adds: the objectives of one service all see the same failure. */
const again = 0.3
/** The part of a service's own evidence that a failing callee explains. */
const explained = 0.6

interface Evidence {
  readonly weight: number
  readonly words: string
}

export function rankCauses(question: CauseQuestion): readonly ProbableCause[] {
  const evidence = new Map<string, Evidence[]>()
  const add = (service: string, weight: number, words: string) => {
    const known = evidence.get(service)
    if (known === undefined) evidence.set(service, [{ weight, words }])
    else known.push({ weight, words })
  }
  const answered = new Map<string, number>()
  for (const symptom of strongestFirst(oncePerRule(question.symptoms))) {
    const isAnswer = symptom.service !== null && (symptom.kind === 'errors' || symptom.kind === 'latency')
    const times = isAnswer ? (answered.get(symptom.service ?? '') ?? 0) : 0
    if (isAnswer) answered.set(symptom.service ?? '', times + 1)
    weigh(symptom, question.graph, (service, weight, words) => add(service, weight * again ** times, words))
  }
  const first = question.symptoms.reduce((min, each) => Math.min(min, each.startedAt), Number.POSITIVE_INFINITY)
  for (const each of question.changes) {
    const before = first - each.at
    if (before < -5 * minute || before > changeWithinMs) continue
    const age = Math.max(0, before)
    add(
      each.service,
      change * (1 - age / changeWithinMs / 2),
      `${each.summary}, ${age < minute ? 'just' : minutesOf(age)} before`,
    )
  }
  const total = (service: string) => (evidence.get(service) ?? []).reduce((sum, each) => sum + each.weight, 0)
  return [...evidence.entries()]
    .map(([service, list]) => {
      const sum = total(service)
      const below = question.graph.calleesOf(service).some((callee) => total(callee) > sum / 2 && total(callee) >= 1)
      return {
        service,
        score: below ? sum * (1 - explained) : sum,
        evidence: list.sort((a, b) => b.weight - a.weight).map((each) => each.words),
      }
    })
    .sort((a, b) => b.score - a.score || (a.service < b.service ? -1 : 1))
}

/** A rule that fires and ends and fires again says the same thing once. */
function oncePerRule(symptoms: readonly Symptom[]): readonly Symptom[] {
  const seen = new Set<string>()
  return symptoms.filter((symptom) => {
    const key = JSON.stringify([symptom.rule, symptom.service, symptom.blames])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function strongestFirst(symptoms: readonly Symptom[]): readonly Symptom[] {
  return [...symptoms].sort(
    (a, b) =>
      own[b.kind] - own[a.kind] || a.startedAt - b.startedAt || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
  )
}

function weigh(
  symptom: Symptom,
  graph: ServiceGraph,
  add: (service: string, weight: number, words: string) => void,
): void {
  const { service, blames, kind, rule } = symptom
  if (blames !== null) {
    add(blames, blamed, `${service ?? 'a caller'} sees it in its calls (${rule})`)
    return
  }
  if (service === null) return
  add(service, own[kind], rule)
  if (kind === 'calls')
    for (const callee of graph.calleesOf(service))
      add(callee, callsBelow, `${service} waits for those it calls (${rule})`)
  if (kind === 'traffic')
    for (const caller of graph.callersOf(service)) add(caller, trafficAbove, `${service} gets less from its callers`)
}

function minutesOf(ms: number): string {
  const minutes = Math.round(ms / minute)
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}

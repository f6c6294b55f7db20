// Where to look first by what is measured: which service left its usual, how far, and whose trouble those it calls
// explain. Nothing deviates: no cause. Pure, the same whatever the order of the series; cost: series × samples, and
// what deviates × calls.
import { type Deviation, type DeviationRules, deviationRules, type Measured } from './deviation.ts'
import { type Explanation, factsOf, type MeasuredWorld } from './measured-facts.ts'
import { withBeneath } from './service-graph.ts'

export interface MeasuredQuestion extends MeasuredWorld {
  /** Only these and what they call, however far down, can be the cause. None named: anything measured. */
  readonly hurt: readonly Hurt[]
}

export interface Hurt {
  readonly service: string
  /** What is wrong there, when that is known: what went wrong alike elsewhere speaks louder. */
  readonly measured: Measured | null
}

/** One thing that speaks for a service. */
export interface MeasuredSign {
  readonly deviation: Deviation
  readonly weight: number
  /** own: measured at it. way: its callers wait longer than it works. unseen: only its callers measure it. */
  readonly kind: 'own' | 'way' | 'unseen'
  /** Which of those it calls explains a part. */
  readonly explainedBy: Explanation | null
}

export interface MeasuredCause {
  readonly service: string
  /** Comparable within one answer only. */
  readonly score: number
  /** The strongest first. */
  readonly signs: readonly MeasuredSign[]
  /** The trouble of its callers that it explains. */
  readonly explains: readonly Deviation[]
}

export interface MeasuredRules extends DeviationRules {
  readonly weights: Readonly<Record<Measured, number>>
  /** For what goes wrong otherwise than where it hurts: slow is not failed. */
  readonly unlike: number
  /** For what callers see of one that measures itself, and of one that does not: it may lie on either side or between. */
  readonly way: number
  readonly unseen: number
  /** The part of a caller's sign that counts for the callee that explains it. */
  readonly credit: number
  /** The most of a sign that a callee can explain. */
  readonly mostExplained: number
}

export const measuredRules: MeasuredRules = {
  ...deviationRules,
  // Saturation is rarely a consequence; a drop of traffic nearly always is.
  weights: { saturation: 1.5, latency: 1, slow: 1, errors: 1, traffic: 0.05 },
  unlike: 0.6,
  way: 1,
  unseen: 0.4,
  credit: 0.3,
  mostExplained: 0.9,
}

interface Found {
  readonly signs: MeasuredSign[]
  readonly explains: Deviation[]
  credit: number
}

export function rankMeasured(
  question: MeasuredQuestion,
  rules: MeasuredRules = measuredRules,
): readonly MeasuredCause[] {
  const facts = factsOf(question, rules)
  const found = new Map<string, Found>()
  const at = (service: string): Found => {
    const known = found.get(service) ?? { signs: [], explains: [], credit: 0 }
    found.set(service, known)
    return known
  }
  const loudness = loudnessOf(question.hurt, rules)
  for (const deviation of facts.own) {
    const explainedBy = facts.explanationOf(deviation)
    const strength = loudness(deviation)
    const left = 1 - (explainedBy?.part ?? 0) * rules.mostExplained
    at(deviation.series.service).signs.push({ deviation, weight: strength * left, kind: 'own', explainedBy })
    if (explainedBy === null) continue
    const callee = at(explainedBy.service)
    callee.explains.push(deviation)
    callee.credit += rules.credit * strength * explainedBy.part
  }
  for (const { callee, deviation, share, seen } of facts.ways) {
    const weight = (seen ? rules.way : rules.unseen) * share * loudness(deviation)
    at(callee).signs.push({ deviation, weight, kind: seen ? 'way' : 'unseen', explainedBy: null })
  }
  const hurt = question.hurt.map((each) => each.service)
  const reach = hurt.length === 0 ? null : withBeneath(hurt, question.graph)
  return [...found.entries()]
    .filter(([service, { signs }]) => signs.length > 0 && (reach === null || reach.has(service)))
    .map(([service, { signs, explains, credit }]) => ({
      service,
      score: signs.reduce((sum, each) => sum + each.weight, 0) + credit,
      signs: signs.sort((a, b) => b.weight - a.weight),
      explains,
    }))
    .sort((a, b) => b.score - a.score || (a.service < b.service ? -1 : 1))
}

/** Twice as far off counts one more; what is barely off counts one. */
function loudnessOf(hurt: readonly Hurt[], rules: MeasuredRules): (deviation: Deviation) => number {
  const wrong = new Set(hurt.flatMap(({ measured }) => (measured === 'latency' ? ['latency', 'slow'] : [measured])))
  const isLike = (measured: Measured) =>
    wrong.size === 0 || wrong.has(null) || wrong.has(measured) || measured === 'saturation'
  return ({ series: { measured }, score }) =>
    rules.weights[measured] * (isLike(measured) ? 1 : rules.unlike) * Math.log2(1 + score / rules.leastScore)
}

// One list of where to look first, of what alerts and changes say and of what is measured.
import type { Hurt, MeasuredCause } from './measured-causes.ts'
import { measuredEvidence } from './measured-words.ts'
import type { ProbableCause } from './probable-causes.ts'
import type { SignalKind, Symptom } from './symptom.ts'

/** What is measured counts as much as an alert about saturation for the one it speaks for most, less for the others. */
const mostMeasured = 3

export function joinCauses(
  byAlerts: readonly ProbableCause[],
  byMeasure: readonly MeasuredCause[],
): readonly ProbableCause[] {
  const top = byMeasure[0]?.score ?? 0
  const joined = new Map(byAlerts.map((each) => [each.service, each]))
  for (const cause of byMeasure) {
    const known = joined.get(cause.service)
    const score = top > 0 ? (cause.score / top) * mostMeasured : 0
    const evidence = measuredEvidence(cause)
    joined.set(cause.service, {
      service: cause.service,
      score: (known?.score ?? 0) + score,
      evidence:
        score > (known?.score ?? 0)
          ? [...evidence, ...(known?.evidence ?? [])]
          : [...(known?.evidence ?? []), ...evidence],
    })
  }
  return [...joined.values()].sort((a, b) => b.score - a.score || (a.service < b.service ? -1 : 1))
}

const wrongIn: Readonly<Partial<Record<SignalKind, NonNullable<Hurt['measured']>>>> = {
  errors: 'errors',
  latency: 'latency',
  saturation: 'saturation',
  traffic: 'traffic',
}

/** Where it hurts by the alerts: each service once for each thing that is wrong with it. */
export function hurtOf(symptoms: readonly Symptom[]): readonly Hurt[] {
  const hurt = new Map<string, Hurt>()
  for (const { service, blames, kind } of symptoms)
    for (const place of [service, blames])
      if (place !== null) hurt.set(`${place} ${kind}`, { service: place, measured: wrongIn[kind] ?? null })
  return [...hurt.values()]
}

// What was counted in slices of another length before an objective changed: the time before counts by what was measured
// then, as far as steps and events can be told of both.
import { instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { listFormerStreams, type Stream, visitHistory } from '../../telemetry/index.ts'
import { type Steps, stepStates, type TallySpec, tallyMember } from '../core/member-tally.ts'
import { stepOf } from '../core/step-of.ts'

type StepSpec = Pick<TallySpec, 'from' | 'until' | 'stepMs' | 'born' | 'rule' | 'least'>

/** Steps that are unknown by the present slices are told from those of before; what is known already stays. */
export async function fillFormerSteps(
  queries: Queries,
  stream: Stream,
  steps: Steps,
  order: StepSpec & { readonly coveredOf: (sliceMs: number) => TallySpec['covered'] },
): Promise<void> {
  const { from, until, stepMs, coveredOf, ...rules } = order
  if (stream.since <= from) return
  for (const former of await listFormerStreams(queries, stream.id, from)) {
    const { sliceMs, endedAt } = former
    const common = stepOf([sliceMs, stepMs])
    if (common === null) continue
    const start = instant(Math.floor(from / common) * common)
    const end = instant(Math.ceil(Math.min(until, endedAt) / common) * common)
    const spec = { ...rules, from: start, until: end, sliceMs, stepMs: common, covered: coveredOf(sliceMs) }
    const tally = tallyMember(spec)
    await visitHistory(queries, [{ stream: former, from: start, to: end }], (_stream, block) => tally.take(block))
    const told = tally.finish().steps
    // Its last slice was cut short when it ended: the step it lies in is told by what of it was seen.
    for (let at: number = from; at < Math.min(until, end); at += stepMs) {
      const step = (at - from) / stepMs
      if (steps[step] === stepStates.unknown)
        steps[step] = told[Math.floor((at - start) / common)] ?? stepStates.unknown
    }
  }
}

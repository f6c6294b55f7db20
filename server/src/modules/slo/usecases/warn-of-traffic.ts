// Whether so little happens that a target says little: told when it is declared, from what was measured so far.
import type { Fault } from '../../../kernel/app-error.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { adviseTraffic } from '../core/traffic.ts'
import { compileDefinition, type Definition } from '../definition.ts'
import { findObjectives } from '../objectives.store.ts'
import { readStates } from '../states.store.ts'

export async function trafficWarnings(queries: Queries, definitions: readonly Definition[]): Promise<readonly Fault[]> {
  const names = definitions.map((each) => each.name)
  const states = new Map((await readStates(queries, names)).map((state) => [state.name, state]))
  const known = new Map((await findObjectives(queries, names)).map((row) => [row.name, row]))
  return definitions.flatMap((definition) => {
    const [state, before] = [states.get(definition.name), known.get(definition.name)]
    if (state === undefined || before === undefined || definition.budgeting.method !== 'occurrences') return []
    const { view, asOf } = state
    const { good, bad, measuredRatio } = view.budget
    const began = Math.max(
      before.born ?? asOf,
      view.period === undefined ? asOf - before.definition.windowMs : Date.parse(view.period.start),
    )
    const measuredMs = (asOf - began) * measuredRatio
    const { tiers, leastBadForPage } = compileDefinition(definition)
    const { target, windowMs } = definition
    const advice = adviseTraffic({
      target,
      windowMs,
      events: good + bad,
      measuredShare: measuredMs / windowMs,
      tiers,
      leastBadForPage,
    })
    if (advice === null) return []
    const [way] = advice.ways
    return [
      {
        pointer: '/spec/objectives',
        detail: way === undefined ? advice.sentence : `${advice.sentence} What would help: ${way}`,
      },
    ]
  })
}

// Whether the condition of a workflow holds, with a sentence that says why not.
import { compileExpression } from '../../../platform/expressions/cel.ts'
import { bindingsOf, type IncidentFacts, type TriggerFacts, type Workflow } from '../core/index.ts'

export interface Judgement {
  readonly holds: boolean
  readonly because: string
}

export function judgeCondition(
  { when }: Pick<Workflow, 'when'>,
  facts: IncidentFacts,
  trigger: TriggerFacts,
): Judgement {
  if (when === null) return { holds: true, because: 'It has no condition.' }
  const compilation = compileExpression(when)
  // It was compiled when it was declared; another version of the product may have done that.
  if (!compilation.ok) return { holds: false, because: `Its condition cannot be read: ${compilation.detail}` }
  const answer = compilation.run(bindingsOf(facts, trigger))
  if (answer.kind === 'value')
    return answer.value === true
      ? { holds: true, because: `Its condition holds: ${when}` }
      : { holds: false, because: `Its condition does not hold: ${when}` }
  return {
    holds: false,
    because:
      answer.kind === 'missing'
        ? `Its condition asks for what is not there: ${answer.detail}`
        : `Its condition could not be judged: ${answer.detail}`,
  }
}

// What a workflow would do in an incident now. Reads, and writes nothing.
import type { Queries } from '../../../platform/database/queries.ts'
import { type IncidentReader, roleInWords } from '../../incidents/core/index.ts'
import { needIncident } from '../../incidents/index.ts'
import {
  type ActionKind,
  actionInWords,
  bindingsOf,
  causeInWords,
  fillIn,
  type IncidentFacts,
  mayStart,
  type Named,
  refusalOf,
  type Step,
  type Trigger,
  triggerFacts,
} from '../core/index.ts'
import { listOccurrences } from '../workflows.store.ts'
import { judgeCondition } from './judge-condition.ts'
import { readFacts } from './read-facts.ts'
import { needDeclared } from './read-workflows.ts'

export interface StepTest {
  readonly name: string
  readonly kind: ActionKind
  readonly would: 'run' | 'ask' | 'refuse'
  readonly sentence: string
}

export interface WorkflowTestResult {
  readonly incident: { readonly id: string; readonly number: number; readonly title: string }
  readonly runs: boolean
  readonly because: string
  readonly steps: readonly StepTest[]
  readonly facts: Readonly<Record<string, unknown>>
}

export async function testWorkflow(
  queries: Queries,
  order: {
    readonly workflow: string
    readonly incidentId: string
    readonly cause: Trigger | null
    readonly reader: IncidentReader
  },
): Promise<WorkflowTestResult> {
  const { workflow } = await needDeclared(queries, order.workflow)
  const incident = await needIncident(queries, order.incidentId, order.reader)
  const cause = order.cause ?? workflow.on[0] ?? 'declared'
  const facts = await readFacts(queries, incident)
  const trigger = triggerFacts(cause)
  const judged = judgeCondition(workflow, facts, trigger)
  const before = await listOccurrences(queries, { workflow: workflow.name, incidentId: incident.id })
  const start = mayStart(workflow, { entry: Number.MAX_SAFE_INTEGER, before })
  const not = !workflow.enabled
    ? 'It is not enabled.'
    : incident.kind === 'backfilled'
      ? 'The incident was written down afterwards; nobody is told of it now.'
      : !workflow.on.includes(cause)
        ? `It does not wait for this: ${causeInWords(cause)}.`
        : !judged.holds
          ? judged.because
          : start.ok
            ? null
            : start.because
  const { id, number, title } = incident
  return {
    incident: { id, number, title },
    runs: not === null,
    because: not ?? `When ${causeInWords(cause)}. ${judged.because}`,
    steps: workflow.steps.map((step) => testStep(step, refusalOf(step, incident, workflow), incident)),
    facts: readable(facts, trigger.kind),
  }
}

function testStep(step: Step, refusal: string | null, incident: Partial<Named>): StepTest {
  const about = { name: fillIn(step.name, incident), kind: step.action.kind }
  const does = fillIn(actionInWords(step.action), incident)
  if (refusal !== null) return { ...about, would: 'refuse', sentence: refusal }
  if (step.approval !== null)
    return {
      ...about,
      would: 'ask',
      sentence: `Waits for the ${roleInWords(step.approval)}: ${does}`,
    }
  return { ...about, would: 'run', sentence: does }
}

/** As a condition sees it, in JSON. */
function readable(facts: IncidentFacts, cause: Trigger | 'by-hand'): Readonly<Record<string, unknown>> {
  const bindings = bindingsOf(facts, triggerFacts(cause))
  const text = JSON.stringify(bindings, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))
  const read: Readonly<Record<string, unknown>> = JSON.parse(text)
  return read
}

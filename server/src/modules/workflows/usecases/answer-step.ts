// People and steps: somebody lets one happen, says no, or has it tried again.
import { type Actor, roleAtLeast } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { holdersAt, type IncidentReader, mayReadIncident, roleInWords } from '../../incidents/core/index.ts'
import { listHoldings } from '../../incidents/index.ts'
import { decide, retry, stateOf } from '../core/index.ts'
import { stepDecided, stepRetried } from '../workflows.contract.ts'
import type { WorkflowsPorts } from '../workflows.ports.ts'
import { type RunRow, saveRun } from '../workflows.store.ts'
import { comeBack, type Loaded, loadRun } from './advance-run.ts'
import { tellStep } from './run-entry.ts'

export interface StepAct {
  readonly runId: string
  /** From 1. */
  readonly step: number
  readonly actor: Actor
  readonly reader: IncidentReader
  readonly by: string
}

export async function decideStepOf(
  needs: Needs,
  ports: WorkflowsPorts,
  act: StepAct & { readonly approve: boolean; readonly text: string | null },
): Promise<RunRow> {
  const { approve, text, by, actor } = act
  return onStep(needs, ports, act, async (loaded, index) => {
    const { tx, run, workflow, incident, now } = loaded
    const step = run.steps[index]
    const declared = workflow.steps[index]
    if (step === undefined || declared === undefined) throw unknownRun()
    const verdict = decide(step, { by, approve, text, now })
    if (!verdict.ok) throw new AppError('conflict', 'workflows.not-waiting', verdict.because)
    const role = declared.approval ?? 'commander'
    const holdings = await listHoldings(tx, incident.id)
    const asked = [...holdersAt(holdings, role, now), ...holdersAt(holdings, 'commander', now)]
    // With nobody in the role and nobody in command, whoever responds decides: else it would wait for ever.
    if (asked.length > 0 && !asked.includes(by) && !isAdmin(actor))
      throw new AppError(
        'forbidden',
        'workflows.not-asked',
        `The ${roleInWords(role)} is asked: ${[...new Set(asked)].join(', ')}.`,
      )
    const steps = run.steps.map((each, at) => (at === index ? verdict.run : each))
    const more = { verdict: approve ? 'it may happen' : 'it may not happen' }
    await tellStep(tx, needs, stepDecided, { run, incident, actor, step: declared.name, index, more })
    return { ...run, steps }
  })
}

export async function retryStepOf(needs: Needs, ports: WorkflowsPorts, act: StepAct): Promise<RunRow> {
  return onStep(needs, ports, act, async ({ tx, run, workflow, incident, now }, index) => {
    const declared = workflow.steps[index]
    if (declared === undefined) throw unknownRun()
    const steps = run.state === 'not-needed' ? null : retry(run.steps, index, now)
    if (steps === null)
      throw new AppError('conflict', 'workflows.not-retryable', 'This step is done or still under way.')
    await tellStep(tx, needs, stepRetried, {
      ...{ run, incident, actor: act.actor, step: declared.name, index, more: {} },
    })
    return { ...run, steps }
  })
}

async function onStep(
  needs: Needs,
  ports: WorkflowsPorts,
  { runId, step, reader }: StepAct,
  change: (loaded: Loaded, index: number) => Promise<RunRow>,
): Promise<RunRow> {
  return needs.database.transaction(async (tx) => {
    const loaded = await loadRun(tx, needs, ports, runId)
    // Whoever may not read the incident learns no more than of a run that is not there.
    if (loaded === null || !mayReadIncident(reader, loaded.incident)) throw unknownRun()
    const changed = await change(loaded, step - 1)
    const saved = await saveRun(tx, {
      ...changed,
      state: stateOf(changed.steps),
      changedAt: loaded.now,
      endedAt: null,
    })
    await comeBack(tx, runId)
    return saved
  })
}

const isAdmin = (actor: Actor): boolean =>
  (actor.kind === 'person' || actor.kind === 'key') && roleAtLeast(actor.role, 'admin')
const unknownRun = (): AppError => new AppError('not-found', 'workflows.unknown-run', 'There is no such run or step.')

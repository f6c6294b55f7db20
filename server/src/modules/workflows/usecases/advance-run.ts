// Takes a run on, one step in one transaction, until it has to wait or is over. Who is killed in between leaves the run as
// it was before the step; the next process goes on from there.
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { holdersAt, roleInWords } from '../../incidents/core/index.ts'
import { type IncidentRow, listHoldings, lockIncident } from '../../incidents/index.ts'
import {
  ask,
  nextMove,
  type Outcome,
  refusalOf,
  type Step,
  type StepRun,
  settle,
  stateOf,
  untouched,
  type Workflow,
} from '../core/index.ts'
import {
  advanceRun,
  approvalAsked,
  callOut,
  stepDecided,
  stepDone,
  stepFailed,
  workflowNotNeeded,
  workflowStarted,
} from '../workflows.contract.ts'
import type { WorkflowsPorts } from '../workflows.ports.ts'
import { lockRun, type RunRow, saveRun } from '../workflows.store.ts'
import { judgeCondition } from './judge-condition.ts'
import { draftFor, performStep } from './perform-step.ts'
import { readFacts } from './read-facts.ts'
import { workflowOf } from './read-workflows.ts'
import { actorOf, tellRun, tellStep } from './run-entry.ts'

export interface Loaded {
  readonly tx: Tx
  readonly needs: Needs
  readonly ports: WorkflowsPorts
  readonly run: RunRow
  readonly workflow: Workflow
  readonly incident: IncidentRow
  readonly now: Instant
}

// A run has 20 steps, and each is asked for, done and told at most.
const mostMoves = 100

export async function takeOn(needs: Needs, ports: WorkflowsPorts, runId: string): Promise<void> {
  for (let move = 0; move < mostMoves; move += 1) if (!(await takeStep(needs, ports, runId))) return
  throw new Error(`The run ${runId} makes more moves than it has steps.`)
}

/** False when there is nothing to do now. */
async function takeStep(needs: Needs, ports: WorkflowsPorts, runId: string): Promise<boolean> {
  let at: number | null = null
  try {
    return await needs.database.transaction(async (tx) => {
      const loaded = await loadRun(tx, needs, ports, runId)
      if (loaded === null || loaded.run.endedAt !== null) return false
      if (loaded.run.state === 'waiting') return wakeUp(loaded)
      const { run, workflow, now } = loaded
      const move = nextMove(workflow.steps, run.steps, now)
      switch (move.kind) {
        case 'perform':
          at = move.step
          await perform(loaded, move.step)
          return true
        case 'call-out':
          at = move.step
          await sendOut(loaded, move.step)
          return true
        case 'ask':
          at = move.step
          await askFor(loaded, move.step)
          return true
        case 'skip':
          await put(loaded, move.step, {
            ...stepRun(run, move.step),
            state: 'skipped',
            said: move.because,
            changedAt: now,
          })
          return true
        case 'give-up':
          await giveUp(loaded, move.step)
          return true
        case 'wait':
          await put(loaded)
          if (move.until !== null) await comeBack(tx, runId, move.until)
          return false
        case 'end':
          await saveRun(tx, { ...run, state: stateOf(run.steps), changedAt: now, endedAt: now })
          return false
      }
    })
  } catch (error) {
    if (at === null) throw error
    // Nothing of the step was written. What it says of itself is told; what nobody expected is logged, too.
    return settleApart(needs, ports, { runId, step: at, outcome: outcomeOf(needs, error) })
  }
}

export async function loadRun(tx: Tx, needs: Needs, ports: WorkflowsPorts, runId: string): Promise<Loaded | null> {
  const run = await lockRun(tx, runId)
  const incident = run === null ? null : await lockIncident(tx, run.incidentId)
  if (run === null || incident === null) return null
  return { tx, needs, ports, run, workflow: workflowOf(run), incident, now: await tx.now() }
}

export function outcomeOf(needs: Needs, error: unknown): Outcome {
  if (error instanceof AppError) {
    const passing = error.kind === 'unavailable' || error.kind === 'limited'
    return { kind: 'failed', because: error.message, passing }
  }
  needs.log.error('A step of a workflow failed in a way nobody expected.', { error })
  return { kind: 'failed', because: 'Something went wrong inside Mainstay; its log has more.', passing: true }
}

const stepRun = (run: RunRow, index: number): StepRun => run.steps[index] ?? untouched

/** With one step as it is now, and the state that follows. */
export async function put({ tx, run, now }: Loaded, index?: number, step?: StepRun): Promise<RunRow> {
  const steps = step === undefined ? run.steps : run.steps.map((each, at) => (at === index ? step : each))
  return saveRun(tx, { ...run, steps, state: stateOf(steps), changedAt: now, endedAt: null })
}

export async function comeBack(tx: Tx, runId: string, dueAt?: Instant): Promise<void> {
  await addWork(tx, advanceRun, { runId }, { key: runId, ...(dueAt === undefined ? {} : { dueAt }) })
}

/** The time it waits is over: does the condition still hold? */
async function wakeUp(loaded: Loaded): Promise<boolean> {
  const { tx, needs, run, workflow, incident, now } = loaded
  if (run.dueAt !== null && now < run.dueAt) {
    await comeBack(tx, run.id, run.dueAt)
    return false
  }
  const { holds, because } = judgeCondition(workflow, await readFacts(tx, incident), run.trigger)
  if (!holds) {
    await saveRun(tx, { ...run, state: 'not-needed', because, changedAt: now, endedAt: now, dueAt: null })
    await tellRun(tx, needs, workflowNotNeeded, { run, incident, more: { because } })
    return false
  }
  await saveRun(tx, { ...run, state: 'running', changedAt: now, dueAt: null })
  await tellRun(tx, needs, workflowStarted, { run, incident, more: { because: run.because } })
  return true
}

const stepOf = ({ workflow }: Loaded, index: number): Step => {
  const step = workflow.steps[index]
  if (step === undefined) throw new Error(`The workflow ${workflow.name} has no step ${index}.`)
  return step
}

async function perform(loaded: Loaded, index: number): Promise<void> {
  const { tx, needs, ports, run, workflow, incident } = loaded
  const step = stepOf(loaded, index)
  const because = refusalOf(step, incident, workflow)
  const outcome: Outcome | null =
    because !== null
      ? { kind: 'refused', because }
      : await performStep(tx, needs, ports, {
          ...{ incident, workflow, step, run: stepRun(run, index) },
          actor: actorOf(run),
          key: `${run.id}:${index + 1}`,
        })
  if (outcome !== null) await settleStep(loaded, index, outcome)
}

/** The request itself is another job: it may hang, and this one holds locks. */
async function sendOut(loaded: Loaded, index: number): Promise<void> {
  const { tx, run, workflow, incident, now } = loaded
  const because = refusalOf(stepOf(loaded, index), incident, workflow)
  if (because !== null) return settleStep(loaded, index, { kind: 'refused', because })
  const before = stepRun(run, index)
  await put(loaded, index, { ...before, state: 'calling', dueAt: null, changedAt: now })
  const payload = { runId: run.id, step: index, attempt: before.attempts }
  await addWork(tx, callOut, payload, { key: `${run.id}:${index}` })
}

async function askFor(loaded: Loaded, index: number): Promise<void> {
  const { tx, needs, ports, run, workflow, incident, now } = loaded
  const step = stepOf(loaded, index)
  const because = refusalOf(step, incident, workflow)
  if (because !== null) return settleStep(loaded, index, { kind: 'refused', because })
  const role = step.approval ?? 'commander'
  const draft = await draftFor(tx, needs, ports, { incident, step })
  await put(loaded, index, ask(stepRun(run, index), draft, now))
  const holdings = await listHoldings(tx, incident.id)
  const [person] = [...holdersAt(holdings, role, now), ...holdersAt(holdings, 'commander', now)]
  const occasion = `${run.id}:${index + 1}:${stepRun(run, index).attempts}`
  if (person !== undefined) await ports.remind(tx, { incident, person, occasion, step: step.name })
  const more = { role: roleInWords(role) }
  await tellStep(tx, needs, approvalAsked, { run, incident, step: step.name, index, more })
}

async function giveUp(loaded: Loaded, index: number): Promise<void> {
  const { tx, needs, run, incident, now } = loaded
  const said = 'Nobody let it happen within a day.'
  await put(loaded, index, { ...stepRun(run, index), state: 'rejected', said, dueAt: null, changedAt: now })
  const step = stepOf(loaded, index).name
  await tellStep(tx, needs, stepDecided, { run, incident, step, index, more: { verdict: 'nobody let it happen' } })
}

/** Writes what came of a step, and tells it. */
export async function settleStep(loaded: Loaded, index: number, outcome: Outcome): Promise<void> {
  const { tx, needs, run, incident, now } = loaded
  const step = stepOf(loaded, index)
  const settled = settle(step, stepRun(run, index), outcome, now)
  await put(loaded, index, settled)
  const about = { run, incident, step: step.name, index }
  if (outcome.kind === 'done') await tellStep(tx, needs, stepDone, { ...about, more: { said: outcome.said } })
  // What is tried again is told when that is over.
  else if (settled.state !== 'pending')
    await tellStep(tx, needs, stepFailed, { ...about, more: { because: outcome.because } })
}

/** After its transaction came to nothing. True: the run may go on. */
async function settleApart(
  needs: Needs,
  ports: WorkflowsPorts,
  { runId, step, outcome }: { readonly runId: string; readonly step: number; readonly outcome: Outcome },
): Promise<boolean> {
  return needs.database.transaction(async (tx) => {
    const loaded = await loadRun(tx, needs, ports, runId)
    // Meanwhile another process did it.
    if (loaded === null || stepRun(loaded.run, step).state !== 'pending') return loaded !== null
    await settleStep(loaded, step, outcome)
    return true
  })
}

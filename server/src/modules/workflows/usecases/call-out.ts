// A step that asks somebody outside. At least once: who dies while the answer is on its way leaves it to the next one, and
// the receiver sees the same id again.
import { isJsonObject } from '../../../kernel/json.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findIncident, nameCall } from '../../incidents/index.ts'
import { callsOut, type Outcome, refusalOf, type Step, triggerToJson } from '../core/index.ts'
import { findHook, noteCall } from '../hooks.store.ts'
import type { HookAnswer, WorkflowsPorts } from '../workflows.ports.ts'
import { findRun, type RunRow } from '../workflows.store.ts'
import { comeBack, loadRun, outcomeOf, settleStep } from './advance-run.ts'
import { openHook } from './keep-hooks.ts'
import { namedOf } from './perform-step.ts'
import { workflowOf } from './read-workflows.ts'
import { actorOf } from './run-entry.ts'

export interface CallPayload {
  readonly runId: string
  readonly step: number
  readonly attempt: number
}

export async function callOutside(needs: Needs, ports: WorkflowsPorts, payload: CallPayload): Promise<void> {
  const run = await findRun(needs.database, payload.runId)
  if (run === null || !isAwaited(run, payload)) return
  const step = workflowOf(run).steps[payload.step]
  const hook = step === undefined ? null : callsOut(step)
  if (step === undefined || hook === null) return
  const answer = await ask(needs, ports, { run, step, hook, index: payload.step })
  await needs.database.transaction(async (tx) => {
    const loaded = await loadRun(tx, needs, ports, payload.runId)
    if (loaded === null || !isAwaited(loaded.run, payload)) return
    const outcome = outcomeFor(step, hook, answer)
    if (outcome.kind === 'done' && step.action.kind === 'call' && outcome.link !== null)
      await nameCall(tx, needs, { incident: loaded.incident, url: outcome.link, actor: actorOf(run) })
    await settleStep(loaded, payload.step, outcome)
    // Read by whoever reads the list of webhooks: nothing of the incident.
    const said = outcome.kind === 'done' ? 'It took the call.' : outcome.because
    await noteCall(tx, { name: hook, at: loaded.now, outcome: said })
    await comeBack(tx, payload.runId)
  })
}

function isAwaited(run: RunRow, { step, attempt }: CallPayload): boolean {
  const now = run.steps[step]
  return now?.state === 'calling' && now.attempts === attempt
}

interface Asking {
  readonly run: RunRow
  readonly step: Step
  readonly hook: string
  readonly index: number
}

type Answered = HookAnswer | { readonly kind: 'refused'; readonly because: string }

async function ask(needs: Needs, ports: WorkflowsPorts, { run, step, hook, index }: Asking): Promise<Answered> {
  const { database } = needs
  const incident = await findIncident(database, run.incidentId)
  const kept = await findHook(database, hook)
  if (incident === null) return { kind: 'refused', because: 'The incident is not there any more.' }
  if (kept === null)
    return { kind: 'failed', because: `There is no webhook "${hook}" under Workflows.`, passing: false, afterMs: null }
  // It may have become restricted while it waited.
  const refusal = refusalOf(step, incident, workflowOf(run))
  if (refusal !== null) return { kind: 'refused', because: refusal }
  const { kind, status, services, teams } = incident
  try {
    return await ports.callHook({
      ...openHook(ports, kept),
      key: `${run.id}:${index + 1}`,
      at: await database.now(),
      type: `dev.mainstay.workflow.${step.action.kind}`,
      subject: `incidents/${incident.id}`,
      timeoutMs: step.timeoutMs,
      data: {
        workflow: run.workflow,
        run: run.id,
        step: step.name,
        trigger: triggerToJson(run.trigger),
        incident: { ...namedOf(needs, incident), kind, status, services, teams },
      },
    })
  } catch (error) {
    const outcome = outcomeOf(needs, error)
    const because = outcome.kind === 'done' ? outcome.said : outcome.because
    return { kind: 'failed', because, passing: true, afterMs: null }
  }
}

function outcomeFor(step: Step, hook: string, answer: Answered): Outcome {
  if (answer.kind !== 'accepted') return answer
  if (step.action.kind !== 'call') return { kind: 'done', said: `${hook} has it.`, link: null }
  const url = urlIn(answer.body)
  return url === null
    ? { kind: 'failed', because: `${hook} answered without {"url": "https://…"}.`, passing: false }
    : { kind: 'done', said: `People talk at ${url}`, link: url }
}

const longestUrl = 2_000

function urlIn(body: string): string | null {
  try {
    const read: unknown = JSON.parse(body)
    const url = isJsonObject(read) ? read.url : null
    if (typeof url !== 'string' || url.length > longestUrl || !URL.canParse(url)) return null
    const parsed = new URL(url)
    return parsed.protocol === 'https:' && parsed.username === '' ? parsed.href : null
  } catch {
    return null
  }
}

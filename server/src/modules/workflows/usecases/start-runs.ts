// Something happened to an incident: the workflows that wait for it begin, each once.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { plus } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import type { IncidentReader } from '../../incidents/core/index.ts'
import { type IncidentRow, lockIncident, needIncident } from '../../incidents/index.ts'
import {
  causeInWords,
  listenersOf,
  mayStart,
  type Trigger,
  type TriggerFacts,
  triggerFacts,
  untouched,
} from '../core/index.ts'
import { advanceRun, workflowStarted } from '../workflows.contract.ts'
import type { WorkflowsPorts } from '../workflows.ports.ts'
import { insertRun, listOccurrences, type RunRow } from '../workflows.store.ts'
import { judgeCondition } from './judge-condition.ts'
import { readFacts, readTrigger } from './read-facts.ts'
import { type Declared, listDeclared, needDeclared } from './read-workflows.ts'
import { actorOf, isWorkflow, tellRun } from './run-entry.ts'

export interface Heard {
  readonly trigger: Trigger
  readonly incidentId: string
  /** The number of the entry in the journal. */
  readonly entry: number
  readonly data: JsonObject
}

/** What was heard at once. Each is tried; when one fails the first failure is thrown. */
export async function startRuns(needs: Needs, ports: WorkflowsPorts, heard: readonly Heard[]): Promise<void> {
  // Most installations have few or none: a storm of incidents costs them one look.
  const declared = await listDeclared(needs.database)
  const failures: unknown[] = []
  for (const each of heard)
    if (declared.some(({ workflow }) => workflow.enabled && workflow.on.includes(each.trigger)))
      await startRunsOf(needs, ports, declared, each).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

async function startRunsOf(
  needs: Needs,
  ports: WorkflowsPorts,
  declared: readonly Declared[],
  heard: Heard,
): Promise<void> {
  const { database } = needs
  const [line] = await ports.linesOf(database, [`incident:${heard.incidentId}`], heard.entry - 1, 1)
  const byWorkflow = line !== undefined && line.id === heard.entry && isWorkflow(line.actor)
  await database.transaction(async (tx) => {
    // Locked: those who start runs of one incident take turns, so that their number stays within its limit.
    const incident = await lockIncident(tx, heard.incidentId)
    if (incident === null) return
    const listening = listenersOf(
      declared.map((each) => each.workflow),
      { trigger: heard.trigger, entry: heard.entry, byWorkflow, kind: incident.kind },
    )
    if (listening.length === 0) return
    const facts = await readFacts(tx, incident)
    const trigger = await readTrigger(tx, heard.trigger, heard.data)
    for (const workflow of listening) {
      const of = declared.find((each) => each.workflow.name === workflow.name)
      const { holds, because } = judgeCondition(workflow, facts, trigger)
      if (of === undefined || !holds) continue
      const before = await listOccurrences(tx, { workflow: workflow.name, incidentId: incident.id })
      const start = mayStart(workflow, { entry: heard.entry, before })
      if (!start.ok) continue
      const sentence = workflow.when === null ? '' : ` ${because}`
      await begin(tx, needs, {
        of,
        incident,
        trigger,
        occurrence: start.occurrence,
        because: `${capital(causeInWords(heard.trigger))}.${sentence}`,
        startedBy: 'Mainstay',
      })
    }
  })
}

export async function startByHand(
  needs: Needs,
  order: {
    readonly workflow: string
    readonly incidentId: string
    readonly actor: Actor
    readonly reader: IncidentReader
    readonly by: string
  },
): Promise<RunRow> {
  return needs.database.transaction(async (tx) => {
    const of = await needDeclared(tx, order.workflow)
    await lockIncident(tx, order.incidentId)
    const incident = await needIncident(tx, order.incidentId, order.reader)
    const before = await listOccurrences(tx, { workflow: order.workflow, incidentId: incident.id })
    const occurrence = `hand ${needs.newId()}`
    const start = mayStart({ ...of.workflow, once: false }, { entry: 0, before })
    if (!start.ok || incident.kind === 'backfilled')
      throw new AppError(
        'conflict',
        'workflows.not-startable',
        start.ok ? 'The incident was written down afterwards; nobody is told of it now.' : start.because,
      )
    const run = await begin(tx, needs, {
      of: { ...of, workflow: { ...of.workflow, afterMs: 0 } },
      incident,
      trigger: triggerFacts('by-hand', { person: order.by }),
      occurrence,
      because: `${order.by} started it.`,
      startedBy: order.by,
      actor: order.actor,
    })
    if (run === null) throw new AppError('conflict', 'workflows.not-startable', 'It was started just now.')
    return run
  })
}

interface Beginning {
  readonly of: Declared
  readonly incident: IncidentRow
  readonly trigger: TriggerFacts
  readonly occurrence: string
  readonly because: string
  readonly startedBy: string
  readonly actor?: Actor
}

/** Null: another process was faster. */
async function begin(tx: Tx, needs: Needs, order: Beginning): Promise<RunRow | null> {
  const { workflow, definition } = order.of
  const now = await tx.now()
  const waits = workflow.afterMs > 0
  const run: RunRow = {
    id: needs.newId(),
    workflow: workflow.name,
    title: workflow.title,
    incidentId: order.incident.id,
    occurrence: order.occurrence,
    cause: order.trigger.kind,
    trigger: order.trigger,
    definition,
    state: waits ? 'waiting' : 'running',
    because: order.because,
    steps: workflow.steps.map(() => untouched),
    startedBy: order.startedBy,
    createdAt: now,
    dueAt: waits ? plus(now, workflow.afterMs) : null,
    changedAt: now,
    endedAt: null,
  }
  if (!(await insertRun(tx, run))) return null
  const { incident, actor = actorOf(run), because } = order
  if (!waits) await tellRun(tx, needs, workflowStarted, { run, incident, actor, more: { because } })
  await addWork(tx, advanceRun, { runId: run.id }, { key: run.id, ...(run.dueAt === null ? {} : { dueAt: run.dueAt }) })
  return run
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

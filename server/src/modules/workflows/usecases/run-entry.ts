// How a run stands in the journal: with its incident, its services, and closed to whoever may not read the incident.
import { type Actor, automation } from '../../../kernel/actor.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { EventType } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { IncidentRow } from '../../incidents/index.ts'
import type { RunData, StepData } from '../workflows.contract.ts'
import type { RunRow } from '../workflows.store.ts'

const prefix = 'workflow '

/** Whoever does what a step says. */
export const actorOf = ({ workflow }: Pick<RunRow, 'workflow'>): Actor => automation(`${prefix}${workflow}`)

/** What such an actor did starts no workflow. */
export const isWorkflow = ({ kind, id }: { readonly kind: string; readonly id: string }): boolean =>
  kind === 'automation' && id.startsWith(prefix)

interface About {
  readonly run: Pick<RunRow, 'id' | 'workflow' | 'title' | 'incidentId'>
  readonly incident: IncidentRow
  readonly actor?: Actor
}

export async function tellRun<More extends JsonObject>(
  tx: Tx,
  needs: Needs,
  event: EventType<RunData & More>,
  { run, incident, actor = actorOf(run), more }: About & { readonly more: More },
): Promise<void> {
  await needs.journal.publish(tx, event, {
    actor,
    subject: { kind: 'workflow-run', id: run.id },
    links: linksOf(incident),
    data: { runId: run.id, workflow: run.title, incidentId: incident.id, ...more },
  })
}

export async function tellStep<More extends JsonObject>(
  tx: Tx,
  needs: Needs,
  event: EventType<StepData & More>,
  about: About & { readonly step: string; readonly index: number; readonly more: More },
): Promise<void> {
  const { run, incident, step, index, more, actor = actorOf(run) } = about
  await needs.journal.publish(tx, event, {
    actor,
    subject: { kind: 'workflow-run', id: run.id },
    links: linksOf(incident),
    data: { runId: run.id, workflow: run.title, incidentId: incident.id, step, number: index + 1, ...more },
  })
}

const linksOf = (incident: IncidentRow) => [
  { kind: 'incident', id: incident.id },
  ...incident.services.map((id) => ({ kind: 'service', id })),
  ...(incident.kind === 'security' ? [{ kind: 'restricted', id: incident.id }] : []),
]

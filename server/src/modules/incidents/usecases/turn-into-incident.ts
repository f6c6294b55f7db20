// Planned work went wrong: from now on it is an incident as any other, with the whole of its timeline.
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { cancelWork } from '../../../platform/work/due-work.store.ts'
import { stateOf } from '../../maintenance/core/index.ts'
import { changeOccurrenceIn, findOccurrences } from '../../maintenance/index.ts'
import { refuseWentWrong } from '../core/index.ts'
import { incidentDeclared } from '../incidents.contract.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import { declareAnew, type IncidentRow, saveIncident } from '../incidents.store.ts'
import { incidentWentWrong, turnScheduled } from '../scheduled.contract.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { loadIncident, type Order } from './load-incident.ts'
import { readSeverity } from './open-incident.ts'
import { proposeFor } from './propose-severity.ts'
import { scheduleUpdate } from './schedule-update.ts'

export async function turnIntoIncident(
  needs: Needs,
  ports: IncidentsPorts,
  order: Order & {
    readonly reason: string
    readonly severity: string | null
    readonly startedAt: Instant | null
    readonly by: string
  },
): Promise<IncidentRow> {
  const { actor, reason } = order
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    const refusal = refuseWentWrong({ kind: incident.kind, phase: incident.status })
    if (refusal !== null) throw new AppError(refusal.kind, refusal.code, refusal.sentence)
    const now = await tx.now()
    if (order.startedAt !== null && order.startedAt > now)
      throw new AppError('invalid', 'incidents.time-ahead', 'The start of the impact cannot lie in the future.')
    const { severity, reasons } =
      order.severity === null
        ? await proposeFor(tx, ports, incident.services, incident.peopleAffected)
        : { severity: readSeverity(order.severity), reasons: [`${order.by} chose it.`] }
    // The people who do the work saw it and are on it: from here on it is measured.
    await declareAnew(tx, incident.id)
    const saved = await saveIncident(tx, {
      ...incident,
      kind: 'normal',
      severity,
      severityReason: reasons.join(' '),
      impactStartedAt: order.startedAt,
      detectedAt: now,
      acknowledgedAt: now,
      firstToldAt: null,
    })
    await cancelWork(tx, turnScheduled, incident.id)
    const [occurrence] = incident.maintenanceId === null ? [] : await findOccurrences(tx, [incident.maintenanceId])
    // What the maintenance holds back is heard, and counted, from now on.
    if (occurrence !== undefined && stateOf(occurrence, now) === 'in_progress')
      await changeOccurrenceIn(tx, needs, occurrence.id, { kind: 'end' }, { actor, reason })
    await needs.journal.publish(tx, incidentWentWrong, { ...entryOf(saved, actor, reason), data: dataOf(saved) })
    await needs.journal.publish(tx, incidentDeclared, {
      ...entryOf(saved, actor, saved.severityReason),
      data: dataOf(saved),
    })
    return scheduleUpdate(tx, saved, now)
  })
}

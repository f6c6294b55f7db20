// Classes of failure: of an incident as a whole, and of each factor of its postmortem.
import { AppError } from '../../../kernel/app-error.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { IncidentRow } from '../../incidents/index.ts'
import { listLearntOf } from '../../postmortems/index.ts'
import { type ClassificationReply, incidentClassified } from '../learning.contract.ts'
import { listClassesOf, removeClass, saveClass } from '../learning.store.ts'
import { linksOf, loadIncident, type Order } from './order.ts'
import { checkClass } from './read-policy.ts'

export async function readClassification(queries: Queries, incident: IncidentRow): Promise<ClassificationReply> {
  const rows = await listClassesOf(queries, [incident.id])
  const classOf = (factor: string) => rows.find((each) => each.factor === factor)?.class ?? null
  const [written] = await listLearntOf(queries, [incident.id])
  return {
    whole: classOf(''),
    factors: (written?.factors ?? []).map(({ id, text, kind }) => ({ id, text, kind, class: classOf(id) })),
    postmortem: written === undefined ? null : { id: written.id, number: written.number, status: written.status },
  }
}

export interface ClassOrder extends Order {
  readonly incident: string
  readonly factor: string | null
  readonly class: string | null
}

export async function classifyIncident(needs: Needs, order: ClassOrder): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order.incident, order.reader)
    const factor = order.factor ?? ''
    if (order.class !== null) await checkClass(tx, order.class)
    const { factors } = await readClassification(tx, incident)
    if (factor !== '' && order.class !== null && !factors.some((each) => each.id === factor))
      throw new AppError('invalid', 'learning.unknown-factor', `Its postmortem has no factor "${factor}".`)
    if (order.class === null) await removeClass(tx, incident.id, factor)
    else
      await saveClass(tx, {
        incidentId: incident.id,
        factor,
        class: order.class,
        by: order.by,
        at: await tx.now(),
      })
    await needs.journal.publish(tx, incidentClassified, {
      actor: order.actor,
      subject: { kind: 'incident', id: incident.id },
      links: linksOf([incident]),
      data: {
        incidentId: incident.id,
        number: incident.number,
        title: incident.title,
        class: order.class,
        factor: order.factor,
      },
    })
    return incident
  })
}

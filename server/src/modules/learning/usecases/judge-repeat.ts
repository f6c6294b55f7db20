// A person's word on a repeat. Confirmed, it also belongs to the problems of the earlier one.
import { AppError } from '../../../kernel/app-error.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { IncidentRow } from '../../incidents/index.ts'
import { listRestricted } from '../../incidents/index.ts'
import { likenessOf } from '../core/index.ts'
import { repeatSaid } from '../learning.contract.ts'
import { removeRepeat, saveRepeat } from '../learning.store.ts'
import { rounded } from '../present-learning.ts'
import { listProblemsOf } from '../problems.store.ts'
import { takeIncidentIn } from './link-problem.ts'
import { checkCounts, linksOf, loadIncident, type Order } from './order.ts'
import { isEarlier, readMemory, traitsOf } from './read-memory.ts'

export interface JudgeOrder extends Order {
  readonly incident: string
  readonly earlier: string
  readonly verdict: keyof typeof repeatSaid
  readonly reason: string | null
}

export async function judgeRepeatOf(needs: Needs, order: JudgeOrder): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    const { verdict, reader } = order
    const incident = await loadIncident(tx, order.incident, reader)
    const earlier = await loadIncident(tx, order.earlier, reader)
    checkCounts(incident)
    checkCounts(earlier)
    if (incident.id === earlier.id || !isEarlier(earlier, incident))
      throw new AppError('invalid', 'learning.not-earlier', 'It can only repeat an incident that began before it.')
    if (verdict !== 'confirmed' && (order.reason ?? '').trim() === '')
      throw new AppError('invalid', 'learning.reason-missing', 'Say why: the next person meets the same proposal.')
    const memory = await readMemory(tx, reader, incident.declaredAt)
    const traits = await traitsOf(tx, [incident, earlier])
    const [own, other] = [traits.get(incident.id), traits.get(earlier.id)]
    const seen = own && other ? likenessOf(own, other, memory.weights) : { score: 0, evidence: [] }
    if (verdict === 'undecided') {
      if (!(await removeRepeat(tx, incident.id, earlier.id)))
        throw new AppError('conflict', 'learning.nothing-said', 'Nobody has said anything of these two.')
    } else
      await saveRepeat(tx, {
        incidentId: incident.id,
        earlierId: earlier.id,
        verdict,
        score: seen.score,
        evidence: seen.evidence,
        reason: order.reason,
        by: order.by,
        at: await tx.now(),
      })
    await needs.journal.publish(tx, repeatSaid[verdict], {
      actor: order.actor,
      subject: { kind: 'incident', id: incident.id },
      links: linksOf([incident, earlier]),
      ...(order.reason === null ? {} : { reason: order.reason }),
      data: {
        incidentId: incident.id,
        number: incident.number,
        title: incident.title,
        earlier: earlier.number,
        score: rounded(seen.score),
      },
    })
    if (verdict === 'confirmed') {
      const { closed } = await listRestricted(tx, reader)
      const because = `Incident ${incident.number} repeats incident ${earlier.number}.`
      for (const problem of await listProblemsOf(tx, earlier.id, closed))
        await takeIncidentIn(needs, tx, order, { problemId: problem.id, incident, because })
    }
    return incident
  })
}

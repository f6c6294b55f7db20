// Acknowledging by a signed link: the room that pages asks the room that owns alerts.
import { AppError } from '../../kernel/app-error.ts'
import { type AlertsPorts, acknowledgeAlert, findAlert, listMembers, rateAlert } from '../../modules/alerts/index.ts'
import type { LinkAnswer } from '../../modules/oncall/index.ts'
import type { Needs } from '../../platform/room/needs.ts'

export async function acknowledgeByLink(
  needs: Needs,
  ports: AlertsPorts,
  order: { readonly alertId: string; readonly person: string },
): Promise<LinkAnswer> {
  const named = await findAlert(needs.database, order.alertId)
  if (named === null) throw new AppError('not-found', 'alerts.unknown', 'There is no such alert any more.')
  // The page went on for others when the one it was made for ended.
  const [follower] = named.status === 'resolved' ? await listMembers(needs.database, named.id) : []
  const alert = follower ?? named
  if (alert.status === 'resolved') return { state: 'already', by: null }
  if (alert.status === 'acknowledged' && alert.answeredBy !== order.person)
    return { state: 'already', by: alert.answeredBy }
  try {
    await acknowledgeAlert(needs, ports, {
      alertId: alert.id,
      by: order.person,
      actor: { kind: 'link', id: order.person, name: order.person },
    })
  } catch (error) {
    // It ended between our look and our answer.
    if (error instanceof AppError && error.code === 'alerts.already-ended') return { state: 'already', by: null }
    throw error
  }
  return { state: 'acknowledged' }
}

export async function rateByLink(
  needs: Needs,
  { alertId, person, useful }: { readonly alertId: string; readonly person: string; readonly useful: boolean },
): Promise<void> {
  await rateAlert(needs, { alertId, useful, by: person, actor: { kind: 'link', id: person, name: person } })
}

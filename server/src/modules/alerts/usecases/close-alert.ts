// The end of an episode, whoever brings it: the row, the pages, the journal.
import type { Actor } from '../../../kernel/actor.ts'
import { invariant } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { type Published, published } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { alertEnded } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, addTrace, type Ended, endAlerts } from '../alerts.store.ts'
import { type Asked, asked, type Episode } from '../core/index.ts'
import { dropGroup, findMembers, listNeeded, lockGroup } from '../page-groups.store.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { regroupAll, regroupInTime, regroupSoon } from './page-alerts.ts'
import { speakingOf } from './regroup-pages.ts'

export interface Close {
  readonly tx: Tx
  readonly needs: Needs
  readonly ports: AlertsPorts
  readonly actor: Actor
  readonly row: AlertRow
  readonly reason?: string
}

/** What an end writes, for many at once. `row` is the alert as it is afterwards. */
export interface PlannedEnd {
  readonly row: AlertRow
  readonly end: Ended
  readonly entry: Published
}

/** `signals`: taken in by the end itself, or with it and not counted yet. */
export function planEnd(of: Pick<Close, 'actor' | 'row' | 'reason'>, episode: Episode, signals: number): PlannedEnd {
  const { end, startedAt, lastSeenAt, signal } = episode
  invariant(end !== null, 'an episode that is closed has an end')
  const row: AlertRow = {
    ...of.row,
    ...{ status: 'resolved', ended: end.how, endedAt: end.at, startedAt, lastSeenAt, signal },
    ...{ snoozedUntil: null, leaseUntil: null, leaseGiven: null },
    count: of.row.count + signals,
    version: of.row.version + 1,
  }
  const entry = published(alertEnded[end.how], {
    actor: of.actor,
    subject: { kind: 'alert', id: row.id },
    links: linksOf(row),
    ...(of.reason === undefined ? {} : { reason: of.reason }),
    data: { ...dataOf(row), ended: end.how },
  })
  return { row, end: { id: row.id, episode, end, signals }, entry }
}

/** By a person, who sees what became of the page. */
export async function closeAlert(close: Close, episode: Episode): Promise<AlertRow> {
  const { tx, needs } = close
  const { row, end, entry } = planEnd(close, episode, episode.end?.how === 'resolved' ? 1 : 0)
  await endAlerts(tx, [end])
  await addTrace(tx, await endPage(close, row))
  await needs.journal.publishAll(tx, [entry])
  return row
}

interface Step {
  readonly alertId: string
  readonly asked: Asked
}

/** Its page is over too, unless others that were paged with it still fire: then it goes on where it stands. */
async function endPage({ tx, ports }: Pick<Close, 'tx' | 'ports'>, ended: AlertRow): Promise<readonly Step[]> {
  if (ended.pagedWith !== null) {
    await regroupSoon(tx, ended.pagedWith)
    return []
  }
  return endOwnPage({ tx, ports }, ended)
}

/** The same for many. A page that others still need is put right once, a moment later; one that nobody needs is over now. */
export async function endPages(
  of: Pick<Close, 'tx' | 'ports'>,
  ended: readonly AlertRow[],
  now: Instant,
): Promise<readonly Step[]> {
  const pages = new Set(ended.map((row) => row.pagedWith).filter((id) => id !== null))
  const needed = await listNeeded(of.tx, [...pages])
  await regroupInTime(of.tx, needed, now)
  await regroupAll(
    of.tx,
    [...pages].filter((id) => !needed.has(id)),
  )
  const steps: Step[] = []
  for (const row of ended) if (row.pagedWith === null) steps.push(...(await endOwnPage(of, row)))
  return steps
}

async function endOwnPage({ tx, ports }: Pick<Close, 'tx' | 'ports'>, ended: AlertRow): Promise<readonly Step[]> {
  const group = await lockGroup(tx, ended.id)
  const others = group === null ? null : await findMembers(tx, ended.id)
  const speaker = speakingOf(ended.id, others?.lines ?? [])
  if (others === null || speaker === null) {
    await ports.paging.resolve(tx, ended.id, ended.ended ?? 'resolved')
    if (group !== null) await dropGroup(tx, ended.id)
    return []
  }
  await regroupSoon(tx, ended.id)
  const many = others.count === 1 ? 'one alert' : `${others.count} alerts`
  const goesOn = asked('group', 'goes on', `Its page goes on for ${many} still open.`)
  const said = `#${ended.number} is over; its page goes on where it stood, for this one.`
  return [
    { alertId: ended.id, asked: goesOn },
    { alertId: speaker.id, asked: asked('group', 'goes on', said) },
  ]
}

// Taking alerts: one with everything its page told of, or hundreds of a storm by few statements.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { type Published, published } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { alertAcknowledged } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, addTrace, answerOf, lockAlerts, saveAcknowledged, toEpisode } from '../alerts.store.ts'
import { type Asked, asked, decideAcknowledge } from '../core/index.ts'
import { answerGroup, lockGroups, lockMembers } from '../page-groups.store.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { rateLocked } from './rate-alert.ts'

export interface AcknowledgeOrder {
  readonly actor: Actor
  /** The name that is shown and paged by: the catalog's person where there is one. */
  readonly by: string
  /** What they say of it in the same breath; null or nothing when they do not. */
  readonly useful?: boolean | null
}

export interface Acknowledged {
  readonly done: readonly AlertRow[]
  readonly refused: readonly { readonly id: string; readonly error: AppError }[]
}

/** As many in one transaction: it holds their pages, and whoever is paged next waits for it. */
const atOnce = 50

/** Takes everything the same page told of: whoever acknowledges one has the failure. */
export async function acknowledgeAlert(
  needs: Needs,
  ports: AlertsPorts,
  { alertId, ...order }: AcknowledgeOrder & { readonly alertId: string },
): Promise<AlertRow> {
  const { done, refused } = await needs.database.transaction((tx) => takeAlerts(tx, needs, ports, [alertId], order))
  const [row] = done
  if (row === undefined) throw refused[0]?.error ?? new Error('One that is not refused is taken.')
  return row
}

/**
 * Each answers for itself. Cost: some ten statements a transaction, and those of the pager for each page; an alert that was taken
 * with another of the same page costs nothing more.
 */
export async function acknowledgeAlerts(
  needs: Needs,
  ports: AlertsPorts,
  ids: readonly string[],
  order: AcknowledgeOrder,
): Promise<Acknowledged> {
  const done: AlertRow[] = []
  const refused: Acknowledged['refused'][number][] = []
  const take = async (some: readonly string[]) => {
    const taken = await needs.database.transaction((tx) => takeAlerts(tx, needs, ports, some, order))
    done.push(...taken.done)
    refused.push(...taken.refused)
  }
  const each = [...new Set(ids)]
  for (let from = 0; from < each.length; from += atOnce) {
    const some = each.slice(from, from + atOnce)
    try {
      await take(some)
    } catch (error) {
      if (!isRefusal(error)) throw error
      // One of them is refused by another room: the others are taken all the same.
      for (const id of some)
        await take([id]).catch((own: unknown) => {
          if (!isRefusal(own)) throw own
          refused.push({ id, error: own })
        })
    }
  }
  return { done, refused }
}

const isRefusal = (error: unknown): error is AppError => error instanceof AppError && error.kind !== 'unavailable'

/** The rows, then the pages, then everybody on them: what is locked neither leaves nor is joined meanwhile. */
async function takeAlerts(
  tx: Tx,
  needs: Needs,
  ports: AlertsPorts,
  ids: readonly string[],
  order: AcknowledgeOrder,
): Promise<Acknowledged> {
  const rows = new Map((await lockAlerts(tx, ids)).map((row) => [row.id, row]))
  const now = await tx.now()
  const refused: Acknowledged['refused'][number][] = []
  const reasons = new Map<string, string>()
  for (const id of ids) {
    const read = reasonFor(rows.get(id), order.by, now)
    if (read instanceof AppError) refused.push({ id, error: read })
    else reasons.set(id, read)
  }
  const chosen = [...reasons.keys()].flatMap((id) => rows.get(id) ?? [])
  const groups = [...new Set(chosen.map(groupOf))]
  await lockGroups(tx, groups)
  for (const member of await lockMembers(tx, groups)) {
    const lead = chosen.find((row) => groupOf(row) === groupOf(member))
    if (lead === undefined || reasons.has(member.id) || member.answeredBy === order.by) continue
    const reason = reasonFor(member, order.by, now)
    if (reason instanceof AppError) continue
    reasons.set(member.id, `${reason} With #${lead.number}: one page told of both.`)
  }
  const saved = new Map((await saveAcknowledged(tx, [...reasons.keys()], order.by, now)).map((row) => [row.id, row]))
  await answerPages(tx, ports, chosen, saved, order.by, now)
  await tell(tx, needs, order, saved, reasons)
  const done: AlertRow[] = []
  for (const { id } of chosen) {
    const row = saved.get(id)
    if (row !== undefined) done.push(await rated(tx, needs, order, row))
  }
  return { done, refused }
}

function reasonFor(row: AlertRow | undefined, by: string, now: Instant): string | AppError {
  if (row === undefined) return new AppError('not-found', 'alerts.unknown', 'There is no such alert.')
  const decision = decideAcknowledge({ answer: answerOf(row), end: toEpisode(row).end }, by, now)
  if (decision.ok) return decision.reason
  return new AppError(decision.refusal.kind, decision.refusal.code, decision.refusal.sentence)
}

/** The alert whose page tells of it; itself when it joined none. */
const groupOf = (row: AlertRow): string => row.pagedWith ?? row.id

async function answerPages(
  tx: Tx,
  ports: AlertsPorts,
  chosen: readonly AlertRow[],
  saved: ReadonlyMap<string, AlertRow>,
  by: string,
  now: Instant,
): Promise<void> {
  const groups = [...new Set(chosen.map(groupOf))]
  const standings = new Map(await ports.paging.standings(tx, groups))
  for (const { id } of chosen) {
    const row = saved.get(id)
    if (row === undefined || row.silencedBy !== null) continue
    // Put off it left its page: one that can remind whoever forgets it is made, and answered before anybody is told.
    const group = groupOf(row)
    if ((standings.get(group) ?? 'none') !== 'none') continue
    await ports.paging.open(tx, row)
    if (row.id === group) standings.set(group, 'escalating')
  }
  for (const group of groups) {
    await ports.paging.acknowledge(tx, group, by)
    await answerGroup(tx, group, { by, at: now })
  }
}

async function tell(
  tx: Tx,
  needs: Needs,
  order: AcknowledgeOrder,
  saved: ReadonlyMap<string, AlertRow>,
  reasons: ReadonlyMap<string, string>,
): Promise<void> {
  const trace: { readonly alertId: string; readonly asked: Asked }[] = []
  const entries: Published[] = []
  for (const [id, reason] of reasons) {
    const row = saved.get(id)
    if (row === undefined) continue
    trace.push({ alertId: id, asked: asked('answer', 'acknowledged', reason) })
    entries.push(
      published(alertAcknowledged, {
        actor: order.actor,
        subject: { kind: 'alert', id },
        links: linksOf(row),
        reason,
        data: { ...dataOf(row), by: order.by },
      }),
    )
  }
  await addTrace(tx, trace)
  await needs.journal.publishAll(tx, entries)
}

/** Of this one alone: what shares its page may be another matter. */
export async function rated(tx: Tx, needs: Needs, order: AcknowledgeOrder, row: AlertRow): Promise<AlertRow> {
  const useful = order.useful ?? null
  if (useful === null) return row
  await rateLocked(tx, needs, row, { useful, actor: order.actor, by: order.by })
  return { ...row, useful }
}

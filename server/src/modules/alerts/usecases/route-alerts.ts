// The routing file: kept, asked, and what it held back told when nothing holds it any more.
import type { Actor } from '../../../kernel/actor.ts'
import { automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { alertHeard, routingChanged } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, addTrace } from '../alerts.store.ts'
import { asked, judgeRouting, probesOf, type TimedRouting, type Timing } from '../core/index.ts'
import { listSources } from '../open-alerts.store.ts'
import {
  findRouting,
  findRoutingMark,
  lockRoutedAway,
  type RoutingRow,
  removeRouting,
  saveRouting,
  setHold,
} from '../routing.store.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { pageAlert, takeTurnFor } from './page-alerts.ts'
import { regroupRoutes } from './regroup-routes.ts'
import { waitFurther } from './wait-further.ts'

/** Read once for each version and process: a file of thousands of routes is not parsed for each batch. */
const readings = new WeakMap<Needs, { readonly routing: TimedRouting; readonly changedAt: Instant }>()

/** Null without a routing file: then everybody is told by their service's policy. */
export async function loadRouting(queries: Queries, needs: Needs, ports: AlertsPorts): Promise<TimedRouting | null> {
  const mark = await findRoutingMark(queries)
  if (mark === null) return null
  const known = readings.get(needs)
  if (known?.routing.version === mark.version && known.changedAt === mark.changedAt) return known.routing
  const row = await findRouting(queries)
  const read = row === null ? null : ports.readRouting(row.text)
  // A file that cannot be read any more holds nobody back.
  if (row === null || read === null || !read.ok) return null
  const timing = { mode: row.timing, criticalAtOnce: row.criticalAtOnce }
  const routing = { ...read.routing, version: row.version, timing }
  readings.set(needs, { routing, changedAt: row.changedAt })
  return routing
}

export async function replaceRouting(
  needs: Needs,
  ports: AlertsPorts,
  order: { readonly text: string; readonly timing: Timing; readonly actor: Actor; readonly by: string },
): Promise<RoutingRow> {
  const read = ports.readRouting(order.text)
  if (!read.ok)
    throw new AppError('invalid', 'alerts.routing-invalid', 'The routing file cannot be used; nothing was changed.', {
      faults: read.faults.map(({ line, detail }) => ({ pointer: `/text#L${line}`, detail: `Line ${line}: ${detail}` })),
    })
  return needs.database.transaction(async (tx) => {
    const row = await saveRouting(tx, read.redacted, order.by, order.timing)
    await regroupRoutes(tx, needs, { ...read.routing, version: row.version, timing: order.timing })
    await tellChange(tx, needs, order.actor, `${read.routing.receivers.length} receivers, version ${row.version}.`)
    return row
  })
}

export async function forgetRouting(needs: Needs, actor: Actor): Promise<void> {
  await needs.database.transaction(async (tx) => {
    if (!(await removeRouting(tx))) return
    await regroupRoutes(tx, needs, null)
    await tellChange(tx, needs, actor, 'The routing file was removed.')
  })
}

async function tellChange(tx: Tx, needs: Needs, actor: Actor, reason: string): Promise<void> {
  await needs.journal.publish(tx, routingChanged, {
    actor,
    subject: { kind: 'routing', id: 'alertmanager' },
    reason,
    data: {},
  })
}

const atOnce = 1_000
const labelled = (rows: readonly AlertRow[]) => rows.map((row) => ({ labels: row.signal.labels }))
const actor = automation('alerts.routing')

/** Inhibited and muted alerts whose reason is gone and whose problem is not: whoever they are for hears of them now. */
export async function sweepRouted(needs: Needs, ports: AlertsPorts): Promise<number> {
  return needs.database.transaction(async (tx) => {
    const rows = await lockRoutedAway(tx, atOnce)
    if (rows.length === 0) return 0
    const now = await tx.now()
    const routing = await loadRouting(tx, needs, ports)
    const probes = routing === null ? [] : probesOf(routing, labelled(rows))
    const sources = await listSources(tx, probes)
    const turn = await takeTurnFor({ tx, needs, ports, now }, rows)
    const verdicts = new Map(
      rows.map((row) => {
        const of = { id: row.id, labels: row.signal.labels }
        return [row.id, routing === null ? null : judgeRouting(routing, of, sources, now)]
      }),
    )
    const free = rows.filter(
      (row) => row.silencedBy === null && row.answeredBy === null && (verdicts.get(row.id)?.hold ?? null) === null,
    )
    const waiting = await waitFurther({ tx, now }, routing, free)
    let told = 0
    for (const row of rows) {
      const verdict = verdicts.get(row.id) ?? null
      const hold = verdict?.hold ?? null
      if (hold === row.heldBecause) continue
      const changed = await setHold(tx, row.id, hold)
      if (hold !== null) continue
      told += 1
      const because = `Nothing keeps it back any more (it was ${row.heldBecause}).`
      const isFree = row.silencedBy === null && row.answeredBy === null
      const page = isFree && !waiting.has(row.id) ? await pageAlert(turn, changed) : null
      const later =
        isFree && waiting.has(row.id) ? [asked('timers', 'waits', 'Told at the next flush of its group.')] : []
      const steps = [asked('route', 'heard', because), ...(verdict?.trace ?? []), ...later, ...(page?.trace ?? [])]
      await addTrace(
        tx,
        steps.map((step) => ({ alertId: row.id, asked: step })),
      )
      await needs.journal.publish(tx, alertHeard, {
        actor,
        subject: { kind: 'alert', id: row.id },
        links: linksOf(changed),
        reason: because,
        data: dataOf(changed),
      })
    }
    return told
  })
}

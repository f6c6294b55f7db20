// What a process needs of this room to judge signals while the database is away; plain data, so that it can lie in a file.
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, toEpisode } from '../alerts.store.ts'
import { listForPlan, listPagesSince, type ReadSignals } from '../alerts-plan.store.ts'
import { type Episode, episodeKey, type PageGroup, sameFailureMs } from '../core/index.ts'
import { loadNamesPlan } from '../episode-names.store.ts'
import type { NamesPlan } from '../episode-names.ts'
import { packOpen } from '../open-alerts.store.ts'
import { findRouting } from '../routing.store.ts'
import { listHolds, type SilenceRow } from '../silences.store.ts'

export interface OpenAlert extends Pick<AlertRow, 'id' | 'service' | 'team' | 'tier' | 'urgency' | 'pagedWith'> {
  /** Left out in a plan of a release that made no names. */
  readonly openedAt?: Instant
  readonly key: string
  readonly episode: Episode
  readonly isHeld: boolean
}

export interface AlertsPlan {
  readonly alerts: readonly OpenAlert[]
  /** Every alert that was open, for `openSet`, in base64; left out in a plan of a release that knew only `alerts`. */
  readonly open?: string
  /** How names are made; left out in a plan of a release that made none. */
  readonly names?: NamesPlan
  /** Pages that are out and may be joined. */
  readonly pages: readonly PageGroup[]
  readonly silences: readonly SilenceRow[]
  /** The text of the routing file; null without one. */
  readonly routing: string | null
}

// Those that began last. Of an older one it is known that it is open; its end is found when the database is back.
const most = 5_000
const mostPages = 200
/** Of the plan that was read last, whose signals these are. */
const readBefore = new WeakMap<AlertsPorts, ReadSignals>()

export async function loadAlertsPlan(queries: Queries, ports: AlertsPorts, now: Instant): Promise<AlertsPlan> {
  const { rows: newest, signals } = await listForPlan(queries, most, readBefore.get(ports) ?? new Map())
  readBefore.set(ports, signals)
  const groups = await listPagesSince(queries, plus(now, -sameFailureMs), mostPages)
  const standings = await ports.paging.standings(
    queries,
    groups.map((group) => group.id),
  )
  const pages: readonly PageGroup[] = groups.map((group) => ({
    ...group,
    standing: standings.get(group.id) ?? 'none',
  }))
  return {
    alerts: newest.map((row) => ({
      id: row.id,
      openedAt: row.openedAt,
      key: episodeKey(row),
      episode: toEpisode(row),
      service: row.service,
      team: row.team,
      tier: row.tier,
      urgency: row.urgency,
      pagedWith: row.pagedWith,
      isHeld: row.silencedBy !== null || row.heldBecause !== null,
    })),
    open: await packOpen(queries),
    names: await loadNamesPlan(queries, now),
    pages,
    silences: await listHolds(queries),
    routing: (await findRouting(queries))?.text ?? null,
  }
}

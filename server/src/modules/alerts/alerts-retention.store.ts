// All SQL by which old traces, unread signals and silences go, and alerts where somebody decided so.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { sql, timestamp } from '../../platform/database/queries.ts'
import { beyond, type KeepRule, type OldRow, picked } from '../../platform/retention/keep-rule.ts'

// Entries are written in the order of their ids, so the oldest stand at the front of the primary key: no index of its
// own on the biggest table. The first batch without an old entry is the end.
const trace: KeepRule = {
  name: 'traces',
  summary: 'Why each alert was told, held or joined, step by step',
  keep: 'traces',
  pick: async (tx, { before, after, limit }) => {
    const rows = await tx.many(sql<OldRow & { readonly old: boolean }>`
      select id::text as id, at::text as at, at < ${timestamp(before)} as old, array[alert_id::text] as alerts, 'anyone' as people from alert_trace
      where ${after === null ? sql`true` : sql`id > ${after[1]}::bigint`} order by alert_trace.id limit ${limit} for update skip locked`)
    const candidates = rows.filter((row) => row.old)
    return { candidates, next: candidates.length === 0 ? null : picked(rows, limit).next }
  },
  remove: (tx, ids) => tx.run(sql`delete from alert_trace where id = any(${[...ids]}::bigint[])`),
}

const unread: KeepRule = {
  name: 'unread signals',
  summary: 'Signals that could not be understood, as they came',
  keep: 'traces',
  pick: async (tx, { before, after, limit }) =>
    picked(
      await tx.many(sql<OldRow>`
        select id::text as id, received_at::text as at, true as unclear from orphan_signals
        where received_at < ${timestamp(before)} and ${beyond(sql`received_at, id`, after, 'bigint')}
        order by received_at, orphan_signals.id limit ${limit} for update skip locked`),
      limit,
    ),
  remove: (tx, ids) => tx.run(sql`delete from orphan_signals where id = any(${[...ids]}::bigint[])`),
}

const silences: KeepRule = {
  name: 'silences',
  summary: 'Silences that are over',
  keep: 'traces',
  pick: async (tx, { before, after, limit }) =>
    picked(
      await tx.many(sql<OldRow>`
        select id, ends_at::text as at, true as unclear,
          array(select a.id::text from alerts a where a.silenced_by = s.id and a.status <> 'resolved') as alerts from silences s
        where ends_at < ${timestamp(before)} and ${beyond(sql`ends_at, id`, after)}
        order by ends_at, id limit ${limit} for update skip locked`),
      limit,
    ),
  remove: (tx, ids) => tx.run(sql`delete from silences where id = any(${[...ids]}::uuid[])`),
}

// One of an incident is part of its history and goes after it. Its trace goes with it, by the database.
const alerts: KeepRule = {
  name: 'alerts',
  summary: 'Alerts that are over and belong to no incident',
  keep: 'alerts',
  pick: async (tx, { before, after, limit }) =>
    picked(
      await tx.many(sql<OldRow>`
        select id, opened_at::text as at, array[id::text] as alerts, 'anyone' as people, array_remove(array[service], null) as services from alerts
        where status = 'resolved' and opened_at < ${timestamp(before)} and ended_at < ${timestamp(before)} and incident_id is null
          and ${beyond(sql`opened_at, id`, after)}
        order by opened_at, id limit ${limit} for update skip locked`),
      limit,
    ),
  remove: (tx, ids) => tx.run(sql`delete from alerts where id = any(${[...ids]}::uuid[])`),
}

export const alertsKept: readonly KeepRule[] = [trace, unread, silences, alerts]

export interface AlertStanding {
  readonly id: string
  readonly service: string | null
  readonly incidentId: string | null
  /** Open, or ended no longer ago than that: what is told about it counts its age from its end. */
  readonly current: boolean
}

/** Of the alerts named; one that is gone is not among them. */
export async function listStandings(tx: Tx, ids: readonly string[], since: Instant): Promise<readonly AlertStanding[]> {
  return tx.many(sql<AlertStanding>`
    select id, service, incident_id as "incidentId", (status <> 'resolved' or ended_at >= ${timestamp(since)}) as current
    from alerts where id = any(${[...ids]}::uuid[])`)
}

/** Their incident is gone: nothing may lead to it. */
export async function leaveIncidents(tx: Tx, incidents: readonly string[]): Promise<void> {
  await tx.run(
    sql`update alerts set incident_id = null, version = version + 1 where incident_id = any(${[...incidents]}::uuid[])`,
  )
}

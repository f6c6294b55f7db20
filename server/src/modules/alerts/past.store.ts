// All SQL on earlier episodes of an alert: what is learnt from them.
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, type RawBuilder, sql } from '../../platform/database/queries.ts'
import type { PastEpisode } from './core/index.ts'

/**
 * What came before under the same key, newest first: one look in an index for each. Over by itself is what its sender
 * ended or stopped repeating and nobody had answered.
 */
export async function listPast(
  tx: Tx,
  ids: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, PastEpisode[]>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.many(sql<PastEpisode & { alertId: string }>`
    select own.id as "alertId", past.* from alerts own
    cross join lateral (${pastOf(sql`source = own.source and key = own.key and opened_at < own.opened_at and id <> own.id`, most)}) past
    where own.id = any(${[...ids]}::uuid[])
    order by own.id, past."openedAt" desc`)
  const past = new Map<string, PastEpisode[]>()
  for (const { alertId, ...episode } of rows) past.set(alertId, [...(past.get(alertId) ?? []), episode])
  return past
}

const pastOf = (which: RawBuilder<unknown>, most: number) => sql`
  select opened_at as "openedAt", ended_at as "endedAt", worst, flapping, acknowledged_at is null and ended in ('resolved', 'expired') as healed
  -- By its end and not by its status: that index would be walked through everybody's alerts.
  from alerts where ${which} and ended_at is not null and opened_at > mainstay_now() - interval '30 days'
  order by opened_at desc limit ${most}`

/** Of labels that name a rule: among its newest episodes those with the same labels, whoever sent them. */
export async function listPastOf(
  queries: Queries,
  of: { readonly rule: string; readonly fingerprint: string },
  most: number,
): Promise<readonly PastEpisode[]> {
  const those = sql`id = any(array(select outcome.alert_id from alert_outcomes outcome where outcome.rule = ${of.rule} order by outcome.opened_at desc limit 500))
    and signal ->> 'fingerprint' = ${of.fingerprint}`
  return queries.many(sql<PastEpisode>`${pastOf(those, most)}`)
}

// All SQL that reads open alerts by their labels: how rules and programs find the few they name among very many.
import { findUnstorable } from '../../kernel/json.ts'
import { json, type Queries, sql } from '../../platform/database/queries.ts'
import { type AlertRow, alertColumns, alertsWithLeases, joinedColumns } from './alerts.store.ts'
import type { Labels, Source } from './core/index.ts'

// So many for one question; whoever asks looks at each of them.
const most = 20_000
// Some milliseconds of reading between two turns of the event loop.
const atOnce = 500
const keysAtOnce = 5_000

/** What no stored text can hold, no alert has. */
const isStorable = (labels: Labels): boolean => findUnstorable(labels) === null

/** An open alert that may inhibit others. */
export interface OpenSource extends Source {
  readonly fingerprint: string
}

/** Open alerts that have all labels of one of `probes` at least; a silenced or held one, too. An empty probe is every alert. */
export async function listSources(queries: Queries, probes: readonly Labels[]): Promise<readonly OpenSource[]> {
  const distinct = [...new Set(probes.filter(isStorable).map((probe) => JSON.stringify(probe)))]
  if (distinct.length === 0) return []
  const rows = await queries.many(sql<OpenSource>`
    select found.id, found.fingerprint, found.labels from unnest(${distinct}::text[]) as one (probe)
    cross join lateral (select alert_id::text as id, fingerprint, labels from alert_labels where labels @> one.probe::jsonb limit ${most}) found`)
  return [...new Map(rows.map((row) => [row.id, row])).values()]
}

/** By any sender, the one heard last: what programs without our keys know an alert by. */
export async function findOpenByFingerprint(queries: Queries, fingerprint: string): Promise<AlertRow | null> {
  return queries.maybe(sql<AlertRow>`
    select ${alertColumns} from alerts
    where id = any(array(select alert_id from alert_labels own where own.fingerprint = ${fingerprint})) and status <> 'resolved'
    order by "lastSeenAt" desc limit 1`)
}

/** The newest open alerts, newest signal first. */
export async function listNewestOpen(queries: Queries, limit: number): Promise<readonly AlertRow[]> {
  return queries.many(
    sql<AlertRow>`select ${joinedColumns} from ${alertsWithLeases} where status <> 'resolved' order by "lastSeenAt" desc limit ${Math.min(limit, most)}`,
  )
}

/** The first eight bytes of the identity of every open alert. */
export async function packOpen(queries: Queries): Promise<string> {
  const { packed } = await queries.one(sql<{ packed: string }>`
    select coalesce(encode(string_agg(substring(uuid_send(identity) from 1 for 8), ''), 'base64'), '') as packed from alert_leases`)
  return packed
}

interface Key {
  readonly fingerprint: string
  readonly id: string
}

/**
 * Every open alert that has these labels, in the order of fingerprints, some hundred at a time; of several senders of the
 * same labels the one heard last. One that opens or ends meanwhile may be there or not.
 */
export async function* readOpenAlerts(queries: Queries, having: Labels): AsyncGenerator<readonly AlertRow[]> {
  if (!isStorable(having)) return
  let after = ''
  for (;;) {
    const keys = await listKeys(queries, having, after)
    for (const ids of chunksOf(keys)) {
      const rows = await queries.many(sql<AlertRow>`
        select ${joinedColumns} from ${alertsWithLeases} where id = any(${[...ids]}::uuid[]) and status <> 'resolved'
        order by (signal ->> 'fingerprint') collate "C", "lastSeenAt" desc`)
      yield rows.filter((row, index) => row.signal.fingerprint !== rows[index - 1]?.signal.fingerprint)
    }
    if (keys.length < keysAtOnce) return
    after = keys.at(-1)?.fingerprint ?? ''
  }
}

/** All of a fingerprint or none. Those without labels are nothing that Alertmanager could know. */
function listKeys(queries: Queries, having: Labels, after: string): Promise<readonly Key[]> {
  // Found by their labels first: else all are read in order until enough of them match.
  const found =
    Object.keys(having).length === 0
      ? sql`alert_labels`
      : sql`(select * from alert_labels where labels @> ${json(having)} offset 0) found`
  return queries.many(sql<Key>`
    select fingerprint, alert_id as id from ${found} where fingerprint > ${after} and labels <> '{}'
    order by fingerprint fetch first ${sql.lit(keysAtOnce)} rows with ties`)
}

function* chunksOf(keys: readonly Key[]): Generator<readonly string[]> {
  let chunk: Key[] = []
  for (const key of keys) {
    if (chunk.length >= atOnce && chunk.at(-1)?.fingerprint !== key.fingerprint) {
      yield chunk.map(({ id }) => id)
      chunk = []
    }
    chunk.push(key)
  }
  if (chunk.length > 0) yield chunk.map(({ id }) => id)
}

// All SQL that reads open alerts by their labels: how rules and programs find the few they name among very many.
import type { Instant } from '../../kernel/instant.ts'
import { findUnstorable } from '../../kernel/json.ts'
import { json, type Queries, type RawBuilder, sql } from '../../platform/database/queries.ts'
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

/** An open alert as Alertmanager's lists show it: what nobody looks into stays the text it is. */
export interface ShownAlert {
  readonly fingerprint: string
  /** JSON. */
  readonly labels: string
  /** JSON. */
  readonly annotations: string
  /** Where the sender looked: the link that says so. */
  readonly query: string | null
  readonly service: string | null
  readonly team: string | null
  readonly startedAt: Instant
  readonly lastSeenAt: Instant
  readonly leaseUntil: Instant | null
}

/**
 * Every open alert that has these labels, in the order of fingerprints, some hundred at a time; of several senders of the
 * same labels the one heard last. One that opens or ends meanwhile may be there or not.
 */
export async function* readOpenAlerts(queries: Queries, having: Labels): AsyncGenerator<readonly ShownAlert[]> {
  if (!isStorable(having)) return
  const all = Object.keys(having).length === 0
  for await (const page of ahead(all ? readAll(queries) : readHaving(queries, having)))
    yield page.filter((row, index) => row.fingerprint !== page[index - 1]?.fingerprint)
}

/** A page that is being read. */
interface Page {
  readonly rows: Promise<readonly ShownAlert[]>
}

/** One more than the caller is busy with is under way: PostgreSQL takes as long for it as its text does. */
async function* ahead(pages: AsyncGenerator<Page>): AsyncGenerator<readonly ShownAlert[]> {
  const underWay: Page[] = []
  for await (const page of pages) {
    // What fails is told where it is waited for; whoever is gone by then does not hear of it.
    page.rows.catch(() => undefined)
    const before = underWay.shift()
    underWay.push(page)
    if (before !== undefined) yield await before.rows
  }
  for (const page of underWay) yield await page.rows
}

async function* readAll(queries: Queries): AsyncGenerator<Page> {
  for (let after: string | null = ''; after !== null; ) {
    const end: { readonly fingerprint: string } | null = await queries.maybe(
      sql<
        Pick<Key, 'fingerprint'>
      >`select fingerprint from alert_labels where fingerprint > ${after} order by fingerprint offset ${sql.lit(atOnce)} limit 1`,
    )
    const until = end === null ? sql`` : sql`and fingerprint <= ${end.fingerprint}`
    const found = sql`(select * from alert_labels where fingerprint > ${after} ${until} and labels <> '{}')`
    yield { rows: readShown(queries, found) }
    after = end?.fingerprint ?? null
  }
}

/** Mostly few: read with what finds them. Of many their names are read first, so that they are not looked for again and again. */
async function* readHaving(queries: Queries, having: Labels): AsyncGenerator<Page> {
  // Found by their labels first: else all are read in order until enough of them match.
  const found = sql`(select * from alert_labels where labels @> ${json(having)} offset 0) having_them`
  const first = { rows: readShown(queries, inOrder(found, '', atOnce)) }
  yield first
  const shown = await first.rows
  let after = shown.length < atOnce ? null : (shown.at(-1)?.fingerprint ?? null)
  while (after !== null) {
    const keys = await queries.many(
      sql<Key>`select fingerprint, alert_id as id from ${inOrder(found, after, keysAtOnce)} found order by fingerprint`,
    )
    for (const ids of chunksOf(keys))
      yield { rows: readShown(queries, sql`(select * from alert_labels where alert_id = any(${[...ids]}::uuid[]))`) }
    after = keys.length < keysAtOnce ? null : (keys.at(-1)?.fingerprint ?? null)
  }
}

/** All of a fingerprint or none. Those without labels are nothing that Alertmanager could know. */
function inOrder(from: RawBuilder<unknown>, after: string, most: number): RawBuilder<unknown> {
  return sql`(select * from ${from} where fingerprint > ${after} and labels <> '{}' order by fingerprint fetch first ${sql.lit(most)} rows with ties)`
}

// It is mostly the first. Turning all of them into text would take as long as everything else.
const queryLink = sql`case when signal #>> '{links,0,text}' = 'Query in Prometheus' then signal #>> '{links,0,href}'
      else (select one ->> 'href' from jsonb_array_elements(signal -> 'links') one where one ->> 'text' = 'Query in Prometheus' limit 1) end`

/** Labels are there as long as their alert is open. */
function readShown(queries: Queries, found: RawBuilder<unknown>): Promise<readonly ShownAlert[]> {
  return queries.many(sql<ShownAlert>`
    select found.fingerprint, found.labels::text as labels, (signal -> 'annotations')::text as annotations, ${queryLink} as query, service, team,
      started_at as "startedAt", coalesce(lease.last_seen_at, alerts.last_seen_at) as "lastSeenAt", lease.lease_until as "leaseUntil"
    from ${found} found join alerts on alerts.id = found.alert_id left join alert_leases lease on lease.alert_id = found.alert_id
    order by found.fingerprint, "lastSeenAt" desc`)
}

interface Key {
  readonly fingerprint: string
  readonly id: string
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

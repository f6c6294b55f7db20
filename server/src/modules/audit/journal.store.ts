// All SQL on the journal's entries: append, list, and read in commit order without a gap.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { AppendEntries } from '../../platform/journal/journal.ts'
import { type JournalActor, type JournalEntry, type JournalReader, restrictedWords } from './core/index.ts'

interface EntryRow {
  readonly id: number
  readonly at: Instant
  readonly type: string
  readonly actor: JournalActor
  readonly subjectKind: string
  readonly subjectId: string
  readonly links: readonly string[]
  readonly reason: string | null
  readonly data: JsonObject
  readonly before: JsonObject | null
  readonly after: JsonObject | null
}

export const entryColumns = sql`journal.id, journal.at, journal.type, journal.actor, journal.subject_kind as "subjectKind",
  journal.subject_id as "subjectId", journal.links, journal.reason, journal.data, journal.before, journal.after`

export function toEntry(row: EntryRow): JournalEntry {
  const { id, at, type, actor, subjectKind, subjectId, links, reason, data, before, after } = row
  return { id, at, type, actor, subject: { kind: subjectKind, id: subjectId }, links, reason, data, before, after }
}

/** One INSERT in the caller's transaction, however many they are; takes no lock that another writer waits for. */
export const appendEntries: AppendEntries = async (tx, entries, asked) => {
  const rows = entries.map(({ type, entry }) => {
    const { actor, subject, reason, data, before, after } = entry
    return {
      type,
      actor: { kind: actor.kind, id: actor.id, name: actor.name },
      subjectKind: subject.kind,
      subjectId: subject.id,
      links: (entry.links ?? []).map((link) => `${link.kind}:${link.id}`),
      data,
      ...(reason === undefined ? {} : { reason }),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    }
  })
  // Ids are given in the order of the rows, and come back in it.
  const insert = sql<{ id: number }>`
    insert into journal (type, actor, subject_kind, subject_id, links, reason, data, before, after)
    select entry ->> 'type', entry -> 'actor', entry ->> 'subjectKind', entry ->> 'subjectId',
      array(select jsonb_array_elements_text(entry -> 'links')), entry ->> 'reason', entry -> 'data', entry -> 'before', entry -> 'after'
    from jsonb_array_elements(${json(rows)}) with ordinality as given (entry, place) order by place
    returning id`
  if (asked === 'nothing') {
    tx.later(insert)
    return []
  }
  const written = await tx.many(insert)
  return written.map((row) => row.id)
}

export interface JournalFilter {
  readonly subjectKind?: string
  readonly subjectId?: string
  /** `kind:id`: the subject itself or one of the links. */
  readonly concerns?: string
  /** A type, or all types of a room's word: `alert.*`. */
  readonly type?: string
  readonly from?: Instant
  /** Exclusive. */
  readonly to?: Instant
}

const readable = (reader: JournalReader) =>
  reader.all
    ? sql`true`
    : sql`(split_part(type, '.', 1) <> all(${[...restrictedWords]}) or (${reader.self} <> '' and (actor->>'id' = ${reader.self}
        or (subject_kind = 'person' and subject_id = ${reader.self}) or links @> array[${`person:${reader.self}`}])))
      and not exists (select 1 from unnest(links) as link
        where link like 'restricted:%' and link <> all(${reader.restrictions.open.map((id) => `restricted:${id}`)}))
      and not (links && ${reader.restrictions.closed.map((id) => `incident:${id}`)}::text[])
      and not (subject_kind = 'incident' and subject_id = any(${[...reader.restrictions.closed]}))`

/** Newest first, after the cursor. */
export async function listEntries(
  queries: Queries,
  reader: JournalReader,
  filter: JournalFilter,
  before: { readonly at: Instant; readonly id: number } | null,
  limit: number,
): Promise<readonly JournalEntry[]> {
  const conditions = [readable(reader)]
  if (filter.subjectKind !== undefined) conditions.push(sql`subject_kind = ${filter.subjectKind}`)
  if (filter.subjectId !== undefined) conditions.push(sql`subject_id = ${filter.subjectId}`)
  if (filter.type?.endsWith('.*') === true) {
    // `alert.` up to `alert/`: the slash follows the full stop in the column's "C" order, so one range of the index holds the room.
    const word = filter.type.slice(0, -1)
    conditions.push(sql`type >= ${word} and type < ${`${word.slice(0, -1)}/`}`)
  } else if (filter.type !== undefined) conditions.push(sql`type = ${filter.type}`)
  if (filter.concerns !== undefined) {
    const colon = filter.concerns.indexOf(':')
    const [kind, id] = [filter.concerns.slice(0, colon), filter.concerns.slice(colon + 1)]
    conditions.push(sql`(links @> array[${filter.concerns}] or (subject_kind = ${kind} and subject_id = ${id}))`)
  }
  if (filter.from !== undefined) conditions.push(sql`at >= ${timestamp(filter.from)}`)
  if (filter.to !== undefined) conditions.push(sql`at < ${timestamp(filter.to)}`)
  if (before !== null) conditions.push(sql`(at, id) < (${timestamp(before.at)}, ${before.id})`)
  const rows = await queries.many(sql<EntryRow>`
    select ${entryColumns} from journal where ${sql.join(conditions, sql` and `)} order by at desc, id desc limit ${limit}`)
  return rows.map(toEntry)
}

/** A place between two entries in commit order. The xid does not fit a number for ever, so it stays text. */
export interface Place {
  readonly xid: string
  readonly id: number
}

export interface PlacedEntry {
  readonly place: Place
  readonly entry: JournalEntry
}

/** Where the present ends: all that comes later in commit order is new. */
export async function endOfJournal(queries: Queries): Promise<Place> {
  return queries.one(sql<Place>`select journal_horizon()::text as xid, 0 as id`)
}

/** Entries after the place in commit order, complete: what is not visible yet can only appear behind them. */
export async function readAfter(queries: Queries, after: Place, limit: number): Promise<readonly PlacedEntry[]> {
  const rows = await queries.many(sql<EntryRow & { readonly xid: string }>`
    select ${entryColumns}, journal.xid::text as xid from journal
    where (journal.xid, journal.id) > (${after.xid}::xid8, ${after.id}) and journal.xid < (select journal_horizon())
      and journal.id > (select foreign_up_to from journal_head)
    order by journal.xid, journal.id limit ${limit}`)
  return rows.map((row) => ({ place: { xid: row.xid, id: row.id }, entry: toEntry(row) }))
}

/** False for a place this cluster cannot have given: the journal was moved by dump and restore since. */
export async function isKnownPlace(queries: Queries, place: Place): Promise<boolean> {
  return (
    await queries.one(sql<{ known: boolean }>`
      select ${place.xid}::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) as known`)
  ).known
}

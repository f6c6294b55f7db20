// All SQL on the words of what people wrote about incidents. The triggers that keep them stand with the table, in the
// migration `0241_learning_search.sql`.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, type RawBuilder, sql } from '../../platform/database/queries.ts'
import type { SearchQuery } from './core/index.ts'

export type LearntKind = 'incident' | 'postmortem' | 'action' | 'problem'

export interface TextsWanted {
  readonly query: SearchQuery
  /** Incidents and problems the reader may not read. */
  readonly hidden: readonly string[]
  readonly kind: LearntKind | null
  /** As declared: an RFC 1123 label. */
  readonly service: string | null
  /** Only of these incidents and problems; null for any. */
  readonly of: readonly string[] | null
}

export interface FoundText {
  readonly kind: LearntKind
  readonly thing: string
  readonly part: string
  readonly at: Instant
}

export interface Bounds {
  /** Up to here all that match are looked at, whatever their age. */
  readonly matches: number
  /** Of commoner words, so many of the newest texts. */
  readonly newest: number
}
const usual: Bounds = { matches: 2_000, newest: 5_000 }

/** Incident, problem and action have one text, a postmortem seven; of each only the newest that matches is shown. */
const textsOfOne = 7

/** Newest first, one text of each thing; `capped` says that there are more than were looked at. */
export async function findTexts(
  queries: Queries,
  wanted: TextsWanted,
  limit: number,
  bounds: Bounds = usual,
): Promise<{ readonly found: readonly FoundText[]; readonly capped: boolean }> {
  const matches = sql`learnt_matches(${looseOf(wanted)}, ${[...wanted.hidden]}::uuid[], ${bounds.matches + 1})`
  const { many } = await queries.one(sql<{ many: number }>`select count(*) as many from ${matches}`)
  if (many <= bounds.matches) return { found: await findAmong(queries, wanted, matches, limit), capped: false }
  const found = await findNewest(queries, wanted, limit, bounds.newest)
  if (found.length >= limit || !(await areMoreThan(queries, wanted, bounds.newest))) return { found, capped: false }
  // So common, and hardly in anything new: what else is known of it, without a claim to be the newest of the rest.
  return { found: newestOf([...found, ...(await findAmong(queries, wanted, matches, limit))], limit), capped: true }
}

/** Kind and services are words of the index too, which no text can hold. */
const looseOf = ({ query, kind, service }: TextsWanted): RawBuilder<unknown> => {
  const marks = [kind === null ? [] : [`'=${kind}'`], service === null ? [] : [`'@${service}'`]].flat()
  const loose = sql`to_tsquery('simple', ${query.loose})`
  return marks.length === 0 ? loose : sql`(${loose} && ${marks.join(' & ')}::tsquery)`
}

const exactly = (wanted: TextsWanted): RawBuilder<unknown> =>
  wanted.query.exact === wanted.query.loose ? sql`true` : sql`words @@ to_tsquery('simple', ${wanted.query.exact})`

const within = ({ of }: TextsWanted): RawBuilder<unknown> =>
  of === null ? sql`true` : sql`of_id in (select unnest(${[...of]}::uuid[]))`

/** `offset 0` is a wall: the words of a text are read only after it is one of those that match. */
const findAmong = (queries: Queries, wanted: TextsWanted, matches: RawBuilder<unknown>, limit: number) =>
  queries.many(sql<FoundText>`
    select kind, thing, part, at from (
      select distinct on (thing) kind, thing, part, at
      from (select * from ${matches} join learnt_texts using (thing, part) offset 0) as matching
      where ${exactly(wanted)} and ${within(wanted)} order by thing, at desc, part) as newest
    order by at desc, thing limit ${limit}`)

const filtered = (wanted: TextsWanted): RawBuilder<unknown> => sql`
  from learnt_texts where not of_id in (select unnest(${[...wanted.hidden]}::uuid[])) and ${within(wanted)}
    and ${wanted.kind === null ? sql`true` : sql`kind = ${wanted.kind}`}
    and ${wanted.service === null ? sql`true` : sql`services @> array[${wanted.service}]`}
  order by at desc, thing, part`

/** The inner limit is also a wall: the words of no text are read before it is one of the newest. */
async function findNewest(
  queries: Queries,
  wanted: TextsWanted,
  limit: number,
  newest: number,
): Promise<readonly FoundText[]> {
  const texts = await queries.many(sql<FoundText>`
    select kind, thing, part, at from (select * ${filtered(wanted)} limit ${newest}) as newest
    where words @@ to_tsquery('simple', ${wanted.query.exact}) limit ${limit * textsOfOne}`)
  return newestOf(texts, limit)
}

async function areMoreThan(queries: Queries, wanted: TextsWanted, newest: number): Promise<boolean> {
  return (await queries.maybe(sql`select 1 ${filtered(wanted)} limit 1 offset ${newest}`)) !== null
}

function newestOf(texts: readonly FoundText[], limit: number): readonly FoundText[] {
  const order = (a: FoundText, b: FoundText) => b.at - a.at || (a.thing < b.thing ? -1 : 1)
  const each = new Map<string, FoundText>()
  for (const text of [...texts].sort(order)) if (!each.has(text.thing)) each.set(text.thing, text)
  return [...each.values()].slice(0, limit)
}

export interface DescribedText extends FoundText {
  /** Where it is read: of an action its postmortem. */
  readonly page: string
  readonly number: number
  readonly title: string
  /** The words around what was found, with marks. */
  readonly marked: string
}

/** Characters of a text in which the words around a hit are looked for; of longer ones only the beginning is shown. */
const shownOf = 20_000

export async function describeTexts(
  queries: Queries,
  found: readonly FoundText[],
  { exact, marks }: { readonly exact: string; readonly marks: string },
): Promise<readonly DescribedText[]> {
  const columns = sql`unnest(${found.map((each) => each.kind)}::text[], ${found.map((each) => each.thing)}::uuid[], ${found.map((each) => each.part)}::text[])`
  return queries.many(sql<DescribedText>`
    select f.kind, f.thing, f.part, t.at, s.page, s.number, s.title,
      ts_headline('simple', left(coalesce(nullif(s.body, ''), s.title), ${shownOf}), to_tsquery('simple', ${exact}), ${marks}) as marked
    from ${columns} with ordinality as f (kind, thing, part, place)
    join learnt_texts t using (thing, part) cross join lateral learnt_source(f.kind, f.thing, f.part) as s
    order by f.place`)
}

export async function areUnread(queries: Queries): Promise<boolean> {
  return (await queries.maybe(sql`select 1 from learnt_unread limit 1`)) !== null
}

/** Reads so many texts from before there was a search; how many there were. */
export async function readOlder(tx: Tx, most: number): Promise<number> {
  return (await tx.one(sql<{ read: number }>`select learnt_read_older(${most}) as read`)).read
}

// The one way rooms speak SQL: Kysely's `sql` tag builds the text and the parameters, pg carries them.
// Rows come back as plain objects: int8 as number (refused beyond 2^53), timestamptz as Instant, numeric as text.
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely'
import { AppError } from '../../kernel/app-error.ts'
import type { Instant } from '../../kernel/instant.ts'

export { type RawBuilder, sql } from 'kysely'

const compiler = new Kysely<Record<string, never>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

export function compile(query: RawBuilder<unknown>): Statement {
  const { sql: text, parameters } = query.compile(compiler)
  return { text, values: parameters }
}

export interface Queries {
  many<Row>(query: RawBuilder<Row>): Promise<readonly Row[]>
  /** Throws when there is not exactly one row: a bug, not a refusal. */
  one<Row>(query: RawBuilder<Row>): Promise<Row>
  maybe<Row>(query: RawBuilder<Row>): Promise<Row | null>
  /** The number of rows written. */
  run(query: RawBuilder<unknown>): Promise<number>
  /** The database's clock, which is the only one that decides when something is due. */
  now(): Promise<Instant>
}

export type Runner = (statement: Statement) => Promise<{ rows: readonly unknown[]; rowCount: number | null }>

export function queriesOver(run: Runner): Queries {
  const many = async <Row>(query: RawBuilder<Row>): Promise<readonly Row[]> =>
    (await run(compile(query))).rows as readonly Row[]
  const maybe = async <Row>(query: RawBuilder<Row>): Promise<Row | null> => {
    const rows = await many(query)
    if (rows.length > 1) throw new Error(`Expected at most one row, got ${rows.length}.`)
    return rows[0] ?? null
  }
  const one = async <Row>(query: RawBuilder<Row>): Promise<Row> => {
    const row = await maybe(query)
    if (row === null) throw new Error('Expected one row, got none.')
    return row
  }
  return {
    many,
    maybe,
    one,
    run: async (query) => (await run(compile(query))).rowCount ?? 0,
    now: async () => (await one(sql<{ now: Instant }>`select mainstay_now() as now`)).now,
  }
}

/** Numbers or truths as one array parameter; behind it stands the type, such as `::int[]`. The driver writes each element by itself, ten times slower. */
export function listOf(all: readonly number[] | readonly boolean[]): RawBuilder<unknown> {
  return sql`${`{${all.join(',')}}`}`
}

// Year 1 to 9999: beyond, RFC 3339 has no text for it. Callers come here by adding a window to the last possible time.
const earliest = Date.parse('0001-01-01T00:00:00Z')
const latest = Date.parse('9999-12-31T23:59:59.999Z')

/** An instant as a timestamptz parameter. */
export function timestamp(at: Instant): RawBuilder<Instant> {
  if (at < earliest || at > latest)
    throw new AppError('invalid', 'input.out-of-range', 'The time lies before the year 1 or after the year 9999.')
  return sql<Instant>`${new Date(at).toISOString()}::timestamptz`
}

/** JSON as a jsonb parameter; pg would otherwise write a JavaScript array as a PostgreSQL array. */
export function json(value: unknown): RawBuilder<unknown> {
  return sql`${JSON.stringify(value)}::jsonb`
}

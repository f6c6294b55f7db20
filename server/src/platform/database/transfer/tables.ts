// What there is to carry: tables in an order in which foreign keys hold, their columns, sequences.
import type pg from 'pg'
import type { Manifest } from './format.ts'

/** Made anew by the migrations themselves. */
const ownTable = 'migrations'

// Extensions of the user's bring tables of their own.
const notOfExtension = `not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`

/** Parents before children; a table that names itself is checked at the end of its own COPY. */
export async function tablesInOrder(client: pg.Client): Promise<Manifest['tables']> {
  const columns = await client.query<{ name: string; columns: string[] }>(`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and ${notOfExtension}
    group by c.relname order by c.relname collate "C"`)
  const links = await client.query<{ child: string; parent: string }>(`
    select distinct child.relname as child, parent.relname as parent
    from pg_constraint k join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
    where k.contype = 'f' and k.conrelid <> k.confrelid and child.relnamespace = 'public'::regnamespace`)
  const waiting = columns.rows.filter((table) => table.name !== ownTable)
  const placed: { name: string; columns: readonly string[] }[] = []
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ name }) =>
      links.rows.every(({ child, parent }) => child !== name || placed.some((each) => each.name === parent)),
    )
    const [next] = waiting.splice(Math.max(0, at), 1)
    if (at < 0 || next === undefined) throw new Error('Foreign keys go in a circle, so no order of tables holds them.')
    placed.push(next)
  }
  return placed
}

/** Read after the snapshot was taken: never behind a row in it. */
export async function readSequences(client: pg.Client): Promise<Manifest['sequences']> {
  const names = await client.query<{ name: string }>(`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'
    order by relname collate "C"`)
  const sequences: { name: string; last: string; called: boolean }[] = []
  for (const { name } of names.rows) {
    const { rows } = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${quoted(name)}`,
    )
    if (rows[0] !== undefined) sequences.push({ name, ...rows[0] })
  }
  return sequences
}

export async function countRelations(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from pg_class c where c.relnamespace = 'public'::regnamespace and ${notOfExtension} and c.relkind in ('r', 'p', 'v', 'm', 'S')`,
  )
  return rows[0]?.n ?? 0
}

/** Names come from a file when importing. */
export const quoted = (name: string): string => `public."${name.replaceAll('"', '""')}"`

export const columnList = (columns: readonly string[]): string =>
  columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')

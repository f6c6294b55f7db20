// Finds SQL in a syntax tree and the tables it names.
import { child, children, dottedName, type Node, textOf } from './source.ts'

export interface SqlText {
  /** Parameters and nested fragments are written as `?`; a nested `sql` is read on its own. */
  readonly text: string
  readonly line: number
  /** Tables named by a builder call: `sql.table('alerts')`, `db.selectFrom('alerts')`. */
  readonly tables: readonly string[]
}

const builderCalls = new Set(['selectFrom', 'insertInto', 'updateTable', 'deleteFrom', 'mergeInto', 'replaceInto'])
const textCalls = new Set(['query', 'execute', 'exec', 'raw', 'run', 'one', 'many', 'maybe', 'none', 'unsafe'])
const sqlStart =
  /^\s*(select|insert\s+into|update|delete\s+from|with|create|alter|drop|truncate|lock|begin|copy|listen|notify)\b/i

export function isSqlTag(node: Node): boolean {
  if (node.type !== 'TaggedTemplateExpression') return false
  const tag = dottedName(child(node, 'tag'))
  return tag === 'sql' || tag?.endsWith('.sql') === true
}

export function isSqlCall(node: Node): boolean {
  if (node.type !== 'CallExpression') return false
  const callee = child(node, 'callee')
  const name = callee?.type === 'MemberExpression' ? textOf(child(callee, 'property'), 'name') : null
  if (name === null) return false
  if (builderCalls.has(name)) return true
  const whole = dottedName(callee)
  if (whole === 'sql.table' || whole === 'sql.raw' || whole === 'sql.ref') return true
  return textCalls.has(name) && sqlStart.test(plainText(children(node, 'arguments')[0]) ?? '')
}

export function sqlFromTag(node: Node, line: number): SqlText {
  return { text: plainText(child(node, 'quasi') ?? undefined) ?? '', line, tables: [] }
}

export function sqlFromCall(node: Node, line: number): SqlText {
  const text = plainText(children(node, 'arguments')[0]) ?? ''
  return /^[\w."]+(\s+as\s+\w+)?$/.test(text.trim())
    ? { text: '', line, tables: [bareName(text)] }
    : { text, line, tables: [] }
}

function plainText(node: Node | undefined): string | null {
  if (node?.type === 'Literal') return textOf(node, 'value')
  if (node?.type !== 'TemplateLiteral') return null
  const parts = children(node, 'quasis').map((each) => {
    const value = each.value
    return typeof value === 'object' && value !== null && 'raw' in value ? String(value.raw) : ''
  })
  return parts.join(' ? ')
}

function bareName(text: string): string {
  return (text.trim().split(/\s/)[0] ?? '').replaceAll('"', '').split('.').at(-1) ?? ''
}

export function withoutComments(sql: string): string {
  return sql.replaceAll(/--[^\n]*/g, ' ').replaceAll(/\/\*[\s\S]*?\*\//g, ' ')
}

/** Also without quoted text, so that a word inside a message is not taken for a table. */
const withoutText = (sql: string): string => withoutComments(sql).replaceAll(/'(?:[^']|'')*'/g, "''")

const name = '(?:"?\\w+"?\\.)?"?(\\w+)"?'
const naming = new RegExp(
  `\\b(?:from|join|into|update|using|(?:truncate\\s+)?table|truncate)\\s+(?:only\\s+|lateral\\s+)?${name}`,
  'gi',
)
const listed = new RegExp(`^\\s*(?:as\\s+)?(?:\\w+\\s*)?,\\s*(?:lateral\\s+)?${name}`, 'i')

/** Every name that stands where a table stands. Names of CTEs and functions come too; the caller knows the tables. */
export function namedTables(sql: SqlText): readonly string[] {
  const text = withoutText(sql.text)
  const names = new Set(sql.tables)
  for (const match of text.matchAll(naming)) {
    if (match[1] !== undefined) names.add(match[1].toLowerCase())
    let rest = text.slice(match.index + match[0].length)
    for (let more = listed.exec(rest); more !== null; more = listed.exec(rest)) {
      if (more[1] !== undefined) names.add(more[1].toLowerCase())
      rest = rest.slice(more[0].length)
    }
  }
  return [...names]
}

const otherClock =
  /\b(now\s*\(\s*\)|current_(?:timestamp|date|time)\b|local(?:timestamp|time)\b|(?:clock|statement|transaction)_timestamp\s*\(\s*\)|timeofday\s*\(\s*\))/i

/** The first clock other than mainstay_now(), which tests can move. */
export function foreignClock(sql: SqlText): string | null {
  return otherClock.exec(withoutText(sql.text))?.[1] ?? null
}

export interface Tables {
  readonly tables: ReadonlySet<string>
  /** Views are how an owner publishes its rows: every store may read them. */
  readonly views: ReadonlySet<string>
}

export function tablesIn(migrations: readonly string[]): Tables {
  const collect = (pattern: RegExp): ReadonlySet<string> => {
    const found = new Set<string>()
    for (const text of migrations)
      for (const match of withoutComments(text).matchAll(pattern)) found.add((match[1] ?? '').toLowerCase())
    return found
  }
  return {
    tables: collect(new RegExp(`\\bcreate\\s+(?:unlogged\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?${name}`, 'gi')),
    views: collect(
      new RegExp(
        `\\bcreate\\s+(?:or\\s+replace\\s+)?(?:materialized\\s+)?view\\s+(?:if\\s+not\\s+exists\\s+)?${name}`,
        'gi',
      ),
    ),
  }
}

// Reads one TypeScript file with a real parser (Oxc, through rolldown) and walks its syntax tree.
// TypeScript 7 has no JavaScript compiler API, so tools built on it read nothing and report success.
import { parseSync } from 'rolldown/utils'

export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export interface Comment {
  readonly text: string
  readonly start: number
  readonly end: number
}

export interface Source {
  readonly path: string
  readonly text: string
  readonly program: Node
  readonly comments: readonly Comment[]
  /** Null when it parsed. A file that does not parse is a failure, never an empty file. */
  readonly broken: { readonly line: number; readonly sentence: string } | null
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

const nothing: Node = { type: 'Program', start: 0, end: 0, body: [] }

export function parseSource(path: string, text: string): Source {
  const result = parseSync(path, text, {
    lang: path.endsWith('x') ? 'tsx' : 'ts',
    sourceType: 'module',
    preserveParens: false,
  })
  const program: unknown = result.program
  const error = result.errors[0]
  const broken =
    error === undefined
      ? null
      : { line: lineAt(text, error.labels[0]?.start ?? 0), sentence: error.message.split('\n')[0] ?? '' }
  const comments = result.comments.map((each) => ({ text: each.value, start: each.start, end: each.end }))
  return { path, text, program: isNode(program) ? program : nothing, comments, broken }
}

/** Depth first, parents before children; `ancestors` ends with the parent. */
export function walk(root: Node, visit: (node: Node, ancestors: readonly Node[]) => void): void {
  const ancestors: Node[] = []
  const enter = (node: Node): void => {
    visit(node, ancestors)
    ancestors.push(node)
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) enter(item)
      } else if (isNode(value)) enter(value)
    }
    ancestors.pop()
  }
  enter(root)
}

export function child(node: Node, field: string): Node | null {
  const value = node[field]
  return isNode(value) ? value : null
}

export function children(node: Node, field: string): readonly Node[] {
  const value = node[field]
  return Array.isArray(value) ? value.filter(isNode) : []
}

export function textOf(node: Node | null, field: string): string | null {
  const value = node?.[field]
  return typeof value === 'string' ? value : null
}

/** `Date.now` for a chain of plain names, null for anything computed. `globalThis.fetch` reads as `fetch`. */
export function dottedName(node: Node | null): string | null {
  if (node === null) return null
  if (node.type === 'Identifier') return textOf(node, 'name')
  if (node.type === 'ChainExpression') return dottedName(child(node, 'expression'))
  if (node.type === 'MetaProperty') return 'import.meta'
  if (node.type === 'ThisExpression') return 'this'
  if (node.type !== 'MemberExpression') return null
  const object = dottedName(child(node, 'object'))
  const property = child(node, 'property')
  const name =
    node.computed === true
      ? property?.type === 'Literal'
        ? textOf(property, 'value')
        : null
      : textOf(property, 'name')
  if (object === null || name === null) return null
  return object === 'globalThis' || object === 'window' || object === 'self' ? name : `${object}.${name}`
}

export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

// What the rules need to know of one file: its imports, its SQL, the ambient things it reaches for, its casts and marks.
import { child, children, dottedName, lineAt, type Node, parseSource, type Source, textOf, walk } from './source.ts'
import { isSqlCall, isSqlTag, type SqlText, sqlFromCall, sqlFromTag } from './sql-text.ts'

export interface Import {
  /** As written. Null when it is computed, so that nobody can tell what is loaded. */
  readonly specifier: string | null
  /** Names taken, `*` for a namespace or a re-export of everything. */
  readonly names: readonly string[]
  readonly typeOnly: boolean
  readonly dynamic: boolean
  readonly line: number
}

export interface Use {
  /** A dotted name read from outside the file: `Date.now`, `process.env.HOME`, `fetch`. `new Date()` has no arguments. */
  readonly name: string
  readonly line: number
  /** The names of the calls whose callbacks enclose it: tells what happens inside `transaction(…)`. */
  readonly within: readonly string[]
}

export interface Mark {
  readonly kind: 'cast' | 'disabled-test' | 'unfinished' | 'type-check-off' | 'empty-catch'
  readonly line: number
}

export interface LongFunction {
  readonly name: string
  readonly line: number
  readonly lines: number
}

export interface Facts {
  readonly path: string
  readonly lines: number
  readonly broken: Source['broken']
  readonly imports: readonly Import[]
  readonly sql: readonly SqlText[]
  readonly uses: readonly Use[]
  readonly marks: readonly Mark[]
  readonly functions: readonly LongFunction[]
}

const testWords = new Set(['test', 'it', 'describe', 'suite'])
const unfinished = /\b(TODO|FIXME|XXX|HACK)\b/
const typeCheckOff = /@ts-(ignore|nocheck|expect-error)/

export function readFacts(path: string, text: string): Facts {
  const source = parseSource(path, text)
  const at = (node: { readonly start: number }) => lineAt(text, node.start)
  const imports: Import[] = []
  const sql: SqlText[] = []
  const uses: Use[] = []
  const marks: Mark[] = []
  const functions: LongFunction[] = []

  walk(source.program, (node, ancestors) => {
    const found = importOf(node, at(node))
    if (found !== null) imports.push(found)
    if (isSqlTag(node)) sql.push(sqlFromTag(node, at(node)))
    else if (isSqlCall(node)) sql.push(sqlFromCall(node, at(node)))
    const name = ambientName(node, ancestors)
    if (name !== null) uses.push({ name, line: at(node), within: enclosingCalls(ancestors) })
    const mark = markOf(node, source, ancestors)
    if (mark !== null) marks.push({ kind: mark, line: at(node) })
    if (isFunction(node)) functions.push(measure(node, text, ancestors))
  })
  for (const comment of source.comments) {
    if (unfinished.test(comment.text)) marks.push({ kind: 'unfinished', line: at(comment) })
    if (typeCheckOff.test(comment.text)) marks.push({ kind: 'type-check-off', line: at(comment) })
  }
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  return { path, lines, broken: source.broken, imports, sql, uses, marks, functions }
}

function importOf(node: Node, line: number): Import | null {
  const specifierOf = (field: Node | null) => (field?.type === 'Literal' ? textOf(field, 'value') : null)
  if (node.type === 'ImportDeclaration') {
    const taken = children(node, 'specifiers')
    const typeOnly =
      node.importKind === 'type' || (taken.length > 0 && taken.every((each) => each.importKind === 'type'))
    return {
      specifier: specifierOf(child(node, 'source')),
      names: taken.map(importedName),
      typeOnly,
      dynamic: false,
      line,
    }
  }
  if (
    node.type === 'ExportAllDeclaration' ||
    (node.type === 'ExportNamedDeclaration' && child(node, 'source') !== null)
  ) {
    const taken = children(node, 'specifiers')
    const names =
      node.type === 'ExportAllDeclaration' ? ['*'] : taken.map((each) => textOf(child(each, 'local'), 'name') ?? '*')
    const typeOnly =
      node.exportKind === 'type' || (taken.length > 0 && taken.every((each) => each.exportKind === 'type'))
    return { specifier: specifierOf(child(node, 'source')), names, typeOnly, dynamic: false, line }
  }
  if (node.type === 'ImportExpression') {
    const from = child(node, 'source')
    const written =
      from?.type === 'TemplateLiteral' && children(from, 'expressions').length === 0
        ? children(from, 'quasis')[0]
        : null
    const plain = written === null || written === undefined ? specifierOf(from) : cooked(written)
    return { specifier: plain, names: ['*'], typeOnly: false, dynamic: true, line }
  }
  if (node.type === 'TSImportType')
    return { specifier: specifierOf(child(node, 'source')), names: ['*'], typeOnly: true, dynamic: false, line }
  if (node.type === 'CallExpression' && dottedName(child(node, 'callee')) === 'require')
    return {
      specifier: specifierOf(children(node, 'arguments')[0] ?? null),
      names: ['*'],
      typeOnly: false,
      dynamic: true,
      line,
    }
  return null
}

function cooked(quasi: Node): string | null {
  const value = quasi.value
  return typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string'
    ? value.cooked
    : null
}

function importedName(specifier: Node): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*'
  if (specifier.type === 'ImportDefaultSpecifier') return 'default'
  const imported = child(specifier, 'imported')
  return textOf(imported, 'name') ?? textOf(imported, 'value') ?? '*'
}

const ambientRoots = new Set([
  ...['Date', 'Math', 'Temporal', 'performance', 'crypto', 'process', 'console', 'globalThis'],
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'navigator'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'egress'],
])

// Reads the outermost member chain only, so that `Date.now` is one use and not two.
function ambientName(node: Node, ancestors: readonly Node[]): string | null {
  if (node.type !== 'Identifier' && node.type !== 'MemberExpression') return null
  const parent = ancestors.at(-1)
  if (parent?.type === 'MemberExpression' && child(parent, 'object') === node) return null
  if (node.type === 'Identifier' && (parent === undefined || isJustAName(node, parent))) return null
  const name = dottedName(node)
  if (name === null) return null
  const root = name.split('.', 1)[0] ?? ''
  if (!ambientRoots.has(root) && !name.split('.').includes('egress')) return null
  const callee = parent !== undefined && child(parent, 'callee') === node
  if (root === 'Date' && callee && name === 'Date')
    return children(parent, 'arguments').length === 0 || parent.type === 'CallExpression' ? 'new Date()' : null
  return name
}

/** A key, a label, a parameter or a type: the word stands there without reaching for anything. */
function isJustAName(node: Node, parent: Node): boolean {
  if (parent.type.startsWith('TS'))
    return !['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'].includes(parent.type)
  if (parent.type === 'MemberExpression') return parent.computed !== true
  if (parent.type === 'Property')
    return child(parent, 'key') === node && parent.shorthand !== true && parent.computed !== true
  if (/^(Import|Export).*Specifier$/.test(parent.type)) return true
  if (parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition') return child(parent, 'key') === node
  if (parent.type === 'VariableDeclarator') return child(parent, 'id') === node
  return isFunction(parent) && child(parent, 'body') !== node
}

function enclosingCalls(ancestors: readonly Node[]): readonly string[] {
  const names: string[] = []
  for (const [index, node] of ancestors.entries()) {
    const next = ancestors[index + 1]
    if (node.type !== 'CallExpression' || next === undefined || !children(node, 'arguments').includes(next)) continue
    const callee = child(node, 'callee')
    const name = callee?.type === 'MemberExpression' ? textOf(child(callee, 'property'), 'name') : dottedName(callee)
    if (name !== null && isFunction(next)) names.push(name)
  }
  return names
}

function markOf(node: Node, source: Source, ancestors: readonly Node[]): Mark['kind'] | null {
  if (node.type === 'TSAsExpression' || node.type === 'TSTypeAssertion') {
    const target = child(node, 'typeAnnotation')
    const isConst = target?.type === 'TSTypeReference' && textOf(child(target, 'typeName'), 'name') === 'const'
    return isConst ? null : 'cast'
  }
  if (node.type === 'MemberExpression') {
    const [root = '', ...rest] = (dottedName(node) ?? '').split('.')
    if (testWords.has(root) && rest.some((word) => ['only', 'skip', 'todo', 'fails'].includes(word)))
      return 'disabled-test'
  }
  if (node.type === 'CatchClause') return isEmptyBlock(child(node, 'body'), source) ? 'empty-catch' : null
  const parent = ancestors.at(-1)
  if (isFunction(node) && parent?.type === 'CallExpression' && children(parent, 'arguments')[0] === node) {
    const callee = child(parent, 'callee')
    const called = callee?.type === 'MemberExpression' ? textOf(child(callee, 'property'), 'name') : null
    if (called === 'catch' && isEmptyBlock(child(node, 'body'), source)) return 'empty-catch'
  }
  return null
}

/** A block with a sentence in it is not empty: it says why nothing is to be done. */
function isEmptyBlock(block: Node | null, source: Source): boolean {
  if (block?.type !== 'BlockStatement' && block?.type !== 'FunctionBody') return false
  const said = source.comments.some(
    (each) => each.start > block.start && each.end < block.end && each.text.trim().length > 8,
  )
  return children(block, 'body').length === 0 && !said
}

function isFunction(node: Node): boolean {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  )
}

function measure(node: Node, text: string, ancestors: readonly Node[]): LongFunction {
  const parent = ancestors.at(-1)
  const named = textOf(child(node, 'id'), 'name')
  const holder =
    parent === undefined ? null : (textOf(child(parent, 'id'), 'name') ?? textOf(child(parent, 'key'), 'name'))
  const line = lineAt(text, node.start)
  return { name: named ?? holder ?? 'a function', line, lines: lineAt(text, node.end) - line + 1 }
}

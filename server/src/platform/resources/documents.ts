// Reads multi-document YAML (JSON is YAML) and remembers where every value stands, so that a fault names its line.
import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  visit,
  type YAMLMap,
} from 'yaml'
import { AppError, type Fault } from '../../kernel/app-error.ts'

export interface ParsedDocument {
  readonly value: unknown
  /** 1-based place of the value at a JSON pointer, or of its nearest parent. */
  readonly placeOf: (pointer: string) => { line: number; column: number }
}

export const maxDocuments = 5_000
export const maxDocumentBytes = 8 * 1024 * 1024
const maxDepth = 60
const maxItems = 5_000
// Others make dates, bytes and sets of what is written, which no document holds.
const plainTags = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((each) => `tag:yaml.org,2002:${each}`),
)
const faultsOfOne = 20

export function parseDocuments(text: string): readonly ParsedDocument[] {
  const lines = new LineCounter()
  if (Buffer.byteLength(text) > maxDocumentBytes)
    throw new AppError(
      'invalid',
      'documents.too-large',
      `The text is larger than ${maxDocumentBytes / 1024 / 1024} MiB. Apply it in parts.`,
    )
  const documents = readDocuments(text, lines)
  const faults: Fault[] = []
  const parsed: ParsedDocument[] = []
  for (const document of documents) {
    // A warning is a tag that nobody resolved: its value would be another than the one that was meant.
    const wrong = [...document.errors, ...document.warnings]
    for (const error of wrong.slice(0, faultsOfOne)) {
      const { line, col } = lines.linePos(error.pos[0])
      faults.push({ line, column: col, detail: error.message })
    }
    if (wrong.length > 0) continue
    const unfit = refuseUnfit(document.contents)
    if (unfit !== null) {
      const { line, col } = lines.linePos(unfit.offset)
      faults.push({ line, column: col, detail: unfit.detail })
      continue
    }
    // maxAliasCount 0: anchors could make a small text enormous.
    const value: unknown = document.toJS({ maxAliasCount: 0 })
    if (value === null || value === undefined) continue
    const root = document.contents
    parsed.push({
      value,
      placeOf: (pointer) => {
        const offset = root === null ? 0 : offsetOf(root, pointer)
        const { line, col } = lines.linePos(offset)
        return { line: Math.max(1, line), column: Math.max(1, col) }
      },
    })
  }
  if (faults.length > 0)
    throw new AppError('invalid', 'documents.unreadable', 'The YAML cannot be read.', { faults: faults.slice(0, 200) })
  return parsed
}

/**
 * Everything that is nested is counted while it is read, because what comes after the reading walks it recursively:
 * a few kilobytes of `[` would otherwise end the process, not the request.
 */
function readDocuments(text: string, lines: LineCounter): readonly Document.Parsed[] {
  const parser = new Parser(lines.addNewLine)
  const composer = new Composer({
    lineCounter: lines,
    // Compared below: the parser's own comparison takes time with the square of the keys.
    uniqueKeys: false,
    version: '1.2',
    strict: true,
    prettyErrors: false,
  })
  const documents: Document.Parsed[] = []
  const refuse = (offset: number, detail: string): never => {
    const { line, col } = lines.linePos(offset)
    const fault = { line: Math.max(1, line), column: Math.max(1, col), detail }
    throw new AppError('invalid', 'documents.unreadable', 'The YAML cannot be read.', { faults: [fault] })
  }
  const take = (more: Iterable<Document.Parsed>) => {
    for (const document of more) documents.push(document)
    if (documents.length > maxDocuments)
      throw new AppError(
        'invalid',
        'documents.too-many',
        `The text holds more than ${maxDocuments} documents, which are taken at once. Apply it in parts.`,
      )
  }
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      // A directive changes what plain words mean: under %YAML 1.1 `no` is false.
      if (token.type === 'directive') refuse(token.offset, 'Directives (%YAML, %TAG) are not taken. Remove the line.')
      take(composer.next(token))
    }
    const open = parser.stack.at(-1)
    if (open !== undefined && 'items' in open && open.items.length > maxItems)
      refuse(open.offset, `It has more than ${maxItems} entries. Split it up.`)
    // The document stands below the first value.
    if (parser.stack.length > maxDepth + 2) refuse(parser.offset, `It is nested deeper than ${maxDepth} levels.`)
  }
  for (const token of parser.end()) take(composer.next(token))
  take(composer.end())
  return documents
}

function refuseUnfit(root: Node | null): { offset: number; detail: string } | null {
  let unfit: { offset: number; detail: string } | null = null
  if (root === null) return null
  visit(root, (_key, node) => {
    unfit = isMap(node) ? twice(node) : null
    const detail = unfit === null ? whyUnfit(node) : null
    if (detail !== null) unfit = { offset: startOf(isPair(node) ? node.key : node), detail }
    return unfit === null ? undefined : visit.BREAK
  })
  return unfit
}

function twice(map: YAMLMap): { offset: number; detail: string } | null {
  const seen = new Set<string>()
  for (const { key } of map.items) {
    if (!isScalar(key)) continue
    const name = String(key.value ?? '')
    if (seen.has(name)) return { offset: startOf(key), detail: `The key ${name.slice(0, 100)} stands twice. Keep one.` }
    seen.add(name)
  }
  return null
}

function whyUnfit(node: unknown): string | null {
  if (isAlias(node)) return 'Aliases (*name) are not taken. Write the value out.'
  if (isPair(node) && !isScalar(node.key)) return 'A key must be a plain word, not a list or a mapping.'
  if (isNode(node) && node.tag !== undefined && !plainTags.has(node.tag))
    return `The tag ${node.tag} is not taken. Write the value without it.`
  if (isScalar(node) && typeof node.value === 'number' && !Number.isFinite(node.value))
    return `${String(node.source ?? node.value)} is no number that can be kept.`
  return null
}

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0)

function offsetOf(root: Node, pointer: string): number {
  let node: unknown = root
  let offset = root.range?.[0] ?? 0
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~')
    if (isMap(node)) {
      const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === key)
      if (pair === undefined) return offset
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0]
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(key)]
      const range = typeof node === 'object' && node !== null && 'range' in node ? (node as Node).range : undefined
      if (range) offset = range[0]
    } else return offset
  }
  return offset
}

// Reads multi-document YAML (JSON is YAML) and remembers where every value stands, so that a fault names its line.
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, visit } from 'yaml'
import { AppError, type Fault } from '../../kernel/app-error.ts'

export interface ParsedDocument {
  readonly value: unknown
  /** 1-based place of the value at a JSON pointer, or of its nearest parent. */
  readonly placeOf: (pointer: string) => { line: number; column: number }
}

export const maxDocuments = 5_000
export const maxDocumentBytes = 8 * 1024 * 1024
const maxDepth = 60

export function parseDocuments(text: string): readonly ParsedDocument[] {
  const lines = new LineCounter()
  if (Buffer.byteLength(text) > maxDocumentBytes)
    throw new AppError(
      'invalid',
      'documents.too-large',
      `The text is larger than ${maxDocumentBytes / 1024 / 1024} MiB. Apply it in parts.`,
    )
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: true,
    version: '1.2',
    strict: true,
    prettyErrors: false,
  })
  if (!Array.isArray(documents)) return []
  if (documents.length > maxDocuments)
    throw new AppError(
      'invalid',
      'documents.too-many',
      `The text holds ${documents.length} documents; ${maxDocuments} are taken at once. Apply it in parts.`,
    )
  const faults: Fault[] = []
  const parsed: ParsedDocument[] = []
  for (const document of documents) {
    for (const error of document.errors.slice(0, 20)) {
      const { line, col } = lines.linePos(error.pos[0])
      faults.push({ line, column: col, detail: error.message })
    }
    if (document.errors.length > 0) continue
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
  if (faults.length > 0) throw new AppError('invalid', 'documents.unreadable', 'The YAML cannot be read.', { faults })
  return parsed
}

function refuseUnfit(root: Node | null): { offset: number; detail: string } | null {
  let unfit: { offset: number; detail: string } | null = null
  if (root === null) return null
  visit(root, (_key, node, path) => {
    if (isAlias(node))
      unfit = { offset: node.range?.[0] ?? 0, detail: 'Aliases (*name) are not taken. Write the value out.' }
    else if (path.length > maxDepth)
      unfit = { offset: 0, detail: `The document is nested deeper than ${maxDepth} levels.` }
    return unfit === null ? undefined : visit.BREAK
  })
  return unfit
}

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

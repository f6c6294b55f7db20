// Without a server: what can be told from the documents alone. The shape of each kind is known to the server.
import { type Document, isMap, isScalar, LineCounter, parseAllDocuments } from 'yaml'
import { isJsonObject } from '../../../../server/src/kernel/json.ts'
import { isName, nearest } from '../../../../server/src/kernel/names.ts'
import { CommandError, exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'
import { type Documents, faultTexts, readDocuments } from './documents.ts'

interface Fault {
  readonly line: number
  readonly column: number
  readonly pointer?: string
  readonly detail: string
}

const fields = ['apiVersion', 'kind', 'metadata', 'spec']
const metadataFields = ['name', 'displayName', 'description', 'labels', 'annotations']

export const validate: Run = async (call) => {
  const documents = await readDocuments(call)
  const { faults, count } = findFaults(documents)
  if (faults.length > 0)
    throw new CommandError(
      exitCodes.error,
      faults.length === 1 ? 'One mistake.' : `${faults.length} mistakes.`,
      faultTexts(faults, documents).join('\n'),
    )
  const files = documents.sources.length
  say(
    call,
    `${count === 1 ? 'One document' : `${count} documents`} in ${files === 1 ? 'one file' : `${files} files`} ${count === 1 ? 'is' : 'are'} well formed. \`mainstay plan\` checks the rest.`,
  )
  return exitCodes.ok
}

export function findFaults({ text, placeOf }: Documents): { faults: readonly Fault[]; count: number } {
  const lines = new LineCounter()
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, version: '1.2', prettyErrors: false })
  const faults: Fault[] = []
  const seen = new Map<string, number>()
  let count = 0
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const at = (offset: number) => {
      const { line, col } = lines.linePos(offset)
      return { line: Math.max(1, line), column: Math.max(1, col) }
    }
    for (const error of document.errors) faults.push({ ...at(error.pos[0]), detail: error.message })
    if (document.errors.length > 0) continue
    const value: unknown = document.toJS({ maxAliasCount: 0 })
    if (value === null || value === undefined) continue
    count += 1
    const place = (...path: readonly string[]) => at(offsetOf(document, path))
    faults.push(...envelopeFaults(value, place))
    const key = keyOf(value)
    const earlier = key === null ? undefined : seen.get(key)
    if (key === null) continue
    if (earlier !== undefined) {
      const other = placeOf(earlier)
      faults.push({
        ...place('metadata', 'name'),
        pointer: '/metadata/name',
        detail: `${key} stands twice; the other is at ${other.file}:${other.line}. Keep one.`,
      })
    }
    seen.set(key, place('metadata', 'name').line)
  }
  return { faults: faults.sort((a, b) => a.line - b.line || a.column - b.column), count }
}

/** Where the value stands, or the nearest parent that is there. */
function offsetOf(document: Document.Parsed, path: readonly string[]): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? document.range[0]
  for (const key of path) {
    if (!isMap(node)) return offset
    const pair = node.items.find((each) => isScalar(each.key) && each.key.value === key)
    if (pair === undefined) return offset
    if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset
    node = pair.value
  }
  return offset
}

type Place = (...path: readonly string[]) => { line: number; column: number }

function envelopeFaults(value: unknown, place: Place): readonly Fault[] {
  if (!isJsonObject(value))
    return [{ ...place(), detail: 'A document must be a mapping with apiVersion, kind, metadata and spec.' }]
  const faults = Object.keys(value)
    .filter((key) => !fields.includes(key))
    .map((key) => ({
      ...place(key),
      pointer: `/${key}`,
      detail:
        key === 'status' ? 'status is written by Mainstay, never by a document. Remove it.' : unknownField(key, fields),
    }))
  for (const key of ['apiVersion', 'kind'] as const) {
    const text = value[key]
    if (typeof text !== 'string' || text === '')
      faults.push({ ...place(key), pointer: `/${key}`, detail: 'It is missing, or is not a text.' })
  }
  const { metadata } = value
  if (!isJsonObject(metadata))
    return [
      ...faults,
      { ...place('metadata'), pointer: '/metadata', detail: 'It is missing. It needs at least a name.' },
    ]
  for (const key of Object.keys(metadata).filter((each) => !metadataFields.includes(each)))
    faults.push({
      ...place('metadata', key),
      pointer: `/metadata/${key}`,
      detail: unknownField(key, metadataFields),
    })
  if (typeof metadata.name !== 'string' || !isName(metadata.name))
    faults.push({
      ...place('metadata', 'name'),
      pointer: '/metadata/name',
      detail: `It must be a lower-case name such as checkout-api, at most 63 characters; it is ${JSON.stringify(metadata.name ?? null)}.`,
    })
  return faults
}

function unknownField(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  return `There is no field ${key}. ${near === null ? `Known: ${known.join(', ')}.` : `Did you mean ${near}?`}`
}

function keyOf(value: unknown): string | null {
  if (!isJsonObject(value) || !isJsonObject(value.metadata)) return null
  const { kind, metadata } = value
  return typeof kind === 'string' && typeof metadata.name === 'string' ? `${kind}/${metadata.name}` : null
}

// A text of OpenSLO documents, or of another tool's, as OpenSLO v1 with everything there is to say about it, by line.
import type { Fault } from '../../../kernel/app-error.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import { type ParsedDocument, parseDocuments } from '../../../platform/resources/documents.ts'
import { checkOpenSlo } from '../core/openslo.ts'
import type { OpenSloDocument } from '../core/openslo-model.ts'
import type { ReadOptions, SloReader } from '../import.ports.ts'

export const findingSeverities = ['error', 'warning', 'note'] as const
export type FindingSeverity = (typeof findingSeverities)[number]

export interface SloFinding {
  readonly severity: FindingSeverity
  /** `SLO/checkout-availability`, or the format of a document that is not ours. */
  readonly document: string
  readonly line: number
  readonly column: number
  readonly pointer: string
  readonly detail: string
}

export interface SloFileDocument {
  /** `SLO/checkout-availability`. */
  readonly key: string
  readonly value: JsonObject
  readonly document: OpenSloDocument
  /** Null when it is as it was written; else what it was made of. */
  readonly madeOf: string | null
  readonly placeOf: ParsedDocument['placeOf']
}

export interface SloFile {
  /** Of the documents that were read, each once. */
  readonly formats: readonly string[]
  readonly documents: readonly SloFileDocument[]
  /** Documents of other kinds, which were passed over. */
  readonly others: number
  readonly findings: readonly SloFinding[]
}

const ours = 'OpenSLO v1'

/** Throws when the text is no YAML. */
export function readSloFile(text: string, readers: readonly SloReader[], options: ReadOptions): SloFile {
  const findings: SloFinding[] = []
  const documents = new Map<string, SloFileDocument>()
  const formats = new Set<string>()
  let others = 0
  for (const { value, placeOf } of parseDocuments(text).flatMap(documentsIn)) {
    const say = (severity: FindingSeverity, document: string, fault: Fault) => {
      const pointer = fault.pointer ?? ''
      findings.push({ severity, document, ...placeOf(pointer), pointer, detail: fault.detail })
    }
    if (!isJsonObject(value)) {
      say('error', 'document', { detail: 'A document must be a mapping with apiVersion, kind, metadata and spec.' })
      continue
    }
    const reader = readers.find((each) => each.matches(value)) ?? null
    const version = value.apiVersion
    const openSlo = typeof version === 'string' && version.startsWith('openslo')
    if (reader === null && !openSlo && version !== undefined) {
      others += 1
      continue
    }
    formats.add(reader?.format ?? ours)
    const reading = reader?.read(value, options) ?? { documents: [value], leftOut: [], notes: [] }
    const own = reader === null || reader.format === ours
    const called = own ? keyOf(value) : reader.format
    for (const fault of reading.leftOut) say('error', called, fault)
    for (const fault of reading.notes) say('note', called, fault)
    for (const made of reading.documents) {
      const key = keyOf(made)
      const checked = checkOpenSlo(made)
      // What is wrong with what was made has no place of its own: it stands at the document it was made of.
      for (const fault of checked.faults)
        say('error', key, own ? fault : { detail: `${fault.pointer ?? ''}: ${fault.detail}` })
      if (checked.document === null) continue
      const earlier = documents.get(key)
      const shared = earlier !== undefined && earlier.madeOf !== null && !own && key.startsWith('Service/')
      if (shared) continue
      if (earlier !== undefined) {
        const detail = `${key} stands twice; the other is on line ${earlier.placeOf('').line}. Keep one.`
        say('error', key, { pointer: '/metadata/name', detail })
        continue
      }
      const madeOf = own ? null : reader.format
      documents.set(key, { key, value: made, document: checked.document, madeOf, placeOf })
    }
  }
  return { formats: [...formats], documents: [...documents.values()], others, findings: sorted(findings) }
}

/** OpenSLO's own tools write several documents as one list, too. */
function documentsIn({ value, placeOf }: ParsedDocument): readonly ParsedDocument[] {
  if (!Array.isArray(value)) return [{ value, placeOf }]
  return value.map((each: unknown, index) => ({ value: each, placeOf: (pointer) => placeOf(`/${index}${pointer}`) }))
}

export const sorted = (findings: readonly SloFinding[]): readonly SloFinding[] =>
  [...findings].sort((a, b) => a.line - b.line || a.column - b.column)

function keyOf({ kind, metadata }: JsonObject): string {
  const name: JsonValue | undefined = isJsonObject(metadata) ? metadata.name : undefined
  return `${typeof kind === 'string' ? kind : 'document'}/${typeof name === 'string' ? name : '?'}`
}

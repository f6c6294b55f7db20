// From text to admitted documents: parsed, translated from foreign formats, checked for shape, defaults and rules.
// Every fault of every document is found at once and carries its line.
import { Ajv, type ValidateFunction } from 'ajv'
import { AppError, type Fault } from '../../../kernel/app-error.ts'
import { parseInstant } from '../../../kernel/instant.ts'
import { findUnstorable, isJsonObject, type JsonObject } from '../../../kernel/json.ts'
import { nearest } from '../../../kernel/names.ts'
import { closed, faultsOf } from '../../../platform/http/validation.ts'
import { type ParsedDocument, parseDocuments } from '../../../platform/resources/documents.ts'
import type { ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import type { DocumentTranslator, KnownObject } from '../catalog.ports.ts'
import { fieldsOf } from '../core/index.ts'
import { readMetadata } from './read-metadata.ts'
import { type LeftOut, needsTranslation, translateDocuments } from './translate-documents.ts'

export interface AdmittedDocument {
  readonly kind: ResourceKind
  readonly document: ResourceDocument
  readonly warnings: readonly Fault[]
  readonly placeOf: ParsedDocument['placeOf']
}

const ajv = new Ajv({
  allErrors: true,
  strict: false,
  verbose: true,
  useDefaults: true,
  formats: {
    'date-time': (text: string) => parseInstant(text) !== null,
    uri: (text: string) => URL.canParse(text),
    email: /^[^\s@]{1,64}@[^\s@]{1,255}$/,
  },
})
const validators = new WeakMap<ResourceKind, ValidateFunction>()

// Every field is compared with every other when managers share an object, so their number has a limit.
const fieldLimit = 2_000

export interface AdmittedText {
  readonly documents: readonly AdmittedDocument[]
  /** Foreign documents that become nothing here: reported, and kept by `prune`. */
  readonly leftOut: readonly LeftOut[]
}

/** `known` is asked only when a document of the text is foreign: what it refers to is looked up there. */
export async function admitDocuments(
  text: string,
  kinds: readonly ResourceKind[],
  translators: readonly DocumentTranslator[],
  known: () => Promise<readonly KnownObject[]>,
): Promise<AdmittedText> {
  const parsed = parseDocuments(text)
  const stored = needsTranslation(parsed, translators) ? await known() : []
  const translated = translateDocuments(parsed, translators, stored)
  const faults: Fault[] = [...translated.faults]
  const admitted: AdmittedDocument[] = []
  const seen = new Map<string, number>()
  for (const source of translated.documents) {
    const { placeOf } = source.parsed
    const at = (fault: Fault): Fault => ({ ...placeOf(fault.pointer ?? ''), ...fault })
    const result = admitOne(source.value, kinds)
    faults.push(...result.faults.map(at))
    if (result.document === null) continue
    const key = `${result.document.kind.kind}/${result.document.document.metadata.name}`
    const earlier = seen.get(key)
    if (earlier !== undefined)
      faults.push(
        at({ pointer: '/metadata/name', detail: `${key} stands twice; the other is on line ${earlier}. Keep one.` }),
      )
    seen.set(key, placeOf('').line)
    const warnings = [...source.warnings, ...result.document.warnings.map(at)]
    admitted.push({ ...result.document, warnings, placeOf })
  }
  if (faults.length > 0) throw refused(faults)
  return { documents: admitted.sort((a, b) => a.kind.order - b.kind.order), leftOut: translated.leftOut }
}

export function refused(faults: readonly Fault[]): AppError {
  return new AppError(
    'invalid',
    'resources.refused',
    faults.length === 1 ? 'One mistake; nothing was changed.' : `${faults.length} mistakes; nothing was changed.`,
    { faults: faults.slice(0, 200) },
  )
}

function admitOne(
  value: unknown,
  kinds: readonly ResourceKind[],
): { document: Omit<AdmittedDocument, 'placeOf'> | null; faults: readonly Fault[] } {
  if (!isJsonObject(value))
    return {
      document: null,
      faults: [{ pointer: '', detail: 'A document must be a mapping with apiVersion, kind, metadata and spec.' }],
    }
  const unstorable = findUnstorable(value)
  if (unstorable !== null)
    return {
      document: null,
      faults: [{ pointer: unstorable, detail: 'The text holds a NUL character or half of a surrogate pair.' }],
    }
  const kind = kinds.find((each) => each.kind === value.kind && each.apiVersion === value.apiVersion)
  if (kind === undefined) return { document: null, faults: [unknownKind(value, kinds)] }
  const read = readMetadata(value.metadata)
  const faults = [...envelopeFaults(value), ...read.faults]
  const spec = structuredClone(value.spec ?? {})
  if (!isJsonObject(spec))
    return { document: null, faults: [...faults, { pointer: '/spec', detail: 'It must be a mapping.' }] }
  const fields = fieldsOf(spec).size
  if (fields > fieldLimit)
    return {
      document: null,
      faults: [...faults, { pointer: '/spec', detail: `It has ${fields} fields; at most ${fieldLimit} are taken.` }],
    }
  const validate = validators.get(kind) ?? ajv.compile(closed(kind.spec))
  validators.set(kind, validate)
  if (!validate(spec)) faults.push(...faultsOf(validate.errors ?? [], '/spec'))
  if (faults.length > 0 || read.metadata === null) return { document: null, faults }
  const document: ResourceDocument = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: read.metadata, spec }
  const admission = kind.admit(document)
  return { document: { kind, document, warnings: admission.warnings }, faults: admission.faults }
}

function unknownKind(value: JsonObject, kinds: readonly ResourceKind[]): Fault {
  const kind = typeof value.kind === 'string' ? value.kind : ''
  const sameKind = kinds.filter((each) => each.kind === kind)
  if (sameKind.length > 0)
    return {
      pointer: '/apiVersion',
      detail: `${kind} is known as ${sameKind.map((each) => each.apiVersion).join(', ')}, not ${JSON.stringify(value.apiVersion ?? null)}.`,
    }
  const names = kinds.map((each) => each.kind)
  const near = nearest(kind, names)
  return {
    pointer: '/kind',
    detail: `There is no kind ${JSON.stringify(value.kind ?? null)}. ${near === null ? `Known: ${names.join(', ')}.` : `Did you mean ${near}?`}`,
  }
}

function envelopeFaults(value: JsonObject): Fault[] {
  return Object.keys(value)
    .filter((key) => !['apiVersion', 'kind', 'metadata', 'spec'].includes(key))
    .map((key) => ({
      pointer: `/${key}`,
      detail:
        key === 'status'
          ? 'status is written by Mainstay, never by a document. Remove it.'
          : `There is no such field. Known: apiVersion, kind, metadata, spec.`,
    }))
}

// From text to admitted documents: parsed, translated from foreign formats, checked for shape, defaults and rules.
// Every fault of every document is found at once and carries its line.
import { Ajv, type ValidateFunction } from 'ajv'
import { AppError, type Fault } from '../../../kernel/app-error.ts'
import { parseInstant } from '../../../kernel/instant.ts'
import { findUnstorable, isJsonObject, type JsonObject } from '../../../kernel/json.ts'
import { isName, nearest } from '../../../kernel/names.ts'
import { closed, faultsOf } from '../../../platform/http/validation.ts'
import { type ParsedDocument, parseDocuments } from '../../../platform/resources/documents.ts'
import type { ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import type { DocumentTranslator } from '../catalog.ports.ts'

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

const metadataFields = ['name', 'displayName', 'description', 'labels', 'annotations']
const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

export function admitDocuments(
  text: string,
  kinds: readonly ResourceKind[],
  translators: readonly DocumentTranslator[],
): readonly AdmittedDocument[] {
  const faults: Fault[] = []
  const admitted: AdmittedDocument[] = []
  const seen = new Map<string, number>()
  for (const parsed of parseDocuments(text)) {
    const at = (fault: Fault): Fault => ({ ...parsed.placeOf(fault.pointer ?? ''), ...fault })
    for (const value of translate(parsed.value, translators, (fault) => faults.push(at(fault)))) {
      const result = admitOne(value, kinds)
      faults.push(...result.faults.map(at))
      if (result.document === null) continue
      const key = `${result.document.kind.kind}/${result.document.document.metadata.name}`
      const earlier = seen.get(key)
      if (earlier !== undefined)
        faults.push(
          at({ pointer: '/metadata/name', detail: `${key} stands twice; the other is on line ${earlier}. Keep one.` }),
        )
      seen.set(key, parsed.placeOf('').line)
      admitted.push({ ...result.document, warnings: result.document.warnings.map(at), placeOf: parsed.placeOf })
    }
  }
  if (faults.length > 0) throw refused(faults)
  return admitted.sort((a, b) => a.kind.order - b.kind.order)
}

export function refused(faults: readonly Fault[]): AppError {
  return new AppError(
    'invalid',
    'resources.refused',
    faults.length === 1 ? 'One mistake; nothing was changed.' : `${faults.length} mistakes; nothing was changed.`,
    { faults: faults.slice(0, 200) },
  )
}

function translate(
  value: unknown,
  translators: readonly DocumentTranslator[],
  onFault: (fault: Fault) => void,
): readonly unknown[] {
  if (!isJsonObject(value)) return [value]
  const translator = translators.find((each) => each.matches(value))
  if (translator === undefined) return [value]
  const translated = translator.translate(value)
  for (const fault of translated.faults) onFault(fault)
  return translated.documents
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
  const faults = [...envelopeFaults(value), ...metadataFaults(value.metadata)]
  const spec = structuredClone(value.spec ?? {})
  const validate = validators.get(kind) ?? ajv.compile(closed(kind.spec))
  validators.set(kind, validate)
  if (!validate(spec)) faults.push(...faultsOf(validate.errors ?? [], '/spec'))
  if (faults.length > 0) return { document: null, faults }
  const metadata = value.metadata as unknown as ResourceDocument['metadata']
  const document: ResourceDocument = {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata,
    spec: spec as JsonObject,
  }
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

function metadataFaults(metadata: unknown): Fault[] {
  if (!isJsonObject(metadata)) return [{ pointer: '/metadata', detail: 'It is missing. It needs at least a name.' }]
  const faults: Fault[] = []
  for (const key of Object.keys(metadata)) {
    if (metadataFields.includes(key)) continue
    const near = nearest(key, metadataFields)
    faults.push({
      pointer: `/metadata/${key}`,
      detail: `There is no such field. ${near === null ? `Known: ${metadataFields.join(', ')}.` : `Did you mean ${near}?`}`,
    })
  }
  const { name } = metadata
  if (typeof name !== 'string' || !isName(name))
    faults.push({
      pointer: '/metadata/name',
      detail: `It must be a lower-case RFC 1123 label of at most 63 characters such as checkout-api (it is ${JSON.stringify(name ?? null)}).`,
    })
  for (const [field, limit] of [
    ['displayName', 63],
    ['description', 1050],
  ] as const) {
    const text = metadata[field]
    if (text !== undefined && (typeof text !== 'string' || text.length > limit))
      faults.push({ pointer: `/metadata/${field}`, detail: `It must be a text of at most ${limit} characters.` })
  }
  for (const field of ['labels', 'annotations'] as const) faults.push(...mapFaults(metadata[field], field))
  return faults
}

function mapFaults(map: unknown, field: 'labels' | 'annotations'): Fault[] {
  if (map === undefined) return []
  if (!isJsonObject(map)) return [{ pointer: `/metadata/${field}`, detail: 'It must be a mapping of text to text.' }]
  return Object.entries(map).flatMap(([key, value]) => {
    if (!labelKey.test(key))
      return [
        {
          pointer: `/metadata/${field}/${key}`,
          detail:
            'The key must be letters, digits, - _ . and at most 63 characters, with an optional DNS prefix and slash.',
        },
      ]
    const fits =
      typeof value === 'string' ||
      (field === 'labels' && Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return fits
      ? []
      : [
          {
            pointer: `/metadata/${field}/${key}`,
            detail: `It must be a text (it is ${JSON.stringify(value)}). Put quotes around it.`,
          },
        ]
  })
}

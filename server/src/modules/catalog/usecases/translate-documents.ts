// Foreign documents among those of a text become ours, by the translator that knows their format.
import type { Fault } from '../../../kernel/app-error.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import type { ParsedDocument } from '../../../platform/resources/documents.ts'
import type { DocumentTranslator, KnownObject } from '../catalog.ports.ts'

/** One document in our own format, with the place of the text it came from. */
export interface SourceDocument {
  readonly value: unknown
  readonly parsed: ParsedDocument
  /** Said by its translator. */
  readonly warnings: readonly Fault[]
}

/** A foreign document that becomes nothing here, and why. */
export interface LeftOut {
  readonly kind: string
  readonly name: string
  readonly warnings: readonly Fault[]
}

export interface TranslatedText {
  readonly documents: readonly SourceDocument[]
  readonly leftOut: readonly LeftOut[]
  readonly faults: readonly Fault[]
}

export function needsTranslation(
  parsed: readonly ParsedDocument[],
  translators: readonly DocumentTranslator[],
): boolean {
  return parsed.some(({ value }) => isJsonObject(value) && translators.some((each) => each.matches(value)))
}

export function translateDocuments(
  parsed: readonly ParsedDocument[],
  translators: readonly DocumentTranslator[],
  stored: readonly KnownObject[],
): TranslatedText {
  const sorted = parsed.map((each) => ({ parsed: each, by: translatorOf(each.value, translators) }))
  const documents: SourceDocument[] = sorted.flatMap((each) =>
    each.by === null ? [{ value: each.parsed.value, parsed: each.parsed, warnings: [] }] : [],
  )
  const known = [...stored, ...documents.flatMap(({ value }) => knownOf(value))]
  const leftOut: LeftOut[] = []
  const faults: Fault[] = []
  for (const translator of translators) {
    const mine = sorted.flatMap(({ parsed: each, by }) =>
      by === translator && isJsonObject(each.value) ? [{ parsed: each, value: each.value }] : [],
    )
    if (mine.length === 0) continue
    const translations = translator.translate(
      mine.map((each) => each.value),
      known,
    )
    for (const [index, translation] of translations.entries()) {
      const source = mine[index]?.parsed
      if (source === undefined) continue
      const at = (fault: Fault): Fault => ({ ...source.placeOf(fault.pointer ?? ''), ...fault })
      const warnings = translation.warnings.map(at)
      faults.push(...translation.faults.map(at))
      for (const value of translation.documents) documents.push({ value, parsed: source, warnings })
      if (translation.leftOut !== null) leftOut.push({ ...translation.leftOut, warnings })
    }
  }
  return { documents, leftOut, faults }
}

function translatorOf(value: unknown, translators: readonly DocumentTranslator[]): DocumentTranslator | null {
  return isJsonObject(value) ? (translators.find((each) => each.matches(value)) ?? null) : null
}

function knownOf(value: unknown): readonly KnownObject[] {
  if (!isJsonObject(value) || typeof value.kind !== 'string' || !isJsonObject(value.metadata)) return []
  const { name, annotations } = value.metadata
  return typeof name === 'string' ? [{ kind: value.kind, name, annotations: textsOf(annotations) }] : []
}

function textsOf(map: JsonValue | undefined): Readonly<Record<string, string>> {
  const object: JsonObject = isJsonObject(map) ? map : {}
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

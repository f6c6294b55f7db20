// Who reads objectives that were written for another tool: for imports and lint, and for `apply`, which takes their
// documents as they are.
import { openSloV1AlphaReader } from '../../integrations/openslo/v1alpha-reader.ts'
import { openSloV2AlphaReader } from '../../integrations/openslo/v2alpha-reader.ts'
import { pyrraReader } from '../../integrations/pyrra/pyrra-reader.ts'
import { slothReader } from '../../integrations/sloth/sloth-reader.ts'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import type { DocumentTranslator, KnownObject, Translation } from '../../modules/catalog/index.ts'
import { lintSloFile, type ReadOptions, type SloLint, type SloReader } from '../../modules/slo/index.ts'

export const sloReaders: readonly SloReader[] = [openSloV1AlphaReader, openSloV2AlphaReader, slothReader, pyrraReader]

const readerOf = (document: JsonObject): SloReader | undefined => sloReaders.find((each) => each.matches(document))

/** One for all formats, because their documents may name the same service. */
export const sloTranslator: DocumentTranslator = {
  name: 'objectives of other tools',
  matches: (document) => readerOf(document) !== undefined,
  translate: translateAll,
}

/** For the command line, which asks no server. */
export const lintSlo = (text: string, options: ReadOptions): SloLint => lintSloFile(text, sloReaders, options)

function translateAll(documents: readonly JsonObject[], known: readonly KnownObject[]): readonly Translation[] {
  const dataSources = known.filter((each) => each.kind === 'DataSource')
  const dataSource = dataSources.length === 1 ? (dataSources[0]?.name ?? null) : null
  const services = new Set(known.filter((each) => each.kind === 'Service').map((each) => each.name))
  return documents.map((document) => {
    const reader = readerOf(document)
    if (reader === undefined) return { documents: [], faults: [], warnings: [], leftOut: null }
    const { documents: made, leftOut, notes } = reader.read(document, { dataSource, service: null, window: null })
    const fresh = made.flatMap((each) => ofCatalog(each, services))
    const nothing = fresh.length === 0 && leftOut.length === 0
    return {
      documents: fresh,
      // All or nothing: what cannot be taken over refuses the text. `mainstay import objectives` takes what it can.
      faults: leftOut,
      warnings: notes,
      leftOut: nothing ? { kind: reader.format, name: nameOf(made[0]) } : null,
    }
  })
}

function nameOf(document: JsonObject | undefined): string {
  const metadata = document !== undefined && isJsonObject(document.metadata) ? document.metadata : {}
  return typeof metadata.name === 'string' ? metadata.name : ''
}

/** A service that is declared here, or was made of an earlier document, is that one. */
function ofCatalog(document: JsonObject, services: Set<string>): readonly JsonObject[] {
  if (document.kind !== 'Service') return [document]
  const name = nameOf(document)
  if (services.has(name)) return []
  services.add(name)
  return [{ ...document, apiVersion: 'mainstay.dev/v1', spec: {} }]
}

// OpenSLO v2alpha is a draft whose fields still change between its own revisions, so it is refused, by name and with the
// word that openslo/v1 has for each field that is called otherwise.
import type { Fault } from '../../kernel/app-error.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import type { SloReader } from '../../modules/slo/import.ports.ts'

export const openSloV2AlphaReader: SloReader = {
  format: 'OpenSLO v2alpha',
  matches: ({ apiVersion }) => typeof apiVersion === 'string' && /^openslo(\.com)?\/v2/.test(apiVersion),
  read: (document) => ({ documents: [], leftOut: refusals(document), notes: [] }),
}

const renamed: Readonly<Record<string, string>> = {
  serviceRef: '`serviceRef` is `service` in openslo/v1.',
  sli: '`sli` is `indicator` in openslo/v1.',
  sliRef: '`sliRef` is `indicatorRef` in openslo/v1.',
  dataSourceRef: '`dataSourceRef` is `metricSource: { metricSourceRef: … }` in openslo/v1.',
  dataSourceSpec: '`dataSourceSpec` is `metricSource: { type: …, spec: … }` in openslo/v1.',
}
const mostTold = 50

function refusals(document: JsonObject): readonly Fault[] {
  const detail = `${String(document.apiVersion)} is a draft that still changes, so nothing is read from it. Write \`apiVersion: openslo/v1\`.`
  const found: Fault[] = [{ pointer: '/apiVersion', detail }]
  walk(objectOf(document.spec), '/spec', found)
  return found.slice(0, mostTold)
}

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {})

/** Not into what belongs to data sources: their keys are their own. */
const foreign = new Set(['connectionDetails', 'dataSourceSpec', 'labels', 'annotations'])

function walk(value: JsonValue, at: string, found: Fault[]): void {
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) walk(each, `${at}/${index}`, found)
    return
  }
  if (!isJsonObject(value)) return
  for (const [key, each] of Object.entries(value)) {
    const detail = Object.hasOwn(renamed, key) ? renamed[key] : undefined
    if (detail !== undefined) found.push({ pointer: `${at}/${key}`, detail })
    if (!foreign.has(key)) walk(each, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, found)
  }
}

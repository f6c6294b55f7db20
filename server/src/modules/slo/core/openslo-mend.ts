// Documents of OpenSLO v1 as other tools leave them: no server named, thresholds beside a ratio. Lint refuses them; an
// import mends what has one meaning only, and says so.
import type { Fault } from '../../../kernel/app-error.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'

export interface Mended {
  readonly document: JsonObject
  readonly notes: readonly Fault[]
}

/** The document itself when there is nothing to mend. `dataSource` null: no server is named where none was. */
export function mendOpenSlo(document: JsonObject, dataSource: string | null): Mended {
  const notes: Fault[] = []
  const spec = objectOf(document.spec)
  if (document.kind === 'SLI')
    return { document: { ...document, spec: sliOf(spec, '/spec', dataSource, notes) }, notes }
  if (document.kind !== 'SLO') return { document, notes }
  const ratio = isJsonObject(spec.indicator) && 'ratioMetric' in objectOf(spec.indicator.spec)
  const mended: JsonObject = {
    ...spec,
    ...inlineOf(spec, '/spec', dataSource, notes),
    ...(Array.isArray(spec.objectives)
      ? {
          objectives: spec.objectives.map((each, index) => {
            const at = `/spec/objectives/${index}`
            if (!isJsonObject(each)) return each
            const own = { ...each, ...inlineOf(each, at, dataSource, notes) }
            return ratio ? withoutThreshold(own, at, notes) : own
          }),
        }
      : {}),
  }
  return { document: { ...document, spec: mended }, notes }
}

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {})

function withoutThreshold(objective: JsonObject, at: string, notes: Fault[]): JsonObject {
  const { op, value, ...rest } = objective
  for (const [key, given] of [['op', op] as const, ['value', value] as const])
    if (given !== undefined)
      notes.push({
        pointer: `${at}/${key}`,
        detail: `A ratio is compared with its target only; \`${key}\` is left out.`,
      })
  return rest
}

function inlineOf(holder: JsonObject, at: string, dataSource: string | null, notes: Fault[]): JsonObject {
  const { indicator } = holder
  if (!isJsonObject(indicator) || !isJsonObject(indicator.spec)) return {}
  return { indicator: { ...indicator, spec: sliOf(indicator.spec, `${at}/indicator/spec`, dataSource, notes) } }
}

function sliOf(spec: JsonObject, at: string, dataSource: string | null, notes: Fault[]): JsonObject {
  const { thresholdMetric, ratioMetric } = spec
  const metric = (value: JsonObject, path: string) => metricOf(value, `${at}/${path}`, dataSource, notes)
  return {
    ...spec,
    ...(isJsonObject(thresholdMetric) ? { thresholdMetric: metric(thresholdMetric, 'thresholdMetric') } : {}),
    ...(isJsonObject(ratioMetric)
      ? {
          ratioMetric: Object.fromEntries(
            Object.entries(ratioMetric).map(([key, each]) => [
              key,
              isJsonObject(each) ? metric(each, `ratioMetric/${key}`) : each,
            ]),
          ),
        }
      : {}),
  }
}

function metricOf(metric: JsonObject, at: string, dataSource: string | null, notes: Fault[]): JsonObject {
  const { metricSource } = metric
  if (dataSource === null || !isJsonObject(metricSource) || metricSource.metricSourceRef !== undefined) return metric
  const { type } = metricSource
  if (typeof type !== 'string' || type.toLowerCase() !== 'prometheus') return metric
  notes.push({ pointer: `${at}/metricSource`, detail: `No server is named; it is read from ${dataSource}.` })
  return { ...metric, metricSource: { metricSourceRef: dataSource, ...metricSource } }
}

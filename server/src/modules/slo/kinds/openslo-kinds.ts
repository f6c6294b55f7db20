// The documents of OpenSLO v1 as declarative kinds. Their shape is checked by core/openslo.ts, whose refusals name the
// place and the way out; the schema here only says that a spec is a mapping.
import { Type } from 'typebox'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import type { Admission, Reference, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { readConnection } from '../../telemetry/core/index.ts'
import { checkOpenSlo } from '../core/openslo.ts'
import { checkSlo, compileSlo, recompileFor, removeSlo } from '../usecases/compile-objectives.ts'
import { reviewReferences } from './review-references.ts'

const AnySpec = Type.Object({}, { additionalProperties: true, description: 'As in OpenSLO v1.' })

function admit(document: ResourceDocument): Admission {
  return { faults: checkOpenSlo(document).faults, warnings: [] }
}

const text = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null)
const listOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : []

/** The team that may change it, when a label says so; else whoever may change what nobody owns. */
const ownerOf = ({ metadata }: ResourceDocument): string | null => {
  const team = metadata.labels?.team
  return typeof team === 'string' ? team : null
}

function one(kind: string, at: string, value: JsonValue | undefined): readonly Reference[] {
  const name = text(value)
  return name === null ? [] : [{ kind, name, pointer: at }]
}

function sourceRefs(value: JsonValue | undefined, at: string): readonly Reference[] {
  const spec = isJsonObject(value) ? value : {}
  const ratio = isJsonObject(spec.ratioMetric) ? spec.ratioMetric : {}
  const metrics = [
    ['thresholdMetric', spec.thresholdMetric],
    ...['good', 'bad', 'total', 'raw'].map((side) => [`ratioMetric/${side}`, ratio[side]] as const),
  ] as const
  return metrics.flatMap(([path, metric]) => {
    const source = isJsonObject(metric) && isJsonObject(metric.metricSource) ? metric.metricSource : {}
    const pointer = `${at}/${path}/metricSource`
    const probe = isJsonObject(source.spec) && source.type === 'probe' ? source.spec.probe : undefined
    return [
      ...one('DataSource', `${pointer}/metricSourceRef`, source.metricSourceRef),
      ...one('Probe', `${pointer}/spec/probe`, probe),
    ]
  })
}

function policyRefs(spec: JsonObject, at: string): readonly Reference[] {
  return [
    ...listOf(spec.conditions).flatMap((each, index) =>
      one('AlertCondition', `${at}/conditions/${index}/conditionRef`, each.conditionRef),
    ),
    ...listOf(spec.notificationTargets).flatMap((each, index) =>
      one('AlertNotificationTarget', `${at}/notificationTargets/${index}/targetRef`, each.targetRef),
    ),
  ]
}

function sloRefs({ spec }: ResourceDocument): readonly Reference[] {
  const inline = (value: JsonValue | undefined) => (isJsonObject(value) ? value.spec : undefined)
  return [
    ...one('Service', '/spec/service', spec.service),
    ...one('SLI', '/spec/indicatorRef', spec.indicatorRef),
    ...sourceRefs(inline(spec.indicator), '/spec/indicator/spec'),
    ...listOf(spec.objectives).flatMap((each, index) => [
      ...one('SLI', `/spec/objectives/${index}/indicatorRef`, each.indicatorRef),
      ...sourceRefs(inline(each.indicator), `/spec/objectives/${index}/indicator/spec`),
    ]),
    ...listOf(spec.alertPolicies).flatMap((each, index) => {
      const at = `/spec/alertPolicies/${index}`
      const own = inline(each)
      return [
        ...one('AlertPolicy', `${at}/alertPolicyRef`, each.alertPolicyRef),
        ...(isJsonObject(own) ? policyRefs(own, `${at}/spec`) : []),
      ]
    }),
  ]
}

const openslo = (
  kind: Pick<ResourceKind, 'kind' | 'plural' | 'summary' | 'order' | 'references'> & Partial<ResourceKind>,
) => ({ apiVersion: 'openslo/v1', spec: AnySpec, owner: ownerOf, admit, ...kind }) satisfies ResourceKind

/** Objectives compiled from it follow, in the same transaction. */
const saved: ResourceKind['saved'] = (tx, { before, after }) =>
  before === null ? Promise.resolve() : recompileFor(tx, after)

export const openSloKinds: readonly ResourceKind[] = [
  openslo({
    kind: 'DataSource',
    plural: 'datasources',
    summary: 'A server that objectives are read from',
    order: 72,
    references: () => [],
    admit: (document) => {
      const admission = admit(document)
      if (admission.faults.length > 0) return admission
      const { type, connectionDetails } = document.spec
      if (!['prometheus', 'scrape'].includes(text(type)?.toLowerCase() ?? ''))
        return {
          ...admission,
          faults: [
            {
              pointer: '/spec/type',
              detail: '`prometheus` for a server that is asked, or `scrape` for an endpoint that tells its metrics.',
            },
          ],
        }
      const details = isJsonObject(connectionDetails) ? connectionDetails : {}
      return { ...admission, faults: readConnection(details, '/spec/connectionDetails').faults }
    },
    saved,
  }),
  openslo({
    kind: 'AlertCondition',
    plural: 'alertconditions',
    summary: 'When an objective burns too fast',
    order: 74,
    references: () => [],
    saved,
  }),
  openslo({
    kind: 'AlertNotificationTarget',
    plural: 'alertnotificationtargets',
    summary: 'Who is told',
    order: 75,
    references: () => [],
    saved,
  }),
  openslo({
    kind: 'AlertPolicy',
    plural: 'alertpolicies',
    summary: 'A condition and whom it tells',
    order: 76,
    references: ({ spec }) => policyRefs(spec, '/spec'),
    saved,
  }),
  openslo({
    kind: 'SLI',
    plural: 'slis',
    aliases: ['sli'],
    summary: 'What is counted as good, bad and total',
    order: 80,
    references: ({ spec }) => sourceRefs(spec, '/spec'),
    saved,
  }),
  openslo({
    kind: 'SLO',
    plural: 'slos',
    aliases: ['slo', 'objective', 'objectives'],
    summary: 'What is promised, over which time',
    order: 90,
    references: (document) => [...sloRefs(document), ...reviewReferences(document)],
    check: checkSlo,
    saved: (tx, { after }) => compileSlo(tx, after),
    removed: removeSlo,
  }),
]

// Writes OpenSLO v1 documents back, whole: what was read and written says the same as what was read, field by field.
// Normal form: fields in the order of the specification, defaults written out, bare minutes as `5m`.
import { multiply, type Rational, rational } from '../../../kernel/rational.ts'
import type {
  AlertConditionSpec,
  AlertPolicySpec,
  Metadata,
  MetricSource,
  NotificationTargetSpec,
  ObjectiveSpec,
  OpenSloDocument,
  OpenSloDuration,
  Referred,
  SliSpec,
  SloSpec,
} from './openslo-model.ts'

export type Written = Readonly<Record<string, unknown>>

const apiVersion = 'openslo/v1'

export function writeOpenSlo(document: OpenSloDocument): Written {
  const { kind } = document
  return { apiVersion, kind, metadata: writeMetadata(document.metadata), spec: writeSpec(document) }
}

function writeSpec(document: OpenSloDocument): Written {
  switch (document.kind) {
    case 'SLO':
      return writeSlo(document.spec)
    case 'SLI':
      return writeSli(document.spec)
    case 'AlertPolicy':
      return writePolicy(document.spec)
    case 'AlertCondition':
      return writeCondition(document.spec)
    case 'AlertNotificationTarget':
      return writeTarget(document.spec)
    case 'Service':
      return given({ description: document.spec.description })
    case 'DataSource': {
      const { description, type, connectionDetails } = document.spec
      return given({ description, type, connectionDetails })
    }
  }
}

/** Without what is not there. */
function given(fields: Readonly<Record<string, unknown>>): Written {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))
}

const filled = (map: Readonly<Record<string, unknown>>) => (Object.keys(map).length === 0 ? null : map)

function writeMetadata({ name, displayName, labels, annotations }: Metadata): Written {
  return given({ name, displayName, labels: filled(labels), annotations: filled(annotations) })
}

/** Decimals of at most nine places were read, and both sides of the division are exact: it gives the same double. */
const decimal = ({ num, den }: Rational): number => Number(num) / Number(den)
const shorthand = (duration: OpenSloDuration | null) => (duration === null ? null : `${duration.value}${duration.unit}`)

function writeSlo(spec: SloSpec): Written {
  const composite = spec.indicator === null && spec.indicatorRef === null
  const { duration, isRolling, calendar } = spec.timeWindow
  return given({
    description: spec.description,
    service: spec.service,
    indicator: writeIndicator(spec),
    indicatorRef: spec.indicatorRef,
    timeWindow: [given({ duration: shorthand(duration), isRolling, calendar })],
    budgetingMethod: spec.budgetingMethod,
    objectives: spec.objectives.map((each) => writeObjective(each, composite)),
    alertPolicies:
      spec.alertPolicies.length === 0
        ? null
        : spec.alertPolicies.map((each) => writeReferred(each, ['alertPolicyRef', 'AlertPolicy'], writePolicy)),
  })
}

function writeIndicator({
  indicator,
  indicatorMetadata,
}: Pick<SloSpec, 'indicator' | 'indicatorMetadata'>): Written | null {
  if (indicator === null) return null
  const metadata = indicatorMetadata === null ? null : writeMetadata(indicatorMetadata)
  return given({ metadata, spec: writeSli(indicator) })
}

function writeObjective(objective: ObjectiveSpec, composite: boolean): Written {
  const { target, asPercent, timeSliceTarget } = objective
  return given({
    displayName: objective.displayName,
    op: objective.op,
    value: objective.value,
    ...(asPercent ? { targetPercent: decimal(multiply(target, rational(100))) } : { target: decimal(target) }),
    timeSliceTarget: timeSliceTarget === null ? null : decimal(timeSliceTarget),
    timeSliceWindow: shorthand(objective.timeSliceWindow),
    indicator: writeIndicator(objective),
    indicatorRef: objective.indicatorRef,
    compositeWeight: composite ? decimal(objective.compositeWeight) : null,
  })
}

function writeSli({ description, thresholdMetric, ratioMetric }: SliSpec): Written {
  const ratio =
    ratioMetric === null
      ? null
      : given({
          counter: ratioMetric.counter,
          good: writeMetric(ratioMetric.good),
          bad: writeMetric(ratioMetric.bad),
          total: writeMetric(ratioMetric.total),
          rawType: ratioMetric.rawType,
          raw: writeMetric(ratioMetric.raw),
        })
  return given({ description, thresholdMetric: writeMetric(thresholdMetric), ratioMetric: ratio })
}

function writeMetric(metric: MetricSource | null): Written | null {
  if (metric === null) return null
  const { metricSourceRef, type, spec } = metric
  return { metricSource: given({ metricSourceRef, type, spec }) }
}

function writeReferred<Spec>(
  each: Referred<Spec>,
  [refKey, kind]: readonly [string, string],
  write: (spec: Spec) => Written,
): Written {
  if ('ref' in each) return { [refKey]: each.ref }
  return { kind, metadata: writeMetadata(each.inline.metadata), spec: write(each.inline.spec) }
}

function writePolicy(spec: AlertPolicySpec): Written {
  return given({
    description: spec.description,
    alertWhenNoData: spec.alertWhenNoData,
    alertWhenResolved: spec.alertWhenResolved,
    alertWhenBreaching: spec.alertWhenBreaching,
    conditions: spec.conditions.map((each) => writeReferred(each, ['conditionRef', 'AlertCondition'], writeCondition)),
    notificationTargets: spec.notificationTargets.map((each) =>
      writeReferred(each, ['targetRef', 'AlertNotificationTarget'], writeTarget),
    ),
  })
}

function writeCondition({
  description,
  severity,
  op,
  threshold,
  lookbackWindow,
  alertAfter,
}: AlertConditionSpec): Written {
  const condition = {
    kind: 'burnrate',
    op,
    threshold: decimal(threshold),
    lookbackWindow: shorthand(lookbackWindow),
    alertAfter: shorthand(alertAfter),
  }
  return given({ description, severity, condition })
}

const writeTarget = ({ description, target }: NotificationTargetSpec): Written => given({ description, target })

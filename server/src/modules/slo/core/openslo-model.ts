// OpenSLO v1 documents as they were written, checked (openslo.ts). Absent fields are null.
import type { Rational } from '../../../kernel/rational.ts'
import type { Comparison } from './objective.ts'

export const openSloKinds = [
  'SLO',
  'SLI',
  'Service',
  'DataSource',
  'AlertPolicy',
  'AlertCondition',
  'AlertNotificationTarget',
] as const
export type OpenSloKind = (typeof openSloKinds)[number]

export const budgetingMethods = ['Occurrences', 'Timeslices', 'RatioTimeslices'] as const
export type BudgetingMethod = (typeof budgetingMethods)[number]

export interface Metadata {
  readonly name: string
  readonly displayName: string | null
  readonly labels: Readonly<Record<string, string | readonly string[]>>
  readonly annotations: Readonly<Record<string, string>>
}

/** `m` is minutes, `M` months: case matters. */
export interface OpenSloDuration {
  readonly value: number
  readonly unit: 'm' | 'h' | 'd' | 'w' | 'M' | 'Q' | 'Y'
}

export interface MetricSource {
  /** Where it stands, for the faults of the translation. */
  readonly at: string
  readonly metricSourceRef: string | null
  readonly type: string | null
  readonly spec: Readonly<Record<string, unknown>>
}

export interface RatioMetric {
  readonly counter: boolean | null
  readonly good: MetricSource | null
  readonly bad: MetricSource | null
  readonly total: MetricSource | null
  readonly raw: MetricSource | null
  readonly rawType: 'success' | 'failure' | null
}

export interface SliSpec {
  readonly at: string
  readonly description: string | null
  readonly thresholdMetric: MetricSource | null
  readonly ratioMetric: RatioMetric | null
}

export interface TimeWindow {
  readonly duration: OpenSloDuration
  readonly isRolling: boolean
  readonly calendar: { readonly startTime: string; readonly timeZone: string } | null
}

export interface ObjectiveSpec {
  readonly at: string
  readonly displayName: string | null
  readonly op: Comparison | null
  readonly value: number | null
  readonly target: Rational
  /** Written as `targetPercent`, and so written back. */
  readonly asPercent: boolean
  readonly timeSliceTarget: Rational | null
  readonly timeSliceWindow: OpenSloDuration | null
  readonly indicator: SliSpec | null
  /** Of the indicator written in place. */
  readonly indicatorMetadata: Metadata | null
  readonly indicatorRef: string | null
  readonly compositeWeight: Rational
}

export interface SloSpec {
  readonly description: string | null
  readonly service: string
  readonly indicator: SliSpec | null
  /** Of the indicator written in place. */
  readonly indicatorMetadata: Metadata | null
  readonly indicatorRef: string | null
  readonly timeWindow: TimeWindow
  readonly budgetingMethod: BudgetingMethod
  readonly objectives: readonly ObjectiveSpec[]
  readonly alertPolicies: readonly Referred<AlertPolicySpec>[]
}

/** Written in place, or named. */
export type Referred<Spec> =
  | { readonly at: string; readonly ref: string }
  | { readonly at: string; readonly inline: { readonly metadata: Metadata; readonly spec: Spec } }

export interface AlertPolicySpec {
  readonly description: string | null
  readonly alertWhenNoData: boolean
  readonly alertWhenResolved: boolean
  readonly alertWhenBreaching: boolean
  readonly conditions: readonly Referred<AlertConditionSpec>[]
  readonly notificationTargets: readonly Referred<NotificationTargetSpec>[]
}

export interface AlertConditionSpec {
  readonly description: string | null
  readonly severity: string
  readonly op: Comparison
  readonly threshold: Rational
  readonly lookbackWindow: OpenSloDuration
  readonly alertAfter: OpenSloDuration
}

export interface NotificationTargetSpec {
  readonly description: string | null
  readonly target: string
}

export type OpenSloDocument = { readonly metadata: Metadata } & (
  | { readonly kind: 'SLO'; readonly spec: SloSpec }
  | { readonly kind: 'SLI'; readonly spec: SliSpec }
  | { readonly kind: 'Service'; readonly spec: { readonly description: string | null } }
  | {
      readonly kind: 'DataSource'
      readonly spec: {
        readonly description: string | null
        readonly type: string
        readonly connectionDetails: Readonly<Record<string, unknown>>
      }
    }
  | { readonly kind: 'AlertPolicy'; readonly spec: AlertPolicySpec }
  | { readonly kind: 'AlertCondition'; readonly spec: AlertConditionSpec }
  | { readonly kind: 'AlertNotificationTarget'; readonly spec: NotificationTargetSpec }
)

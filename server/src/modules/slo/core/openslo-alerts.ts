// The alerting documents of OpenSLO v1.
import { comparisons } from './objective.ts'
import { type Cursor, choice, count, fault, flag, has, list, object, text } from './openslo-cursor.ts'
import type { AlertConditionSpec, AlertPolicySpec, NotificationTargetSpec } from './openslo-model.ts'
import { description, duration, exact, referred } from './openslo-parts.ts'

const policyKeys = [
  'description',
  'alertWhenNoData',
  'alertWhenResolved',
  'alertWhenBreaching',
  'conditions',
  'notificationTargets',
]

export function alertPolicySpec(root: Cursor): AlertPolicySpec | null {
  const cursor = object(root, 'spec', policyKeys, true)
  if (cursor === null) return null
  const conditions = list(
    cursor,
    'conditions',
    (each, at) =>
      referred(each, at, cursor.faults, { refKey: 'conditionRef', kind: 'AlertCondition', spec: alertConditionSpec }),
    true,
  )
  if (has(cursor, 'conditions') && count(cursor, 'conditions') !== 1)
    fault(cursor, '/conditions', 'Exactly one condition is needed; several policies on an SLO are alternatives.')
  const notificationTargets = list(
    cursor,
    'notificationTargets',
    (each, at) =>
      referred(each, at, cursor.faults, {
        refKey: 'targetRef',
        kind: 'AlertNotificationTarget',
        spec: notificationTargetSpec,
      }),
    true,
  )
  if (has(cursor, 'notificationTargets') && count(cursor, 'notificationTargets') === 0)
    fault(cursor, '/notificationTargets', 'At least one target is needed.')
  return {
    description: description(cursor),
    alertWhenNoData: flag(cursor, 'alertWhenNoData') ?? false,
    alertWhenResolved: flag(cursor, 'alertWhenResolved') ?? false,
    alertWhenBreaching: flag(cursor, 'alertWhenBreaching') ?? false,
    conditions,
    notificationTargets,
  }
}

const atLeastZero = { holds: (value: number) => value >= 0, words: 'at least 0' }

export function alertConditionSpec(root: Cursor): AlertConditionSpec | null {
  const cursor = object(root, 'spec', ['description', 'severity', 'condition'], true)
  if (cursor === null) return null
  const said = description(cursor)
  const severity = text(cursor, 'severity', { required: true })
  const condition = object(cursor, 'condition', ['kind', 'op', 'threshold', 'lookbackWindow', 'alertAfter'], true)
  if (condition === null) return null
  text(condition, 'kind', { required: true, among: ['burnrate'] })
  const op = choice(condition, 'op', comparisons, true)
  if (!has(condition, 'threshold')) fault(condition, '', '`threshold` is missing.')
  const threshold = exact(condition, 'threshold', atLeastZero)
  const lookbackWindow = duration(condition, 'lookbackWindow', { required: true })
  const alertAfter = has(condition, 'alertAfter')
    ? duration(condition, 'alertAfter', { zero: true })
    : { value: 0, unit: 'm' as const }
  if (severity === null || op === null || threshold === null || lookbackWindow === null || alertAfter === null)
    return null
  return { description: said, severity, op, threshold, lookbackWindow, alertAfter }
}

export function notificationTargetSpec(root: Cursor): NotificationTargetSpec | null {
  const cursor = object(root, 'spec', ['description', 'target'], true)
  const target = cursor === null ? null : text(cursor, 'target', { required: true })
  return cursor === null || target === null ? null : { description: description(cursor), target }
}

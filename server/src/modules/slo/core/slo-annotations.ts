// What an SLO says beyond OpenSLO: annotations of our own prefix, which every other tool carries along and ignores, so
// a document goes out and comes back whole.
import type { Fault } from '../../../kernel/app-error.ts'
import { formatDuration, parseDuration } from '../../../kernel/duration.ts'
import { nearest } from '../../../kernel/names.ts'
import { compare, divide, parseRational, type Rational, rational } from '../../../kernel/rational.ts'
import { defaultMostGroups, mostAttributes, mostGroups } from '../../telemetry/core/index.ts'
import { type BudgetAlerts, remainingKey } from './budget-alerts.ts'
import { defaultLeastEvents, type GroupSettings } from './group.ts'
import { step } from './openslo-cursor.ts'
import { reviewAnnotations } from './review-annotations.ts'

export const prefix = 'mainstay.dev/'
export const groupBy = `${prefix}group-by`
export const groupLimit = `${prefix}group-limit`
export const groupAlerts = `${prefix}group-alerts`
export const groupLeastEvents = `${prefix}group-least-events`
const leastFailures = `${prefix}least-failures`
const alertRemaining = `${prefix}alert-remaining`
const alertDrop = `${prefix}alert-drop`
const alertExhausts = `${prefix}alert-exhausts-within`
const known = [
  groupBy,
  groupLimit,
  groupAlerts,
  groupLeastEvents,
  leastFailures,
  alertRemaining,
  alertDrop,
  alertExhausts,
  ...reviewAnnotations,
]
/** Set by what brings documents in, and not about how they are counted. */
const marks = [`${prefix}declared-as`]

export interface SloSettings {
  readonly groups: GroupSettings | null
  /** Failures below which a page is a ticket; null for the default. */
  readonly leastBadForPage: number | null
  readonly budgetAlerts: BudgetAlerts | null
}

export interface SettingsContext {
  readonly windowMs: number
  readonly sliceMs: number
}

type Annotations = Readonly<Record<string, string>>

export function readSloSettings(
  annotations: Annotations,
  context: SettingsContext,
  faults: Fault[],
  warnings: Fault[],
): SloSettings {
  warnings.push(...unknownAnnotations(annotations, known))
  return {
    groups: readGroups(annotations, faults),
    leastBadForPage: whole(annotations, leastFailures, { least: 0, most: 1_000_000 }, faults),
    budgetAlerts: readBudgetAlerts(annotations, context, faults),
  }
}

/** Those of our prefix that nothing reads: misspelt, most of the time. */
export function unknownAnnotations(annotations: Annotations, known: readonly string[]): readonly Fault[] {
  const warnings: Fault[] = []
  for (const key of Object.keys(annotations)) {
    if (!key.startsWith(prefix) || known.includes(key) || marks.includes(key)) continue
    const near = nearest(key, known)
    refuse(
      warnings,
      key,
      near === null
        ? `Nothing is known of it; there are ${known.join(', ')}.`
        : `Nothing is known of it. Did you mean \`${near}\`?`,
    )
  }
  return warnings
}

function refuse(faults: Fault[], key: string, detail: string): null {
  faults.push({ pointer: `/metadata/annotations${step(key)}`, detail })
  return null
}

function whole(
  annotations: Annotations,
  key: string,
  { least, most }: { readonly least: number; readonly most: number },
  faults: Fault[],
): number | null {
  const text = annotations[key]
  if (text === undefined) return null
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : refuse(faults, key, `A whole number from ${least} to ${most}.`)
}

const longestAttribute = 200

function readGroups(annotations: Annotations, faults: Fault[]): GroupSettings | null {
  const text = annotations[groupBy]
  if (text === undefined) {
    for (const key of [groupLimit, groupAlerts, groupLeastEvents])
      if (annotations[key] !== undefined) refuse(faults, key, `Without \`${groupBy}\` there are no groups.`)
    return null
  }
  const by = text.split(',').map((each) => each.trim())
  if (by.some((each) => each === '' || each.length > longestAttribute || /\s/.test(each)))
    refuse(faults, groupBy, 'Names of attributes or labels, with commas between them: `tenant, region`.')
  if (by.length > mostAttributes) refuse(faults, groupBy, `At most ${mostAttributes} attributes.`)
  if (new Set(by).size < by.length) refuse(faults, groupBy, 'Each attribute stands once.')
  const most = whole(annotations, groupLimit, { least: 1, most: mostGroups }, faults)
  const asked = annotations[groupAlerts]
  if (asked !== undefined && asked !== 'true' && asked !== 'false') refuse(faults, groupAlerts, '`true` or `false`.')
  const leastEvents = whole(annotations, groupLeastEvents, { least: 0, most: 1_000_000_000 }, faults)
  if (leastEvents !== null && asked !== 'true')
    refuse(faults, groupLeastEvents, `It is about alerts of groups: \`${groupAlerts}: "true"\`.`)
  return {
    by,
    most: most ?? defaultMostGroups,
    alerts: asked === 'true' ? { leastEvents: leastEvents ?? defaultLeastEvents } : null,
  }
}

const mostLevels = 5

function readBudgetAlerts(
  annotations: Annotations,
  { windowMs, sliceMs }: SettingsContext,
  faults: Fault[],
): BudgetAlerts | null {
  const [levels, drop, exhausts] = [annotations[alertRemaining], annotations[alertDrop], annotations[alertExhausts]]
  if (levels === undefined && drop === undefined && exhausts === undefined) return null
  const remaining: Rational[] = []
  for (const text of levels?.split(',') ?? []) {
    const level = percent(text)
    if (level === null || compare(level, rational(95, 100)) > 0)
      refuse(faults, alertRemaining, 'Shares of the budget from 0 % to 95 %, with commas between them: `50%, 20%`.')
    else remaining.push(level)
  }
  if (new Set(remaining.map(remainingKey)).size < remaining.length)
    refuse(faults, alertRemaining, 'Levels are told apart by what they look like: each stands once.')
  if (remaining.length > mostLevels) refuse(faults, alertRemaining, `At most ${mostLevels} levels.`)
  return {
    remaining: remaining.sort((a, b) => compare(b, a)),
    drop: drop === undefined ? null : readDrop(drop, { windowMs, sliceMs }, faults),
    exhaustsWithinMs: exhausts === undefined ? null : readWithin(exhausts, windowMs, faults),
  }
}

function readDrop(text: string, { windowMs, sliceMs }: SettingsContext, faults: Fault[]): BudgetAlerts['drop'] {
  const [, share = '', within = ''] = /^(.+?)\s+in\s+(\S+)$/.exec(text.trim()) ?? []
  const [spent, withinMs] = [percent(share), parseDuration(within)]
  if (spent === null || spent.num === 0n || withinMs === null)
    return refuse(faults, alertDrop, 'A share of the budget and a time: `10% in 1d`.')
  if (withinMs % sliceMs !== 0 || withinMs > windowMs)
    return refuse(
      faults,
      alertDrop,
      `The time is a whole number of ${formatDuration(sliceMs)} slices, at most the window, ${formatDuration(windowMs)}.`,
    )
  return { share: spent, withinMs }
}

function readWithin(text: string, windowMs: number, faults: Fault[]): number | null {
  const within = parseDuration(text.trim())
  return within !== null && within <= windowMs
    ? within
    : refuse(faults, alertExhausts, `A time such as \`3d\`, at most the window, ${formatDuration(windowMs)}.`)
}

function percent(text: string): Rational | null {
  const [, digits] = /^(\d{1,3}(?:\.\d{1,6})?)\s*%$/.exec(text.trim()) ?? []
  const value = digits === undefined ? null : parseRational(digits)
  return value === null ? null : divide(value, rational(100))
}

// An error-budget policy: at which levels which steps are entered, what is done then, and when they are left again.
import { formatDuration, hour } from '../../../kernel/duration.ts'
import { add, compare, multiply, type Rational, rational } from '../../../kernel/rational.ts'
import { formatPercent } from './sentence.ts'
import { subjectOf } from './subject.ts'

export const causeClasses = ['incident', 'change', 'dependency', 'background', 'unknown', 'exclusion'] as const
/** As the ledger attributes; `exclusion` is what would have been spent under exclusions and corrections. */
export type CauseClass = (typeof causeClasses)[number]

export type Condition =
  /** Entered when so little of the budget is left, left when more than `leavesAbove` is. */
  | { readonly kind: 'remaining'; readonly atMost: Rational; readonly leavesAbove: Rational }
  /** One incident spent more of the window's budget; an episode for each incident. */
  | { readonly kind: 'incident'; readonly above: Rational; readonly leavesAtMost: Rational }
  /** One class of cause spent more of the budget of a calendar quarter (UTC); an episode for each class. */
  | {
      readonly kind: 'class'
      readonly causes: readonly CauseClass[]
      readonly above: Rational
      readonly leavesAtMost: Rational
    }

export interface Audience {
  readonly people: readonly string[]
  readonly teams: readonly string[]
  readonly schedules: readonly string[]
}

export type TaskOwner = { readonly kind: 'person' | 'team'; readonly name: string }

export type PolicyAction =
  | { readonly kind: 'notify'; readonly to: Audience }
  /** Without an owner: the team of the service. */
  | { readonly kind: 'open-task'; readonly title: string; readonly owner: TaskOwner | null; readonly dueMs: number }
  /** `allows`: kinds of change that go through all the same. `lastsMs`: ends then, even if the step is still entered. */
  | {
      readonly kind: 'require-approval' | 'freeze-changes'
      readonly allows: readonly string[]
      readonly lastsMs: number | null
    }

export interface PolicyStep {
  readonly name: string
  readonly when: Condition
  /** How long the reading must be clear of the level, by the time of the measurements, before the step is left. */
  readonly heldMs: number
  readonly actions: readonly PolicyAction[]
}

export interface Scope {
  readonly objectives: readonly string[]
  /** Only those that are named: what an objective's policy does should not be done twice by itself. */
  readonly journeys: readonly string[]
  readonly services: readonly string[]
  readonly teams: readonly string[]
  readonly tiers: readonly number[]
}

/** Whoever has the role on the service's team, or on one of these teams, may let changes pass; administrators always. */
export interface Approvers {
  readonly role: 'responder' | 'editor' | 'admin'
  readonly teams: readonly string[]
}

export interface BudgetPolicy {
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly team: string | null
  readonly scope: Scope
  /** Of a calendar window: as spent so far, or as it will be if the rest is as busy. */
  readonly calendarBudget: 'to-date' | 'projected'
  readonly approvers: Approvers
  readonly longestExceptionMs: number
  readonly steps: readonly PolicyStep[]
}

export const defaultHeldMs = hour
/** Five points of budget above the level; for shares, four fifths of the level. */
export const usualLeave = {
  remaining: (level: Rational): Rational => add(level, rational(5, 100)),
  share: (level: Rational): Rational => multiply(level, rational(4, 5)),
}

/** Why a step could never be left, or would be left where it is entered; null when it is sound. */
export function conditionFault(when: Condition): string | null {
  if (when.kind === 'remaining') {
    if (compare(when.atMost, rational(1)) >= 0)
      return 'A whole budget is left at 100 %: the step would always be entered.'
    if (compare(when.leavesAbove, when.atMost) < 0)
      return `It is left above ${formatPercent(when.leavesAbove)}, which lies below the level it is entered at.`
    return compare(when.leavesAbove, rational(1)) >= 0 ? 'More than 100 % is never left: it would never end.' : null
  }
  if (when.above.num <= 0n) return 'The share must be more than 0 %.'
  if (when.leavesAtMost.num < 0n) return 'The share it is left at cannot be less than 0 %.'
  return compare(when.leavesAtMost, when.above) > 0
    ? `It is left at ${formatPercent(when.leavesAtMost)}, which lies above the level it is entered at.`
    : null
}

export interface Scoped {
  /** Of an objective, or the key of a journey. */
  readonly name: string
  readonly document: string
  readonly service: string
  readonly team: string | null
  readonly tier: number | null
}

/** Any of what is named; without names, every objective. */
export function appliesTo({ objectives, journeys, services, teams, tiers }: Scope, each: Scoped): boolean {
  const { kind, name } = subjectOf(each.name)
  if (kind === 'journey') return journeys.includes(name)
  if (objectives.length + journeys.length + services.length + teams.length + tiers.length === 0) return true
  return (
    objectives.includes(each.name) ||
    objectives.includes(each.document) ||
    services.includes(each.service) ||
    (each.team !== null && teams.includes(each.team)) ||
    (each.tier !== null && tiers.includes(each.tier))
  )
}

const classWords: Readonly<Record<CauseClass, string>> = {
  incident: 'incidents',
  change: 'changes',
  dependency: 'dependencies',
  background: 'what fails every day',
  unknown: 'unknown causes',
  exclusion: 'excluded time',
}

export const classWord = (cause: CauseClass): string => classWords[cause]

/** `The budget left is 50 % or less.` */
export function startSentence({ when }: Pick<PolicyStep, 'when'>): string {
  switch (when.kind) {
    case 'remaining':
      return `The budget left is ${formatPercent(when.atMost)} or less.`
    case 'incident':
      return `One incident spent more than ${formatPercent(when.above)} of the budget.`
    case 'class':
      return `Of a quarter’s budget, ${when.causes.map(classWord).join(' or ')} spent more than ${formatPercent(when.above)}.`
  }
}

/** `Ends when more than 55 % has been left for 1h.` */
export function endSentence({ when, heldMs }: Pick<PolicyStep, 'when' | 'heldMs'>): string {
  const held = heldMs === 0 ? '' : ` for ${formatDuration(heldMs)}`
  return when.kind === 'remaining'
    ? `Ends when more than ${formatPercent(when.leavesAbove)} has been left${held}.`
    : `Ends when it has been ${formatPercent(when.leavesAtMost)} or less${held}.`
}

export const stepSentence = (step: Pick<PolicyStep, 'when' | 'heldMs'>): string =>
  `${startSentence(step)} ${endSentence(step)}`

export function actionSentence(action: PolicyAction): string {
  switch (action.kind) {
    case 'notify':
      return `tells ${[...action.to.people, ...action.to.teams.map((team) => `team ${team}`), ...action.to.schedules.map((schedule) => `whoever is on call in ${schedule}`)].join(', ')}`
    case 'open-task':
      return `opens the task “${action.title}”${action.owner === null ? '' : ` for ${action.owner.name}`}, due in ${formatDuration(action.dueMs)}`
    case 'require-approval':
      return `asks for an approval of changes${besides(action)}`
    case 'freeze-changes':
      return `freezes changes${besides(action)}`
  }
}

function besides({ allows, lastsMs }: { readonly allows: readonly string[]; readonly lastsMs: number | null }): string {
  const free = allows.length === 0 ? '' : `, but for ${allows.join(', ')}`
  return `${free}${lastsMs === null ? '' : `, for ${formatDuration(lastsMs)} at most`}`
}

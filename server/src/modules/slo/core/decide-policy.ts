// What a policy does about where an objective stands: which steps begin, which end. A reading enters at one level and is
// clear of it beyond another, for a while: between the two nothing changes, so nothing flaps. What is not known neither
// enters nor leaves, and does not count as time that was clear.
import { formatDuration } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { compare, multiply, type Rational, rational } from '../../../kernel/rational.ts'
import { type BudgetPolicy, type CauseClass, type Condition, classWord, type PolicyStep } from './policy.ts'
import { formatPercent } from './sentence.ts'

export interface Standing {
  /** Up to when it was measured: the clock that steps are held by. */
  readonly asOf: Instant
  readonly remaining: Rational | null
  /** Shares of the window's budget; null when nobody looked, or nothing is known. */
  readonly incidents: readonly { readonly id: string; readonly label: string; readonly share: Rational }[] | null
  /** Shares of the quarter's budget. */
  readonly classes: readonly { readonly cause: CauseClass; readonly share: Rational }[] | null
}

/** A step that is entered. `cause`: the incident or the class; empty for a level of the budget. */
export interface Episode {
  readonly id: string
  readonly step: string
  readonly cause: string
  /** Since when the reading has been clear of the level, without a break. */
  readonly clearSince: Instant | null
}

export interface Entered {
  readonly step: PolicyStep
  readonly cause: string
  readonly causeLabel: string
  readonly reading: Rational
  readonly sentence: string
}

export interface PolicyDecision {
  readonly entered: readonly Entered[]
  readonly left: readonly { readonly id: string; readonly because: string }[]
  /** Episodes whose clear time began or was broken. */
  readonly held: readonly { readonly id: string; readonly clearSince: Instant | null }[]
}

interface Reading {
  readonly cause: string
  readonly label: string
  readonly value: Rational
}

const nothing = rational(0)

export function decidePolicy(
  policy: Pick<BudgetPolicy, 'steps'>,
  standing: Standing,
  previous: readonly Episode[],
): PolicyDecision {
  const entered: Entered[] = []
  const left: { id: string; because: string }[] = []
  const held: { id: string; clearSince: Instant | null }[] = []
  const steps = new Map(policy.steps.map((step) => [step.name, step]))
  for (const episode of previous) {
    const step = steps.get(episode.step)
    if (step === undefined) {
      left.push({ id: episode.id, because: 'The policy has no such step any more.' })
      continue
    }
    const value = readingOf(step.when, standing, episode.cause)
    const clear = value !== null && isClear(step.when, value)
    if (!clear || value === null) {
      if (episode.clearSince !== null) held.push({ id: episode.id, clearSince: null })
      continue
    }
    const since = episode.clearSince ?? standing.asOf
    if (standing.asOf - since >= step.heldMs) left.push({ id: episode.id, because: leftSentence(step, value) })
    else if (episode.clearSince === null) held.push({ id: episode.id, clearSince: since })
  }
  const isEntered = new Set(previous.map(({ step, cause }) => `${step} ${cause}`))
  for (const step of policy.steps)
    for (const { cause, label, value } of readings(step.when, standing))
      if (enters(step.when, value) && !isEntered.has(`${step.name} ${cause}`))
        entered.push({
          step,
          cause,
          causeLabel: label,
          reading: value,
          sentence: enteredSentence(step.when, label, value),
        })
  return { entered, left, held }
}

function readings(when: Condition, standing: Standing): readonly Reading[] {
  switch (when.kind) {
    case 'remaining':
      return standing.remaining === null ? [] : [{ cause: '', label: '', value: standing.remaining }]
    case 'incident':
      return (standing.incidents ?? []).map(({ id, label, share }) => ({ cause: id, label, value: share }))
    case 'class':
      return (standing.classes ?? [])
        .filter(({ cause }) => when.causes.includes(cause))
        .map(({ cause, share }) => ({ cause, label: classWord(cause), value: share }))
  }
}

/** Of an episode: a cause that the ledger no longer names spent nothing. Null when nothing is known. */
function readingOf(when: Condition, standing: Standing, cause: string): Rational | null {
  switch (when.kind) {
    case 'remaining':
      return standing.remaining
    case 'incident':
      return standing.incidents === null
        ? null
        : (standing.incidents.find((each) => each.id === cause)?.share ?? nothing)
    case 'class':
      return standing.classes === null
        ? null
        : (standing.classes.find((each) => each.cause === cause)?.share ?? nothing)
  }
}

function enters(when: Condition, value: Rational): boolean {
  return when.kind === 'remaining' ? compare(value, when.atMost) <= 0 : compare(value, when.above) > 0
}

function isClear(when: Condition, value: Rational): boolean {
  return when.kind === 'remaining' ? compare(value, when.leavesAbove) > 0 : compare(value, when.leavesAtMost) <= 0
}

function enteredSentence(when: Condition, label: string, value: Rational): string {
  if (when.kind === 'remaining') {
    const begins = `the step begins at ${formatPercent(when.atMost)}`
    return value.num < 0n
      ? `The budget is overspent by ${formatPercent(multiply(value, rational(-1)))}; ${begins}.`
      : `${formatPercent(value)} of the budget is left; ${begins}.`
  }
  const of = when.kind === 'incident' ? 'the budget' : 'the quarter’s budget'
  const who = when.kind === 'incident' ? `Incident ${label}` : label.charAt(0).toUpperCase() + label.slice(1)
  return `${who} spent ${formatPercent(value)} of ${of}; the step begins above ${formatPercent(when.above)}.`
}

function leftSentence({ when, heldMs }: PolicyStep, value: Rational): string {
  const held = heldMs === 0 ? '' : ` It has been so for ${formatDuration(heldMs)}.`
  return when.kind === 'remaining'
    ? `${formatPercent(value)} of the budget is left, above ${formatPercent(when.leavesAbove)}.${held}`
    : `It spent ${formatPercent(value)} of the budget, ${formatPercent(when.leavesAtMost)} or less.${held}`
}

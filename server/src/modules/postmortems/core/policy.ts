// How reviews are held here: when they are due, who must look at them, who lets a public version out. Declared as a
// PostmortemPolicy named `default`; without one these rules hold.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import { type Severity, severities } from '../../../kernel/severity.ts'
import type { EscalationRule } from './lateness.ts'

export interface ReviewRule {
  /** People who are asked; with nobody named, everybody but the owner may approve. */
  readonly reviewers: readonly string[]
  /** Whose members are asked, too. */
  readonly team: string | null
  /** Approvals without which it is not published; 0: nobody has to look at it. */
  readonly quorum: number
}

export interface SeverityRule {
  /** Working days; null: as the incident policy says. */
  readonly dueDays: number | null
  readonly review: ReviewRule
}

export interface PostmortemPolicy {
  /** Stands at the head of what is printed or public. */
  readonly organisation: string | null
  /** A public version is let out by somebody else than who prepared it. */
  readonly publicBySecond: boolean
  /** From this share of the budget of an objective on an incident is reviewed, however severe; null: never by that. */
  readonly budgetShare: number | null
  /** What hurt nobody is reviewed as a near miss when it touched a service of this tier or a more important one; null: never. */
  readonly nearMissTier: number | null
  readonly escalation: EscalationRule
  /** Whose schedule's holidays are no working days, by team; null under a team: none. */
  readonly calendars: { readonly teams: Readonly<Record<string, string>>; readonly everyone: string | null }
  readonly severities: Readonly<Record<Severity, SeverityRule>>
}

const standard: SeverityRule = { dueDays: null, review: { reviewers: [], team: null, quorum: 0 } }

/**
 * Nobody has to review by default: a house of one could never publish. What leaves the house takes two unless it is said
 * otherwise, because it cannot be called back.
 */
export const defaultPostmortemPolicy: PostmortemPolicy = {
  organisation: null,
  publicBySecond: true,
  budgetShare: null,
  nearMissTier: null,
  escalation: { afterDays: 3, to: [] },
  calendars: { teams: {}, everyone: null },
  severities: { SEV1: standard, SEV2: standard, SEV3: standard, SEV4: standard },
}

/** Reads a declared policy over the defaults. */
export function readPostmortemPolicy(spec: JsonObject | null): PostmortemPolicy {
  if (spec === null) return defaultPostmortemPolicy
  const given = objectOf(spec.severities)
  const calendars = objectOf(spec.calendars)
  const escalation = objectOf(spec.escalation)
  return {
    organisation: textOf(spec.organisation),
    publicBySecond: spec.publicBySecond !== false,
    budgetShare: typeof spec.budgetShare === 'number' ? spec.budgetShare : null,
    nearMissTier: typeof spec.nearMissTier === 'number' ? spec.nearMissTier : null,
    escalation: {
      afterDays:
        typeof escalation?.afterDays === 'number' ? escalation.afterDays : defaultPostmortemPolicy.escalation.afterDays,
      to: Array.isArray(escalation?.to) ? escalation.to.filter((each) => typeof each === 'string') : [],
    },
    calendars: { teams: textsOf(calendars?.teams), everyone: textOf(calendars?.everyone) },
    severities: {
      SEV1: ruleOf(given?.SEV1),
      SEV2: ruleOf(given?.SEV2),
      SEV3: ruleOf(given?.SEV3),
      SEV4: ruleOf(given?.SEV4),
    },
  }
}

export function ruleFor(policy: PostmortemPolicy, severity: string): SeverityRule {
  const known = severities.find((each) => each === severity)
  return known === undefined ? standard : policy.severities[known]
}

function ruleOf(value: JsonValue | undefined): SeverityRule {
  const rule = objectOf(value)
  const review = objectOf(rule?.review)
  const reviewers = Array.isArray(review?.reviewers) ? review.reviewers.filter((each) => typeof each === 'string') : []
  const team = textOf(review?.team)
  const named = reviewers.length > 0 || team !== null
  const quorum = review?.quorum
  return {
    dueDays: typeof rule?.dueDays === 'number' ? rule.dueDays : null,
    // Who is named is meant to look: one of them at least.
    review: { reviewers, team, quorum: typeof quorum === 'number' ? quorum : named ? 1 : 0 },
  }
}

const objectOf = (value: JsonValue | undefined): JsonObject | null => (isJsonObject(value) ? value : null)
const textOf = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null)
const textsOf = (value: JsonValue | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(objectOf(value) ?? {}).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  )

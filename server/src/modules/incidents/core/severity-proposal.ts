// Proposes how bad an incident is from what is measured: tier, burn of the budget, how many services, how many people. A proposal only:
// a person decides, and the reasons stand beside it.
import { type Severity, severities, type Tier } from '../../../kernel/severity.ts'
import { peopleInWords } from './updates.ts'

export interface AffectedService {
  readonly service: string
  /** Null for a service nobody has declared. */
  readonly tier: Tier | null
  /** Burn rate of its worst objective; 1 spends the budget exactly over the period. Null when there is no data. */
  readonly burnRate: number | null
  /** What is left of its worst budget; 0 and less is spent. Null or left out when unknown. */
  readonly budgetLeft?: number | null
  /** User journeys that run through it. */
  readonly journeys?: readonly string[]
}

export interface SeverityProposal {
  readonly severity: Severity
  readonly reasons: readonly string[]
}

export const burnClasses = ['fast', 'sustained', 'slow', 'none'] as const
export type BurnClass = (typeof burnClasses)[number]

/** 14.4 spends 2 % of a 30-day budget in an hour, 6 spends 5 % in six hours: the limits of the burn-rate alerts. */
export function burnClassOf(burnRate: number): BurnClass {
  return burnRate >= 14.4 ? 'fast' : burnRate >= 6 ? 'sustained' : burnRate >= 1 ? 'slow' : 'none'
}

export type ProposalTable = readonly [SeverityRow, SeverityRow, SeverityRow, SeverityRow]
export type SeverityRow = Readonly<Record<BurnClass, Severity>>

/** A row for each tier, 0 first. SEV1 and SEV2 are major incidents: full response. */
export const defaultProposals: ProposalTable = [
  { fast: 'SEV1', sustained: 'SEV2', slow: 'SEV3', none: 'SEV4' },
  { fast: 'SEV2', sustained: 'SEV2', slow: 'SEV3', none: 'SEV4' },
  { fast: 'SEV3', sustained: 'SEV3', slow: 'SEV4', none: 'SEV4' },
  { fast: 'SEV4', sustained: 'SEV4', slow: 'SEV4', none: 'SEV4' },
]

/** From this many burning services on it is one step worse: something shared is broken. */
export const manyServices = 3
/** The same for user journeys. */
export const manyJourneys = 2

export function proposeSeverity(
  affected: readonly AffectedService[],
  table: ProposalTable = defaultProposals,
): SeverityProposal {
  const judged = affected.map((each) => judge(each, table))
  const worst = judged.reduce<Judged | null>(
    (a, b) => (a === null || rank(b.severity) < rank(a.severity) ? b : a),
    null,
  )
  if (worst === null) return { severity: 'SEV3', reasons: ['No affected service is named yet; SEV3 until one is.'] }
  const burning = judged.filter((each) => each.burns)
  const journeys = [...new Set(burning.flatMap((each) => each.journeys))]
  const reasons = [worst.because]
  // Whole journeys are what users feel: with one hurt it is at least SEV3.
  const floor: Severity = journeys.length > 0 && rank(worst.severity) > rank('SEV3') ? 'SEV3' : worst.severity
  if (journeys.length > 0)
    reasons.push(`Touches ${journeys.length === 1 ? 'the journey' : 'the journeys'} ${journeys.join(', ')}.`)
  const many =
    burning.length >= manyServices
      ? `${burning.length} services burn at once`
      : journeys.length >= manyJourneys
        ? `${journeys.length} journeys are hurt at once`
        : null
  if (many === null) return { severity: floor, reasons }
  const severity = severities[Math.max(rank(floor) - 1, 0)] ?? floor
  const step = severity === floor ? 'already the highest' : `one step worse than ${floor}`
  return { severity, reasons: [...reasons, `${many}: ${step}.`] }
}

export interface PeopleHurt {
  readonly people: number
  /** From so many on, by severity; null says nothing. */
  readonly from: readonly { readonly severity: Severity; readonly peopleAffected: number | null }[]
}

/** How many are hurt can only make it worse: few people may still be the ones who matter. */
export function proposeWithPeople(proposal: SeverityProposal, { people, from }: PeopleHurt): SeverityProposal {
  const reached = from
    .filter((each) => each.peopleAffected !== null && people >= each.peopleAffected)
    .sort((a, b) => rank(a.severity) - rank(b.severity))[0]
  if (reached === undefined) return proposal
  const because = `${peopleInWords(people)} affected; from ${peopleInWords(reached.peopleAffected ?? 0)} on it is at least ${reached.severity}.`
  const worse = rank(reached.severity) < rank(proposal.severity)
  return { severity: worse ? reached.severity : proposal.severity, reasons: [...proposal.reasons, because] }
}

interface Judged {
  readonly severity: Severity
  readonly burns: boolean
  readonly because: string
  readonly journeys: readonly string[]
}

/** When in doubt the higher one: an unknown tier counts as 1, an unknown burn as sustained. */
function judge({ service, tier, burnRate, budgetLeft, journeys }: AffectedService, table: ProposalTable): Judged {
  const spent = budgetLeft != null && budgetLeft <= 0
  const measured = burnRate === null ? 'sustained' : burnClassOf(burnRate)
  // With nothing left every further error breaks the promise, however slowly it burns.
  const burn = spent && measured === 'slow' ? 'sustained' : measured
  const severity = table[tier ?? 1][burn]
  const ofTier = tier === null ? 'tier unknown, counted as 1' : `tier ${tier}`
  const burns = burnRate === null ? 'has no burn data, counted as sustained' : `burns ${shown(burnRate)} times too fast`
  const because =
    burn === 'none'
      ? `${service} (${ofTier}) is within its budget: ${severity}.`
      : `${service} (${ofTier}) ${burns}: ${severity}.`
  const left = spent ? ' Its budget is spent.' : ''
  return { severity, burns: burn !== 'none', because: `${because}${left}`, journeys: journeys ?? [] }
}

function shown(burnRate: number): string {
  return burnRate >= 10 ? String(Math.round(burnRate)) : String(Math.round(burnRate * 10) / 10)
}

function rank(severity: Severity): number {
  return severities.indexOf(severity)
}

export function isMajor(severity: Severity): boolean {
  return severity === 'SEV1' || severity === 'SEV2'
}

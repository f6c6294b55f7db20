// Who leads and who helps, as intervals: a hand-over closes one holding and opens the next at the same instant.
import type { Instant } from '../../../kernel/instant.ts'
import { gaps, type Interval } from '../../../kernel/interval.ts'
import type { Refusal } from '../../oncall/core/index.ts'

/** One person each, except experts and observers. One person may hold several roles. */
export const incidentRoles = [
  'commander',
  'deputy',
  'operations-lead',
  'communications-lead',
  'scribe',
  'expert',
  'observer',
] as const
export type IncidentRole = (typeof incidentRoles)[number]

// What people call the same role in a call.
const said: Readonly<Record<string, IncidentRole>> = {
  ic: 'commander',
  lead: 'commander',
  ops: 'operations-lead',
  comms: 'communications-lead',
}

/** A role by its name, by what people call it, or by a beginning that only one role has. */
export function roleNamed(word: string): IncidentRole | null {
  const lower = word.trim().toLowerCase()
  const known = incidentRoles.find((each) => each === lower) ?? (Object.hasOwn(said, lower) ? said[lower] : undefined)
  if (known !== undefined) return known
  const [only, ...others] = lower === '' ? [] : incidentRoles.filter((each) => each.startsWith(lower))
  return others.length > 0 ? null : (only ?? null)
}

const shared: readonly IncidentRole[] = ['expert', 'observer']

export interface Holding {
  readonly role: IncidentRole
  readonly person: string
  readonly since: Instant
  readonly until: Instant | null
}

export type RoleDecision =
  | {
      readonly ok: true
      readonly holdings: readonly Holding[]
      /** Set when the role passed from one person to another. */
      readonly from: string | null
      readonly reason: string
    }
  | { readonly ok: false; readonly refusal: Refusal }

export function holdersAt(holdings: readonly Holding[], role: IncidentRole, at: Instant): readonly string[] {
  return holdings
    .filter((each) => each.role === role && each.since <= at && (each.until === null || at < each.until))
    .map((each) => each.person)
}

/** Takes a role; who had it hands it over in the same event. */
export function takeRole(holdings: readonly Holding[], role: IncidentRole, person: string, now: Instant): RoleDecision {
  if (current(holdings, role).some((each) => each.person === person)) {
    return refuse('conflict', 'incidents.role-held', `${person} is already ${words[role]}.`)
  }
  const before = shared.includes(role) ? null : (current(holdings, role)[0]?.person ?? null)
  const kept = before === null ? holdings : close(holdings, role, before, now)
  const reason =
    before === null ? `${person} is ${words[role]}.` : `${before} handed the role of ${words[role]} to ${person}.`
  return { ok: true, holdings: [...kept, { role, person, since: now, until: null }], from: before, reason }
}

/** An open incident always has a commander: that role is handed over, not dropped. */
export function releaseRole(
  holdings: readonly Holding[],
  role: IncidentRole,
  person: string,
  incidentOpen: boolean,
  now: Instant,
): RoleDecision {
  if (!current(holdings, role).some((each) => each.person === person)) {
    return refuse('conflict', 'incidents.role-not-held', `${person} is not ${words[role]}.`)
  }
  if (role === 'commander' && incidentOpen) {
    const sentence = 'An open incident needs a commander. Hand the role over instead.'
    return refuse('conflict', 'incidents.commander-needed', sentence)
  }
  const holding = close(holdings, role, person, now)
  return { ok: true, holdings: holding, from: person, reason: `${person} is no longer ${words[role]}.` }
}

/** The time without a commander between two instants; what a rule "page the commander rota after N minutes" reads. */
export function commanderVacancies(holdings: readonly Holding[], within: Interval): readonly Interval[] {
  const held = holdings
    .filter((each) => each.role === 'commander')
    .map((each) => ({ start: each.since, end: each.until ?? within.end }))
  return gaps(within, held)
}

function current(holdings: readonly Holding[], role: IncidentRole): readonly Holding[] {
  return holdings.filter((each) => each.role === role && each.until === null)
}

function close(holdings: readonly Holding[], role: IncidentRole, person: string, now: Instant): readonly Holding[] {
  return holdings.flatMap((each) => {
    if (each.role !== role || each.person !== person || each.until !== null) return [each]
    // Taken and handed on within one instant: it was never held.
    return each.since === now ? [] : [{ ...each, until: now }]
  })
}

const words: Readonly<Record<IncidentRole, string>> = {
  commander: 'commander',
  deputy: 'deputy',
  'operations-lead': 'operations lead',
  'communications-lead': 'communications lead',
  scribe: 'scribe',
  expert: 'expert',
  observer: 'observer',
}

export function roleInWords(role: IncidentRole): string {
  return words[role]
}

function refuse(kind: Refusal['kind'], code: string, sentence: string): RoleDecision {
  return { ok: false, refusal: { kind, code, sentence } }
}

export interface RoleOffer {
  readonly role: IncidentRole
  readonly person: string
  readonly offeredBy: string
  readonly offeredAt: Instant
}

export type OfferDecision =
  | { readonly ok: true; readonly reason: string }
  | { readonly ok: false; readonly refusal: Refusal }

/** A hand-over waits for its "I have it": until then the holder keeps the role. */
export function offerRole(
  holdings: readonly Holding[],
  { role, person, offeredBy }: Omit<RoleOffer, 'offeredAt'>,
): OfferDecision {
  if (current(holdings, role).some((each) => each.person === person)) {
    return offerRefused('conflict', 'incidents.role-held', `${person} is already ${words[role]}.`)
  }
  if (person === offeredBy) {
    return offerRefused(
      'invalid',
      'incidents.offer-to-self',
      `Take the role of ${words[role]} instead of offering it to yourself.`,
    )
  }
  return { ok: true, reason: `${offeredBy} offers the role of ${words[role]} to ${person}.` }
}

/** Only the one it was offered to can accept or decline it. */
export function answerOffer(offers: readonly RoleOffer[], role: IncidentRole, person: string): OfferDecision {
  const offer = offers.find((each) => each.role === role)
  if (offer === undefined) {
    return offerRefused('not-found', 'incidents.no-offer', `The role of ${words[role]} is not offered to anybody.`)
  }
  if (offer.person !== person) {
    return offerRefused('forbidden', 'incidents.no-offer', `The role of ${words[role]} is offered to ${offer.person}.`)
  }
  return { ok: true, reason: `${person} answered.` }
}

function offerRefused(kind: Refusal['kind'], code: string, sentence: string): OfferDecision {
  return { ok: false, refusal: { kind, code, sentence } }
}

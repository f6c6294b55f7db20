// Updates to people who are not in the room: made of facts only, each with the difference to the one before.
import { minute } from '../../../kernel/duration.ts'
import { fewNames } from '../../../kernel/few-names.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Severity } from '../../../kernel/severity.ts'
import type { IncidentPhase } from './lifecycle.ts'

export const updateAudiences = ['responders', 'company', 'executives', 'customers', 'customer'] as const
export type UpdateAudience = (typeof updateAudiences)[number]

/** `customer`: the name of the one it is for, and of nobody else's. */
export interface Addressee {
  readonly audience: UpdateAudience
  readonly customer: string | null
}

/** Why it cannot go there; null when it can. */
export function refuseAddressee({ audience, customer }: Addressee): string | null {
  if (audience === 'customer') return customer === null ? 'Name the customer: a StatusCustomer of a status page.' : null
  return customer === null ? null : `An update to ${audience} names no customer. Choose the audience "customer".`
}

/** In the order in which they are told. Values are words, so that they compare and are kept as they were said. */
export type UpdateFacts = Readonly<Record<string, string>>

export interface FactsSource {
  readonly title: string
  readonly severity: Severity
  readonly phase: IncidentPhase
  readonly services: readonly string[]
  readonly journeys: readonly string[]
  readonly impactStatement: string | null
  readonly impactMinutes: number | null
  readonly peopleAffected: number | null
  readonly regions: readonly string[]
  readonly customers: readonly string[]
  readonly commander: string | null
  readonly confirmedCauses: readonly string[]
  readonly mitigations: readonly { readonly text: string; readonly state: string; readonly because: string | null }[]
  readonly decisions: readonly string[]
  /** Cases at vendors that are not closed. */
  readonly vendorCases: readonly string[]
}

/** What is known, by name. Unknown things are left out: an update never guesses. */
export function factsOf(source: FactsSource): UpdateFacts {
  const facts: Record<string, string> = { State: phaseWords[source.phase], Severity: source.severity }
  if (source.services.length > 0) facts.Affected = fewNames(source.services, 10)
  if (source.journeys.length > 0) facts.Journeys = source.journeys.join(', ')
  if (source.impactStatement !== null) facts.Impact = source.impactStatement
  if (source.peopleAffected !== null) facts['People affected'] = peopleInWords(source.peopleAffected)
  if (source.regions.length > 0) facts.Regions = source.regions.join(', ')
  if (source.customers.length > 0) facts.Customers = source.customers.join(', ')
  if (source.impactMinutes !== null && (source.phase === 'resolved' || source.phase === 'reviewed'))
    facts['Users hurt for'] = `${Math.round(source.impactMinutes)} min`
  if (source.confirmedCauses.length > 0) facts.Cause = source.confirmedCauses.join(' ')
  const tried = source.mitigations.map(({ text, state, because }) =>
    because === null ? `${text} (${state})` : `${text} (${state}: ${because.replace(/\.$/, '')})`,
  )
  if (tried.length > 0) facts['Done against it'] = tried.join('; ')
  if (source.vendorCases.length > 0) facts['Waiting for'] = source.vendorCases.join('; ')
  if (source.decisions.length > 0) facts.Decided = source.decisions.join('; ')
  if (source.commander !== null) facts.Commander = source.commander
  return facts
}

/** 12,000 people: read the same by everybody, whatever their language groups digits by. */
export function peopleInWords(people: number): string {
  const digits = String(people).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${digits} ${people === 1 ? 'person' : 'people'}`
}

const phaseWords: Readonly<Record<IncidentPhase, string>> = {
  planned: 'It is planned',
  triage: 'We are looking whether it is one',
  active: 'We are working on it',
  mitigated: 'Users are no longer hurt; we are watching',
  resolved: 'It is over',
  reviewed: 'It is over and was reviewed',
}

// How many and who else is hurt is nobody's business outside.
const outside = ['State', 'Journeys', 'Impact', 'Regions', 'Users hurt for']
// The statement of the impact is about everybody: it may name others, so it is in no draft for one of them.
const toOne = ['State', 'Journeys', 'Users hurt for']

/** Who hears what: customers learn what they feel, not who commands or what the inside is called. */
const told: Readonly<Record<UpdateAudience, readonly string[] | null>> = {
  responders: null,
  company: [
    'State',
    'Severity',
    'Affected',
    'Journeys',
    'Impact',
    'People affected',
    'Regions',
    'Customers',
    'Users hurt for',
    'Cause',
    'Done against it',
    'Waiting for',
    'Commander',
  ],
  // What it costs and what is decided; not which machine.
  executives: [
    'State',
    'Severity',
    'Journeys',
    'Impact',
    'People affected',
    'Regions',
    'Customers',
    'Users hurt for',
    'Cause',
    'Waiting for',
    'Decided',
  ],
  customers: outside,
  customer: toOne,
}

export function factsFor(facts: UpdateFacts, audience: UpdateAudience): UpdateFacts {
  const names = told[audience]
  return names === null ? facts : Object.fromEntries(Object.entries(facts).filter(([name]) => names.includes(name)))
}

export interface FactChange {
  readonly fact: string
  /** Null when it was not known before. */
  readonly before: string | null
  /** Null when it no longer holds. */
  readonly after: string | null
}

export function changedFacts(before: UpdateFacts, after: UpdateFacts): readonly FactChange[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return names
    .map((fact) => ({ fact, before: before[fact] ?? null, after: after[fact] ?? null }))
    .filter((each) => each.before !== each.after)
}

/** Ready to send; the next time is part of the promise. */
export function draftText(order: {
  readonly title: string
  readonly audience: UpdateAudience
  readonly facts: UpdateFacts
  readonly changed: readonly FactChange[]
  readonly nextInMs: number | null
}): string {
  const lines = Object.entries(order.facts).map(([name, value]) => `${name}: ${value}`)
  const news = order.changed.filter((each) => each.before !== null && each.after !== null)
  const changes = news.map((each) => `${each.fact}: was ${each.before}`)
  return [
    ...(order.audience === 'customers' || order.audience === 'customer' ? [] : [order.title]),
    ...lines,
    ...(changes.length === 0 ? [] : ['', 'Changed since the last update:', ...changes]),
    ...(order.nextInMs === null ? [] : ['', `Next update within ${inWords(order.nextInMs)}.`]),
  ].join('\n')
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / minute)
  return minutes % 60 === 0 && minutes >= 60 ? `${minutes / 60} h` : `${minutes} min`
}

/** When the next one is due: a new severity is told soon, never later than was promised before. */
export function nextUpdateAt(order: {
  readonly lastAt: Instant
  readonly everyMs: number | null
  readonly promised: Instant | null
}): Instant | null {
  if (order.everyMs === null) return order.promised
  const due = plus(order.lastAt, order.everyMs)
  return order.promised !== null && order.promised < due ? order.promised : due
}

// "Who is paged if this fires on Sunday at 03:00 and nobody answers": the escalation itself, run ahead of time.
import { hour } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Urgency } from '../../../kernel/severity.ts'
import { type Contact, canBePaged, type PersonalRules, planDeliveries } from '../../notifications/core/index.ts'
import { directoryOf, type Teams } from './directory.ts'
import { openEscalation, stepEscalation } from './escalation.ts'
import type { Reason } from './escalation-level.ts'
import type { EscalationPolicy } from './escalation-policy.ts'
import { type Escalation, type EscalationEffect, wakeAt } from './escalation-state.ts'
import type { Schedule } from './schedule.ts'

export interface Reachability {
  readonly rules: PersonalRules
  readonly contacts: readonly Contact[]
}

export interface SimulationOrder {
  readonly policy: EscalationPolicy
  readonly schedules: readonly Schedule[]
  readonly people: ReadonlyMap<string, Reachability>
  readonly teams?: Teams
  /** Those that are there. */
  readonly webhooks?: ReadonlySet<string>
  readonly at: Instant
  readonly urgency: Urgency
  /** The round-robin counter, as it would be for the next alert. */
  readonly turn?: number
}

/** One message that would leave. */
export interface SimulatedMessage {
  readonly at: Instant
  /** From 1; null for the fallback owner. */
  readonly level: number | null
  readonly round: number
  readonly person: string
  readonly contact: string
  readonly channel: string
  /** Why this person, then why this channel. */
  readonly because: string
}

/** One machine that would be told. That is nobody who is paged, so it stands apart. */
export interface SimulatedWebhook {
  readonly at: Instant
  /** From 1; null when it is told together with the fallback owner, or because nobody can be reached. */
  readonly level: number | null
  readonly round: number
  readonly webhook: string
  readonly because: string
}

export interface Simulation {
  /** Sorted by time. */
  readonly messages: readonly SimulatedMessage[]
  /** Sorted by time. */
  readonly webhooks: readonly SimulatedWebhook[]
  /** What the escalation decided, in order: skipped levels, pages, the end. */
  readonly trace: readonly (Reason & { readonly at: Instant })[]
  /** People it would page whose settings do not do what they think. */
  readonly findings: readonly { readonly person: string; readonly code: string; readonly sentence: string }[]
  /** Nobody whom it names can be told when it begins. */
  readonly unrouted: boolean
  /** False when the run was cut off at its limits. */
  readonly complete: boolean
}

// Nine repeats of twenty levels are 200 steps; hand-overs add some. The horizon ends policies that wait for days.
const mostSteps = 300
const horizonMs = 48 * hour

export function simulate(order: SimulationOrder): Simulation {
  const canReach = (person: string) => canBePaged(order.people.get(person)?.contacts ?? [])
  const directory = directoryOf(order.schedules, canReach, horizonMs, order.teams, order.webhooks)
  const messages: SimulatedMessage[] = []
  const webhooks: SimulatedWebhook[] = []
  const findings = new Map<string, Simulation['findings'][number]>()
  const trace: (Reason & { at: Instant })[] = []
  const record = (at: Instant, effects: readonly EscalationEffect[], reasons: readonly Reason[]) => {
    trace.push(...reasons.map((reason) => ({ ...reason, at })))
    for (const effect of effects) {
      if (effect.kind === 'page-webhooks') {
        const place = { at, level: effect.level < 0 ? null : effect.level + 1, round: effect.round + 1 }
        webhooks.push(...effect.webhooks.map((each) => ({ ...place, ...each })))
      }
      if (effect.kind !== 'page') continue
      for (const { person, because } of effect.people) {
        const reach = order.people.get(person)
        if (reach === undefined) continue
        const plan = planDeliveries(reach.rules, reach.contacts, order.urgency, at)
        for (const finding of plan.findings) findings.set(`${person} ${finding.sentence}`, { person, ...finding })
        const level = effect.level < 0 ? null : effect.level + 1
        for (const each of plan.deliveries) {
          const { contact, kind: channel } = each
          const why = `${because}; ${each.because}`
          messages.push({ at: each.at, level, round: effect.round + 1, person, contact, channel, because: why })
        }
      }
    }
  }
  const { policy, urgency, turn = 0 } = order
  let step = openEscalation({ policy, urgency, turn }, directory, order.at)
  const unrouted = step.effects.some((effect) => effect.kind === 'unrouted')
  record(order.at, step.effects, step.reasons)
  const end = plus(order.at, horizonMs)
  let at = nextOf(step.state)
  for (let made = 1; at !== null && at < end && made < mostSteps; made += 1) {
    step = stepEscalation(step.state, { kind: 'due' }, directory, at)
    record(at, step.effects, step.reasons)
    at = nextOf(step.state)
  }
  messages.sort((a, b) => a.at - b.at)
  return { messages, webhooks, trace, findings: [...findings.values()], unrouted, complete: at === null }
}

/** Exhausted: what a hand-over hours later would add is not an answer to "who is paged". */
function nextOf(state: Escalation): Instant | null {
  return state.phase.kind === 'exhausted' ? null : wakeAt(state)
}

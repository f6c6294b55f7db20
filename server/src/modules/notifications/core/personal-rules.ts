// Which contacts of a person are tried when. A person is never silent because of their own settings: rules that lead
// nowhere give way to every verified contact at once, and say so.
import type { Fault } from '../../../kernel/app-error.ts'
import { hour } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Urgency } from '../../../kernel/severity.ts'
import { type Contact, type ContactKind, compareContacts } from './contact.ts'

export interface PersonalStep {
  /** After the page began for this person. */
  readonly delayMs: number
  readonly contact: string
}

export interface PersonalRules {
  readonly high: readonly PersonalStep[]
  readonly low: readonly PersonalStep[]
}

export const noRules: PersonalRules = { high: [], low: [] }

export interface PlannedDelivery {
  /** Place in the plan, from 1; part of the delivery's key. */
  readonly order: number
  readonly at: Instant
  readonly contact: string
  readonly kind: ContactKind
  readonly because: string
}

export type FindingCode =
  | 'notifications.no-verified-contact'
  | 'notifications.no-usable-rule'
  | 'notifications.contact-unknown'
  | 'notifications.contact-unverified'
  | 'notifications.no-immediate-step'

export interface Finding {
  readonly code: FindingCode
  readonly sentence: string
}

export interface DeliveryPlan {
  readonly deliveries: readonly PlannedDelivery[]
  readonly findings: readonly Finding[]
}

const mostSteps = 20
const longestDelayMs = 4 * hour

export function planDeliveries(
  rules: PersonalRules,
  contacts: readonly Contact[],
  urgency: Urgency,
  startedAt: Instant,
): DeliveryPlan {
  const verified = contacts.filter((each) => each.verified).sort(compareContacts)
  const findings: Finding[] = []
  const usable: { step: PersonalStep; contact: Contact }[] = []
  for (const step of rules[urgency]) {
    const contact = contacts.find((each) => each.id === step.contact)
    if (contact === undefined) {
      const sentence = `A ${urgency} urgency rule names a contact that no longer exists.`
      findings.push({ code: 'notifications.contact-unknown', sentence })
    } else if (!contact.verified) {
      const sentence = `${contact.label} is not verified, so its ${urgency} urgency rule is not used.`
      findings.push({ code: 'notifications.contact-unverified', sentence })
    } else usable.push({ step, contact })
  }
  if (verified.length === 0) {
    const sentence = 'There is no verified contact: this person cannot be paged.'
    return { deliveries: [], findings: [...findings, { code: 'notifications.no-verified-contact', sentence }] }
  }
  if (usable.length === 0) {
    const sentence = `There is no usable rule for ${urgency} urgency: every verified contact is used at once.`
    const deliveries = verified.map((contact, index) =>
      planned(index, startedAt, contact, `no usable rule for ${urgency} urgency`),
    )
    return { deliveries, findings: [...findings, { code: 'notifications.no-usable-rule', sentence }] }
  }
  usable.sort((a, b) => a.step.delayMs - b.step.delayMs)
  if (urgency === 'high' && (usable[0]?.step.delayMs ?? 0) > 0) {
    const sentence = 'No rule for high urgency acts at once: the first message of a page waits.'
    findings.push({ code: 'notifications.no-immediate-step', sentence })
  }
  const deliveries = usable.map(({ step, contact }, index) =>
    planned(index, plus(startedAt, step.delayMs), contact, `personal rule for ${urgency} urgency`),
  )
  return { deliveries, findings }
}

function planned(index: number, at: Instant, contact: Contact, because: string): PlannedDelivery {
  return { order: index + 1, at, contact: contact.id, kind: contact.kind, because }
}

/** True when a page of high urgency has somewhere to go; what a policy's target is admitted by. */
export function canBePaged(contacts: readonly Contact[]): boolean {
  return contacts.some((each) => each.verified)
}

/**
 * After a channel failed: the next contact of the plan is brought forward, else any other verified contact is tried.
 * `tried` holds every contact that has failed or has been sent to. Null when there is none left.
 */
export function failOver(
  plan: DeliveryPlan,
  contacts: readonly Contact[],
  tried: ReadonlySet<string>,
  now: Instant,
): PlannedDelivery | null {
  const order = Math.max(0, ...plan.deliveries.map((each) => each.order)) + 1 + tried.size
  const next = plan.deliveries.find((each) => !tried.has(each.contact))
  const contact =
    next === undefined
      ? [...contacts].sort(compareContacts).find((each) => each.verified && !tried.has(each.id))
      : contacts.find((each) => each.id === next.contact)
  if (contact === undefined) return null
  const because = next === undefined ? 'every channel of the rules failed' : 'the channel before it failed'
  return { order, at: now, contact: contact.id, kind: contact.kind, because }
}

export function checkPersonalRules(rules: PersonalRules, contacts: readonly Contact[]): readonly Fault[] {
  const faults: Fault[] = []
  for (const urgency of ['high', 'low'] as const) {
    if (rules[urgency].length > mostSteps) {
      faults.push({ pointer: `/${urgency}`, detail: `At most ${mostSteps} steps for one urgency.` })
    }
    for (const [index, step] of rules[urgency].entries()) {
      if (!Number.isInteger(step.delayMs) || step.delayMs < 0 || step.delayMs > longestDelayMs) {
        faults.push({ pointer: `/${urgency}/${index}/delayMs`, detail: 'A step waits 0s to 4h.' })
      }
      if (!contacts.some((each) => each.id === step.contact)) {
        faults.push({ pointer: `/${urgency}/${index}/contact`, detail: `There is no contact "${step.contact}".` })
      }
    }
  }
  return faults
}

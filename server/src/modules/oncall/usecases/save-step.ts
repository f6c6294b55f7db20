// Carries out what a step of an escalation decided: state, pages, deliveries, wake-up and journal in one transaction.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { type EventType, type Published, published, type Subject } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { type Escalation, type EscalationEffect, type EscalationStep, wakeAt } from '../core/index.ts'
import {
  type EscalationData,
  escalate,
  escalationAcknowledged,
  escalationChanged,
  escalationExhausted,
  escalationResolved,
  escalationResumed,
  escalationSnoozed,
  pageRequested,
  pageUnrouted,
  peopleReached,
  webhooksRequested,
} from '../oncall.contract.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { type EscalationRow, insertPage, markAnswered, markOver, saveEscalation } from '../oncall.store.ts'
import { pageIdOf, webhookPageIdOf } from '../page-id.ts'
import { lookAgain } from './unheard-pace.ts'

/** People are added, verify a contact, come back: the next look after nobody could be reached at all. */
export const unroutedMs = 5 * minute

export const escalator = automation('oncall.escalate')

export interface StepOrder {
  readonly row: Omit<EscalationRow, 'nextAt' | 'openedAt' | 'closedAt' | 'policyName'>
  readonly step: EscalationStep
  readonly by: Actor
  readonly now: Instant
}

type Room = { readonly tx: Tx; readonly needs: Needs; readonly ports: OncallPorts }

/** `before`: what is said of it before anything else. */
export async function saveStep(room: Room, order: StepOrder, before: readonly Published[] = []): Promise<void> {
  const { tx } = room
  const { row, step, now } = order
  const { refusal, state, effects } = step
  if (refusal !== null) throw new AppError(refusal.kind, refusal.code, refusal.sentence)
  // One that was just opened was written as it is.
  if (row.state !== state) await saveEscalation(tx, row.id, state, now)
  // Stopping comes first: a page made by the same step must not be stopped with the others.
  for (const effect of effects) {
    if (effect.kind === 'stop-pages')
      await room.ports.notifier.cancelDeliveries(tx, { alertId: row.alertId, because: effect.because, by: order.by })
  }
  // Planned side by side, people's locks in the order of the effects; said in that order, too.
  const making = effects.map(async (effect): Promise<readonly Published[]> => {
    if (effect.kind === 'page') return [await page(room, order, effect)]
    if (effect.kind === 'page-webhooks') return [await pageWebhooks(room, order, effect)]
    if (effect.kind !== 'unrouted') return []
    await lookAgain(tx, row.id, { at: plus(order.now, unroutedMs) })
    return [told(order, pageUnrouted, effect.because)]
  })
  const entries = [...before, ...(await Promise.all(making)).flat()]
  // When it was opened there was nothing before it: who opens it says whom it told.
  const knew = row.state !== state && row.state.assigned.length === 0
  if (knew && effects.some((effect) => effect.kind === 'page'))
    entries.push(told(order, peopleReached, step.reasons.map((each) => each.sentence).join(' ')))
  await room.needs.journal.publishAll(tx, entries)
  await rememberAnswer(tx, order)
  await tellOfPhase(room, order)
  await syncWakeUp(tx, row.id, wakeAt(state))
}

/** A snooze is an answer, too: somebody looked and decided. */
async function rememberAnswer(tx: Tx, { row, step, now }: StepOrder): Promise<void> {
  const { phase } = step.state
  if (phase.kind === 'acknowledged' || phase.kind === 'snoozed') await markAnswered(tx, row.id, phase.by, now)
  if (phase.kind === 'resolved') await markOver(tx, row.id, now)
}

export async function syncWakeUp(tx: Tx, escalation: string, at: Instant | null): Promise<void> {
  if (at === null) await cancelWork(tx, escalate, escalation)
  else await addWork(tx, escalate, { escalation }, { key: escalation, dueAt: at })
}

async function page(
  room: Room,
  order: StepOrder,
  effect: Extract<EscalationEffect, { kind: 'page' }>,
): Promise<Published> {
  const { tx, ports } = room
  const { row, step, now } = order
  const level = effect.level < 0 ? null : effect.level + 1
  const place = level === null ? 'fallback owner' : `level ${level}`
  const people = effect.people.map((each) => ({ ...each, page: pageIdOf(row.id, effect.step, each.person) }))
  const planning = people.map(async ({ person, because, page: id }) => {
    const why = `${because}; ${place}, round ${effect.round + 1}`
    insertPage(tx, {
      id,
      escalationId: row.id,
      alertId: row.alertId,
      service: row.service,
      step: effect.step,
      level,
      round: effect.round + 1,
      person,
      at: now,
      because: why,
    })
    await ports.notifier.sendPage(tx, {
      pageId: id,
      alertId: row.alertId,
      step: effect.step,
      person,
      urgency: step.state.urgency,
      severity: row.severity,
      facts: { ...row.facts, because: why },
      again: whyAgain(step, effect.round),
    })
  })
  await Promise.all(planning)
  return published(pageRequested, {
    actor: order.by,
    subject: { kind: 'alert', id: row.alertId },
    links: [...linksOf(row), ...people.map(({ person }) => ({ kind: 'person', id: person }))],
    reason: step.reasons.map((each) => each.sentence).join(' '),
    data: {
      alert: row.alertId,
      escalation: row.id,
      policy: step.state.policy.name,
      step: effect.step,
      level,
      round: effect.round + 1,
      people: people.map(({ person, page: id, because }) => ({ person, page: id, because })),
    },
  })
}

type ToWebhooks = Extract<EscalationEffect, { kind: 'page-webhooks' }>

/** No row among the pages: those are of people, and what is counted of them is what people were woken for. */
async function pageWebhooks(room: Room, order: StepOrder, effect: ToWebhooks): Promise<Published> {
  const { tx, ports } = room
  const { row, step, now } = order
  const made = webhookPagesOf(row, effect)
  for (const { page: pageId, webhook, because } of made) {
    await ports.notifier.pageWebhook(tx, {
      ...{ pageId, webhook, alertId: row.alertId, step: effect.step, at: now },
      ...{ urgency: step.state.urgency, severity: row.severity },
      facts: { ...row.facts, because },
      again: whyAgain(step, effect.round),
    })
  }
  const reason = step.reasons.map((each) => each.sentence).join(' ')
  return toldOfWebhooks({ row, by: order.by, reason }, { ...effect, policy: step.state.policy.name, made })
}

export interface WebhookPage {
  readonly page: string
  readonly webhook: string
  /** `named in the policy; level 1, round 1` */
  readonly because: string
}

export function webhookPagesOf(row: Pick<EscalationRow, 'id'>, effect: ToWebhooks): readonly WebhookPage[] {
  const place = effect.level < 0 ? 'nobody can be reached' : `level ${effect.level + 1}`
  return effect.webhooks.map(({ webhook, because }) => ({
    page: webhookPageIdOf(row.id, effect.step, webhook),
    webhook,
    because: `${because}; ${place}, round ${effect.round + 1}`,
  }))
}

export function toldOfWebhooks(
  of: { readonly row: StepOrder['row']; readonly by: Actor; readonly reason: string },
  told: Pick<ToWebhooks, 'step' | 'level' | 'round'> & {
    readonly policy: string
    readonly made: readonly WebhookPage[]
  },
): Published {
  const { row } = of
  return published(webhooksRequested, {
    actor: of.by,
    subject: { kind: 'alert', id: row.alertId },
    links: [...linksOf(row), ...told.made.map(({ webhook }) => ({ kind: 'webhook', id: webhook }))],
    reason: of.reason,
    data: {
      alert: row.alertId,
      escalation: row.id,
      policy: told.policy,
      step: told.step,
      level: told.level < 0 ? null : told.level + 1,
      round: told.round + 1,
      webhooks: told.made.map(({ webhook, page: id, because }) => ({ webhook, page: id, because })),
    },
  })
}

/** What a person who may know the alert already is told first. */
function whyAgain({ reasons }: EscalationStep, round: number): string | null {
  const said = reasons.find((each) => ['oncall.paging-again', 'oncall.urgency-raised'].includes(each.code))
  return said?.sentence ?? (round > 0 ? `Round ${round + 1}: nobody has acknowledged it.` : null)
}

async function tellOfPhase(room: Room, order: StepOrder): Promise<void> {
  const { row, step } = order
  const [before, after] = [row.state, step.state]
  const reason = step.reasons.map((each) => each.sentence).join(' ')
  const codes = new Set(step.reasons.map((each) => each.code))
  const { phase } = after
  if (codes.has('oncall.acknowledged')) return tellEverybody(room, order, escalationAcknowledged, reason)
  if (codes.has('oncall.snoozed')) return tellEverybody(room, order, escalationSnoozed, reason)
  // Its end is told with what ended it.
  if (codes.has('oncall.resolved')) return tell(room, order, escalationResolved, reason)
  if (codes.has('oncall.paging-again')) return tellEverybody(room, order, escalationResumed, reason)
  if (phase.kind === 'exhausted' && phase.because === 'rounds-used' && before.phase.kind !== 'exhausted')
    return tellEverybody(room, order, escalationExhausted, reason)
  const changes = ['oncall.reassigned', 'oncall.escalated', 'oncall.urgency-raised', 'oncall.reapplied']
  if (changes.some((code) => codes.has(code))) return tellEverybody(room, order, escalationChanged, reason)
}

/** The journal, and the webhooks that heard of it: people read it in the message they have. */
async function tellEverybody(
  room: Room,
  order: StepOrder,
  event: EventType<EscalationData>,
  reason: string,
): Promise<void> {
  await tell(room, order, event, reason)
  const { row, step, by, now } = order
  const { phase } = step.state
  const { service, summary, link } = row.facts
  await room.ports.notifier.tellWebhooks(room.tx, {
    alertId: row.alertId,
    occasion: `${event.type} ${step.state.steps} ${now}`,
    facts: {
      ...{ change: event.type, by: 'by' in phase ? phase.by : by.name, sentence: reason },
      ...{ service, summary, link },
    },
  })
}

export async function tell(
  { tx, needs }: Pick<Room, 'tx' | 'needs'>,
  order: Omit<StepOrder, 'now'>,
  event: EventType<EscalationData>,
  reason: string,
): Promise<void> {
  await needs.journal.publishAll(tx, [told(order, event, reason)])
}

export function told(
  { row, step, by }: Omit<StepOrder, 'now'>,
  event: EventType<EscalationData>,
  reason: string,
): Published {
  return published(event, {
    actor: by,
    subject: { kind: 'alert', id: row.alertId },
    links: linksOf(row),
    reason,
    data: dataOf(row, step.state),
  })
}

function dataOf(row: StepOrder['row'], state: Escalation): EscalationData & JsonObject {
  return { alert: row.alertId, escalation: row.id, policy: state.policy.name, urgency: state.urgency }
}

export function linksOf(row: Pick<EscalationRow, 'id' | 'service'>): readonly Subject[] {
  return [{ kind: 'escalation', id: row.id }, ...(row.service === null ? [] : [{ kind: 'service', id: row.service }])]
}

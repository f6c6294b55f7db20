// What people do to an alert: acknowledge, give back, snooze, close. Refusals say what stands in the way.
import { day, formatDuration } from '../../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Refusal } from '../../oncall/core/index.ts'
import type { Ending } from './episode.ts'

export type Answer =
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'acknowledged'; readonly by: string; readonly at: Instant }
  | { readonly kind: 'snoozed'; readonly by: string; readonly at: Instant; readonly until: Instant }

export interface Answerable {
  readonly answer: Answer
  readonly end: { readonly how: Ending; readonly at: Instant } | null
}

export type AnswerDecision =
  | { readonly ok: true; readonly alert: Answerable; readonly reason: string }
  | { readonly ok: false; readonly refusal: Refusal }

export const longestSnoozeMs = 7 * day

/** Again, or by another person, is no error: the last one to take it has it. */
export function decideAcknowledge(alert: Answerable, by: string, now: Instant): AnswerDecision {
  if (alert.end !== null) return ended(alert.end)
  const { answer } = alert
  const before = answer.kind === 'unanswered' ? null : answer.by
  const reason =
    before === null
      ? `${by} acknowledged.`
      : before === by
        ? `${by} is still on it.`
        : `${by} took it over from ${before}.`
  return { ok: true, alert: { ...alert, answer: { kind: 'acknowledged', by, at: now } }, reason }
}

export function decideUnacknowledge(alert: Answerable, by: string): AnswerDecision {
  if (alert.end !== null) return ended(alert.end)
  if (alert.answer.kind === 'unanswered') {
    return refuse('conflict', 'alerts.not-acknowledged', 'Nobody has acknowledged this alert.')
  }
  const reason =
    by === alert.answer.by ? `${by} gave it back.` : `${by} took it from ${alert.answer.by} and gave it back.`
  return { ok: true, alert: { ...alert, answer: { kind: 'unanswered' } }, reason }
}

export function decideSnooze(alert: Answerable, by: string, until: Instant, now: Instant): AnswerDecision {
  if (alert.end !== null) return ended(alert.end)
  if (until <= now) return refuse('invalid', 'alerts.snooze-past', 'A snooze ends in the future.')
  if (until - now > longestSnoozeMs) {
    const sentence = `A snooze lasts at most ${formatDuration(longestSnoozeMs)}; for longer, make a silence with a reason.`
    return refuse('invalid', 'alerts.snooze-too-long', sentence)
  }
  const answer: Answer = { kind: 'snoozed', by, at: now, until }
  return { ok: true, alert: { ...alert, answer }, reason: `${by} snoozed it until ${formatInstant(until)}.` }
}

/** A person may close what the sender still reports; the next firing signal then opens a new alert. */
export function decideClose(alert: Answerable, by: string, now: Instant): AnswerDecision {
  if (alert.end !== null) return ended(alert.end)
  return { ok: true, alert: { ...alert, end: { how: 'closed', at: now } }, reason: `${by} closed it.` }
}

/** Every paged person sees whether somebody has it; null when it is nobody's or the snooze is over. */
export function answeredBy(answer: Answer, now: Instant): string | null {
  if (answer.kind === 'unanswered' || (answer.kind === 'snoozed' && answer.until <= now)) return null
  return answer.by
}

function ended(end: { how: Ending; at: Instant }): AnswerDecision {
  return refuse('conflict', 'alerts.already-ended', `This alert already ended (${end.how}, ${formatInstant(end.at)}).`)
}

function refuse(kind: Refusal['kind'], code: string, sentence: string): AnswerDecision {
  return { ok: false, refusal: { kind, code, sentence } }
}

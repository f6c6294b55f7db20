// Figures of on-call health in the words of the contract.
import { formatDuration, hour, minute, second } from '../../../kernel/duration.ts'
import { formatInstant } from '../../../kernel/instant.ts'
import { type Figures, type OnCallTerms, percentile, type SpanFigures, shareFromMs, weekdays } from '../core/index.ts'
import type { HealthFigures, LimitReached } from '../health.contract.ts'

export function presentFigures({ answerMs, ...figures }: Figures): HealthFigures {
  const { calls, stretches, pages, onCallMs } = figures
  return {
    ...figures,
    callsPerStretch: stretches === 0 ? null : calls / stretches,
    pagesPerHour: onCallMs < hour ? null : pages / (onCallMs / hour),
    medianAnswerMs: percentile(answerMs, 0.5),
    slowAnswerMs: percentile(answerMs, 0.9),
  }
}

export function presentSpan({ start, end, people, figures }: SpanFigures) {
  return { from: formatInstant(start), to: formatInstant(end), people, figures: presentFigures(figures) }
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

export function presentTerms({ night, workingHours, limits, call }: OnCallTerms) {
  const spans = new Map<string, string[]>()
  for (const { weekday, fromMinute, lengthMinutes } of workingHours) {
    const span = `${clock(fromMinute)} to ${clock(fromMinute + lengthMinutes)}`
    spans.set(span, [...(spans.get(span) ?? []), weekdays[weekday] ?? ''])
  }
  return {
    night: `${clock(night.fromMinute)} to ${clock(night.fromMinute + night.lengthMinutes)}`,
    workingHours: [...spans].map(([span, days]) => `${days.join(' ')} ${span}`).join(', '),
    ...limits,
    ...call,
  }
}

export function presentLimits(
  total: Figures,
  weeks: readonly Figures[],
  { terms: { limits }, knownMs }: { readonly terms: OnCallTerms; readonly knownMs: number },
): LimitReached[] {
  const nights = Math.max(0, ...weeks.map((each) => each.brokenNights))
  const share = knownMs === 0 ? 0 : total.onCallMs / knownMs
  const slow = percentile(total.answerMs, 0.9)
  const percent = (ratio: number): string => `${Math.round(ratio * 100)} %`
  return [
    {
      limit: 'calls',
      value: total.overfull,
      allowed: 0,
      isOver: total.overfull > 0,
      sentence: `${total.overfull} of ${total.stretches} stretches of ${formatDuration(limits.perMs)} with more than ${limits.calls} calls`,
    },
    {
      limit: 'broken-nights',
      value: nights,
      allowed: limits.brokenNights,
      isOver: nights > limits.brokenNights,
      sentence: `${nights} broken nights in the worst week; ${limits.brokenNights} are the limit`,
    },
    {
      limit: 'time-on-call',
      value: share,
      allowed: limits.timeOnCall,
      isOver: knownMs >= shareFromMs && share > limits.timeOnCall,
      sentence:
        knownMs < shareFromMs
          ? `on call ${percent(share)} of the time so far; ${percent(limits.timeOnCall)} is the limit, looked at after two weeks`
          : `on call ${percent(share)} of the time; ${percent(limits.timeOnCall)} is the limit`,
    },
    ...(slow === null
      ? []
      : [
          {
            limit: 'answers' as const,
            value: slow,
            allowed: limits.answerMs,
            isOver: slow > limits.answerMs,
            sentence: `nine of ten answers within ${formatDuration(rounded(slow))}; ${formatDuration(limits.answerMs)} is the limit`,
          },
        ]),
  ]
}

const rounded = (ms: number): number => (ms < minute ? Math.ceil(ms / second) : Math.ceil(ms / minute) * 60) * second

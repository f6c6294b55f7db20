// The measures of one incident, computed anew from its times whenever they are corrected. Unknown is a value of its
// own: it is never zero, and it says what is missing.
import { minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { type Interval, union } from '../../../kernel/interval.ts'
import type { IncidentKind } from './incident-reader.ts'
import type { IncidentTimes } from './lifecycle.ts'

export type Measure =
  | { readonly kind: 'known'; readonly ms: number }
  /** It has not happened: the incident still runs, or it ended without it. */
  | { readonly kind: 'not-yet' }
  | { readonly kind: 'unknown'; readonly because: string }

export interface IncidentMeasures {
  /** From the start of the impact to the detection. */
  readonly timeToDetect: Measure
  /** From the detection to the first acknowledgement. */
  readonly timeToAcknowledge: Measure
  /** From the start of the impact until users are no longer hurt. */
  readonly timeToMitigate: Measure
  /** From the start of the impact to the end of the work. */
  readonly timeToResolve: Measure
  /** From when it was declared to the first word to anybody who is not in the room. */
  readonly timeToFirstUpdate: Measure
}

export interface MeasuredTimes extends IncidentTimes {
  /** Null while nobody was told. */
  readonly firstToldAt: Instant | null
}

export function measuresOf(times: MeasuredTimes & { readonly kind?: IncidentKind }): IncidentMeasures {
  if (times.kind === 'scheduled') return notMeasured
  const impact = { at: times.impactStartedAt, name: 'the start of the impact' }
  const detected = { at: times.detectedAt, name: 'the time of detection' }
  const over = times.resolvedAt !== null
  return {
    timeToDetect: between(impact, { ...detected, missing: unknown('The time of detection is not recorded.') }),
    timeToAcknowledge: between(detected, {
      at: times.acknowledgedAt,
      name: 'the acknowledgement',
      missing: over ? unknown('Nobody acknowledged it before it was resolved.') : { kind: 'not-yet' },
    }),
    timeToMitigate: between(impact, {
      at: times.mitigatedAt,
      name: 'the mitigation',
      missing: over ? unknown('The time of mitigation is not recorded.') : { kind: 'not-yet' },
    }),
    timeToResolve: between(impact, { at: times.resolvedAt, name: 'the resolution', missing: { kind: 'not-yet' } }),
    timeToFirstUpdate: between(
      { at: times.declaredAt, name: 'the declaration' },
      {
        at: times.firstToldAt,
        name: 'the first update',
        missing: over ? unknown('Nobody was told before it was resolved.') : { kind: 'not-yet' },
      },
    ),
  }
}

const planned = { kind: 'unknown', because: 'Planned work is not measured.' } as const
const notMeasured: IncidentMeasures = {
  timeToDetect: planned,
  timeToAcknowledge: planned,
  timeToMitigate: planned,
  timeToResolve: planned,
  timeToFirstUpdate: planned,
}

interface From {
  readonly at: Instant | null
  readonly name: string
}

function between(from: From, to: From & { readonly missing: Measure }): Measure {
  if (to.at === null) return to.missing
  if (from.at === null) return unknown(`${capital(from.name)} is not recorded.`)
  if (to.at < from.at) return unknown(`${capital(to.name)} lies before ${from.name}.`)
  return { kind: 'known', ms: to.at - from.at }
}

function unknown(because: string): Measure {
  return { kind: 'unknown', because }
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

/** By tier of what was hurt, the most important first: minutes in common count once within a tier. */
export function impactByTier(
  spans: readonly (ImpactSpan & { readonly tier: number | null })[],
  now: Instant,
): readonly { readonly tier: number | null; readonly minutes: number }[] {
  const tiers = [...new Set(spans.map((each) => each.tier))].sort((a, b) => (a ?? 9) - (b ?? 9))
  return tiers.map((tier) => {
    const of = spans.filter((each) => each.tier === tier)
    return { tier, minutes: impactOf(of, now).minutes ?? 0 }
  })
}

export interface ImpactSpan {
  readonly start: Instant
  /** Null while it goes on. */
  readonly end: Instant | null
}

export interface Impact {
  /** Minutes in which anything was hurt, each counted once; not rounded. Null when no impact is recorded. */
  readonly minutes: number | null
  readonly spans: readonly Interval[]
  readonly ongoing: boolean
}

/** Services hurt at the same time count once: users' minutes are not the sum of the services'. */
export function impactOf(spans: readonly ImpactSpan[], now: Instant): Impact {
  if (spans.length === 0) return { minutes: null, spans: [], ongoing: false }
  const known = union(spans.map((each) => ({ start: each.start, end: each.end ?? now })))
  const ms = known.reduce((sum, each) => sum + each.end - each.start, 0)
  return { minutes: ms / minute, spans: known, ongoing: spans.some((each) => each.end === null && each.start <= now) }
}

export interface MeasureSummary {
  /** Of the known ones; null when there is none. */
  readonly medianMs: number | null
  readonly known: number
  /** Left out of the median, and said so: hiding them would flatter. */
  readonly unknown: number
  readonly notYet: number
}

export function summarise(measures: readonly Measure[]): MeasureSummary {
  const known = measures.flatMap((each) => (each.kind === 'known' ? [each.ms] : [])).sort((a, b) => a - b)
  const [low, high] = [known[Math.floor((known.length - 1) / 2)], known[Math.floor(known.length / 2)]]
  return {
    medianMs: low === undefined || high === undefined ? null : (low + high) / 2,
    known: known.length,
    unknown: measures.filter((each) => each.kind === 'unknown').length,
    notYet: measures.filter((each) => each.kind === 'not-yet').length,
  }
}

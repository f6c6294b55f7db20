// What is said of probes on both of their pages.
import type { Tone } from '../../parts/state-mark.tsx'

export const kindWords = {
  http: 'HTTP',
  tcp: 'TCP',
  dns: 'DNS',
  tls: 'Certificate',
  grpc: 'gRPC',
  heartbeat: 'Heartbeat',
} as const

export const evidenceWords: Readonly<Record<string, string>> = {
  body: 'The answer began with',
  contentType: 'Content type',
  redirects: 'Sent on to',
  answers: 'Answers',
  said: 'It said',
  subject: 'Certificate of',
  issuer: 'Issued by',
  validTo: 'Ends',
  note: 'Note',
  lastBeat: 'Last sign of life',
}

interface Seen {
  readonly lastGood: boolean | null
  readonly nextAt: string
  readonly everyMs: number
}

// Rounds come every second; one that is this late means that nobody asks.
const lateMs = 60_000

/** A result that is overdue is not shown as good: nobody has looked since. */
export function probeLook({ lastGood, nextAt }: Seen, now: number): { readonly tone: Tone; readonly word: string } {
  if (now - Date.parse(nextAt) > lateMs) return { tone: 'unknown', word: 'Overdue' }
  if (lastGood === null) return { tone: 'unknown', word: 'Not run yet' }
  return lastGood ? { tone: 'ok', word: 'Good' } : { tone: 'critical', word: 'Bad' }
}

interface Result {
  readonly at: string
  readonly good: boolean
}

export interface Stretch {
  readonly good: boolean
  readonly checks: number
  /** The first and the last check of it. */
  readonly from: string
  readonly to: string
}

/** Newest first: runs of equal results, so that an outage is one line and not a hundred. */
export function stretchesOf(results: readonly Result[]): readonly Stretch[] {
  const found: { good: boolean; checks: number; from: string; to: string }[] = []
  for (const { at, good } of results) {
    const last = found.at(-1)
    if (last === undefined || last.good !== good) found.push({ good, checks: 1, from: at, to: at })
    else {
      last.checks += 1
      last.from = at
    }
  }
  return found
}

/** Of the times of good checks: half were faster than the first, and all but one in twenty than the second. */
export function quantilesOf(times: readonly number[]): { readonly p50: number; readonly p95: number } | null {
  if (times.length === 0) return null
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { p50: at(0.5), p95: at(0.95) }
}

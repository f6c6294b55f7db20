// Token buckets in memory, per process: a fence against runaway scripts, not an accounting of exact rates.
// What reports alarms and samples has a wide one: who is turned away there was perhaps the first to tell.
import { performance } from 'node:perf_hooks'
import { AppError } from '../../kernel/app-error.ts'

interface Bucket {
  tokens: number
  at: number
}

export interface RateLimits {
  readonly perSecond: number
  readonly burst: number
  /** Operations with a tighter limit, in requests per minute: guessing passwords. */
  readonly tight: Readonly<Record<string, number>>
  /** Operations that report, with more requests per second than one process takes in; apart from the caller's others. */
  readonly wide: Readonly<Record<string, number>>
  readonly buckets: Map<string, Bucket>
}

export function createRateLimits(
  options: {
    perSecond?: number
    burst?: number
    tight?: Readonly<Record<string, number>>
    wide?: Readonly<Record<string, number>>
  } = {},
): RateLimits {
  return {
    perSecond: options.perSecond ?? 200,
    burst: options.burst ?? 1_000,
    tight: options.tight ?? {},
    wide: options.wide ?? {},
    buckets: new Map(),
  }
}

// Bounded: the oldest buckets go first when an attacker varies the caller.
const maxBuckets = 20_000

export function takeToken(limits: RateLimits, caller: string, operationId: string): void {
  const perMinute = limits.tight[operationId]
  const wide = limits.wide[operationId]
  const rate = perMinute === undefined ? (wide ?? limits.perSecond) : perMinute / 60
  const burst = perMinute ?? (wide === undefined ? limits.burst : wide * 2)
  const key = perMinute === undefined && wide === undefined ? caller : `${caller} ${operationId}`
  const now = performance.now() / 1000
  const bucket = limits.buckets.get(key) ?? { tokens: burst, at: now }
  limits.buckets.delete(key)
  bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * rate)
  bucket.at = now
  limits.buckets.set(key, bucket)
  if (limits.buckets.size > maxBuckets) {
    const oldest = limits.buckets.keys().next()
    if (!oldest.done) limits.buckets.delete(oldest.value)
  }
  if (bucket.tokens < 1) {
    throw new AppError('limited', 'http.too-many-requests', 'Too many requests from this caller. Wait and repeat.', {
      retryAfterSeconds: Math.max(1, Math.ceil((1 - bucket.tokens) / rate)),
    })
  }
  bucket.tokens -= 1
}

// When a delivery is tried again. Events can wait a day; a page cannot wait a minute before its next channel is tried.
import { hour, minute, second } from '../../kernel/duration.ts'

/** Waits before each attempt of an event, as Standard Webhooks proposes: ten attempts over about three days. */
export const webhookDelaysMs: readonly number[] = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
]

/** Waits before each attempt of a page on one channel; after the last the next channel takes over. */
export const pageDelaysMs: readonly number[] = [0, 2 * second, 5 * second, 10 * second, 20 * second]

/** A receiver may ask for a pause, but not for the whole schedule. */
const longestRetryAfterMs = 24 * hour

export type DeliveryVerdict = 'delivered' | 'retry' | 'gone'

/** 2xx was taken; 410 asks never to be called again; all else, redirects included, is a failure. */
export function judgeDelivery(status: number): DeliveryVerdict {
  if (status >= 200 && status < 300) return 'delivered'
  return status === 410 ? 'gone' : 'retry'
}

/**
 * The wait before attempt number `attempt` (0 is the first), null when there is none left. `chance` in [0, 1) spreads
 * it by up to 10 %, so that receivers are not all called in one second; `retryAfterMs` is what the receiver asked for.
 */
export function delayBefore(
  attempt: number,
  delaysMs: readonly number[],
  chance: number,
  retryAfterMs: number | null,
): number | null {
  const planned = delaysMs[attempt]
  if (planned === undefined) return null
  return Math.max(Math.round(planned * (1 + chance / 10)), Math.min(retryAfterMs ?? 0, longestRetryAfterMs))
}

/** Reads `Retry-After`: seconds, or an HTTP date. Null when it is neither. */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null
  if (/^\d{1,9}$/.test(value)) return Number(value) * second
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)) return null
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

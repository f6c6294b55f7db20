// How often something is read again that costs more the more there is: soon after a change, and never more than a share
// of the time.

export interface PaceOptions {
  /** Changes come in crowds: one reading serves all that come within it. */
  readonly crowdMs: number
  /** Between the end of one reading and the beginning of the next. */
  readonly restMs: number
  /** The rest is at least so many times what the reading took … */
  readonly share: number
  /** … but no longer than this. */
  readonly mostRestMs?: number
  readonly monotonicMs: () => number
}

export interface Pace {
  run<T>(read: () => Promise<T>): Promise<T>
  /** When the last reading that ended began; minus infinity before the first. */
  begunAt(): number
  /** From a change now until it is read. */
  delayMs(): number
  isDue(): boolean
}

export function createPace({ crowdMs, restMs, share, mostRestMs, monotonicMs }: PaceOptions): Pace {
  let begunAt = Number.NEGATIVE_INFINITY
  let endedAt = Number.NEGATIVE_INFINITY
  const dueAt = (): number => {
    if (endedAt === Number.NEGATIVE_INFINITY) return endedAt
    return endedAt + Math.min(Math.max(restMs, (endedAt - begunAt) * share), mostRestMs ?? Number.POSITIVE_INFINITY)
  }
  return {
    run: async (read) => {
      const begun = monotonicMs()
      const result = await read()
      begunAt = begun
      endedAt = monotonicMs()
      return result
    },
    begunAt: () => begunAt,
    delayMs: () => Math.max(crowdMs, dueAt() - monotonicMs()),
    isDue: () => monotonicMs() >= dueAt(),
  }
}

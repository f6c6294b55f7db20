// The one refusal every room throws from its use cases. Kinds know no HTTP and no retry policy:
// the HTTP edge turns a kind into a status, the work edge retries `unavailable` and sets the rest aside.

export const errorKinds = ['invalid', 'not-found', 'forbidden', 'conflict', 'limited', 'unavailable'] as const
export type ErrorKind = (typeof errorKinds)[number]

/** A place in the input that is wrong: a JSON pointer (RFC 6901), or `line:column` for documents. */
export interface Fault {
  readonly pointer?: string
  readonly line?: number
  readonly column?: number
  /** What is wrong and how to mend it, naming the value. */
  readonly detail: string
}

export interface ErrorDetails {
  readonly faults?: readonly Fault[]
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

export class AppError extends Error {
  readonly kind: ErrorKind
  /** Stable and documented, `room.refusal`: `alerts.already-closed`. */
  readonly code: string
  readonly details: ErrorDetails

  constructor(kind: ErrorKind, code: string, sentence: string, details: ErrorDetails = {}) {
    super(sentence, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AppError'
    this.kind = kind
    this.code = code
    this.details = details
  }
}

/** Throws for what can only be a bug; never for bad input. */
export function invariant(holds: unknown, sentence: string): asserts holds {
  if (!holds) throw new Error(`Invariant broken: ${sentence}`)
}

/** Closes a `switch` over a closed union: a new member fails to compile here. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable case: ${String(value)}`)
}

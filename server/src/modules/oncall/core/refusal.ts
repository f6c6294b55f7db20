// What a decision answers instead of throwing; the use case turns it into an AppError of the same kind and code.
import type { ErrorKind } from '../../../kernel/app-error.ts'

export interface Refusal {
  readonly kind: ErrorKind
  /** `room.refusal`, documented in the room's contract. */
  readonly code: string
  readonly sentence: string
}

// The name under which the signals of a sender are kept apart from those of others.
import { hash } from 'node:crypto'
import type { Actor } from '../../kernel/actor.ts'

/** Two keys are two senders: what one reports the other cannot resolve. */
export function sourceOf(format: string, actor: Actor): string {
  return actor.kind === 'key' ? `${format}:${hash('sha256', actor.id, 'hex').slice(0, 8)}` : format
}

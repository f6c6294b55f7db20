// The short name of a delivery that buttons carry: 128 bits of its key's hash, and the same sealed.
import { createHash } from 'node:crypto'
import type { NotificationPorts } from '../notifications.ports.ts'

const context = 'message-answer'

export function handleOf(key: string): string {
  return createHash('sha256').update(`mainstay message\n${key}`).digest().subarray(0, 16).toString('base64url')
}

export function answerTokenOf(ports: Pick<NotificationPorts, 'seal'>, handle: string): string {
  return ports.seal(handle, context)
}

/** Null when it was not made here. */
export function openAnswerToken(ports: Pick<NotificationPorts, 'open'>, token: string): string | null {
  try {
    return ports.open(token, context)
  } catch {
    return null
  }
}

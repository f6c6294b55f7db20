// What a room needs next: one call to the chat at a time, so that a killed process leaves at most one in doubt.
import type { ChatMessage } from './room-message.ts'

export interface RoomState {
  /** `wanted`: nothing is there yet. `leaving`: it must be closed, because others can read it. */
  readonly state: 'wanted' | 'open' | 'leaving'
  readonly isPinned: boolean
  readonly hasSummary: boolean
  /** As last written, for comparison. */
  readonly summary: string | null
  readonly topic: string | null
  readonly invited: readonly string[]
}

export interface WantedRoom {
  readonly summary: ChatMessage
  readonly topic: string
  readonly people: readonly string[]
  readonly bundle: { readonly upTo: number; readonly message: ChatMessage | null } | null
  /** Its time is over. */
  readonly archive: boolean
}

export type RoomStep =
  | { readonly kind: 'open' }
  | { readonly kind: 'summary'; readonly message: ChatMessage }
  | { readonly kind: 'change-summary'; readonly message: ChatMessage }
  | { readonly kind: 'pin' }
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'invite'; readonly people: readonly string[] }
  | { readonly kind: 'post'; readonly upTo: number; readonly message: ChatMessage }
  /** Nothing to say, but read. */
  | { readonly kind: 'skip'; readonly upTo: number }
  | { readonly kind: 'archive' }
  | { readonly kind: 'nothing' }

/** People are let in and told what it is before the lines come. */
export function nextStep(room: RoomState, wanted: WantedRoom): RoomStep {
  if (room.state === 'wanted') return { kind: 'open' }
  if (!room.hasSummary) return { kind: 'summary', message: wanted.summary }
  if (room.summary !== textOf(wanted.summary)) return { kind: 'change-summary', message: wanted.summary }
  if (room.state === 'leaving') return { kind: 'archive' }
  if (!room.isPinned) return { kind: 'pin' }
  const missing = wanted.people.filter((each) => !room.invited.includes(each))
  if (missing.length > 0) return { kind: 'invite', people: missing }
  if (room.topic !== wanted.topic) return { kind: 'topic', topic: wanted.topic }
  if (wanted.bundle !== null) {
    const { upTo, message } = wanted.bundle
    return message === null ? { kind: 'skip', upTo } : { kind: 'post', upTo, message }
  }
  return wanted.archive ? { kind: 'archive' } : { kind: 'nothing' }
}

export const textOf = (message: ChatMessage): string => JSON.stringify(message)

/** 2 s, doubling up to five minutes: a chat that is away is asked seldom, and never given up. */
export function awayForMs(failures: number): number {
  return Math.min(300_000, 2_000 * 2 ** Math.min(failures, 10))
}

export interface RoomsRule {
  /** The least severe that gets a room. */
  readonly from: string
  readonly drills: boolean
}

/** SEV1 is the worst; severities sort by their names. */
export function wantsRoom(
  incident: { readonly severity: string; readonly kind: string; readonly status: string },
  rule: RoomsRule,
): boolean {
  if (incident.kind === 'backfilled' || incident.kind === 'scheduled' || (incident.kind === 'drill' && !rule.drills))
    return false
  return incident.status !== 'resolved' && incident.status !== 'reviewed' && incident.severity <= rule.from
}

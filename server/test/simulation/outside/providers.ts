// The world behind the channels: push services, mail servers, SMS gateways. They take a message, refuse it, hang, or
// take it and lose the answer; what they took is what a person can have heard.
import type { Instant } from '../../../src/kernel/instant.ts'
import type { ContactKind } from '../../../src/modules/notifications/core/index.ts'
import type { DeliveryRow, Outcome } from '../product/rows.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'

export type Weather = 'fair' | 'slow' | 'down' | 'refusing' | 'hanging' | 'losing-answers'

export interface Written {
  readonly row: DeliveryRow
  readonly attempt: number
  readonly key: string
  readonly alerts: readonly string[]
  readonly claimedAt: Instant
  readonly checkedAt: Instant
  readonly stoodStill: boolean
}

export interface Sent extends Written {
  readonly at: Instant
  /** The provider has it. */
  readonly taken: boolean
}

export interface Answer {
  readonly delayMs: number
  readonly outcome: Outcome
}

export interface Seen {
  readonly connecting: (row: DeliveryRow) => void
  readonly sent: (sent: Sent) => void
  /** The sender has read that it was taken. */
  readonly toldTaken: (sent: Written) => void
}

export class Providers {
  readonly weather = new Map<ContactKind, Weather>()
  /** Subscriptions that are gone for good: `person/contact`. */
  readonly gone = new Set<string>()
  private readonly timeline: Timeline
  private readonly random: Random
  private readonly seen: Seen

  constructor(timeline: Timeline, random: Random, seen: Seen) {
    this.timeline = timeline
    this.random = random
    this.seen = seen
  }

  connect(row: DeliveryRow): { readonly delayMs: number; readonly refused: Outcome | null } {
    this.seen.connecting(row)
    const weather = this.weather.get(row.kind) ?? 'fair'
    const delayMs = weather === 'slow' ? this.random.whole(500, 4_000) : this.usualDelay()
    const refused: Outcome | null = weather === 'down' ? { kind: 'refused', because: 'Connection refused.' } : null
    return { delayMs, refused }
  }

  /** A name to look up, a hand-shake: now and then it takes seconds. */
  private usualDelay(): number {
    return this.random.chance(0.03) ? this.random.whole(1_000, 3_500) : this.random.whole(5, 120)
  }

  /** Null when no answer ever comes. */
  write(written: Written): Answer | null {
    const { row } = written
    const weather = this.weather.get(row.kind) ?? 'fair'
    const answer = this.judge(weather, `${row.person}/${row.contact}`)
    const taken = weather === 'losing-answers' || (answer?.outcome.kind ?? 'lost') === 'accepted'
    this.seen.sent({ ...written, at: this.timeline.now, taken })
    return answer
  }

  told(written: Written): void {
    this.seen.toldTaken(written)
  }

  private judge(weather: Weather, address: string): Answer | null {
    const { random } = this
    const delayMs = weather === 'slow' ? random.whole(200, 2_500) : random.whole(5, 250)
    if (weather === 'hanging') return null
    if (weather === 'losing-answers')
      return random.chance(0.5) ? null : { delayMs, outcome: { kind: 'lost', because: 'The connection was reset.' } }
    if (this.gone.has(address))
      return { delayMs, outcome: { kind: 'rejected', because: 'There is no such subscription.', gone: true } }
    if (weather === 'refusing') {
      const retryAfterMs = random.chance(0.3) ? random.whole(1_000, 60_000) : 0
      const asked = retryAfterMs === 0 ? {} : { retryAfterMs }
      return { delayMs, outcome: { kind: 'refused', because: '503', ...asked } }
    }
    return { delayMs, outcome: { kind: 'accepted', receipt: null } }
  }
}

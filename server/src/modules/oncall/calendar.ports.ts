// What the room asks of a calendar format.
import type { Instant } from '../../kernel/instant.ts'
import type { Interval } from '../../kernel/interval.ts'

export interface CalendarEvent extends Interval {
  /** The same for the same shift, also when its end moves. */
  readonly uid: string
  readonly summary: string
  readonly description: string | null
  readonly url: string
}

export interface CalendarToWrite {
  readonly name: string
  readonly writtenAt: Instant
  readonly events: readonly CalendarEvent[]
}

export interface EventRead extends Interval {
  readonly uid: string
  readonly summary: string
  /** Addresses of attendees and the organizer, in lower case. */
  readonly people: readonly string[]
  /** The start it had in its series; null unless it was moved. */
  readonly replaces: Instant | null
}

export interface CalendarRead {
  readonly events: readonly EventRead[]
  /** What could not be read, for a person to read. */
  readonly problems: readonly string[]
}

export interface CalendarFormat {
  readonly write: (calendar: CalendarToWrite) => string
  readonly read: (text: string, zone: string, window: Interval) => CalendarRead
}

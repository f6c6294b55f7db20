// What the room needs from outside: letters, what an objective counted, secrets, signed links, names.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { LinkSigner } from '../../platform/secrets/index.ts'
import type { CalendarToWrite } from '../oncall/index.ts'
import type { DayCounts, MailOutcome } from './core/index.ts'
import type { ReadStatusExport } from './import.ports.ts'

export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** The same for every attempt. */
  readonly key: string
  readonly at: Instant
  readonly headers: Readonly<Record<string, string>>
  /** Asked right before the text leaves; when it throws, none does. */
  readonly beforeWrite: () => Promise<void>
  readonly signal: AbortSignal
}

export type LetterOutcome = MailOutcome

export interface StatusPorts {
  readonly readExport: ReadStatusExport
  readonly calendar: { readonly write: (calendar: CalendarToWrite) => string }
  readonly sendLetter: (letter: Letter) => Promise<LetterOutcome>
  /** By day, UTC; null when there is no such objective. */
  readonly dailyCounts: (
    queries: Queries,
    objective: string,
    from: Instant,
    to: Instant,
  ) => Promise<readonly DayCounts[] | null>
  readonly seal: (text: string, context: string) => string
  readonly open: (sealed: string, context: string) => string
  readonly links: LinkSigner
  readonly personOf: (queries: Queries, actor: Actor) => Promise<string>
}

// What the room needs from outside: letters, what an objective counted, secrets, signed links, names.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { LinkSigner } from '../../platform/secrets/index.ts'
import type { CalendarToWrite } from '../oncall/index.ts'
import type { DayCounts, HostRecords, MailOutcome } from './core/index.ts'
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

/** To a webhook of a subscriber. */
export interface Hook {
  readonly url: string
  readonly secret: string
  /** The same for every attempt. */
  readonly key: string
  readonly at: Instant
  readonly type: string
  readonly subject: string
  readonly data: JsonObject
  /** Asked right before the first byte leaves; when it throws, none does. */
  readonly beforeWrite: () => Promise<void>
  readonly signal: AbortSignal
}

/** `gone`: it asks never to be called again. */
export type HookOutcome = MailOutcome & { readonly gone?: true }

export interface StatusPorts {
  readonly readExport: ReadStatusExport
  readonly calendar: { readonly write: (calendar: CalendarToWrite) => string }
  readonly sendLetter: (letter: Letter) => Promise<LetterOutcome>
  /** What the name servers say of a host; null when none answers. */
  readonly lookUpHost: (host: string) => Promise<HostRecords | null>
  readonly sendHook: (hook: Hook) => Promise<HookOutcome>
  /** True when an administrator allows webhooks of subscribers in networks of their own: there plain http may do. */
  readonly plainHooks: boolean
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

// What intake needs from outside: readers of foreign formats, keys, and the door of alerts joined to its own ports.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { AlertsPorts } from '../alerts/index.ts'
import type { Format, Mapping, Payload, Readers, Reading } from './core/index.ts'
import type { SendersPlan } from './senders-plan.ts'

export type SnsMessage =
  | { readonly kind: 'notification'; readonly id: string; readonly at: Instant; readonly topic: string }
  | {
      readonly kind: 'confirmation'
      readonly id: string
      readonly at: Instant
      readonly topic: string
      /** Checked to lead to Amazon; asking it confirms the subscription. */
      readonly confirmUrl: string
    }

export type SnsVerdict =
  | { readonly genuine: true; readonly message: SnsMessage }
  | { readonly genuine: false; readonly because: string }

export type MailAnswer =
  | { readonly kind: 'taken' }
  | { readonly kind: 'later'; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string }

export interface MailAnswerer {
  readonly admit: (of: { readonly to: string; readonly remote: string }) => Promise<MailAnswer>
  readonly take: (of: { readonly to: readonly string[]; readonly bytes: Uint8Array }) => Promise<MailAnswer>
}

/** What is read of every mail; mappings read more. */
export interface ParsedMail {
  readonly messageId: string | null
  readonly date: string | null
  readonly subject: string
  readonly text: string
}

export interface MailPort {
  /** Behind the @ of its addresses. */
  readonly host: () => string
  readonly listen: (door: MailAnswerer) => Promise<{ readonly port: number; stop(): Promise<void> }>
  /** Null when it is no mail. */
  readonly parse: (bytes: Uint8Array) => Promise<ParsedMail | null>
  /** One address asked for by a host; throws when that host guesses too fast. */
  readonly charge: (remote: string) => void
}

export interface IntakePorts {
  readonly alerts: AlertsPorts
  /** Known senders, for while the database is away; null when they were never read. Left out, nobody is taken in then. */
  readonly senders?: () => SendersPlan | null
  readonly readers: Readers
  /** Empty when every expression can be compiled. */
  readonly mappingFaults: (mapping: Mapping) => readonly { readonly field: string; readonly detail: string }[]
  /** As the reader of a format that is mapped, with what was missing on the way; for people who write a mapping. */
  readonly explainMapping: (
    format: Format,
    payload: Payload,
    mapping: Mapping | null,
  ) => { readonly reading: Reading; readonly notes: readonly string[] }
  /** Checks the certificate and the signature of an SNS delivery; may fetch the certificate from Amazon. */
  readonly verifySns: (body: Uint8Array, now: Instant) => Promise<SnsVerdict>
  /** Asks Amazon to send to us from now on. */
  readonly confirmSns: (url: string) => Promise<void>
  readonly seal: (text: string, context: string) => string
  readonly open: (sealed: string, context: string) => string
  readonly personOf: (actor: Actor) => Promise<string>
  /** Alarms by mail; null or left out when no port was opened for them. */
  readonly mail?: MailPort | null
}

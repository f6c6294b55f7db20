// A declared sender, as the rest of the room reads it.
import type { AlertSeverity } from '../../../kernel/severity.ts'
import { labelOf, type SignalDraft } from '../../alerts/core/index.ts'
import type { Format } from './formats.ts'
import type { Mapping } from './reading.ts'

export interface Signing {
  readonly kind: 'standard-webhooks' | 'hmac-sha256'
  /** Lower case. Only of `hmac-sha256`. */
  readonly header: string
  /** Before the digest in the header, such as `sha256=`. */
  readonly prefix: string
  readonly encoding: 'hex' | 'base64'
  /** When given, `<time>.<body>` is signed and the time must be fresh. */
  readonly timestampHeader: string | null
}

export interface Heartbeat {
  readonly everyMs: number
  readonly graceMs: number
  readonly severity: AlertSeverity
  /** Only a firing alert of this name is a sign of life, and it opens nothing; null: any delivery is one. */
  readonly alert: string | null
}

export interface AlertSource {
  readonly name: string
  readonly title: string
  readonly format: Format
  readonly team: string | null
  /** For alarms that name no service themselves. */
  readonly service: string | null
  /** The sender's words for severity, in lower case, before the words everybody uses. */
  readonly severities: Readonly<Record<string, AlertSeverity>>
  /** For alarms without a severity. Without it they count as critical. */
  readonly severity: AlertSeverity | null
  readonly mapping: Mapping | null
  readonly signing: Signing | null
  /** Only deliveries of this SNS topic. */
  readonly topic: string | null
  /** How long an alarm without an end of its own holds unless repeated; null: until it is resolved. */
  readonly expiresMs: number | null
  readonly heartbeat: Heartbeat | null
  /** Signals a minute of which repeats are taken in one by one; beyond, repeats are only counted. */
  readonly perMinute: number
}

/** Beyond what the fleet of a large company repeats in a minute through one Alertmanager. */
export const usualPerMinute = 1_200

/** The name under which its alerts are kept; no other intake can take it. */
export const sourceName = (name: string): string => `in/${name}`

const serviceLabels = ['service', 'service_name', 'app'] as const

/** What the declaration adds to what the sender said. */
export function complete(source: AlertSource, draft: Omit<SignalDraft, 'source'>): SignalDraft {
  const labels = draft.labels ?? {}
  const says = draft.service ?? serviceLabels.map((name) => labelOf(labels, name)).find((each) => each !== '') ?? null
  const word = draft.severity ?? labels.severity ?? labels.priority ?? null
  return {
    ...draft,
    source: sourceName(source.name),
    service: says ?? source.service,
    severity: word === null || word.trim() === '' ? source.severity : word,
  }
}

// What an alert says about a service, in the words of the four golden signals (Google SRE, chapter 6).
import type { Instant } from '../../../kernel/instant.ts'
import type { AlertSeverity } from '../../../kernel/severity.ts'

/** `calls`: what the service sees of those it calls, which says more about them than about itself. */
export type SignalKind = 'errors' | 'latency' | 'traffic' | 'saturation' | 'calls' | 'other'

export interface Symptom {
  readonly id: string
  readonly startedAt: Instant
  /** Null while it fires. */
  readonly endedAt: Instant | null
  readonly service: string | null
  /** The service it points at, when the rule watches a dependency. */
  readonly blames: string | null
  readonly kind: SignalKind
  readonly severity: AlertSeverity
  readonly rule: string
}

const kinds: readonly (readonly [SignalKind, RegExp])[] = [
  ['calls', /client|outgoing|outbound|egress|upstream|dependency|downstream/i],
  ['saturation', /cpu|memory|heap|\boom|disk|saturat|throttl|queue|connections?|pool|thread|inode|file descriptor/i],
  ['traffic', /traffic|throughput|request rate|workload|\bqps|\brps/i],
  ['errors', /error|5xx|fail|availab|exception|unreachable|\bdown\b|refused/i],
  ['latency', /latency|slow|\bfast\b|duration|response time|\bp9\d|timeout|time to/i],
]

/** From the rule's name and the alert's summary; names are split where their capitals say so. */
export function signalKindOf(...texts: readonly string[]): SignalKind {
  for (const text of texts) {
    const words = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ')
    const found = kinds.find(([, pattern]) => pattern.test(words))
    if (found !== undefined) return found[0]
  }
  return 'other'
}

const targetLabels = [
  'dependency',
  'upstream',
  'downstream',
  'target_service',
  'peer_service',
  'peer.service',
  'server_address',
]

/** The service a dependency alert points at: one of the labels by which OpenTelemetry and meshes name the other side. */
export function blamedBy(labels: Readonly<Record<string, string>>): string | null {
  for (const name of targetLabels) {
    const value = labels[name]
    if (value !== undefined && value !== '') return value
  }
  return null
}

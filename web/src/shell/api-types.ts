// What the operations answer, as the console reads it: the generated types, and by hand only those of objectives,
// which the generated client does not carry yet.
export type {
  Alert as AlertDetail,
  AlertSummary as Alert,
  ApiKey,
  ApplyOrder,
  Change,
  ChannelConnectionOrder,
  ChannelState,
  Contact,
  ContactOrder,
  Demo,
  Incident as IncidentDetail,
  IncidentSummary as Incident,
  IntakeMapping,
  JournalEntry,
  JournalVerification,
  LegalHold,
  ListedService,
  NeedsHuman,
  NotificationRules,
  Override,
  OverrideOrder,
  Overview,
  Person,
  Plan,
  PlannedChange,
  PolicySimulation,
  Resource,
  Retention,
  Service,
  Session,
  Silence,
  SilencePreview,
  StatusCustomerView,
  StatusPageView,
  StatusPost,
  StatusSubscriber,
  SwapOrder,
  Team,
  TimelineEntry,
} from '../../../client/src/index.ts'

import type { Alert, ChannelState, Incident, LegalHold, Person, StatusPost } from '../../../client/src/index.ts'

export interface UpdateOrder {
  readonly state: StatusPost['state']
  readonly body: string
  readonly bodies?: Readonly<Record<string, string>>
  readonly impacts?: StatusPost['impacts']
  readonly notify?: boolean
}
export interface PublishOrder extends UpdateOrder {
  readonly kind: StatusPost['kind']
  readonly title: string
  readonly titles?: Readonly<Record<string, string>>
  readonly incident?: string
  readonly customer?: string
  readonly startsAt?: string
  readonly endsAt?: string
}
export type Role = Person['role']
export type HoldKind = LegalHold['kind']
export type ConnectionKind = NonNullable<ChannelState['connection']>
export type AlertStatus = Alert['status']
export type TraceStep = Alert['trace'][number]
export type PageSent = Alert['pages'][number]
export type IncidentStatus = Incident['status']
export type Severity = Incident['severity']
export type IncidentRole = Incident['roles'][number]['role']

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}

export type ObjectiveState = 'ok' | 'burning' | 'exhausted' | 'no-data' | 'no-events' | 'expired'

export interface ObjectiveCounts {
  readonly total: number
  readonly ok: number
  readonly burning: number
  readonly exhausted: number
  readonly noData: number
  readonly noEvents: number
  readonly expired: number
  readonly reviewDue: number
}

export interface Objective {
  readonly name: string
  readonly displayName: string
  readonly service: string
  readonly team: string | null
  readonly tier: number | null
  readonly target: number
  readonly windowMs: number
  readonly kind: string
  readonly state: ObjectiveState
  readonly level: 'none' | 'ticket' | 'page'
  readonly budget: { readonly totalBad: number; readonly spentBad: number; readonly remainingRatio: number | null }
  readonly burn: { readonly longWindowMs: number; readonly shortWindowMs: number; readonly rate: number | null } | null
  readonly sentence: string
  readonly asOf: string | null
}

export interface BurnTier {
  readonly name: string
  readonly level: string
  readonly longMs: number
  readonly shortMs: number
  readonly threshold: number
  readonly longBurn: number | null
  readonly shortBurn: number | null
  readonly firing: boolean
  readonly reason: string
}

export interface ObjectiveDetail extends Objective {
  readonly tiers: readonly BurnTier[]
  readonly definition: unknown
  readonly exhaustion: { readonly at: string | null; readonly sentence: string } | null
  /** Of a calendar window; null when it rolls. */
  readonly period?: { readonly start: string; readonly end: string } | null
  /** What little traffic means here; null when single failures do not count for much. */
  readonly traffic: TrafficAdvice | null
  /** Attributes that its events are told apart by. */
  readonly groupedBy: readonly string[]
}

export interface TrafficAdvice {
  readonly verdict: 'impossible' | 'thin' | 'enough'
  readonly sentence: string
  readonly ways: readonly string[]
}

export interface SeriesPoint {
  readonly at: string
  readonly remainingRatio: number | null
  readonly burnRate: number | null
  readonly good: number
  readonly bad: number
}

export interface Ledger {
  readonly rows: readonly {
    readonly from: string
    readonly to: string
    readonly bad: number
    readonly share: number
    readonly cause: { readonly kind: string; readonly id: string | null; readonly label: string }
  }[]
  readonly total: number
  /** Exclusions and corrections, with what they took out. */
  readonly excluded?: readonly {
    readonly id: string
    readonly mode: 'drop' | 'good'
    readonly reason: string
    readonly author: string
    readonly bad: number
  }[]
}

export interface Readiness {
  readonly ready: boolean
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly sentence: string }[]
}
export type Version = Readonly<Record<string, unknown>> & { readonly rooms?: readonly string[] }

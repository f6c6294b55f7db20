// What the operations answer, as the console reads it. Times are RFC 3339 strings, durations ms, ratios 0..1.

export type {
  ApplyOrder,
  Plan,
  PlannedChange,
  Resource,
  Service,
  ServiceSummary,
  Team,
} from '../../../client/src/index.ts'

export interface Link {
  readonly title: string
  readonly url: string
  readonly kind?: string
}

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}

export type Role = 'viewer' | 'responder' | 'editor' | 'admin'

export interface Person {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly teams: readonly string[]
  readonly timeZone: string | null
  readonly disabled?: boolean
}

export interface Setup {
  readonly needed: boolean
  readonly oidc: boolean
}

export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly scopes: readonly string[]
  readonly createdAt: string
  readonly lastUsedAt: string | null
  readonly expiresAt?: string | null
}

export interface SessionRow {
  readonly id: string
  readonly createdAt: string
  readonly lastSeenAt: string
  readonly userAgent: string | null
  readonly address: string | null
  readonly current: boolean
}

export type ObjectiveState = 'ok' | 'burning' | 'exhausted' | 'no-data' | 'no-events'

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
}

export interface Slices {
  readonly stepMs: number
  readonly slices: readonly {
    readonly start: string
    readonly good: number
    readonly bad: number
    readonly state: string
  }[]
}

export type AlertStatus = 'firing' | 'acknowledged' | 'snoozed' | 'resolved'

export interface Alert {
  readonly id: string
  readonly number: number
  readonly status: AlertStatus
  readonly severity: 'critical' | 'warning' | 'info'
  readonly urgency: 'high' | 'low'
  readonly service: string | null
  readonly team: string | null
  readonly title: string
  readonly startedAt: string
  readonly lastSeenAt: string
  readonly acknowledgedBy: string | null
  readonly acknowledgedAt: string | null
  readonly resolvedAt: string | null
  readonly snoozedUntil?: string | null
  readonly count: number
  readonly incident: { readonly id: string; readonly number: number } | null
  readonly source: string
  readonly labels: Readonly<Record<string, string>>
}

export interface PageSent {
  readonly id?: string
  readonly person: string
  readonly channel: string
  readonly state: string
  readonly at: string
}

export interface TraceStep {
  readonly at: string
  readonly rule: string
  readonly verdict: string
  readonly because: string
}

export interface AlertDetail extends Alert {
  readonly signals: readonly Readonly<Record<string, unknown>>[]
  readonly trace: readonly TraceStep[]
  readonly pages: readonly PageSent[]
  readonly links: readonly Link[]
  readonly annotations: Readonly<Record<string, string>>
}

export interface Shift {
  readonly person: string
  readonly start: string
  readonly end: string
  readonly source: string
  readonly timeZone?: string | null
}

export interface FinalSchedule {
  readonly timeZone?: string | null
  readonly shifts: readonly Shift[]
  readonly gaps: readonly { readonly start: string; readonly end: string }[]
}

export interface OnCallNow {
  readonly schedules: readonly {
    readonly name: string
    readonly timeZone?: string | null
    readonly people: readonly {
      readonly name: string
      readonly until: string | null
      readonly source: string
      readonly timeZone?: string | null
    }[]
    readonly next: { readonly at: string; readonly people: readonly string[] } | null
  }[]
}

export interface OnCallMe {
  readonly onCall: boolean
  readonly until: string | null
  readonly schedule?: string | null
  readonly nextShift: { readonly start: string; readonly end: string; readonly schedule?: string } | null
}

export interface SimulatedStep {
  readonly at: string
  readonly people: readonly string[]
  readonly because: string
}

export interface Contact {
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly verified: boolean
  readonly address?: string | null
  readonly failing?: string | null
}

export interface NotificationRule {
  readonly urgency: 'high' | 'low'
  readonly contact: string
  readonly delayMs: number
}

export interface Change {
  readonly id: string
  readonly source: string
  readonly service: string
  readonly kind: string
  readonly version: string | null
  readonly summary: string
  readonly at: string
  readonly link: string | null
}

export type IncidentStatus = 'triage' | 'active' | 'mitigated' | 'resolved'
export type Severity = 'SEV1' | 'SEV2' | 'SEV3' | 'SEV4'

export interface Incident {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly severity: Severity
  readonly status: IncidentStatus
  readonly services: readonly string[]
  readonly roles: readonly { readonly role: string; readonly person: string; readonly since: string }[]
  readonly startedAt: string
  readonly detectedAt: string | null
  readonly acknowledgedAt: string | null
  readonly mitigatedAt: string | null
  readonly resolvedAt: string | null
}

export interface IncidentDetail extends Incident {
  readonly alerts: readonly Partial<Alert>[]
  readonly impact: string | null
  readonly version?: number
}

export interface TimelineItem {
  readonly id: string
  readonly at: string
  readonly type: string
  readonly actor: string
  readonly sentence: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface JournalEntry {
  readonly id: number | string
  readonly at: string
  readonly type: string
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string }
  readonly subject: { readonly kind: string; readonly id: string }
  readonly links: readonly { readonly kind: string; readonly id: string }[]
  readonly reason: string | null
  readonly sentence?: string
  readonly data: Readonly<Record<string, unknown>>
  readonly before?: unknown
  readonly after?: unknown
}

export interface JournalVerdict {
  readonly ok: boolean
  readonly entries?: number
  readonly sentence?: string
  readonly checkedAt?: string
}

export interface NeedsHuman {
  readonly kind: string
  readonly id: string
  readonly title: string
  readonly sentence: string
  readonly severity: string
  readonly since: string
  readonly href: string
  readonly action: { readonly label: string; readonly operation: string; readonly id: string } | null
}

export interface Overview {
  readonly needsHuman: readonly NeedsHuman[]
  readonly calm: string
  readonly recentChanges: readonly Change[]
  readonly counts: Readonly<Record<string, number>>
}

export interface TelemetrySource {
  readonly name: string
  readonly kind: string
  readonly lastSeenAt: string | null
  readonly samples: number
  readonly findings: readonly string[]
}

export interface Probe {
  readonly name: string
  readonly kind: string
  readonly target: string
  readonly state: string
  readonly lastRunAt: string | null
  readonly lastResult?: string | null
}

export interface Version {
  readonly version: string
  readonly commit?: string
  readonly [field: string]: unknown
}

export interface Demo {
  readonly services: readonly { readonly name: string; readonly state: string; readonly modes: readonly string[] }[]
  readonly mails: readonly {
    readonly id: string
    readonly to: string
    readonly subject: string
    readonly at: string
    readonly text: string
    readonly ackUrl: string | null
  }[]
}

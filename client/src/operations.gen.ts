// Written by `npm run golden` from docs/reference/openapi.json. Change the contract of the room instead.

export type Alert = { readonly id: string; readonly number: number; readonly status: "firing" | "acknowledged" | "snoozed" | "resolved"; readonly severity: "critical" | "warning" | "info"; readonly urgency: "high" | "low"; readonly service: string | null; readonly team: string | null; readonly tier: number | null; readonly title: string; readonly source: string; readonly startedAt: string; readonly openedAt: string; readonly lastSeenAt: string; readonly acknowledgedBy: string | null; readonly acknowledgedAt: string | null; readonly snoozedUntil: string | null; readonly resolvedAt: string | null; readonly ended: "resolved" | "expired" | "silent" | "closed" | null; readonly count: number; readonly silencedBy: string | null; readonly incident: { readonly id: string } | null; readonly labels: Readonly<Record<string, string>>; readonly severityGiven: string | null; readonly fingerprint: string; readonly leaseUntil: string | null; readonly annotations: Readonly<Record<string, string>>; readonly links: readonly ({ readonly title: string; readonly url: string })[]; readonly trace: readonly ({ readonly at: string; readonly rule: string; readonly verdict: string; readonly because: string })[]; readonly pages: readonly ({ readonly person: string; readonly channel: string; readonly state: string; readonly at: string; readonly because: string | null })[]; readonly version: number }
export type AlertSummary = { readonly id: string; readonly number: number; readonly status: "firing" | "acknowledged" | "snoozed" | "resolved"; readonly severity: "critical" | "warning" | "info"; readonly urgency: "high" | "low"; readonly service: string | null; readonly team: string | null; readonly tier: number | null; readonly title: string; readonly source: string; readonly startedAt: string; readonly openedAt: string; readonly lastSeenAt: string; readonly acknowledgedBy: string | null; readonly acknowledgedAt: string | null; readonly snoozedUntil: string | null; readonly resolvedAt: string | null; readonly ended: "resolved" | "expired" | "silent" | "closed" | null; readonly count: number; readonly silencedBy: string | null; readonly incident: { readonly id: string } | null; readonly labels: Readonly<Record<string, string>> }
export type ApplyOrder = { readonly documents: string; readonly manager?: string; readonly force?: boolean; readonly prune?: boolean }
export type Change = { readonly id: string; readonly source: string; readonly externalId: string; readonly service: string; readonly kind: "deployment" | "configuration" | "flag" | "infrastructure" | "rollback" | "other"; readonly version: string | null; readonly summary: string; readonly link: string | null; readonly at: string; readonly recordedAt: string }
export type ChangeOrder = { readonly source: string; readonly externalId: string; readonly service: string; readonly kind?: "deployment" | "configuration" | "flag" | "infrastructure" | "rollback" | "other"; readonly version?: string; readonly summary: string; readonly link?: string; readonly at?: string }
export type Plan = { readonly changes: readonly PlannedChange[] }
export type PlannedChange = { readonly kind: string; readonly name: string; readonly action: "create" | "update" | "unchanged" | "delete" | "conflict"; readonly fields: readonly ({ readonly path: string; readonly before: unknown; readonly after: unknown; readonly owner: string | null })[]; readonly warnings: readonly ({ readonly pointer?: string; readonly line?: number; readonly column?: number; readonly detail: string })[] }
export type Problem = { readonly type: string; readonly title: string; readonly status: number; readonly code: string; readonly detail: string; readonly requestId: string; readonly errors?: readonly ({ readonly pointer?: string; readonly line?: number; readonly column?: number; readonly detail: string })[] }
export type Resource = { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string; readonly displayName?: string; readonly description?: string; readonly labels?: Readonly<Record<string, string | readonly string[]>>; readonly annotations?: Readonly<Record<string, string>> }; readonly spec: Readonly<Record<string, unknown>>; readonly status: { readonly version: number; readonly owners: Readonly<Record<string, string>>; readonly createdAt: string; readonly updatedAt: string } }
export type Service = { readonly name: string; readonly displayName: string; readonly description: string; readonly team: string | null; readonly tier: number; readonly lifecycle: string; readonly type: string; readonly system: string | null; readonly dependsOn: readonly ({ readonly service: string; readonly strength: string })[]; readonly environments: readonly string[]; readonly links: readonly ({ readonly title: string; readonly url: string; readonly kind: string })[]; readonly labels: Readonly<Record<string, string>>; readonly escalationPolicy: string | null; readonly dependants: readonly ({ readonly service: string; readonly displayName: string; readonly tier: number; readonly distance: number; readonly softened: boolean; readonly via: string })[]; readonly contacts: readonly ({ readonly label: string; readonly kind: string; readonly value: string })[]; readonly members: readonly ({ readonly name: string; readonly displayName: string; readonly email: string; readonly timeZone: string | null })[]; readonly journeys: readonly string[]; readonly defaults: { readonly availabilityTarget: number; readonly escalateAfterMs: number; readonly rtoMs: number; readonly rpoMs: number; readonly gate: string }; readonly version: number; readonly manager: string | null; readonly updatedAt: string }
export type ServiceSummary = { readonly name: string; readonly displayName: string; readonly description: string; readonly team: string | null; readonly tier: number; readonly lifecycle: string; readonly type: string; readonly system: string | null; readonly dependsOn: readonly ({ readonly service: string; readonly strength: string })[]; readonly environments: readonly string[]; readonly links: readonly ({ readonly title: string; readonly url: string; readonly kind: string })[]; readonly labels: Readonly<Record<string, string>>; readonly escalationPolicy: string | null }
export type SignalOrder = { readonly dedupKey: string; readonly status?: "firing" | "resolved"; readonly summary: string; readonly severity?: string; readonly service?: string; readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>>; readonly startsAt?: string; readonly endsAt?: string; readonly links?: readonly ({ readonly title: string; readonly url: string })[] }
export type Silence = { readonly id: string; readonly sets: readonly (readonly ({ readonly name: string; readonly operator: "=" | "!=" | "=~" | "!~"; readonly value: string })[])[]; readonly startsAt: string; readonly endsAt: string; readonly createdBy: string; readonly reason: string; readonly state: "pending" | "active" | "expired" }
export type Team = { readonly name: string; readonly displayName: string; readonly lead: string | null; readonly members: readonly ({ readonly name: string; readonly displayName: string; readonly email: string; readonly timeZone: string | null })[]; readonly contacts: readonly ({ readonly label: string; readonly kind: string; readonly value: string })[]; readonly services: readonly string[] }

export interface Operations {
  /** Take it: paging stops */
  'alerts.acknowledge': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: AlertSummary }
  /** The same action on up to 500 alerts; each answers for itself */
  'alerts.bulk': { readonly input: { readonly body: { readonly ids: readonly string[]; readonly action: "acknowledge" | "unacknowledge" | "resolve" }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly done: readonly string[]; readonly refused: readonly ({ readonly id: string; readonly code: string; readonly detail: string })[] } }
  /** Open alerts by status and severity */
  'alerts.counts': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly firing: number; readonly acknowledged: number; readonly snoozed: number; readonly critical: number; readonly warning: number; readonly info: number } }
  /** Alerts, newest first */
  'alerts.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "status"?: "firing" | "acknowledged" | "snoozed" | "resolved" | "open" | undefined; readonly "service"?: string | undefined; readonly "team"?: string | undefined; readonly "severity"?: "critical" | "warning" | "info" | undefined; readonly "incident"?: string | undefined; readonly "search"?: string | undefined; readonly "from"?: string | undefined; readonly "to"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly AlertSummary[]; readonly nextCursor: string | null } }
  /** One alert with its decision trace and pages */
  'alerts.read': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: Alert }
  /** Close it by hand */
  'alerts.resolve': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly note?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: AlertSummary }
  /** Report problems and their ends; answered after they are stored */
  'alerts.send': { readonly input: { readonly body: { readonly source?: string | undefined; readonly signals: readonly SignalOrder[] }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly opened: number; readonly refreshed: number; readonly resolved: number; readonly ignored: number } }
  /** Leave it until later: paging stops and starts again by itself */
  'alerts.snooze': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly forMs: number }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: AlertSummary }
  /** Give it back: paging goes on */
  'alerts.unacknowledge': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: AlertSummary }
  /** Changes, newest first */
  'changes.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "service"?: string | undefined; readonly "from"?: string | undefined; readonly "to"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Change[]; readonly nextCursor: string | null } }
  /** Record a deployment or another change, once for each source and external id */
  'changes.record': { readonly input: { readonly body: ChangeOrder; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Change }
  /** What users come to do, and the services they pass through (500 at most) */
  'journeys.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ({ readonly name: string; readonly displayName: string; readonly tier: number; readonly services: readonly string[] })[] } }
  /** Make the declared objects so, all or nothing */
  'resources.apply': { readonly input: { readonly body: ApplyOrder; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Plan }
  /** Remove a declared object that nothing refers to */
  'resources.delete': { readonly input: { readonly params: { readonly "plural": string; readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** The versions of one object, newest first (500 at most) */
  'resources.history': { readonly input: { readonly params: { readonly "plural": string; readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ({ readonly version: number; readonly at: string; readonly actor: string; readonly deleted: boolean; readonly document: Readonly<Record<string, unknown>> | null })[] } }
  /** The kinds that can be declared, with the shape of their spec */
  'resources.kinds': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ({ readonly apiVersion: string; readonly kind: string; readonly plural: string; readonly aliases: readonly string[]; readonly summary: string; readonly spec: unknown; readonly count: number })[] } }
  /** Declared objects of a kind, by name */
  'resources.list': { readonly input: { readonly params: { readonly "plural": string }; readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Resource[]; readonly nextCursor: string | null } }
  /** What an apply would change, by the very same code */
  'resources.plan': { readonly input: { readonly body: ApplyOrder; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Plan }
  /** One declared object, now or as of a time */
  'resources.read': { readonly input: { readonly params: { readonly "plural": string; readonly "name": string }; readonly query?: { readonly "at"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: Resource }
  /** Who is hurt when it fails */
  'services.blast-radius': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ({ readonly service: string; readonly displayName: string; readonly tier: number; readonly distance: number; readonly softened: boolean; readonly via: string })[] } }
  /** Services by name */
  'services.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "team"?: string | undefined; readonly "tier"?: number | undefined; readonly "search"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ServiceSummary[]; readonly nextCursor: string | null } }
  /** One service with everything known of it */
  'services.read': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: Service }
  /** Hold back pages of matching alerts for a while; ends always get through */
  'silences.create': { readonly input: { readonly body: { readonly sets: readonly (readonly ({ readonly name: string; readonly operator: "=" | "!=" | "=~" | "!~"; readonly value: string })[])[]; readonly startsAt?: string | undefined; readonly endsAt: string; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Silence }
  /** End a silence now */
  'silences.expire': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Silences that are active or pending (500 at most) */
  'silences.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Silence[] } }
  /** Teams with their members and services (500 at most) */
  'teams.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Team[] } }
  /** One team */
  'teams.read': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: Team }
}

/** Method and path of each operation. */
export const operationTable: Readonly<Record<keyof Operations, readonly [method: string, path: string]>> = {
  'alerts.acknowledge': ['POST', '/api/v1/alerts/{id}/acknowledge'],
  'alerts.bulk': ['POST', '/api/v1/alerts/bulk'],
  'alerts.counts': ['GET', '/api/v1/alerts/counts'],
  'alerts.list': ['GET', '/api/v1/alerts'],
  'alerts.read': ['GET', '/api/v1/alerts/{id}'],
  'alerts.resolve': ['POST', '/api/v1/alerts/{id}/resolve'],
  'alerts.send': ['POST', '/api/v1/signals'],
  'alerts.snooze': ['POST', '/api/v1/alerts/{id}/snooze'],
  'alerts.unacknowledge': ['POST', '/api/v1/alerts/{id}/unacknowledge'],
  'changes.list': ['GET', '/api/v1/changes'],
  'changes.record': ['POST', '/api/v1/changes'],
  'journeys.list': ['GET', '/api/v1/journeys'],
  'resources.apply': ['POST', '/api/v1/apply'],
  'resources.delete': ['DELETE', '/api/v1/resources/{plural}/{name}'],
  'resources.history': ['GET', '/api/v1/resources/{plural}/{name}/history'],
  'resources.kinds': ['GET', '/api/v1/kinds'],
  'resources.list': ['GET', '/api/v1/resources/{plural}'],
  'resources.plan': ['POST', '/api/v1/plan'],
  'resources.read': ['GET', '/api/v1/resources/{plural}/{name}'],
  'services.blast-radius': ['GET', '/api/v1/services/{name}/blast-radius'],
  'services.list': ['GET', '/api/v1/services'],
  'services.read': ['GET', '/api/v1/services/{name}'],
  'silences.create': ['POST', '/api/v1/silences'],
  'silences.expire': ['DELETE', '/api/v1/silences/{id}'],
  'silences.list': ['GET', '/api/v1/silences'],
  'teams.list': ['GET', '/api/v1/teams'],
  'teams.read': ['GET', '/api/v1/teams/{name}'],
}

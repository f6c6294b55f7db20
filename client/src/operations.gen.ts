// Written by `npm run golden` from docs/reference/openapi.json. Change the contract of the room instead.

export type ApplyOrder = { readonly documents: string; readonly manager?: string; readonly force?: boolean; readonly prune?: boolean }
export type Plan = { readonly changes: readonly PlannedChange[] }
export type PlannedChange = { readonly kind: string; readonly name: string; readonly action: "create" | "update" | "unchanged" | "delete" | "conflict"; readonly fields: readonly ({ readonly path: string; readonly before: unknown; readonly after: unknown; readonly owner: string | null })[]; readonly warnings: readonly ({ readonly pointer?: string; readonly line?: number; readonly column?: number; readonly detail: string })[] }
export type Problem = { readonly type: string; readonly title: string; readonly status: number; readonly code: string; readonly detail: string; readonly requestId: string; readonly errors?: readonly ({ readonly pointer?: string; readonly line?: number; readonly column?: number; readonly detail: string })[] }
export type Resource = { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string; readonly displayName?: string; readonly description?: string; readonly labels?: Readonly<Record<string, string | readonly string[]>>; readonly annotations?: Readonly<Record<string, string>> }; readonly spec: Readonly<Record<string, unknown>>; readonly status: { readonly version: number; readonly owners: Readonly<Record<string, string>>; readonly createdAt: string; readonly updatedAt: string } }
export type Service = { readonly name: string; readonly displayName: string; readonly description: string; readonly team: string | null; readonly tier: number; readonly lifecycle: string; readonly type: string; readonly system: string | null; readonly dependsOn: readonly ({ readonly service: string; readonly strength: string })[]; readonly environments: readonly string[]; readonly links: readonly ({ readonly title: string; readonly url: string; readonly kind: string })[]; readonly labels: Readonly<Record<string, string>>; readonly escalationPolicy: string | null; readonly dependants: readonly ({ readonly service: string; readonly displayName: string; readonly tier: number; readonly distance: number; readonly softened: boolean; readonly via: string })[]; readonly contacts: readonly ({ readonly label: string; readonly kind: string; readonly value: string })[]; readonly members: readonly ({ readonly name: string; readonly displayName: string; readonly email: string; readonly timeZone: string | null })[]; readonly journeys: readonly string[]; readonly defaults: { readonly availabilityTarget: number; readonly escalateAfterMs: number; readonly rtoMs: number; readonly rpoMs: number; readonly gate: string }; readonly version: number; readonly manager: string | null; readonly updatedAt: string }
export type ServiceSummary = { readonly name: string; readonly displayName: string; readonly description: string; readonly team: string | null; readonly tier: number; readonly lifecycle: string; readonly type: string; readonly system: string | null; readonly dependsOn: readonly ({ readonly service: string; readonly strength: string })[]; readonly environments: readonly string[]; readonly links: readonly ({ readonly title: string; readonly url: string; readonly kind: string })[]; readonly labels: Readonly<Record<string, string>>; readonly escalationPolicy: string | null }
export type Team = { readonly name: string; readonly displayName: string; readonly lead: string | null; readonly members: readonly ({ readonly name: string; readonly displayName: string; readonly email: string; readonly timeZone: string | null })[]; readonly contacts: readonly ({ readonly label: string; readonly kind: string; readonly value: string })[]; readonly services: readonly string[] }

export interface Operations {
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
  /** Teams with their members and services (500 at most) */
  'teams.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Team[] } }
  /** One team */
  'teams.read': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: Team }
}

/** Method and path of each operation. */
export const operationTable: Readonly<Record<keyof Operations, readonly [method: string, path: string]>> = {
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
  'teams.list': ['GET', '/api/v1/teams'],
  'teams.read': ['GET', '/api/v1/teams/{name}'],
}

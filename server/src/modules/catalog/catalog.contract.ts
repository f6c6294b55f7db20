// Every name of the catalog that leaves: operations, events, error codes.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Name, Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'

const Any = Type.Unknown()

export const Resource = Type.Object(
  {
    apiVersion: Type.String(),
    kind: Type.String(),
    metadata: Type.Object({
      name: Name,
      displayName: Type.Optional(Type.String()),
      description: Type.Optional(Type.String()),
      labels: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]))),
      annotations: Type.Optional(Type.Record(Type.String(), Type.String())),
    }),
    spec: Type.Record(Type.String(), Any),
    status: Type.Object({
      version: Type.Integer({ description: 'Counts from 1; the ETag.' }),
      owners: Type.Record(Type.String(), Type.String(), { description: 'Which manager owns which field.' }),
      createdAt: Time,
      updatedAt: Time,
    }),
  },
  { title: 'Resource' },
)
export type ResourceReply = Static<typeof Resource>

const Place = Type.Object({
  pointer: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
  detail: Type.String(),
})

export const PlannedChange = Type.Object(
  {
    kind: Type.String(),
    name: Type.String(),
    action: Words(['create', 'update', 'unchanged', 'delete', 'conflict']),
    fields: Type.Array(
      Type.Object({
        path: Type.String(),
        before: Any,
        after: Any,
        owner: Nullable(Type.String({ description: 'Who owned the field before, when it was somebody else.' })),
      }),
    ),
    warnings: Type.Array(Place),
  },
  { title: 'PlannedChange' },
)
export type PlannedChange = Static<typeof PlannedChange>

export const ApplyOrder = Type.Object(
  {
    documents: Type.String({ description: 'YAML or JSON, several documents at once.' }),
    manager: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9][a-z0-9:/._-]{0,99}$',
        description: 'Who owns the fields that are set: `console`, `git:shop/reliability`. Default: console.',
      }),
    ),
    force: Type.Optional(Type.Boolean({ description: 'Take over fields that another manager owns.' })),
    prune: Type.Optional(
      Type.Boolean({
        description: 'Delete objects that this manager created and that are no longer among the documents.',
      }),
    ),
  },
  { title: 'ApplyOrder' },
)
export type ApplyOrder = Static<typeof ApplyOrder>

const Planned = Type.Object({ changes: Type.Array(PlannedChange) }, { title: 'Plan' })
const byKind = Type.Object({ plural: Type.String({ maxLength: 63 }) })
const byName = Type.Object({ plural: Type.String({ maxLength: 63 }), name: Type.String({ maxLength: 63 }) })
const documentsLimit = 9 * 1024 * 1024

export const listKinds = operation({
  id: 'resources.kinds',
  method: 'GET',
  path: '/api/v1/kinds',
  summary: 'The kinds that can be declared, with the shape of their spec',
  reply: Type.Object({
    items: Type.Array(
      Type.Object({
        apiVersion: Type.String(),
        kind: Type.String(),
        plural: Type.String(),
        aliases: Type.Array(Type.String()),
        summary: Type.String(),
        spec: Any,
        count: Type.Integer(),
      }),
    ),
  }),
})
export const planResources = operation({
  id: 'resources.plan',
  method: 'POST',
  path: '/api/v1/plan',
  summary: 'What an apply would change, by the very same code',
  body: ApplyOrder,
  reply: Planned,
  bodyLimit: documentsLimit,
  errors: ['documents.unreadable', 'resources.refused'],
})
export const applyResources = operation({
  id: 'resources.apply',
  method: 'POST',
  path: '/api/v1/apply',
  summary: 'Make the declared objects so, all or nothing',
  body: ApplyOrder,
  reply: Planned,
  bodyLimit: documentsLimit,
  errors: ['documents.unreadable', 'resources.refused', 'resources.owned-elsewhere'],
})
export const listResources = operation({
  id: 'resources.list',
  method: 'GET',
  path: '/api/v1/resources/{plural}',
  summary: 'Declared objects of a kind, by name',
  params: byKind,
  query: Type.Object(PageQuery),
  reply: Page(Resource),
  errors: ['resources.unknown-kind'],
})
export const readResource = operation({
  id: 'resources.read',
  method: 'GET',
  path: '/api/v1/resources/{plural}/{name}',
  summary: 'One declared object, now or as of a time',
  params: byName,
  query: Type.Object({ at: Type.Optional(Time) }),
  reply: Resource,
  errors: ['resources.unknown'],
})
export const resourceHistory = operation({
  id: 'resources.history',
  method: 'GET',
  path: '/api/v1/resources/{plural}/{name}/history',
  summary: 'The versions of one object, newest first (500 at most)',
  params: byName,
  reply: Type.Object({
    items: Type.Array(
      Type.Object({
        version: Type.Integer(),
        at: Time,
        actor: Type.String(),
        deleted: Type.Boolean(),
        document: Nullable(Type.Record(Type.String(), Any)),
      }),
    ),
  }),
  errors: ['resources.unknown', 'resources.unknown-kind'],
})
export const deleteResource = operation({
  id: 'resources.delete',
  method: 'DELETE',
  path: '/api/v1/resources/{plural}/{name}',
  summary: 'Remove a declared object that nothing refers to',
  params: byName,
  reply: Type.Null(),
  status: 204,
  errors: ['resources.unknown', 'resources.referred-to'],
})

export const ServiceSummary = Type.Object(
  {
    name: Name,
    displayName: Type.String(),
    description: Type.String(),
    team: Nullable(Type.String()),
    tier: Type.Integer(),
    lifecycle: Type.String(),
    type: Type.String(),
    system: Nullable(Type.String()),
    dependsOn: Type.Array(Type.Object({ service: Type.String(), strength: Type.String() })),
    environments: Type.Array(Type.String()),
    links: Type.Array(Type.Object({ title: Type.String(), url: Type.String(), kind: Type.String() })),
    labels: Type.Record(Type.String(), Type.String()),
    escalationPolicy: Nullable(Type.String()),
  },
  { title: 'ServiceSummary' },
)
export type ServiceSummary = Static<typeof ServiceSummary>

export const ListedService = Type.Object(
  {
    ...ServiceSummary.properties,
    objectives: Nullable(
      Type.Object(
        {
          count: Type.Integer(),
          state: Nullable(Type.String({ description: 'Of the worst of them; null without any.' })),
          level: Type.String(),
        },
        { description: 'Null when this installation keeps no objectives.' },
      ),
    ),
  },
  { title: 'ListedService' },
)

const ReachedSchema = Type.Object({
  service: Type.String(),
  displayName: Type.String(),
  tier: Type.Integer(),
  distance: Type.Integer(),
  softened: Type.Boolean(),
  via: Type.String(),
})
const ContactReply = Type.Object({ label: Type.String(), kind: Type.String(), value: Type.String() })
const MemberReply = Type.Object({
  name: Type.String(),
  displayName: Type.String(),
  email: Type.String(),
  timeZone: Nullable(Type.String()),
})

export const Service = Type.Object(
  {
    ...ServiceSummary.properties,
    dependants: Type.Array(ReachedSchema, { description: 'The blast radius: everything that is hurt when it fails.' }),
    contacts: Type.Array(ContactReply),
    members: Type.Array(MemberReply, { description: 'The owning team.' }),
    journeys: Type.Array(Type.String()),
    sloCount: Type.Integer({ description: 'Declared SLOs that promise something of it.' }),
    defaults: Type.Object({
      availabilityTarget: Type.Number(),
      escalateAfterMs: Type.Integer(),
      rtoMs: Type.Integer(),
      rpoMs: Type.Integer(),
      gate: Type.String(),
    }),
    version: Type.Integer(),
    manager: Nullable(Type.String()),
    updatedAt: Time,
  },
  { title: 'Service' },
)

export const listServices = operation({
  id: 'services.list',
  method: 'GET',
  path: '/api/v1/services',
  summary: 'Services by name',
  query: Type.Object({
    ...PageQuery,
    team: Type.Optional(Type.String({ maxLength: 63 })),
    tier: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
    search: Type.Optional(Type.String({ maxLength: 100 })),
  }),
  reply: Page(ListedService),
})
export const readService = operation({
  id: 'services.read',
  method: 'GET',
  path: '/api/v1/services/{name}',
  summary: 'One service with everything known of it',
  params: Type.Object({ name: Name }),
  reply: Service,
  errors: ['catalog.unknown-service'],
})
export const readBlastRadius = operation({
  id: 'services.blast-radius',
  method: 'GET',
  path: '/api/v1/services/{name}/blast-radius',
  summary: 'Who is hurt when it fails',
  params: Type.Object({ name: Name }),
  reply: Type.Object({ items: Type.Array(ReachedSchema) }),
  errors: ['catalog.unknown-service'],
})

export const Team = Type.Object(
  {
    name: Name,
    displayName: Type.String(),
    lead: Nullable(Type.String()),
    members: Type.Array(MemberReply),
    contacts: Type.Array(ContactReply),
    services: Type.Array(Type.String()),
  },
  { title: 'Team' },
)
export const listTeams = operation({
  id: 'teams.list',
  method: 'GET',
  path: '/api/v1/teams',
  summary: 'Teams with their members and services (500 at most)',
  reply: Type.Object({ items: Type.Array(Team) }),
})
export const readTeam = operation({
  id: 'teams.read',
  method: 'GET',
  path: '/api/v1/teams/{name}',
  summary: 'One team',
  params: Type.Object({ name: Name }),
  reply: Team,
  errors: ['catalog.unknown-team'],
})
export const listJourneys = operation({
  id: 'journeys.list',
  method: 'GET',
  path: '/api/v1/journeys',
  summary: 'What users come to do, and the services they pass through (500 at most)',
  reply: Type.Object({
    items: Type.Array(
      Type.Object({
        name: Name,
        displayName: Type.String(),
        tier: Type.Integer(),
        services: Type.Array(Type.String()),
      }),
    ),
  }),
})

export type ResourceData = {
  readonly kind: string
  readonly name: string
  readonly version: number
  readonly fields: readonly string[]
} & JsonObject
export const resourceCreated = defineEvent<ResourceData>({
  type: 'resource.created',
  summary: 'An object was declared',
})
export const resourceUpdated = defineEvent<ResourceData>({
  type: 'resource.updated',
  summary: 'A declared object changed',
})
export const resourceDeleted = defineEvent<ResourceData>({
  type: 'resource.deleted',
  summary: 'A declared object was removed',
})

export const catalogErrors = [
  { code: 'documents.unreadable', summary: 'The YAML or JSON cannot be parsed; the faults name line and column.' },
  { code: 'documents.too-large', summary: 'More text than is taken at once.' },
  { code: 'documents.too-many', summary: 'More documents than are taken at once.' },
  { code: 'resources.refused', summary: 'At least one document is wrong; nothing was changed.' },
  {
    code: 'resources.owned-elsewhere',
    summary: 'Another manager owns a field that would change. Apply with force to take it over.',
  },
  { code: 'resources.unknown-kind', summary: 'There is no such kind.' },
  { code: 'resources.unknown', summary: 'There is no such object.' },
  { code: 'resources.referred-to', summary: 'Other objects refer to it.' },
  { code: 'catalog.unknown-service', summary: 'There is no such service.' },
  { code: 'catalog.unknown-team', summary: 'There is no such team.' },
] as const

// The HTTP edge of the catalog: check, call, present.
import { AppError } from '../../kernel/app-error.ts'
import { formatInstant, type Instant, parseInstant } from '../../kernel/instant.ts'
import { nearest } from '../../kernel/names.ts'
import { Answer, type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { ResourceKind } from '../../platform/resources/resource-kind.ts'
import type { Needs } from '../../platform/room/needs.ts'
import * as contract from './catalog.contract.ts'
import type { CatalogPorts } from './catalog.ports.ts'
import {
  countByKind,
  findAsOf,
  findResource,
  listByKind,
  listServiceRows,
  listVersions,
  type StoredResource,
} from './catalog.store.ts'
import { applyDocuments, planDocuments } from './usecases/apply-documents.ts'
import { deleteResource } from './usecases/delete-resource.ts'
import {
  describeService,
  describeTeam,
  displayNameOf,
  presentTeams,
  reachOf,
  summarize,
  tierOf,
  withStandings,
} from './usecases/describe-services.ts'

const defaultLimit = 100

export function catalogRoutes(needs: Needs, ports: CatalogPorts): readonly BoundOperation[] {
  const { database } = needs
  const kindOf = (plural: string): ResourceKind => {
    const kinds = ports.kinds()
    const wanted = plural.toLowerCase()
    const found = kinds.find(
      (each) => each.plural === wanted || each.kind.toLowerCase() === wanted || each.aliases?.includes(wanted),
    )
    if (found !== undefined) return found
    const near = nearest(
      wanted,
      kinds.map((each) => each.plural),
    )
    throw new AppError(
      'not-found',
      'resources.unknown-kind',
      `There is no kind ${plural}. ${near === null ? `Known: ${kinds.map((each) => each.plural).join(', ')}.` : `Did you mean ${near}?`}`,
    )
  }
  const afterOf = (cursor: string | undefined): string | null => {
    const value = decodeCursor(cursor, ['string'])?.[0]
    return typeof value === 'string' ? value : null
  }

  return [
    route(contract.listKinds, async () => {
      const counts = await countByKind(database)
      return {
        items: ports.kinds().map((each) => ({
          apiVersion: each.apiVersion,
          kind: each.kind,
          plural: each.plural,
          aliases: [...(each.aliases ?? [])],
          summary: each.summary,
          spec: each.spec,
          count: counts.get(each.kind) ?? 0,
        })),
      }
    }),
    route(contract.planResources, async ({ body, actor }) => ({
      changes: [...(await planDocuments(needs, ports, { ...body, actor }))],
    })),
    route(contract.applyResources, async ({ body, actor }) => ({
      changes: [...(await applyDocuments(needs, ports, { ...body, actor }))],
    })),
    route(contract.listResources, async ({ params, query }) => {
      const limit = query.limit ?? defaultLimit
      const rows = await listByKind(database, kindOf(params.plural).kind, afterOf(query.cursor), limit + 1)
      return toPage(rows, limit, (row) => [row.name], present)
    }),
    route(contract.readResource, async ({ params, query }) => {
      const kind = kindOf(params.plural)
      const stored = await findResource(database, { kind: kind.kind, name: params.name })
      if (query.at !== undefined) return readAsOf(needs, kind, params.name, query.at)
      if (stored === null)
        throw new AppError('not-found', 'resources.unknown', `There is no ${kind.kind} ${params.name}.`)
      return new Answer(present(stored), { version: stored.version })
    }),
    route(contract.resourceHistory, async ({ params }) => {
      const { kind } = kindOf(params.plural)
      const versions = await listVersions(database, { kind, name: params.name }, 500)
      if (versions.length === 0)
        throw new AppError('not-found', 'resources.unknown', `There never was a ${kind} ${params.name}.`)
      return {
        items: versions.map((each) => ({
          version: each.version,
          at: formatInstant(each.at),
          actor: each.actor,
          deleted: each.document === null,
          document: each.document,
        })),
      }
    }),
    route(contract.deleteResource, async ({ params, actor, ifMatch }) => {
      await deleteResource(needs, ports, {
        key: { kind: kindOf(params.plural).kind, name: params.name },
        actor,
        ifMatch,
      })
      return null
    }),
    route(contract.listServices, async ({ query }) => {
      const limit = query.limit ?? defaultLimit
      const rows = await listServiceRows(
        database,
        { team: query.team ?? null, tier: query.tier ?? null, search: query.search ?? null },
        afterOf(query.cursor),
        limit + 1,
      )
      const page = toPage(rows, limit, (row) => [row.name], summarize)
      return { ...page, items: await withStandings(database, ports, page.items) }
    }),
    route(contract.readService, async ({ params }) => {
      const service = await describeService(database, params.name)
      return new Answer(service, { version: service.version })
    }),
    route(contract.readBlastRadius, async ({ params }) => {
      if ((await findResource(database, { kind: 'Service', name: params.name })) === null)
        throw new AppError('not-found', 'catalog.unknown-service', `There is no service ${params.name}.`)
      return { items: await reachOf(database, params.name) }
    }),
    route(contract.listTeams, async () => ({
      items: await presentTeams(database, await listByKind(database, 'Team', null, 500)),
    })),
    route(contract.readTeam, async ({ params }) => describeTeam(database, params.name)),
    route(contract.listJourneys, async () => {
      const rows = await listByKind(database, 'Journey', null, 500)
      return {
        items: rows.map((each) => ({
          name: each.name,
          displayName: displayNameOf(each),
          tier: tierOf(each.document.spec),
          services: serviceNames(each.document.spec.services),
        })),
      }
    }),
  ]
}

async function readAsOf(needs: Needs, kind: ResourceKind, name: string, text: string) {
  const at = parseInstant(text)
  const version = at === null ? null : await findAsOf(needs.database, { kind: kind.kind, name }, at)
  if (version === null || version.document === null)
    throw new AppError('not-found', 'resources.unknown', `There was no ${kind.kind} ${name} at ${text}.`)
  return new Answer(
    envelope(version.document, { version: version.version, owners: {}, createdAt: version.at, updatedAt: version.at }),
    { version: version.version },
  )
}

function present(stored: StoredResource): contract.ResourceReply {
  return envelope(stored.document, {
    version: stored.version,
    owners: stored.owners,
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
  })
}

function envelope(
  document: StoredResource['document'],
  status: { version: number; owners: Readonly<Record<string, string>>; createdAt: Instant; updatedAt: Instant },
): contract.ResourceReply {
  const { labels, ...metadata } = document.metadata
  const plainLabels =
    labels === undefined
      ? {}
      : {
          labels: Object.fromEntries(
            Object.entries(labels).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]),
          ),
        }
  return {
    apiVersion: document.apiVersion,
    kind: document.kind,
    metadata: { ...metadata, ...plainLabels },
    spec: { ...document.spec },
    status: {
      version: status.version,
      owners: { ...status.owners },
      createdAt: formatInstant(status.createdAt),
      updatedAt: formatInstant(status.updatedAt),
    },
  }
}

const serviceNames = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []

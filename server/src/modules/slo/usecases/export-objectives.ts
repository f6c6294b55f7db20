// What is declared, as OpenSLO v1 for any tool that reads it: objectives with all that they refer to.
import { stringify } from 'yaml'
import { AppError } from '../../../kernel/app-error.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import { findResources, listByKind, type StoredResource } from '../../catalog/index.ts'
import { checkOpenSlo } from '../core/openslo.ts'
import { importedLabels } from '../core/openslo-import.ts'
import { writeOpenSlo } from '../core/openslo-write.ts'
import { referredBy } from '../objectives.store.ts'

export interface ExportOrder {
  /** SLO documents; with neither, everything of OpenSLO that is declared. */
  readonly names: readonly string[]
  readonly service: string | null
}

// As many as are applied at once.
const mostDocuments = 5_000
const kinds = ['DataSource', 'AlertCondition', 'AlertNotificationTarget', 'AlertPolicy', 'SLI', 'SLO']

export async function exportObjectives(
  queries: Queries,
  order: ExportOrder,
): Promise<{ documents: string; count: number }> {
  const { names, service } = order
  const every = await documentsOf(queries, 'SLO')
  const wanted = every.filter(
    ({ name, document }) =>
      (names.length === 0 || names.includes(name)) && (service === null || document.spec.service === service),
  )
  const unknown = names.find((name) => !every.some((each) => each.name === name))
  if (unknown !== undefined) throw new AppError('not-found', 'slo.unknown-objective', `There is no SLO ${unknown}.`)
  const parts =
    names.length === 0 && service === null
      ? (await Promise.all(kinds.slice(0, -1).map((kind) => documentsOf(queries, kind)))).flat()
      : await partsOf(queries, wanted)
  const services = await servicesOf(queries, wanted)
  const documents = [...parts, ...wanted]
  if (documents.length + services.length > mostDocuments)
    throw new AppError('limited', 'slo.export-too-large', `More than ${mostDocuments} documents: name a service.`)
  const written = [
    ...services,
    ...documents.sort((a, b) => orderOf(a) - orderOf(b)).map(({ document }) => write(document)),
  ]
  return { documents: written.map((each) => stringify(each, { lineWidth: 0 })).join('---\n'), count: written.length }
}

const orderOf = ({ kind }: StoredResource) => kinds.indexOf(kind)

async function documentsOf(queries: Queries, kind: string): Promise<readonly StoredResource[]> {
  return listByKind(queries, kind, null, mostDocuments + 1)
}

async function partsOf(queries: Queries, wanted: readonly StoredResource[]): Promise<readonly StoredResource[]> {
  const keys = await referredBy(
    queries,
    wanted.map((each) => each.name),
  )
  return findResources(
    queries,
    keys.map((key) => {
      const [kind = '', name = ''] = key.split('/')
      return { kind, name }
    }),
  )
}

async function servicesOf(queries: Queries, wanted: readonly StoredResource[]): Promise<readonly JsonObject[]> {
  const names = [...new Set(wanted.flatMap(({ document }) => document.spec.service ?? []))].filter(
    (each) => typeof each === 'string',
  )
  const found = await findResources(
    queries,
    names.map((name) => ({ kind: 'Service', name })),
  )
  return found.map(({ document }) => writeService(document)).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

const nameOf = (document: JsonObject) => JSON.stringify(document.metadata)

/** OpenSLO knows of a service its name and a description. */
function writeService({ metadata }: ResourceDocument): JsonObject {
  const { name, displayName, description, labels } = metadata
  const kept = importedLabels(labels ?? {}).labels
  return {
    apiVersion: 'openslo/v1',
    kind: 'Service',
    metadata: {
      name,
      ...(displayName === undefined ? {} : { displayName: displayName.slice(0, 63) }),
      ...(Object.keys(kept).length === 0 ? {} : { labels: kept }),
    },
    spec: description === undefined ? {} : { description },
  }
}

function write(document: ResourceDocument): unknown {
  const checked = checkOpenSlo(document)
  return checked.document === null ? document : writeOpenSlo(checked.document)
}

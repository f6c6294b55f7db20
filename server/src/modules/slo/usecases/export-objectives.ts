// What is declared, as OpenSLO v1 for any tool that reads it: objectives with all that they refer to.
import { stringify } from 'yaml'
import { AppError } from '../../../kernel/app-error.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import { findResources, listByKind, type StoredResource } from '../../catalog/index.ts'
import { checkOpenSlo } from '../core/openslo.ts'
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

const marks = new Set(['mainstay.dev/declared-as'])

/** OpenSLO knows of a service its name, description, labels and annotations; keys that it does not take are left out. */
function writeService({ metadata }: ResourceDocument): JsonObject {
  const { name, displayName, description, labels = {}, annotations = {} } = metadata
  const own = Object.fromEntries(Object.entries(annotations).filter(([key]) => !marks.has(key)))
  const document = (without: ReadonlySet<string>): JsonObject => ({
    apiVersion: 'openslo/v1',
    kind: 'Service',
    metadata: {
      name,
      ...(displayName === undefined ? {} : { displayName }),
      labels: keep(labels, '/metadata/labels', without),
      annotations: keep(own, '/metadata/annotations', without),
    },
    spec: description === undefined ? {} : { description },
  })
  const refused = new Set(checkOpenSlo(document(new Set())).faults.map((fault) => fault.pointer ?? ''))
  const checked = checkOpenSlo(document(refused))
  return JSON.parse(JSON.stringify(checked.document === null ? document(refused) : writeOpenSlo(checked.document)))
}

function keep<Value>(
  map: Readonly<Record<string, Value>>,
  at: string,
  without: ReadonlySet<string>,
): Readonly<Record<string, Value>> {
  const pointer = (key: string) => `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
  return Object.fromEntries(Object.entries(map).filter(([key]) => !without.has(pointer(key))))
}

function write(document: ResourceDocument): unknown {
  const checked = checkOpenSlo(document)
  return checked.document === null ? document : writeOpenSlo(checked.document)
}

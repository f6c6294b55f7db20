// Plan and apply are one engine: the plan is the apply, rolled back.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError, type Fault } from '../../../kernel/app-error.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { nearest } from '../../../kernel/names.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type ApplyOrder, type PlannedChange, resourceCreated, resourceUpdated } from '../catalog.contract.ts'
import type { CatalogPorts } from '../catalog.ports.ts'
import {
  findCreatedBy,
  findResources,
  insertResource,
  type Key,
  listKnown,
  listNames,
  lockCatalog,
  type StoredResource,
  saveVersion,
  updateOwners,
  updateResource,
} from '../catalog.store.ts'
import { type Fields, fieldsOf, type Merge, mergeFields, objectOf } from '../core/index.ts'
import { type AdmittedDocument, type AdmittedText, admitDocuments, refused } from './admit-documents.ts'
import { removeInTransaction } from './delete-resource.ts'
import type { LeftOut } from './translate-documents.ts'

export interface Apply extends ApplyOrder {
  readonly actor: Actor
}

export async function planDocuments(
  needs: Needs,
  ports: CatalogPorts,
  order: Apply,
): Promise<readonly PlannedChange[]> {
  const text = await admit(needs.database, ports, order)
  return needs.database.rehearse((tx) => applyAdmitted(tx, { needs, ports, order, ...text, rehearsal: true }))
}

export async function applyDocuments(
  needs: Needs,
  ports: CatalogPorts,
  order: Apply,
): Promise<readonly PlannedChange[]> {
  const text = await admit(needs.database, ports, order)
  return needs.database.transaction((tx) => applyAdmitted(tx, { needs, ports, order, ...text, rehearsal: false }))
}

/** For a change of our own that declares something in the transaction it belongs to. */
export async function applyInTransaction(
  tx: Tx,
  needs: Needs,
  ports: CatalogPorts,
  order: Apply,
): Promise<readonly PlannedChange[]> {
  return applyAdmitted(tx, { needs, ports, order, ...(await admit(tx, ports, order)), rehearsal: false })
}

function admit(queries: Queries, ports: CatalogPorts, order: Apply): Promise<AdmittedText> {
  return admitDocuments(order.documents, ports.kinds(), ports.translators, () => listKnown(queries))
}

interface Run {
  readonly needs: Needs
  readonly ports: CatalogPorts
  readonly order: Apply
  readonly documents: readonly AdmittedDocument[]
  readonly leftOut: readonly LeftOut[]
  readonly rehearsal: boolean
}

async function applyAdmitted(tx: Tx, run: Run): Promise<readonly PlannedChange[]> {
  const manager = run.order.manager ?? 'console'
  await lockCatalog(tx)
  const stored = new Map((await findResources(tx, run.documents.map(keyOf))).map((each) => [nameOf(each), each]))
  await refuseDangling(tx, run.documents)

  const changes: PlannedChange[] = []
  const faults: Fault[] = []
  for (const each of run.documents) {
    const before = stored.get(nameOf(keyOf(each))) ?? null
    run.ports.mayChange(run.order.actor, each.kind.owner(each.document), each.kind.kind)
    if (before !== null) run.ports.mayChange(run.order.actor, each.kind.owner(before.document), each.kind.kind)
    const merge = mergeFields(
      before === null ? new Map() : contentOf(before.document),
      before?.owners ?? {},
      contentOf(each.document),
      manager,
      run.order.force ?? false,
    )
    if (merge.conflicts.length > 0) {
      changes.push(present(each, 'conflict', merge.conflicts, each.warnings))
      continue
    }
    const saved = await save(tx, run, each, before, merge)
    faults.push(...saved.faults)
    changes.push(
      present(each, before === null ? 'create' : merge.changes.length === 0 ? 'unchanged' : 'update', merge.changes, [
        ...each.warnings,
        ...saved.warnings,
      ]),
    )
  }
  if (faults.length > 0) throw refused(faults)
  for (const each of run.leftOut)
    changes.push({ ...each, action: 'unchanged', fields: [], warnings: each.warnings.map((fault) => ({ ...fault })) })
  if (run.order.prune === true) changes.push(...(await prune(tx, run, manager)))
  if (!run.rehearsal) refuseConflicts(changes)
  return changes
}

async function save(
  tx: Tx,
  run: Run,
  each: AdmittedDocument,
  before: StoredResource | null,
  merge: Merge,
): Promise<{ faults: readonly Fault[]; warnings: readonly Fault[] }> {
  const key = keyOf(each)
  if (before !== null && merge.changes.length === 0) {
    await updateOwners(tx, key, merge.owners)
    return { faults: [], warnings: [] }
  }
  const document = documentOf(each.kind, key.name, merge.fields)
  // The merged document is another than the one that was admitted when managers share it, so it is admitted again.
  const at = (fault: Fault): Fault => ({ ...each.placeOf(fault.pointer ?? ''), ...fault })
  const admission = each.kind.admit(document)
  const checked = (await each.kind.check?.(tx, document)) ?? { faults: [], warnings: [] }
  const faults = [...admission.faults, ...checked.faults].map(at)
  if (faults.length > 0) return { faults, warnings: [] }

  const row = {
    key,
    apiVersion: each.kind.apiVersion,
    document,
    owners: merge.owners,
    refersTo: each.kind.references(document).map((reference) => `${reference.kind}/${reference.name}`),
  }
  const version =
    before === null
      ? await insertResource(tx, { ...row, createdBy: run.order.manager ?? 'console' })
      : await updateResource(tx, row)
  await saveVersion(tx, { key, version, document, actor: run.order.actor.name })
  await each.kind.saved?.(tx, { before: before?.document ?? null, after: document, version, actor: run.order.actor })
  await run.needs.journal.publish(tx, before === null ? resourceCreated : resourceUpdated, {
    actor: run.order.actor,
    subject: { kind: each.kind.kind.toLowerCase(), id: key.name },
    data: { kind: key.kind, name: key.name, version, fields: merge.changes.slice(0, 50).map((change) => change.path) },
    ...(before === null ? {} : { before: before.document }),
    after: document,
  })
  return { faults: [], warnings: checked.warnings.map(at) }
}

async function prune(tx: Tx, run: Run, manager: string): Promise<readonly PlannedChange[]> {
  const kept = new Set([...run.documents.map(keyOf), ...run.leftOut].map(nameOf))
  const kinds = new Map(run.ports.kinds().map((kind) => [kind.kind, kind]))
  const gone = (await findCreatedBy(tx, manager)).filter((each) => !kept.has(nameOf(each)) && kinds.has(each.kind))
  const ordered = gone.sort((a, b) => (kinds.get(b.kind)?.order ?? 0) - (kinds.get(a.kind)?.order ?? 0))
  const changes: PlannedChange[] = []
  for (const each of ordered) {
    await removeInTransaction(tx, run.needs, run.ports, { key: each, actor: run.order.actor })
    changes.push({ kind: each.kind, name: each.name, action: 'delete', fields: [], warnings: [] })
  }
  return changes
}

/** References must lead to an object of the same apply or of the catalog. */
async function refuseDangling(tx: Tx, admitted: readonly AdmittedDocument[]): Promise<void> {
  const declared = new Set(admitted.map((each) => nameOf(keyOf(each))))
  const wanted = admitted.flatMap((each) =>
    each.kind.references(each.document).map((reference) => ({ each, reference })),
  )
  const unknown = wanted.filter(({ reference }) => !declared.has(nameOf(reference)))
  const found = new Set(
    (
      await findResources(
        tx,
        unknown.map(({ reference }) => reference),
      )
    ).map(nameOf),
  )
  const faults: Fault[] = []
  for (const { each, reference } of unknown) {
    if (found.has(nameOf(reference))) continue
    const names = [
      ...(await listNames(tx, reference.kind)),
      ...[...declared]
        .filter((name) => name.startsWith(`${reference.kind}/`))
        .map((name) => name.slice(reference.kind.length + 1)),
    ]
    const near = nearest(reference.name, names)
    faults.push({
      ...each.placeOf(reference.pointer),
      pointer: reference.pointer,
      detail: `There is no ${reference.kind} ${reference.name}.${near === null ? ' Declare it in the same apply or before.' : ` Did you mean ${near}?`}`,
    })
  }
  if (faults.length > 0) throw refused(faults)
}

function refuseConflicts(changes: readonly PlannedChange[]): void {
  const conflicts = changes.filter((change) => change.action === 'conflict')
  if (conflicts.length === 0) return
  throw new AppError(
    'conflict',
    'resources.owned-elsewhere',
    'Some fields belong to another manager; nothing was changed. Change them there, leave them out, or apply with force to take them over.',
    {
      faults: conflicts
        .flatMap((change) =>
          change.fields.map((field) => ({
            pointer: field.path,
            detail: `${change.kind} ${change.name}: ${field.path} belongs to ${field.owner ?? 'another manager'}.`,
          })),
        )
        .slice(0, 200),
    },
  )
}

function present(
  each: AdmittedDocument,
  action: PlannedChange['action'],
  fields: Merge['changes'],
  warnings: readonly Fault[],
): PlannedChange {
  return {
    kind: each.kind.kind,
    name: each.document.metadata.name,
    action,
    fields: fields.map((field) => ({ ...field })),
    warnings: warnings.map((fault) => ({ ...fault })),
  }
}

const keyOf = (each: AdmittedDocument): Key => ({ kind: each.kind.kind, name: each.document.metadata.name })
const nameOf = (key: { kind: string; name: string }): string => `${key.kind}/${key.name}`

/** The fields managers may own: all of metadata but the name, and the spec. An empty half is no field. */
function contentOf(document: ResourceDocument): Fields {
  const { name: _name, ...metadata } = document.metadata
  return new Map([
    ...(Object.keys(metadata).length === 0 ? [] : fieldsOf(metadata, '/metadata')),
    ...(Object.keys(document.spec).length === 0 ? [] : fieldsOf(document.spec, '/spec')),
  ])
}

function documentOf(kind: ResourceKind, name: string, fields: Fields): ResourceDocument {
  const content = objectOf(fields)
  const metadata = isJsonObject(content.metadata) ? content.metadata : {}
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: { ...metadata, name },
    spec: isJsonObject(content.spec) ? content.spec : {},
  }
}

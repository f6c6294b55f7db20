// The working door of the catalog.
export type { ServiceSummary } from './catalog.contract.ts'
export { type ResourceData, resourceCreated, resourceDeleted, resourceUpdated } from './catalog.contract.ts'
export type { CatalogPorts, DocumentTranslator, KnownObject, Translation } from './catalog.ports.ts'
export {
  countByKind as countResources,
  findPersonByEmail,
  findResource,
  findResources,
  listByKind,
  listDependencies,
  listVersions,
  type StoredResource,
} from './catalog.store.ts'
export { knowStamp, remembered as rememberedWhileDeclared } from './catalog-memory.store.ts'
export { applyDocuments, planDocuments } from './usecases/apply-documents.ts'
export {
  contactsOf,
  describeService,
  describeTeam,
  findService,
  findServices,
  type ReachedService,
  reachOf,
  reachOfEach,
} from './usecases/describe-services.ts'
export { dependenciesAbove, dependenciesAround, servicesBeneath } from './usecases/walk-dependencies.ts'

// Who is asked for help outside: third parties at or below what is hurt, with the contacts the catalog knows.
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findResources, listDependencies } from '../../catalog/index.ts'
import { servicesBeneath } from '../core/index.ts'
import type { IncidentRow } from '../incidents.store.ts'
import type { VendorReply } from '../vendor-case.contract.ts'

const mostVendors = 20

export async function contactsOf(queries: Queries, service: string): Promise<VendorReply['contacts']> {
  const [found] = await findResources(queries, [{ kind: 'Service', name: service }])
  return found === undefined ? [] : contactsIn(found.document.spec)
}

/** Nearest first. */
export async function vendorsNear(queries: Queries, incident: IncidentRow): Promise<VendorReply[]> {
  if (incident.services.length === 0) return []
  const beneath = servicesBeneath(incident.services, await listDependencies(queries))
  const distances = new Map([...incident.services.map((name) => [name, 0] as const), ...beneath])
  const found = await findResources(
    queries,
    [...distances.keys()].map((name) => ({ kind: 'Service', name })),
  )
  return found
    .filter(({ document }) => document.spec.type === 'third-party')
    .map(({ name, document }) => ({
      service: name,
      displayName: document.metadata.displayName ?? name,
      contacts: contactsIn(document.spec),
      distance: distances.get(name) ?? 0,
    }))
    .sort((a, b) => a.distance - b.distance || (a.service < b.service ? -1 : 1))
    .slice(0, mostVendors)
}

function contactsIn(spec: JsonObject): VendorReply['contacts'] {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const all = Array.isArray(spec.contacts) ? spec.contacts.filter(isJsonObject) : []
  return all.map((each) => ({ label: text(each.label), kind: text(each.kind), value: text(each.value) }))
}

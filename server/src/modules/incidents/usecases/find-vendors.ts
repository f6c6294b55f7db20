// Who is asked for help outside: third parties at or below what is hurt, with the contacts the catalog knows.
import type { Queries } from '../../../platform/database/queries.ts'
import { contactsOf, findResource, findResources, listDependencies } from '../../catalog/index.ts'
import { servicesBeneath } from '../core/index.ts'
import type { IncidentRow } from '../incidents.store.ts'
import type { VendorReply } from '../vendor-case.contract.ts'

const mostVendors = 20

export async function vendorContacts(queries: Queries, vendor: string): Promise<VendorReply['contacts']> {
  const found = await findResource(queries, { kind: 'Service', name: vendor })
  return found === null ? [] : contactsOf(found.document.spec)
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
      contacts: contactsOf(document.spec),
      distance: distances.get(name) ?? 0,
    }))
    .sort((a, b) => a.distance - b.distance || (a.service < b.service ? -1 : 1))
    .slice(0, mostVendors)
}

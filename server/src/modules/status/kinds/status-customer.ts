// The declared kind StatusCustomer: which components of a page one customer sees, and which of its own beside them.
import { Type } from 'typebox'
import type { Fault } from '../../../kernel/app-error.ts'
import type { JsonValue } from '../../../kernel/json.ts'
import { Name, Text } from '../../../platform/http/schemas.ts'
import type { Reference, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { findResource } from '../../catalog/index.ts'
import { type Component, mostCustomers, type StatusCustomer } from '../core/index.ts'
import { declareCustomer, endCustomer, findCustomer, listCustomers } from '../customers.store.ts'
import { countRevision } from '../status.store.ts'
import { dropWaiting, endHearing } from '../subscribers.store.ts'
import { readComponent, readStatusPage, text } from './status-page.ts'

const Spec = Type.Object({
  page: Name,
  team: Type.Optional(Name),
  title: Type.Optional(Text(100, 'What its people read; the display name unless said.')),
  components: Type.Array(
    Type.Object({
      name: Name,
      title: Type.Optional(Text(80, 'Left out: the component of that name on the page. Given: one of its own.')),
      description: Type.Optional(Text(300)),
      group: Type.Optional(Text(80)),
      services: Type.Optional(Type.Array(Name, { maxItems: 50 })),
      objective: Type.Optional(
        Type.String({ minLength: 1, maxLength: 130, description: 'Uptime is counted from this objective.' }),
      ),
    }),
    { minItems: 1, maxItems: 100 },
  ),
})

export const statusCustomerKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'StatusCustomer',
  plural: 'statuscustomers',
  aliases: ['statuscustomer', 'status-customer', 'status-customers'],
  summary: 'One customer’s view of a status page: its components, reached by a secret link',
  order: 91,
  spec: Spec,
  owner: ({ spec }) => text(spec.team),
  references: (document): readonly Reference[] => {
    const { page, components } = readStatusCustomer(document)
    const team = text(document.spec.team)
    return [
      { kind: 'StatusPage', name: page, pointer: '/spec/page' },
      ...(team === null ? [] : [{ kind: 'Team', name: team, pointer: '/spec/team' }]),
      ...components.flatMap((each, at) =>
        typeof each === 'string'
          ? []
          : each.services.map((name, which) => ({
              kind: 'Service',
              name,
              pointer: `/spec/components/${at}/services/${which}`,
            })),
      ),
    ]
  },
  admit: (document) => {
    const faults: Fault[] = []
    const seen = new Set<string>()
    const given = Array.isArray(document.spec.components) ? document.spec.components : []
    for (const [at, each] of readStatusCustomer(document).components.entries()) {
      const name = nameOf(each)
      const pointer = `/spec/components/${at}`
      if (seen.has(name)) faults.push({ pointer: `${pointer}/name`, detail: `There are two components "${name}".` })
      seen.add(name)
      if (typeof each === 'string' && Object.keys(given[at] ?? {}).length > 1)
        faults.push({
          pointer,
          detail: `Without a title "${name}" is the component of the page, with what is said there. Leave the rest out, or give a title.`,
        })
    }
    return { faults, warnings: [] }
  },
  check: async (tx, document) => {
    const customer = readStatusCustomer(document)
    const declared = await findResource(tx, { kind: 'StatusPage', name: customer.page })
    const known = declared === null ? [] : readStatusPage(declared.document).components.map((each) => each.name)
    const before = await findCustomer(tx, customer.name)
    const faults: Fault[] = []
    if (before === null && (await listCustomers(tx)).length >= mostCustomers)
      faults.push({ pointer: '/metadata/name', detail: `There are ${mostCustomers} customers already.` })
    if (before !== null && before.page !== customer.page)
      faults.push({
        pointer: '/spec/page',
        detail: `It is a customer of the page "${before.page}". Delete it first: what it was told there stays there.`,
      })
    for (const [at, each] of customer.components.entries()) {
      const pointer = `/spec/components/${at}/name`
      if (typeof each === 'string' && declared !== null && !known.includes(each))
        faults.push({
          pointer,
          detail: `The page "${customer.page}" has no component "${each}". Give a title to make it one of the customer’s own.`,
        })
      if (typeof each !== 'string' && known.includes(each.name))
        faults.push({
          pointer,
          detail: `The page "${customer.page}" has a component "${each.name}". Leave the title out, or choose another name.`,
        })
    }
    return { faults, warnings: [] }
  },
  saved: async (tx, { after }) => {
    const { name, page } = readStatusCustomer(after)
    await declareCustomer(tx, { name, page })
    await countRevision(tx)
  },
  removed: async (tx, { metadata }) => {
    const gone = await endCustomer(tx, metadata.name)
    if (gone !== null) {
      const key = `${gone.page}/${gone.id}`
      await dropWaiting(tx, key)
      await endHearing(tx, key)
    }
    await countRevision(tx)
  },
}

const nameOf = (each: string | Component): string => (typeof each === 'string' ? each : each.name)

/** Reads what was admitted; what was not is read as if it were not there. */
export function readStatusCustomer({ metadata, spec }: ResourceDocument): StatusCustomer {
  const components: readonly JsonValue[] = Array.isArray(spec.components) ? spec.components : []
  return {
    name: metadata.name,
    page: text(spec.page) ?? '',
    title: text(spec.title) ?? metadata.displayName ?? metadata.name,
    components: components.flatMap((each) => {
      const read = readComponent(each)
      if (read === null) return []
      const own = typeof each === 'object' && each !== null && 'title' in each
      return [own ? read : read.name]
    }),
  }
}

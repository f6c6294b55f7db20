// How people can be reached: their saved contacts, and the e-mail address of the catalog as a contact by itself,
// so that a fresh installation pages before anybody has set anything up.
import type { Tx } from '../../../platform/database/database.ts'
import { onceIn } from '../../../platform/database/once.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { type ContactRow, listContactRows, loadRules, rulesOf } from '../contacts.store.ts'
import { type Contact, compareContacts, type PersonalRules } from '../core/index.ts'
import type { NotificationPorts, PersonDescription } from '../notifications.ports.ts'

/** The id of the contact that is the catalog's address. */
export const catalogContact = 'email'

export interface Reach {
  readonly person: string
  readonly contacts: readonly Contact[]
  readonly rules: PersonalRules
  readonly zone: string
}

export async function loadReach(
  queries: Queries,
  ports: Pick<NotificationPorts, 'people'>,
  people: readonly string[],
): Promise<ReadonlyMap<string, Reach>> {
  if (people.length === 0) return new Map()
  const [described, rows, rules] = await Promise.all([
    ports.people.describe(queries, people),
    listContactRows(queries, people),
    loadRules(queries, people),
  ])
  return new Map(
    people.map((person) => {
      const description = described.get(person)
      return [
        person,
        {
          person,
          contacts: contactsOf(
            description,
            rows.filter((row) => row.person === person),
          ),
          rules: rulesOf(rules, person),
          zone: description?.timeZone ?? 'UTC',
        },
      ]
    }),
  )
}

/** Read once in a transaction: a storm pages the same person for many alerts. */
export async function reachForPages(
  tx: Tx,
  ports: Pick<NotificationPorts, 'people'>,
  people: readonly string[],
): Promise<ReadonlyMap<string, Reach>> {
  let read: Promise<ReadonlyMap<string, Reach>> | null = null
  const readAll = () => (read ??= loadReach(tx, ports, people))
  const reaches = people.map((person) =>
    onceIn(tx, `notifications.reach ${person}`, async () => (await readAll()).get(person) ?? outOfReach(person)),
  )
  return new Map((await Promise.all(reaches)).map((reach) => [reach.person, reach]))
}

export const outOfReach = (person: string): Reach => ({
  person,
  contacts: [],
  rules: { high: [], low: [] },
  zone: 'UTC',
})

export async function reachOf(
  queries: Queries,
  ports: Pick<NotificationPorts, 'people'>,
  person: string,
): Promise<Reach> {
  return (await loadReach(queries, ports, [person])).get(person) ?? outOfReach(person)
}

// Somebody who left the catalog is nobody to page, whatever contacts they once added.
function contactsOf(described: PersonDescription | undefined, rows: readonly ContactRow[]): readonly Contact[] {
  if (described === undefined) return []
  const implied: Contact[] =
    described.email === null ? [] : [{ id: catalogContact, kind: 'email', label: described.email, verified: true }]
  const saved = rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    label: row.label,
    verified: row.verifiedAt !== null && row.disabledAt === null,
  }))
  return [...implied, ...saved].sort(compareContacts)
}

export const addressContext = (contactId: string): string => `contact:${contactId}`

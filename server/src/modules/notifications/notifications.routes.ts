import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { formatInstant, type Instant, instant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type ContactRow, listContactRows } from './contacts.store.ts'
import { type AttemptRow, type DeliveryRow, listAttempts, listDeliveryRows } from './deliveries.store.ts'
import * as contract from './notifications.contract.ts'
import type { NotificationPorts } from './notifications.ports.ts'
import { createContact, deleteContact, testContact, unknownContact } from './usecases/change-contacts.ts'
import { readRules, replaceRules } from './usecases/personal-rules.ts'
import { loadPushKeys } from './usecases/push-keys.ts'
import { catalogContact, reachOf } from './usecases/reach.ts'
import { verifyContact } from './usecases/verify-contact.ts'

const timeOrNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

export function notificationsRoutes(needs: Needs, ports: NotificationPorts): readonly BoundOperation[] {
  const { database } = needs
  const self = async (actor: Actor): Promise<string> => {
    const person = await ports.people.nameOf(actor)
    if (person !== null) return person
    throw new AppError(
      'conflict',
      'notifications.no-person',
      'You are no Person of the catalog, so nobody can page you. Declare a Person with your e-mail address.',
    )
  }
  return [
    route(contract.listContacts, async ({ query, actor }) => {
      const person = query.person ?? (await self(actor))
      return { items: await listContacts(person, actor) }
    }),
    route(contract.createContact, async ({ body, actor }) => {
      const { contact, secret } = await createContact(needs, ports, { body, actor, person: await self(actor) })
      return { contact: present(contact), secret }
    }),
    route(contract.verifyContact, async ({ params, body, actor }) => {
      const person = await self(actor)
      if (params.id === catalogContact) return presentCatalog(person, await catalogLabel(person))
      return present(await verifyContact(needs, ports, { id: params.id, person, actor, code: body.code }))
    }),
    route(contract.deleteContact, async ({ params, actor }) => {
      await deleteContact(needs, { id: params.id, person: await self(actor), actor })
      return null
    }),
    route(contract.testContact, async ({ params, actor }) => ({
      delivery: await testContact(needs, ports, { id: params.id, person: await self(actor) }),
    })),
    route(contract.readRules, async ({ query, actor }) =>
      presentRules(await readRules(database, ports, query.person ?? (await self(actor)))),
    ),
    route(contract.replaceRules, async ({ body, actor }) =>
      presentRules(await replaceRules(needs, ports, { rules: body, person: await self(actor), actor })),
    ),
    route(contract.readPushKey, async () => ({ publicKey: (await loadPushKeys(needs, ports)).publicKey })),
    route(contract.listDeliveries, async ({ query }) => {
      const limit = query.limit ?? 100
      const [at, key] = decodeCursor(query.cursor, ['number', 'string']) ?? []
      const before = typeof at === 'number' && typeof key === 'string' ? { at: instant(at), key } : null
      const { alert: alertId = null, page: pageId = null, person = null, webhook = null } = query
      const filter = { alertId, pageId, person, webhook }
      const rows = await listDeliveryRows(database, filter, before, limit + 1)
      const attempts = await listAttempts(
        database,
        rows.map((row) => row.key),
      )
      return toPage(
        rows,
        limit,
        (row) => [row.createdAt, row.key],
        (row) =>
          presentDelivery(
            row,
            attempts.filter((each) => each.key === row.key),
          ),
      )
    }),
  ]

  async function listContacts(person: string, actor: Actor): Promise<contract.ContactReply[]> {
    const own = (await ports.people.nameOf(actor)) === person
    const { contacts } = await reachOf(database, ports, person)
    const implied = contacts
      .filter((each) => each.id === catalogContact)
      .map((each) => presentCatalog(person, each.label))
    const saved = (await listContactRows(database, [person])).map(present)
    // Another person's devices are nobody's business; that they can be reached is.
    return [...implied, ...saved].map((each) => (own ? each : { ...each, label: each.kind }))
  }

  async function catalogLabel(person: string): Promise<string> {
    const { contacts } = await reachOf(database, ports, person)
    const found = contacts.find((each) => each.id === catalogContact)
    if (found === undefined) throw unknownContact()
    return found.label
  }
}

function present(row: ContactRow): contract.ContactReply {
  return {
    id: row.id,
    person: row.person,
    kind: row.kind,
    label: row.label,
    verified: row.verifiedAt !== null && row.disabledAt === null,
    source: 'person',
    disabledBecause: row.disabledBecause,
    createdAt: formatInstant(row.createdAt),
  }
}

function presentCatalog(person: string, label: string): contract.ContactReply {
  const fixed = { verified: true, source: 'catalog', disabledBecause: null, createdAt: null } as const
  return { id: catalogContact, person, kind: 'email', label, ...fixed }
}

function presentRules({ person, rules, findings }: Awaited<ReturnType<typeof readRules>>) {
  const steps = (list: typeof rules.high) => list.map((step) => ({ delayMs: step.delayMs, contact: step.contact }))
  return {
    person,
    rules: { high: steps(rules.high), low: steps(rules.low) },
    findings: findings.map(({ code, sentence }) => ({ code, sentence })),
  }
}

function presentDelivery(row: DeliveryRow, attempts: readonly AttemptRow[]): contract.DeliveryReply {
  return {
    key: row.key,
    purpose: row.purpose,
    pageId: row.pageId,
    alertId: row.alertId,
    service: row.service,
    person: row.person,
    webhook: row.webhook,
    contact: row.contact,
    channel: row.kind,
    because: row.because,
    state: row.phase,
    dueAt: timeOrNull(row.dueAt),
    endedAt: timeOrNull(row.endedAt),
    endedBecause: row.endedBecause,
    receipt: row.receipt,
    copies: row.copies,
    attempts: attempts.map(({ attempt, startedAt, endedAt, outcome, because, answer }) => ({
      attempt,
      startedAt: formatInstant(startedAt),
      endedAt: timeOrNull(endedAt),
      outcome,
      because,
      answer,
    })),
    createdAt: formatInstant(row.createdAt),
  }
}

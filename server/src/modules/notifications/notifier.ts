// What other rooms may ask of notifications, inside their own transactions.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { EndedPage, PageFacts } from './core/index.ts'
import { describePages, listDeliveryRows, listReached } from './deliveries.store.ts'
import type { ReminderFacts, ShiftFacts } from './message-content.store.ts'
import type { NotificationPorts } from './notifications.ports.ts'
import { listAlertsOfBundle } from './page-notices.store.ts'
import { pageWebhook, tellWebhooks, type WebhookChange, type WebhookPageOrder } from './usecases/page-webhooks.ts'
import { type PageOrder, type PagePlan, planPage } from './usecases/plan-page.ts'
import { loadReach, type Reach, reachForPages } from './usecases/reach.ts'
import { notifyEnded, notifyOnCall, notifyReminder } from './usecases/send-notices.ts'
import { type StopOrder, stopDeliveries } from './usecases/stop-deliveries.ts'
import { confirmContact } from './usecases/verify-contact.ts'
import { listKnownWebhooks } from './webhooks.store.ts'

export interface Notifier {
  /** Plans the page's deliveries and their jobs; the same page id twice is one page. */
  readonly sendPage: (tx: Tx, order: PageOrder) => Promise<PagePlan>
  /** What pages of the alert say that are still to be sent. */
  readonly describePages: (
    tx: Tx,
    pages: readonly { readonly alertId: string; readonly facts: Omit<PageFacts, 'because'> }[],
  ) => Promise<void>
  /** After the caller's commit no send of the page or alert begins. */
  readonly cancelDeliveries: (tx: Tx, order: StopOrder) => Promise<void>
  /** To every contact and webhook that heard of the alert; answers how many. */
  readonly notifyEnded: (tx: Tx, alertId: string, ended: EndedPage) => Promise<number>
  /** True when some person heard of the alert, or may have. A machine is nobody. */
  readonly wasHeard: (tx: Tx, alertId: string) => Promise<boolean>
  /** What became of each message about the alert, oldest first; 500 at most. */
  /** Plans what a webhook is told of a page; the same page id twice is one. */
  readonly pageWebhook: (tx: Tx, order: WebhookPageOrder) => Promise<void>
  /** Which of these webhooks there are. */
  readonly knownWebhooks: (queries: Queries, names: readonly string[]) => Promise<ReadonlySet<string>>
  /** To every webhook that heard of the alert: somebody has it, it waits, it goes on. */
  readonly tellWebhooks: (tx: Tx, change: WebhookChange) => Promise<void>
  readonly messagesOf: (queries: Queries, alertId: string) => Promise<readonly MessageSeen[]>
  readonly notifyOnCall: (
    tx: Tx,
    order: { readonly shift: string; readonly person: string; readonly facts: ShiftFacts },
  ) => Promise<boolean>
  /** To the person's first working contact; answers whether it is new. */
  readonly remind: (
    tx: Tx,
    order: {
      readonly occasion: string
      readonly person: string
      readonly because: string
      readonly facts: ReminderFacts
    },
  ) => Promise<boolean>
  /** Contacts, rules and zone of people; those without a Person in the catalog have no contacts. */
  readonly reachOf: (queries: Queries, people: readonly string[]) => Promise<ReadonlyMap<string, Reach>>
  /** The same for who pages them in this transaction: the pages go by what was read here. */
  readonly reachForPages: (tx: Tx, people: readonly string[]) => Promise<ReadonlyMap<string, Reach>>
  /** Names and zones, as the catalog knows them. */
  readonly describe: NotificationPorts['people']['describe']
  readonly alertsOfBundle: (queries: Queries, bundleId: string, person: string) => Promise<readonly string[]>
  /** By a signed link that was sent to the contact; null when there is no such contact of the person, else its label. */
  readonly confirmContact: (contactId: string, person: string) => Promise<string | null>
}

export interface MessageSeen {
  /** Null for a webhook. */
  readonly person: string | null
  readonly webhook: string | null
  readonly channel: string
  readonly state: string
  /** When it ended, else when it is due, else when it was planned. */
  readonly at: Instant
  readonly because: string | null
}

async function messagesOf(queries: Queries, alertId: string): Promise<readonly MessageSeen[]> {
  const rows = await listDeliveryRows(queries, { alertId, pageId: null, person: null }, null, 500)
  return [...rows].reverse().map((row) => ({
    person: row.person,
    webhook: row.webhook,
    channel: row.kind,
    state: row.phase,
    at: row.endedAt ?? row.dueAt ?? row.createdAt,
    because: row.endedBecause ?? row.because,
  }))
}

export function createNotifier(needs: Needs, ports: NotificationPorts): Notifier {
  return {
    sendPage: (tx, order) => planPage(tx, needs, ports, order),
    describePages: (tx, pages) =>
      describePages(
        tx,
        pages.map(({ alertId, facts }) => ({ alertId, facts: { ...facts } })),
      ),
    cancelDeliveries: (tx, order) => stopDeliveries(tx, needs, order),
    notifyEnded,
    wasHeard: async (tx, alertId) => (await listReached(tx, alertId)).some((each) => each.person !== null),
    pageWebhook: (tx, order) => pageWebhook(tx, needs, ports, order),
    knownWebhooks: listKnownWebhooks,
    tellWebhooks,
    messagesOf,
    remind: (tx, order) => notifyReminder(tx, needs, ports, order),
    notifyOnCall: (tx, order) => notifyOnCall(tx, needs, ports, order),
    reachOf: (queries, people) => loadReach(queries, ports, people),
    reachForPages: (tx, people) => reachForPages(tx, ports, people),
    describe: ports.people.describe,
    alertsOfBundle: listAlertsOfBundle,
    confirmContact: (contactId, person) => confirmContact(needs, ports, contactId, person),
  }
}

// Everything a process needs to page without the database, read while it is there.
import type { Instant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonValue } from '../../kernel/json.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type AlertsPlan, loadAlertsPlan } from '../alerts/index.ts'
import { listByKind, rememberedWhileDeclared, type StoredResource } from '../catalog/index.ts'
import { type KnownKey, loadKnownKeys } from '../identity/index.ts'
import { loadSendersPlan, type SendersPlan } from '../intake/index.ts'
import {
  type DeliveryRow,
  listOpenPages,
  listWebhookRows,
  loadReachable,
  type Reachable,
  type WebhookRow,
} from '../notifications/index.ts'
import {
  type EscalationRow,
  listWaitingEscalations,
  loadOncallPlan,
  type OncallPlan,
  peopleOfPlan,
} from '../oncall/index.ts'
import type { PlannedService } from './core/index.ts'
import type { LifeboatPorts } from './lifeboat.ports.ts'
import { greet, listBoats, newestVoyage } from './lifeboat.store.ts'

/** Changes with declarations and contacts; read each minute. */
export interface Chart {
  readonly takenAt: Instant
  readonly oncall: OncallPlan
  readonly services: readonly PlannedService[]
  readonly people: readonly Reachable[]
  /** Left out in a plan of a release that told no machines. Secrets stay sealed until a message leaves. */
  readonly webhooks?: readonly WebhookRow[]
  readonly keys: readonly KnownKey[]
  /** Left out in a plan of a release that knew no senders. */
  readonly senders?: SendersPlan
  /** Settings of channels that are kept in the database, by name. */
  readonly settings: Readonly<Record<string, string>>
  /** Processes that were there lately; they know the same open escalations. */
  readonly boats: readonly string[]
}

/** Changes with every alert; read soon after each of its changes. */
export interface Tide {
  readonly takenAt: Instant
  /** The last gap that was written down: names made in the next one differ from those of the last. */
  readonly after: string
  readonly alerts: AlertsPlan
  readonly escalations: readonly EscalationRow[]
  readonly messages: readonly DeliveryRow[]
}

export interface ArmedPlan {
  readonly chart: Chart
  readonly tide: Tide
}

// Beyond these an installation has other troubles than a database that is away.
const mostEscalations = 5_000
const mostMessages = 5_000
const mostServices = 10_000
const mostWebhooks = 10_000

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function toService({ name, document: { spec } }: StoredResource): PlannedService {
  const links: readonly JsonValue[] = Array.isArray(spec.links) ? spec.links : []
  const runbook = links.filter(isJsonObject).find((link) => link.kind === 'runbook')
  return {
    name,
    team: text(spec.team),
    tier: typeof spec.tier === 'number' ? spec.tier : 2,
    escalationPolicy: text(spec.escalationPolicy),
    runbook: text(runbook?.url),
  }
}

export async function loadChart(queries: Queries, needs: Needs, ports: LifeboatPorts): Promise<Chart> {
  const now = await queries.now()
  await greet(queries, ports.boat)
  const oncall = await loadOncallPlan(queries, needs, ports.oncall, now)
  return {
    takenAt: now,
    oncall,
    services: await rememberedWhileDeclared(queries, 'armed plan of services', async () =>
      (await listByKind(queries, 'Service', null, mostServices)).map(toService),
    ),
    webhooks: await listWebhookRows(queries, mostWebhooks),
    people: await loadReachable(queries, ports.notifications, peopleOfPlan(oncall)),
    keys: await loadKnownKeys(queries),
    senders: await loadSendersPlan(queries),
    settings: await ports.settings.collect(),
    boats: await listBoats(queries),
  }
}

export async function loadTide(queries: Queries, ports: LifeboatPorts): Promise<Tide> {
  const takenAt = await queries.now()
  return {
    takenAt,
    after: await newestVoyage(queries),
    alerts: await loadAlertsPlan(queries, ports.alerts, takenAt),
    escalations: await listWaitingEscalations(queries, mostEscalations),
    messages: await listOpenPages(queries, mostMessages),
  }
}

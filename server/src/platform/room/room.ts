// The manifest of a room: everything it plugs into the house. `app` builds the house from these and from nothing else.
import type { FastifyInstance } from 'fastify'
import type { JsonObject } from '../../kernel/json.ts'
import type { BoundOperation } from '../http/operation.ts'
import type { WireDoor } from '../http/server.ts'
import type { EventType, Subscription } from '../journal/journal.ts'
import type { ResourceKind } from '../resources/resource-kind.ts'
import type { KeepRule } from '../retention/keep-rule.ts'
import type { BoundJob, Recurring } from '../work/job.ts'

export interface ErrorCode {
  readonly code: string
  readonly summary: string
}

export interface Room {
  /** As in modules/order.json. */
  readonly name: string
  readonly operations?: readonly BoundOperation[]
  /** Routes in another format than JSON operations (OTLP, Alertmanager, event streams). `door.admit` signs in and authorises. */
  readonly wireRoutes?: (server: FastifyInstance, door: WireDoor) => void
  /** What an address stands for under a host name of a room's own; the address itself where it is none. Asked for every request. */
  readonly rewrite?: (host: string | undefined, url: string) => string
  readonly jobs?: readonly BoundJob[]
  readonly recurring?: readonly Recurring[]
  readonly subscriptions?: readonly Subscription[]
  /** Events it publishes, for the reference page and for outgoing webhooks. */
  readonly events?: readonly EventType<JsonObject>[]
  readonly errors?: readonly ErrorCode[]
  /** Declarative kinds it understands: `mainstay plan` and `apply` work on them. */
  readonly kinds?: readonly ResourceKind[]
  /** Rows of its own that go when they are old. */
  readonly kept?: readonly KeepRule[]
  /** Runs once after migration, before the server says it is ready. */
  readonly start?: () => Promise<void>
  readonly stop?: () => Promise<void>
}

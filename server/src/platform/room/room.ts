// The manifest of a room: everything it plugs into the house. `app` builds the house from these and from nothing else.
import type { FastifyInstance } from 'fastify'
import type { JsonObject } from '../../kernel/json.ts'
import type { BoundOperation } from '../http/operation.ts'
import type { EventType, Subscription } from '../journal/journal.ts'
import type { ResourceKind } from '../resources/resource-kind.ts'
import type { BoundJob, Recurring } from '../work/job.ts'

export interface ErrorCode {
  readonly code: string
  readonly summary: string
}

export interface Room {
  /** As in modules/order.json. */
  readonly name: string
  readonly operations?: readonly BoundOperation[]
  /** Routes in another product's wire format (OTLP, Alertmanager). They authenticate through the handed-in `authenticate`. */
  readonly wireRoutes?: (server: FastifyInstance) => void
  readonly jobs?: readonly BoundJob[]
  readonly recurring?: readonly Recurring[]
  readonly subscriptions?: readonly Subscription[]
  /** Events it publishes, for the reference page and for outgoing webhooks. */
  readonly events?: readonly EventType<JsonObject>[]
  readonly errors?: readonly ErrorCode[]
  /** Declarative kinds it understands: `mainstay plan` and `apply` work on them. */
  readonly kinds?: readonly ResourceKind[]
  /** Runs once after migration, before the server says it is ready. */
  readonly start?: () => Promise<void>
  readonly stop?: () => Promise<void>
}

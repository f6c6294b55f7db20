// What steps need from outside: each door does its thing in the step's own transaction, so that it is done once.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { IncidentRow, JournalLine } from '../incidents/index.ts'
import type { PageTarget } from './core/index.ts'

/** What came of it, and where it can be seen. */
export interface Said {
  readonly said: string
  readonly link: string | null
}

export interface StepOrder {
  readonly incident: IncidentRow
  readonly actor: Actor
  /** Names this step of this run for ever. */
  readonly key: string
}

export interface HookCall {
  readonly url: string
  readonly secret: string
  /** The same for every attempt. */
  readonly key: string
  readonly at: Instant
  readonly type: string
  readonly subject: string
  readonly data: JsonObject
  readonly timeoutMs: number
}
export type HookAnswer =
  | { readonly kind: 'accepted'; readonly body: string }
  | { readonly kind: 'failed'; readonly because: string; readonly passing: boolean; readonly afterMs: number | null }

export interface WorkflowsPorts {
  readonly personOf: (actor: Actor) => Promise<string>
  readonly declaredNameOf: (actor: Actor) => Promise<string | null>
  readonly linesOf: (
    queries: Queries,
    links: readonly string[],
    after: number,
    limit: number,
  ) => Promise<readonly JournalLine[]>
  /** Pages as an alert of the incident, until somebody acknowledges. */
  readonly page: (
    tx: Tx,
    order: StepOrder & { readonly to: PageTarget; readonly message: string; readonly workflow: string },
  ) => Promise<Said>
  readonly onCallIn: (queries: Queries, schedule: string, at: Instant) => Promise<readonly string[]>
  readonly openChat: (tx: Tx, order: StepOrder & { readonly chat: string }) => Promise<Said>
  readonly openTicket: (
    tx: Tx,
    order: StepOrder & { readonly connection: string; readonly title: string | null },
  ) => Promise<Said>
  readonly draftStatus: (queries: Queries, page: string, incidentId: string) => Promise<string>
  /** `text` is what stands under the title. */
  readonly publishStatus: (
    tx: Tx,
    order: StepOrder & { readonly page: string; readonly text: string; readonly by: string },
  ) => Promise<Said>
  /** Tells a person that a step waits for them. */
  readonly remind: (
    tx: Tx,
    order: {
      readonly incident: IncidentRow
      readonly person: string
      readonly occasion: string
      readonly step: string
    },
  ) => Promise<boolean>
  readonly callHook: (call: HookCall) => Promise<HookAnswer>
  readonly seal: (text: string, context: string) => string
  readonly open: (sealed: string, context: string) => string
}

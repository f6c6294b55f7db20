// A declarative kind: `apiVersion/kind/metadata/spec`. The catalog room keeps the documents of all kinds, their versions
// and their field owners; the room that understands a kind admits documents and keeps its own tables true to them.
import type { TSchema } from 'typebox'
import type { Actor } from '../../kernel/actor.ts'
import type { Fault } from '../../kernel/app-error.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../database/database.ts'

export type ResourceDocument = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly displayName?: string
    readonly description?: string
    readonly labels?: { readonly [key: string]: string | readonly string[] }
    readonly annotations?: { readonly [key: string]: string }
  }
  readonly spec: JsonObject
}

export interface Admission {
  /** Refusals: nothing is written when there is one. Pointers start at the document: `/spec/tier`. */
  readonly faults: readonly Fault[]
  /** Worth saying, not worth refusing: shown by plan and apply. */
  readonly warnings: readonly Fault[]
}

export interface Reference {
  readonly kind: string
  readonly name: string
  /** Where in the document it stands. */
  readonly pointer: string
}

export interface ResourceKind {
  /** `mainstay.dev/v1` or `openslo/v1`. */
  readonly apiVersion: string
  readonly kind: string
  /** Lower-case plural for URLs and the CLI: `services`. */
  readonly plural: string
  readonly summary: string
  /** Other spellings the CLI takes: `svc`. */
  readonly aliases?: readonly string[]
  /** Kinds are applied in ascending and removed in descending order, so that references resolve. */
  readonly order: number
  /** Shape of `spec`, for validation, hints and the reference page. Unknown fields are refused. */
  readonly spec: TSchema
  /** The team that owns the document (null: administrators only), for the permission table. */
  readonly owner: (document: ResourceDocument) => string | null
  /** Objects this document needs to exist. The engine refuses dangling ones with "did you mean". */
  readonly references: (document: ResourceDocument) => readonly Reference[]
  /** Rules beyond shape: sees the document with defaults filled in, as a pure check. */
  readonly admit: (document: ResourceDocument) => Admission
  /** Keeps the room's own tables true, in the same transaction; runs in a dry run too (and is rolled back). */
  readonly saved?: (tx: Tx, change: SavedChange) => Promise<void>
  /** Rules that need other rows; runs in the transaction before saving. */
  readonly check?: (tx: Tx, document: ResourceDocument) => Promise<Admission>
  /** Called before removal; refuse with AppError conflict when something still depends on it. */
  readonly removed?: (tx: Tx, document: ResourceDocument) => Promise<void>
}

export interface SavedChange {
  readonly before: ResourceDocument | null
  readonly after: ResourceDocument
  /** Counts from 1; the ETag of the object. */
  readonly version: number
  /** Who declared it. */
  readonly actor: Actor
}

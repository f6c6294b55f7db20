// What the catalog needs from outside.
import type { Actor } from '../../kernel/actor.ts'
import type { Fault } from '../../kernel/app-error.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { ResourceKind } from '../../platform/resources/resource-kind.ts'

/** An object a translated document may refer to: in the catalog, or declared beside it in the same text. */
export interface KnownObject {
  readonly kind: string
  readonly name: string
  readonly annotations: Readonly<Record<string, string>>
}

/** What became of one foreign document. */
export interface Translation {
  readonly documents: readonly JsonObject[]
  /** Refuse the whole text. Pointers lead into the foreign document. */
  readonly faults: readonly Fault[]
  /** Worth saying, not worth refusing. */
  readonly warnings: readonly Fault[]
  /** Under which name a document that becomes nothing is reported; null when it became something. */
  readonly leftOut: { readonly kind: string; readonly name: string } | null
}

/** Reads another tool's documents (Backstage) and gives ours; translates, decides nothing. */
export interface DocumentTranslator {
  readonly name: string
  readonly matches: (document: JsonObject) => boolean
  /** All matching documents of a text at once, because they refer to each other; one translation for each, in order. */
  readonly translate: (documents: readonly JsonObject[], known: readonly KnownObject[]) => readonly Translation[]
}

/** Where a service stands by the worst of its objectives. */
export interface Standing {
  readonly service: string
  readonly count: number
  readonly state: string
  readonly level: string
}

export interface CatalogPorts {
  /** The kinds of all rooms, the catalog's own among them. Asked for late: later rooms are built after this one. */
  readonly kinds: () => readonly ResourceKind[]
  readonly translators: readonly DocumentTranslator[]
  readonly standingsOf?: (queries: Queries, services: readonly string[]) => Promise<readonly Standing[]>
  /** Throws forbidden when the actor may not change what the team owns. */
  readonly mayChange: (actor: Actor, team: string | null, kind: string) => void
}

// What the catalog needs from outside.
import type { Fault } from '../../kernel/app-error.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { ResourceKind } from '../../platform/resources/resource-kind.ts'

/** Reads another tool's documents (Backstage) and gives ours; translates, decides nothing. */
export interface DocumentTranslator {
  readonly name: string
  readonly matches: (document: JsonObject) => boolean
  readonly translate: (document: JsonObject) => {
    readonly documents: readonly JsonObject[]
    readonly faults: readonly Fault[]
  }
}

export interface CatalogPorts {
  /** The kinds of all rooms, the catalog's own among them. Asked for late: later rooms are built after this one. */
  readonly kinds: () => readonly ResourceKind[]
  readonly translators: readonly DocumentTranslator[]
  /** Throws forbidden when the actor may not change what the team owns. */
  readonly mayChange: (actor: import('../../kernel/actor.ts').Actor, team: string | null, kind: string) => void
}

import type { ItemKind } from '../../shell/response-api.ts'

/** What a key asked for, whichever part of the room was shown. */
export interface Wish {
  readonly what: ItemKind | 'update' | null
  readonly times: number
}

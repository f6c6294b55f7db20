// What an editor sees of the hand that writes for it.
import type * as Y from 'yjs'
import type { Texts } from './carry.ts'
import type { Where, Writer } from './wire.ts'

export type SessionState =
  | { readonly kind: 'joining' }
  | { readonly kind: 'live' }
  | { readonly kind: 'away' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'refused'; readonly because: string }

export interface Session {
  /** Another one after the document was begun anew. */
  readonly doc: Y.Doc
  state(): SessionState
  /** Something typed here is not on the server yet. */
  unsent(): boolean
  writers(): readonly Writer[]
  /** The number of this hand; 0 before it has joined, when nothing may be typed yet. */
  client(): number
  /** The texts of the sections in which something is not on the server. */
  unkept(): Texts
  at(where: Where | null): void
  /** Called on every change of the above. */
  subscribe(listener: () => void): () => void
  /** Sends what is left, which takes as long as the server is away; true when all of it arrived. */
  sendAll(): Promise<boolean>
  /** The same, and leaves. */
  close(): Promise<boolean>
}

// What a started server offers to whoever started it.
import type { House } from './house.ts'

export interface RunningServer {
  /** Where it listens. */
  readonly url: string
  /** Where people reach it; links in pages start with it. */
  readonly publicUrl: string
  /** The one-time link that makes the first administrator; null once somebody exists. */
  readonly setupUrl: string | null
  readonly description: string
  readonly dataFolder: string
  readonly house: House
  /** For the demo and for scripts on the same host: a key with a role and scopes. */
  createKey(order: {
    readonly name: string
    readonly role: 'viewer' | 'responder' | 'editor' | 'admin'
    readonly scopes: readonly string[]
  }): Promise<string>
  /** The same, in place of the server's own key of that name: for what starts anew with every start. */
  replaceKey(order: Parameters<RunningServer['createKey']>[0]): Promise<string>
  /** For whoever has a shell on this host: a way in when nobody else can open the door. Good for an hour, once. */
  createRecoveryLink(): Promise<string>
  stop(): Promise<void>
}

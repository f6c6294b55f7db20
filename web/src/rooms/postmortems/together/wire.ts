// What a hand on the shared document needs of the server, and what it hears of the others.

export interface Shared {
  /** Another one is another document: nothing of the one before is in it. */
  readonly epoch: number
  readonly seq: number
  readonly state: Uint8Array
}

export interface Writer {
  readonly client: number
  readonly person: string
  readonly section: string | null
  readonly line: number | null
}

export type LiveEvent =
  | { readonly type: 'update'; readonly seq: number; readonly update: Uint8Array }
  | { readonly type: 'here'; readonly writers: readonly Writer[] }
  | { readonly type: 'status'; readonly status: string | null }
  | { readonly type: 'reset' }

/** The way to the server. Each refuses by throwing; `failureOf` tells what that means. */
export interface Wire {
  join(): Promise<Shared & { readonly client: number }>
  read(): Promise<Shared>
  write(client: number, update: Uint8Array): Promise<void>
  here(client: number, where: Where | null): Promise<void>
  /** Reads until the line ends. */
  follow(after: number, hear: (event: LiveEvent) => void, signal: AbortSignal): Promise<void>
  failureOf(error: unknown): Failure
}

export interface Where {
  readonly section: string
  readonly line: number
}

export type Failure =
  /** Try the same again later. */
  | { readonly kind: 'away' }
  /** The server lacks something this hand builds on. */
  | { readonly kind: 'ahead' }
  /** The server does not know this hand any more. */
  | { readonly kind: 'anew' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'refused'; readonly because: string }

export interface Pace {
  /** Keystrokes within this are one request. */
  readonly bunchMs: number
  readonly retryMs: readonly number[]
  readonly hereMs: number
}

export const pace: Pace = { bunchMs: 200, retryMs: [300, 1_000, 2_000, 5_000], hereMs: 10_000 }

/** As long as it says, or until `ended`. */
export function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(waiting)
      ended.removeEventListener('abort', done)
      resolve()
    }
    const waiting = setTimeout(done, ms)
    ended.addEventListener('abort', done)
  })
}

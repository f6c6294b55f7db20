// PostgreSQL's COPY over a pg client: rows as lines of text, exact for every type, at the pace of the slower side.
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type pg from 'pg'

/** The part of a pg connection that COPY speaks to; pg's types do not name it. */
interface Wire {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(reason: string): void
  readonly stream: Writable & { pause(): unknown; resume(): unknown }
}

interface Ends {
  readonly done: () => void
  readonly failed: (error: Error) => void
}

/** What pg calls on a query of one's own; most of it never happens during COPY. */
function submittable(
  text: string,
  ends: Ends,
  on: {
    readonly data?: (line: Buffer, wire: Wire) => void
    readonly ready?: (wire: Wire) => void
  },
): pg.Submittable {
  let failure: Error | null = null
  const query = {
    submit: (wire: Wire) => {
      wire.query(text)
      return null
    },
    handleError: (error: Error) => {
      failure ??= error
      ends.failed(failure)
    },
    handleReadyForQuery: () => {
      if (failure === null) ends.done()
    },
    handleCopyInResponse: (wire: Wire) => on.ready?.(wire),
    handleCopyData: (message: { readonly chunk: Buffer }, wire: Wire) => on.data?.(message.chunk, wire),
    handleCommandComplete: () => undefined,
    handleRowDescription: () => undefined,
    handleDataRow: () => undefined,
    handlePortalSuspended: () => undefined,
    handleEmptyQuery: () => undefined,
  }
  // pg's own type of a submittable knows `submit` only, with its own connection.
  return query as unknown as pg.Submittable
}

/** Each row is one line with its line feed. A sink that answers with a promise is waited for. */
export function copyOut(
  client: pg.Client,
  text: string,
  sink: (line: Buffer) => Promise<void> | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let broken: Error | null = null
    let waiting: Promise<void> | undefined
    const finish = async () => {
      await waiting
      if (broken === null) resolve()
      else reject(broken)
    }
    const data = (line: Buffer, wire: Wire) => {
      if (broken !== null) return
      // The parser reuses its buffer.
      const wait = sink(Buffer.from(line))
      // What was read before the pause still comes; one wait stands for all of it.
      if (wait === undefined || waiting !== undefined) return
      wire.stream.pause()
      const goOn = (error: Error | null) => {
        broken = error
        waiting = undefined
        wire.stream.resume()
      }
      waiting = wait.then(() => goOn(null), goOn)
    }
    client.query(submittable(text, { done: () => void finish(), failed: reject }, { data }))
  })
}

/** Sends lines as they come; when the source fails, nothing of the table is kept. */
export function copyIn(client: pg.Client, text: string, lines: AsyncIterable<Buffer>): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = async (wire: Wire): Promise<void> => {
      try {
        for await (const line of lines) {
          wire.sendCopyFromChunk(line)
          if (wire.stream.writableNeedDrain) await once(wire.stream, 'drain')
        }
        wire.endCopyFrom()
      } catch (error) {
        wire.sendCopyFail(error instanceof Error ? error.message : String(error))
        // The server answers with its own words for it; the cause is what helps.
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    }
    client.query(submittable(text, { done: resolve, failed: reject }, { ready: (wire) => void send(wire) }))
  })
}

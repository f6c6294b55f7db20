// A mail provider on loopback, and what real ones do: take the connection and say nothing, answer letter by letter, or take
// the mail and break off before saying so. It notes everything it took, with the key it came under.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { openMailbox } from '../mailbox.ts'

/** `reset` is the one that forces the bound on copies to be real: it counts the page, and the product never learns. */
export const manners = ['hang', 'drip', 'reset'] as const
export type Manner = (typeof manners)[number]

export interface Taken {
  readonly key: string
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Monotonic, of this process. */
  readonly at: number
}

export interface MailProvider {
  readonly port: number
  readonly taken: readonly Taken[]
  /** The next connection is treated like this, once. Resolves when it was. */
  misbehave(manner: Manner): Promise<void>
  stop(): Promise<void>
}

const dripMs = 40

export async function openMailProvider(): Promise<MailProvider> {
  const taken: Taken[] = []
  const waiting: { readonly manner: Manner; readonly done: () => void }[] = []
  const sockets = new Set<Socket>()
  const mailbox = await openMailbox()
  mailbox.onMail(({ messageId, to, subject, text }) => {
    taken.push({ key: messageId, to, subject, text, at: performance.now() })
  })
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((outside) => {
    keep(outside)
    const fault = waiting.shift() ?? null
    fault?.done()
    if (fault?.manner === 'hang') return void outside.resume()
    const inside = connect(mailbox.port, '127.0.0.1')
    keep(inside)
    outside.pipe(inside)
    if (fault?.manner === 'drip') drip(inside, outside)
    else if (fault?.manner === 'reset') breakOff(inside, outside)
    else inside.pipe(outside)
    outside.on('close', () => inside.destroy())
    inside.on('close', () => {
      if (fault?.manner !== 'drip') outside.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    misbehave: (manner) => new Promise((done) => void waiting.push({ manner, done })),
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const each of [...waiting]) each.done()
      for (const each of sockets) each.destroy()
      await closed
      await mailbox.stop()
    },
  }
}

function drip(from: Socket, to: Socket): void {
  const bytes: number[] = []
  let ended = false
  const timer = setInterval(() => {
    const next = bytes.shift()
    if (next !== undefined && to.writable) to.write(Buffer.of(next))
    else if (ended || to.destroyed) {
      clearInterval(timer)
      to.destroy()
    }
  }, dripMs)
  from.on('data', (chunk: Buffer) => void bytes.push(...chunk))
  from.on('close', () => {
    ended = true
  })
}

/** Everything passes until the mail is in; the answer to its end (SMTP 250 after DATA) is the one that never arrives. */
function breakOff(from: Socket, to: Socket): void {
  let body = false
  from.on('data', (chunk: Buffer) => {
    const answer = chunk.toString('latin1')
    if (body) return void to.resetAndDestroy()
    // "354 End data with <CR><LF>.<CR><LF>": from here on the mail is on its way.
    if (answer.startsWith('354')) body = true
    to.write(chunk)
  })
}

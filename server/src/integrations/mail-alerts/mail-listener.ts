// The port for mails. It speaks SMTP and decides nothing: who an address belongs to and what becomes of a mail is asked.
// A mail is answered after what it said is kept; whatever passes is a temporary refusal, so that the sender tries again.
import type { AddressInfo } from 'node:net'
import { createSecureContext } from 'node:tls'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'

export type MailAnswer =
  | { readonly kind: 'taken' }
  /** Not now: the sender keeps it and comes again. */
  | { readonly kind: 'later'; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string }

export interface MailDoor {
  /** Whether mail to this address is taken; asked before its bytes. */
  readonly admit: (of: { readonly to: string; readonly remote: string }) => Promise<MailAnswer>
  readonly take: (of: {
    readonly to: readonly string[]
    readonly remote: string
    readonly bytes: Uint8Array
  }) => Promise<MailAnswer>
}

export interface MailListener {
  readonly port: number
  stop(): Promise<void>
}

/** An alarm is some kilobytes; a picture of a graph some hundred. */
const largestMail = 2 * 1024 * 1024
/** More at once only wait in memory. */
const mostClients = 50
const mostRecipients = 10
const idleMs = 60_000

export async function listenForMails(
  at: {
    readonly host: string
    readonly port: number
    readonly name: string
    /** PEM texts; without them nothing is encrypted. */
    readonly tls: { readonly cert: string; readonly key: string } | null
  },
  door: MailDoor,
): Promise<MailListener> {
  // Fails at the start, not at the first mail.
  if (at.tls !== null) createSecureContext(at.tls)
  const server = new SMTPServer({
    name: at.name,
    banner: 'Mainstay takes alarms here',
    authOptional: true,
    disabledCommands: at.tls === null ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    ...(at.tls ?? {}),
    size: largestMail,
    maxClients: mostClients,
    socketTimeout: idleMs,
    disableReverseLookup: true,
    logger: false,
    onRcptTo: (address, session, done) => {
      if (session.envelope.rcptTo.length >= mostRecipients) return done(reply(452, 'Too many recipients at once.'))
      const asked = { to: address.address, remote: session.remoteAddress }
      door.admit(asked).then(
        (answer) => done(errorOf(answer)),
        () => done(notNow()),
      )
    },
    onData: (stream, session, done) => {
      read(stream).then(
        (bytes) => deliver(door, session, bytes, done),
        () => done(notNow()),
      )
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(at.port, at.host, resolve)
  })
  // Of one connection that broke: nothing to do.
  server.on('error', () => undefined)
  const address = server.server.address() as AddressInfo
  return { port: address.port, stop: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** Null when it is longer than is taken; the rest is read and forgotten, or the sender would wait. */
function read(stream: SMTPServerDataStream): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => {
      if (stream.sizeExceeded) chunks = []
      else chunks.push(chunk)
    })
    stream.once('error', reject)
    stream.once('end', () => resolve(stream.sizeExceeded ? null : Buffer.concat(chunks)))
  })
}

function deliver(
  door: MailDoor,
  session: SMTPServerSession,
  bytes: Uint8Array | null,
  done: (error?: Error | null) => void,
): void {
  if (bytes === null) {
    done(reply(552, `A mail has ${largestMail} bytes at most.`))
    return
  }
  const to = session.envelope.rcptTo.map((each) => each.address)
  door.take({ to, remote: session.remoteAddress, bytes }).then(
    (answer) => done(errorOf(answer)),
    () => done(notNow()),
  )
}

const notNow = (): Error => reply(451, 'Not now; try again soon.')

function errorOf(answer: MailAnswer): Error | null {
  if (answer.kind === 'taken') return null
  return reply(answer.kind === 'later' ? 451 : 550, answer.because)
}

function reply(responseCode: number, sentence: string): Error {
  return Object.assign(new Error(sentence.replace(/[^\x20-\x7e]/g, '?').slice(0, 400)), { responseCode })
}

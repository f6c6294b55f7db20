// Pages by mail: one checked connection for each message, plain text and a small page with one button.
import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { AppError } from '../../kernel/app-error.ts'
import type { Channel, ChannelOutcome } from '../../modules/notifications/notifications.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { htmlOf } from './mail-page.ts'

export interface MailSettings {
  /** `smtp://user:password@host:587` or `smtps://…`; null when no mail server is configured. */
  readonly url: string | null
  /** `Mainstay <mainstay@example.org>` */
  readonly from: string
}

interface Server {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly auth: { readonly user: string; readonly pass: string } | null
}

const connectMs = 5_000
/** Silence of the server in the middle of a dialogue. */
const silenceMs = 6_000

/** One letter, to whomever. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** The same for every copy. */
  readonly key: string
  readonly at: number
  readonly headers: Readonly<Record<string, string>>
  readonly beforeWrite: () => Promise<void>
  readonly signal: AbortSignal
}

export interface Mailer {
  readonly send: (mail: Mail) => Promise<ChannelOutcome>
}

export function createSmtpChannel(egress: Pick<Egress, 'checkedSocket'>, settings: MailSettings): Channel {
  const mailer = createMailer(egress, settings)
  return {
    send: (outgoing) => {
      const { address, message, key, at, urgency, beforeWrite, signal } = outgoing
      const urgent: Record<string, string> = urgency === 'high' ? { Importance: 'high', 'X-Priority': '1' } : {}
      const { subject, body: text } = message
      const mail = { to: address, subject, text, html: htmlOf(outgoing), key, at, beforeWrite, signal }
      return mailer.send({ ...mail, headers: urgent })
    },
  }
}

export function createMailer(egress: Pick<Egress, 'checkedSocket'>, settings: MailSettings): Mailer {
  const server = settings.url === null ? null : readServer(settings.url)
  const domain = domainOf(settings.from)
  return {
    send: async (mail) => {
      if (server === null) return { kind: 'rejected', because: 'No mail server is configured (MAINSTAY_SMTP_URL).' }
      let socket: Socket
      try {
        const { host, port, secure: tls } = server
        socket = await egress.checkedSocket({ connector: 'smtp', host, port, tls, timeoutMs: connectMs })
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        // What is not allowed stays so; the rest may pass.
        return { kind: error.kind === 'unavailable' ? 'refused' : 'rejected', because: error.message }
      }
      const raw = await compose(mail, settings.from, domain)
      return talk(socket, server, mail, { from: addressOf(settings.from), to: mail.to }, raw)
    },
  }
}

export function readServer(url: string): Server {
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    auth: username === '' ? null : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
  }
}

/** The same for every copy of one delivery, so that a mail client shows it once. */
export function messageIdOf(key: string, domain: string): string {
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${domain}>`
}

async function compose(letter: Mail, from: string, domain: string): Promise<Buffer> {
  const { to, subject, text, html, key, at, headers } = letter
  const mail = new MailComposer({
    from,
    to,
    subject,
    text,
    html,
    messageId: messageIdOf(key, domain),
    date: new Date(at),
    headers: { 'X-Mainstay-Key': key, 'Auto-Submitted': 'auto-generated', ...headers },
  })
  return mail.compile().build()
}

interface SmtpError extends Error {
  readonly code?: string | undefined
  readonly responseCode?: number | undefined
}

function talk(
  socket: Socket,
  server: Server,
  mail: Mail,
  envelope: { from: string; to: string },
  raw: Buffer,
): Promise<ChannelOutcome> {
  const loopback = server.host === 'localhost' || server.host === '127.0.0.1' || server.host === '::1'
  const connection = new SMTPConnection({
    connection: socket,
    secured: server.secure,
    secure: server.secure,
    host: server.host,
    port: server.port,
    // A password never travels in the clear, except to this very machine.
    requireTLS: server.auth !== null && !server.secure && !loopback,
    ignoreTLS: loopback && !server.secure,
    greetingTimeout: silenceMs,
    socketTimeout: silenceMs,
    connectionTimeout: connectMs,
    socketCloseTimeout: 500,
  })
  return new Promise((resolve) => {
    let hasEnd = false
    let done = false
    const end = (outcome: ChannelOutcome) => {
      if (done) return
      done = true
      mail.signal.removeEventListener('abort', onAbort)
      if (outcome.kind === 'accepted') connection.quit()
      else connection.close()
      // A server that never says goodbye must not hold a socket.
      socket.setTimeout(1_000, () => socket.destroy())
      resolve(outcome)
    }
    const fail = (error: SmtpError) => end(outcomeOf(error, hasEnd))
    const onAbort = () => fail(new Error('The mail server did not answer in time.'))
    mail.signal.addEventListener('abort', onAbort, { once: true })
    connection.on('error', fail)
    const submit = () => {
      // Asked when the text is on its way and only the line that ends it is missing: until that nothing can reach a person, and a
      // process that dies before has sent nothing.
      const body = Readable.from(
        (async function* () {
          yield raw
          try {
            await mail.beforeWrite()
          } catch (stopped) {
            end({ kind: 'refused', because: stopped instanceof Error ? stopped.message : String(stopped) })
            throw stopped
          }
          // Given up while it was asked: the text stays without an end.
          if (done) throw new Error('The mail was given up.')
          hasEnd = true
        })(),
      )
      connection.send({ from: envelope.from, to: [envelope.to], size: raw.length }, body, (error, info) => {
        if (error) return fail(error)
        end({ kind: 'accepted', receipt: (info?.response ?? '').slice(0, 200) })
      })
    }
    connection.connect((error) => {
      if (error) return fail(error)
      if (server.auth === null) return submit()
      connection.login(server.auth, (refused) => (refused ? fail(refused) : submit()))
    })
    if (mail.signal.aborted) onAbort()
  })
}

function outcomeOf(error: SmtpError, hasEnd: boolean): ChannelOutcome {
  const because = `The mail server: ${error.message}`.slice(0, 500)
  // An answer with a code is a decision about this very message, whenever it came.
  if (error.responseCode !== undefined && error.responseCode >= 500) return { kind: 'rejected', because }
  if (error.responseCode !== undefined && error.responseCode >= 400) return { kind: 'refused', because }
  if (error.code === 'EAUTH') return { kind: 'rejected', because }
  return hasEnd ? { kind: 'lost', because } : { kind: 'refused', because }
}

function addressOf(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim()
}

function domainOf(from: string): string {
  const domain = addressOf(from).split('@')[1] ?? ''
  return /^[A-Za-z0-9.-]+$/.test(domain) ? domain : 'mainstay.invalid'
}

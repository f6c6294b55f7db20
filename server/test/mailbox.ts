// A real mail server on loopback that plays the outside: it keeps what it took and can behave badly.
import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** The address that acknowledges, from the text. */
  readonly acknowledge: string | null
  /** The same for every copy of one page. */
  readonly messageId: string
}

export interface Mailbox {
  readonly port: number
  readonly mails: readonly Mail[]
  /** Called for each mail before it is accepted. */
  onMail(listener: (mail: Mail) => void): void
  /** `drop`: takes the mail and breaks the connection before it says so. `refuse`: says try later. */
  manner: 'accept' | 'drop' | 'refuse'
  stop(): Promise<void>
}

export async function openMailbox(port = 0): Promise<Mailbox> {
  const mails: Mail[] = []
  const listeners: ((mail: Mail) => void)[] = []
  const state: { manner: Mailbox['manner'] } = { manner: 'accept' }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(chunks)).then((parsed) => {
          if (state.manner === 'refuse') return done(Object.assign(new Error('Try again later'), { responseCode: 451 }))
          const text = parsed.text ?? ''
          const mail: Mail = {
            to: session.envelope.rcptTo.map((each) => each.address).join(', '),
            subject: parsed.subject ?? '',
            text,
            html: parsed.html ?? '',
            acknowledge: /https?:\/\/\S+\/a\/[\w.-]+/.exec(text)?.[0] ?? null,
            messageId: parsed.messageId ?? '',
          }
          mails.push(mail)
          for (const listener of listeners) listener(mail)
          // After the body and before the answer: the sender cannot know whether it arrived.
          if (state.manner === 'drop') return void stream.destroy()
          done()
        }, done)
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    onMail: (listener) => void listeners.push(listener),
    get manner() {
      return state.manner
    },
    set manner(manner) {
      state.manner = manner
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
      }),
  }
}

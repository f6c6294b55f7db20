// A mailbox on this machine for the demo: takes every mail by SMTP on loopback, keeps the last ones in memory.
import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

interface SunkMail {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly at: number
  readonly text: string
  readonly ackUrl: string | null
}

export interface MailSink {
  readonly port: number
  readonly list: () => readonly SunkMail[]
  stop(): Promise<void>
}

const kept = 100
const largestMail = 1_048_576

export async function startMailSink(): Promise<MailSink> {
  const mails: SunkMail[] = []
  let number = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: largestMail,
    disableReverseLookup: true,
    logger: false,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(chunks)).then(
          (mail) => {
            number += 1
            const text = mail.text ?? ''
            mails.unshift({
              id: String(number),
              to: session.envelope.rcptTo.map((each) => each.address).join(', '),
              subject: mail.subject ?? '(no subject)',
              at: Date.now(),
              text,
              ackUrl: /https?:\/\/\S+\/a\/[\w.-]+/.exec(text)?.[0] ?? null,
            })
            mails.length = Math.min(mails.length, kept)
            done()
          },
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        )
      })
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  server.on('error', () => undefined)
  const address = server.server.address() as AddressInfo
  return { port: address.port, list: () => mails, stop: () => new Promise((resolve) => server.close(() => resolve())) }
}

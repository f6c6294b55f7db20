// A mail server on loopback that keeps nothing but the moment it took a mail with a mark: `mark-12-end`.
import { SMTPServer } from 'smtp-server'

export interface MailSink {
  /** Marks and when the first mail with each was taken, by `performance.now()`. */
  readonly taken: ReadonlyMap<string, number>
  /** For a server that is to send its mails here. */
  readonly environment: Readonly<Record<string, string>>
  close(): Promise<void>
}

export async function startMailSink(): Promise<MailSink> {
  const taken = new Map<string, number>()
  const sink = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const at = performance.now()
        const text = Buffer.concat(parts).toString('utf8')
        for (const [mark = ''] of text.matchAll(/mark-\d+-end/g)) if (!taken.has(mark)) taken.set(mark, at)
        done()
      })
    },
  })
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve))
  const address = sink.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    taken,
    environment: {
      MAINSTAY_SMTP_URL: `smtp://127.0.0.1:${port}`,
      MAINSTAY_EGRESS_ALLOW: `smtp=127.0.0.1/32:${port}`,
    },
    close: () => new Promise<void>((resolve) => sink.close(() => resolve())),
  }
}

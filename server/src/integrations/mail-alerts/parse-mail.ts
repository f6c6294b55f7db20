// Bytes of a mail as the payload that mappings and people read: what it says, never to which address it came, because
// that holds the token.
import PostalMime, { type Email } from 'postal-mime'

export interface MailBody {
  readonly subject: string
  /** Of the address, and the name beside it. */
  readonly from: string
  readonly fromName: string
  readonly date: string | null
  readonly messageId: string | null
  readonly inReplyTo: string | null
  /** Oldest first. */
  readonly references: readonly string[]
  /** The plain text; of a mail that has only HTML, its text. */
  readonly text: string
  readonly html: string
  /** By lower-case name; of several the first. */
  readonly headers: Readonly<Record<string, string>>
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly bytes: number }[]
}

// What a person reads of an alarm; a report of 10,000 lines is one for its attachment.
const longestText = 64_000
const longestHtml = 64_000
/** Signs of HTML that are looked through for one of text. */
const mostHtmlPerText = 4
const mostHeaders = 100
const longestHeader = 1_000
const mostReferences = 50
/** They name the address it came to. */
const addressed =
  /^(?:(?:resent-)?(?:to|cc|bcc)|received|(?:x-)?(?:delivered|envelope|rcpt|original|forwarded|apparently|resent)-to|x-(?:forwarded-for|original-recipient)|return-path|authentication-results|arc-.*|dkim-signature)$/

export async function parseMail(bytes: Uint8Array): Promise<MailBody | null> {
  try {
    return bodyOf(await PostalMime.parse(bytes, { maxNestingDepth: 50, maxHeadersSize: 256 * 1024 }))
  } catch {
    return null
  }
}

function bodyOf(mail: Email): MailBody {
  const headers: Record<string, string> = Object.create(null)
  for (const { key, value } of mail.headers.slice(0, mostHeaders))
    if (!addressed.test(key) && !Object.hasOwn(headers, key)) headers[key] = value.slice(0, longestHeader)
  const html = mail.html ?? ''
  return {
    subject: (mail.subject ?? '').slice(0, 1_000),
    from: (mail.from?.address ?? '').toLowerCase().slice(0, 320),
    fromName: (mail.from?.name ?? '').slice(0, 320),
    date: mail.date ?? null,
    messageId: idsOf(mail.messageId)[0] ?? null,
    inReplyTo: idsOf(mail.inReplyTo)[0] ?? null,
    references: idsOf(mail.references).slice(0, mostReferences),
    text: (mail.text ?? textOf(html.slice(0, mostHtmlPerText * longestText))).slice(0, longestText),
    html: html.slice(0, longestHtml),
    headers: { ...headers },
    attachments: mail.attachments.slice(0, 50).map(({ filename, mimeType, content }) => ({
      ...{ name: filename ?? '', type: mimeType },
      bytes: typeof content === 'string' ? content.length : content.byteLength,
    })),
  }
}

function idsOf(text: string | undefined): readonly string[] {
  return (text ?? '').match(/<[^<>\s]{1,500}>/g)?.map((each) => each.slice(1, -1)) ?? []
}

function textOf(html: string): string {
  return (
    html
      // What is not closed goes to the end: a pattern that may fail begins anew at each sign, and whoever sends chooses the signs.
      .replace(/<(style|script)\b[\s\S]*?(?:<\/\1>|$)/gi, ' ')
      .replace(/<[^<>]*>/g, ' ')
      .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? ' ')
      .replace(/\s+/g, ' ')
      .trim()
  )
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

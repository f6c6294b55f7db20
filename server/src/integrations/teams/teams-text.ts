// What people write in Teams, as plain text: mentions by who was really meant, never by what the text looks like.
import { isGuid } from './teams-settings.ts'

export interface Mention {
  /** As it stands in the text: `<at>Ana</at>`. */
  readonly written: string
  /** Whoever is meant; null for ourselves, who are left out. */
  readonly user: string | null
}

const mostMentions = 20

/**
 * The text of an activity. Tags and the five entities are all its markup. Whoever writes `<at>` by hand mentions nobody:
 * only what stands among the mentions is one.
 */
export function activityText(text: string, mentions: readonly Mention[]): string {
  let rest = text
  let read = ''
  for (const { written, user } of mentions.slice(0, mostMentions)) {
    const at = written === '' ? -1 : rest.indexOf(written)
    if (at < 0) continue
    read += plain(rest.slice(0, at)) + (user === null ? ' ' : mentionOf(user))
    rest = rest.slice(at + written.length)
  }
  return tidy(read + plain(rest))
}

/** The HTML of a message, with its mentions by number: `<at id="0">Ana</at>`. */
export function messageText(html: string, mentions: ReadonlyMap<string, string | null>): string {
  const named = html.split(/(<at id="\d{1,4}">[^<>]{0,200}<\/at>)/i).map((piece) => {
    const number = /^<at id="(\d+)">/i.exec(piece)?.[1]
    if (number === undefined) return plain(piece)
    const user = mentions.get(number)
    return user === undefined ? plain(piece) : user === null ? ' ' : mentionOf(user)
  })
  return tidy(named.join(''))
}

const mentionOf = (user: string): string => `<@${user}>`

function plain(markup: string): string {
  return entities(
    markup
      .replaceAll(/<(?:br|\/p|\/div|\/li|\/tr|\/h[1-6]|\/blockquote)(?:\s[^<>]*)?\/?>/gi, '\n')
      .replaceAll(/<[a-z/!][^<>]*>/gi, ''),
    // Written by hand it would look like a mention.
  ).replaceAll('<@', '< @')
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', amp: '&' }

/** Once: `&amp;lt;` is what somebody wrote as `&lt;`. */
function entities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|quot|apos|nbsp|amp));/gi, (all, ten, hex, name) => {
    if (typeof name === 'string') return named[name.toLowerCase()] ?? all
    const point = typeof ten === 'string' ? Number(ten) : Number.parseInt(String(hex), 16)
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ''
  })
}

const tidy = (text: string): string =>
  text
    .replaceAll('\u0000', '')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[ \t\u00a0]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
    .toWellFormed()

/** People Teams knows by the bot's own number for them, named by their number in the directory. */
export function withUsers(text: string, users: ReadonlyMap<string, Named>): string {
  return text.replaceAll(/<@(29:[\w-]{1,200})>/g, (_, id: string) => {
    const known = users.get(id)
    if (known === undefined) return '@somebody'
    return known.user !== null && isGuid(known.user) ? mentionOf(known.user) : `@${known.name}`
  })
}

export interface Named {
  /** Their object id in the directory. */
  readonly user: string | null
  readonly name: string
}

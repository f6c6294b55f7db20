// A small strict subset of Markdown as plain data. Nothing of it is ever HTML: what is not understood is text.
import { type LiveLine, readLiveLine } from './live-blocks.ts'

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'emphasis'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  /** Of an entry of the timeline. */
  | { readonly kind: 'cite'; readonly text: string; readonly entry: number }

export type Block =
  | { readonly kind: 'heading'; readonly inlines: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly inlines: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'quote'; readonly inlines: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'live'; readonly line: LiveLine; readonly text: string }

/** Longer texts are shown whole as one paragraph: reading stays cheap whatever is pasted. */
const longest = 100_000

export function readMarkdown(text: string): readonly Block[] {
  if (text.length > longest) return [{ kind: 'paragraph', inlines: [{ kind: 'text', text }] }]
  const blocks: Block[] = []
  let paragraph: string[] = []
  let quote: string[] = []
  let items: (readonly Inline[])[] = []
  let ordered = false
  let code: string[] | null = null
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', inlines: readInlines(paragraph.join('\n')) })
    if (quote.length > 0) blocks.push({ kind: 'quote', inlines: readInlines(quote.join('\n')) })
    if (items.length > 0) blocks.push({ kind: 'list', ordered, items })
    paragraph = []
    quote = []
    items = []
  }
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    if (code !== null) {
      if (line.startsWith('```')) {
        blocks.push({ kind: 'code', text: code.join('\n') })
        code = null
      } else code.push(line)
      continue
    }
    const heading = /^#{1,4} (.+)$/.exec(line)
    const item = /^ {0,3}(?:[-*]|(\d{1,9})[.)]) (.+)$/.exec(line)
    const quoted = /^ {0,3}> ?(.*)$/.exec(line)
    const live = readLiveLine(line)
    if (line.startsWith('```')) {
      flush()
      code = []
    } else if (live !== null) {
      flush()
      blocks.push({ kind: 'live', line: live, text: line })
    } else if (heading !== null) {
      flush()
      blocks.push({ kind: 'heading', inlines: readInlines(heading[1] ?? '') })
    } else if (item !== null) {
      const counted = item[1] !== undefined
      if (paragraph.length > 0 || quote.length > 0 || counted !== ordered) flush()
      ordered = counted
      items.push(readInlines(item[2] ?? ''))
    } else if (quoted !== null) {
      if (paragraph.length > 0 || items.length > 0) flush()
      quote.push(quoted[1] ?? '')
    } else if (line.trim() === '') flush()
    else {
      if (items.length > 0 || quote.length > 0) flush()
      paragraph.push(line)
    }
  }
  flush()
  // A fence that never closes is still what was written.
  if (code !== null) blocks.push({ kind: 'code', text: code.join('\n') })
  return blocks
}

// An asterisk or underscore inside a word or beside a space is itself: `a * b`, `snake_case`.
const inline =
  /\*\*([^*\n]{1,500})\*\*|`([^`\n]{1,500})`|(?<![\w*])\*(?![\s*])([^*\n]{0,499}[^\s*])\*(?![\w*])|(?<![\w_])_(?![\s_])([^_\n]{0,499}[^\s_])_(?![\w_])|\[([^\]\n]{1,500})\]\(([^)\s]{1,2000})\)|\[\^(\d{1,15})\]/g

function readInlines(text: string): readonly Inline[] {
  const found: Inline[] = []
  let from = 0
  const plain = (to: number) => {
    if (to > from) found.push({ kind: 'text', text: text.slice(from, to) })
  }
  for (const match of text.matchAll(inline)) {
    const [whole, strong, code, starred, underscored, title, href, entry] = match
    const emphasis = starred ?? underscored
    const safe = href === undefined ? null : safeLink(href)
    // A link that leads nowhere harmless stays the text it was written as.
    if (href !== undefined && safe === null) continue
    plain(match.index)
    from = match.index + whole.length
    if (strong !== undefined) found.push({ kind: 'strong', text: strong })
    else if (code !== undefined) found.push({ kind: 'code', text: code })
    else if (emphasis !== undefined) found.push({ kind: 'emphasis', text: emphasis })
    else if (entry !== undefined) found.push({ kind: 'cite', text: whole, entry: Number(entry) })
    else if (title !== undefined && safe !== null) found.push({ kind: 'link', text: title, href: safe })
  }
  plain(text.length)
  return found
}

/** Only to the web, never to a script; with no name and password before the host, which would say where it does not lead. */
const safeLink = (href: string): string | null =>
  /^https?:\/\/[^\s/?#@\\"'<>]+(?:[/?#][^\s"'<>\\]*)?$/i.test(href) ? href : null

// The page as a feed: one entry for each update, newest first. Atom (RFC 4287) and RSS 2.0.
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import { bodyIn, pageTitle, type Reading, titleIn, urlTo } from './reading.ts'
import type { UpdateRow } from './status.store.ts'
import type { PageView, PostView } from './status-view.ts'

const mostEntries = 50

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
/** Control characters have no place in XML 1.0 at all, not even escaped. */
const e = (text: string): string =>
  text
    .replace(/\p{Cc}/gu, (sign) => (sign === '\n' || sign === '\t' ? sign : ' '))
    .replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

interface Entry {
  readonly post: PostView
  readonly update: UpdateRow
}

function entriesOf(view: PageView): readonly Entry[] {
  return [...view.open, ...view.past]
    .flatMap((post) => post.updates.map((update) => ({ post, update })))
    .sort((a, b) => b.update.at - a.update.at || b.update.number - a.update.number)
    .slice(0, mostEntries)
}

const titleOf = (reading: Reading, { post, update }: Entry): string =>
  `${reading.words.posts[update.state]}: ${titleIn(reading, post).text}`

export function atomFeed(reading: Reading): string {
  const { view, page, language } = reading
  const url = urlTo(reading)
  const entries = entriesOf(view)
  const newest: Instant = entries[0]?.update.at ?? view.asOf
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">`,
    `<title>${e(pageTitle(reading))}</title><id>${e(url)}</id><updated>${formatInstant(newest)}</updated>`,
    `<author><name>${e(page.title)}</name></author>`,
    `<link rel="self" type="application/atom+xml" href="${e(urlTo(reading, '/feed.atom'))}"/><link rel="alternate" type="text/html" href="${e(url)}"/>`,
    ...entries.map((entry) =>
      [
        `<entry><title>${e(titleOf(reading, entry))}</title><id>urn:uuid:${entry.update.id}</id>`,
        `<updated>${formatInstant(entry.update.at)}</updated><published>${formatInstant(entry.update.at)}</published>`,
        `<link rel="alternate" type="text/html" href="${e(url)}#${entry.post.id}"/>`,
        `<content type="text">${e(bodyIn(reading, entry.update).text)}</content></entry>`,
      ].join(''),
    ),
    '</feed>',
  ].join('\n')
}

const weekdays = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** RFC 822 as RSS wants it; the first day of the epoch was a Thursday. */
export function rssDate(at: Instant): string {
  const text = formatInstant(at)
  const weekday = weekdays[Math.floor(at / 86_400_000) % 7]
  return `${weekday}, ${text.slice(8, 10)} ${months[Number(text.slice(5, 7)) - 1]} ${text.slice(0, 4)} ${text.slice(11, 19)} GMT`
}

export function rssFeed(reading: Reading): string {
  const { view, page, language } = reading
  const url = urlTo(reading)
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>',
    `<title>${e(pageTitle(reading))}</title><link>${e(url)}</link><description>${e(page.description ?? page.title)}</description><language>${language}</language>`,
    `<atom:link rel="self" type="application/rss+xml" href="${e(urlTo(reading, '/feed.rss'))}"/>`,
    ...entriesOf(view).map(
      (entry) =>
        `<item><title>${e(titleOf(reading, entry))}</title><link>${e(url)}#${entry.post.id}</link><guid isPermaLink="false">${entry.update.id}</guid><pubDate>${rssDate(entry.update.at)}</pubDate><description>${e(bodyIn(reading, entry.update).text)}</description></item>`,
    ),
    '</channel></rss>',
  ].join('\n')
}

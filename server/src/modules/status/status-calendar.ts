// The maintenance of a page as a calendar that other programs subscribe to; what was cancelled is gone from it.
import type { CalendarToWrite } from '../oncall/index.ts'
import { bodyIn, pageTitle, type Reading, titleIn, urlTo } from './reading.ts'

export function maintenanceOf(reading: Reading): CalendarToWrite {
  const { view, page, words } = reading
  const url = urlTo(reading)
  const events = [...view.open, ...view.past].flatMap((post) => {
    const { id, kind, state, startsAt, endsAt } = post
    if (kind !== 'maintenance' || state === 'cancelled' || startsAt === null || endsAt === null) return []
    const newest = post.updates[0]
    const description = newest === undefined ? null : `${words.posts[newest.state]}: ${bodyIn(reading, newest).text}`
    const summary = titleIn(reading, post).text
    return [
      { uid: `${id}@${page.name}.status`, start: startsAt, end: endsAt, summary, description, url: `${url}#${id}` },
    ]
  })
  return { name: `${pageTitle(reading)}: ${words.page.maintenance}`, writtenAt: view.asOf, events }
}

// The maintenance of a page as a calendar that other programs subscribe to; what was cancelled is gone from it.
import type { CalendarToWrite } from '../oncall/index.ts'
import { stateWords } from './core/index.ts'
import type { PageView } from './status-view.ts'

export function maintenanceOf(view: PageView, publicUrl: string): CalendarToWrite {
  const { page } = view
  const url = `${publicUrl}/status/${page.name}`
  const events = [...view.open, ...view.past].flatMap((post) => {
    const { id, kind, state, startsAt, endsAt, title } = post
    if (kind !== 'maintenance' || state === 'cancelled' || startsAt === null || endsAt === null) return []
    const newest = post.updates[0]
    const description = newest === undefined ? null : `${stateWords[newest.state]}: ${newest.body}`
    return [
      {
        uid: `${id}@${page.name}.status`,
        start: startsAt,
        end: endsAt,
        summary: title,
        description,
        url: `${url}#${id}`,
      },
    ]
  })
  return { name: `${page.title}: maintenance`, writtenAt: view.asOf, events }
}

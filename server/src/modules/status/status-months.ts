// What a page told in one month, as far back as there is anything. Read from the database and remembered for a minute;
// while the database is away, what is remembered is shown with its age, and of other months it is said that they cannot be read.
import { second } from '../../kernel/duration.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import { boundsOf, keyOf, monthOf, type StatusPage } from './core/index.ts'
import { listPostsBetween, neighboursOf } from './status.store.ts'
import { type PostView, withUpdates } from './status-view.ts'

/** Of a month the newest; more are not published by people. */
export const mostInMonth = 500

export interface MonthView {
  readonly month: string
  /** Newest first. */
  readonly posts: readonly PostView[]
  /** The nearest months with anything in them. */
  readonly older: string | null
  readonly newer: string | null
  readonly asOf: Instant
}

export async function readMonth(queries: Queries, page: StatusPage, month: string): Promise<MonthView> {
  const { from, to } = boundsOf(month, page.zone)
  const { customer, components } = page
  const shown = customer === null ? null : { page: page.name, components: components.map((each) => each.name) }
  const posts = await listPostsBetween(queries, { key: keyOf(page), shown }, { from, to }, mostInMonth)
  const { older, newer } = await neighboursOf(queries, { key: keyOf(page), shown }, { from, to })
  return {
    month,
    posts: await withUpdates(queries, posts),
    older: older === null ? null : monthOf(older, page.zone),
    newer: newer === null ? null : monthOf(newer, page.zone),
    asOf: await queries.now(),
  }
}

export interface Remembered {
  readonly view: MonthView
  readonly stale: boolean
}

const holdMs = 60 * second
const mostRemembered = 300

/** Null while the database is away and nothing of the month is remembered. */
export function rememberMonths(queries: Queries, monotonic: () => number = monotonicMs) {
  const known = new Map<string, { readonly at: number; readonly view: MonthView }>()
  return async (page: StatusPage, month: string): Promise<Remembered | null> => {
    const key = `${keyOf(page)} ${page.zone} ${month}`
    const found = known.get(key)
    if (found !== undefined && monotonic() - found.at < holdMs) return { view: found.view, stale: false }
    try {
      const view = await readMonth(queries, page, month)
      known.delete(key)
      known.set(key, { at: monotonic(), view })
      const [oldest] = known.keys()
      if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest)
      return { view, stale: false }
    } catch {
      return found === undefined ? null : { view: found.view, stale: true }
    }
  }
}

// Which maintenance holds pages back: now and soon, or at any instant somebody asks about.
import { type Instant, instant } from '../../../kernel/instant.ts'
import { contains } from '../../../kernel/interval.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { type Occurrence, occurrencesWithin, stateOf } from '../core/index.ts'
import { findPlanned, listOccurrences, listOpenOccurrences, listWindows, type WindowRow } from '../maintenance.store.ts'
import { coversOf } from './plan-windows.ts'

export interface Holding {
  readonly id: string
  readonly window: string
  readonly title: string
  readonly reason: string
  readonly by: string
  readonly services: readonly string[]
  /** From when these services are covered. */
  readonly startsAt: Instant
  readonly endsAt: Instant
}

const holding = ({ id, window, title, reason, declaredBy, services, coverFrom, endsAt }: Occurrence): Holding => ({
  ...{ id, window, title, reason, by: declaredBy, services },
  startsAt: coverFrom,
  endsAt,
})

/** What holds now, and what begins before then. */
export async function listHolding(queries: Queries, until: Instant): Promise<readonly Holding[]> {
  return (await listOpenOccurrences(queries, until)).map(holding)
}

/** At an instant: by the calendar as far as it is planned, beyond it by what is declared and the graph of today. */
export async function listHoldingAt(queries: Queries, at: Instant): Promise<readonly Holding[]> {
  const rows = await listOccurrences(
    queries,
    { from: at, to: instant(at + 1), services: null, window: null },
    null,
    500,
  )
  const planned = rows.filter((each) => stateOf(each, at) === 'in_progress').map((each) => holdingAt(each, at))
  if (at <= (await queries.now())) return planned
  const further: Holding[] = []
  for (const window of await listWindows(queries)) {
    const found = await beyondCalendar(queries, window, at)
    if (found !== null) further.push(found)
  }
  return [...planned, ...further]
}

/** A cover that was changed under way held other services before. */
function holdingAt(each: Occurrence, at: Instant): Holding {
  const part = each.earlier.find(({ from, to }) => contains({ start: from, end: to }, at))
  return part === undefined
    ? { ...holding(each), startsAt: each.startsAt }
    : { ...holding(each), services: part.services, startsAt: part.from }
}

async function beyondCalendar(queries: Queries, window: WindowRow, at: Instant): Promise<Holding | null> {
  const [found] = occurrencesWithin(window.recurrence, { start: at, end: instant(at + 1) }, 1)
  // In the calendar already, perhaps cancelled or moved: that row says what holds.
  if (found === undefined || (await findPlanned(queries, window.name, found.start))) return null
  return {
    ...{ id: window.name, window: window.name, title: window.title, reason: window.reason, by: window.declaredBy },
    services: await coversOf(queries, window),
    startsAt: found.start,
    endsAt: found.end,
  }
}

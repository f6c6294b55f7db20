// The calendar: changes that were made, and maintenance that was and is planned, on one line of time.
import { AppError } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { type Occurrence, stateOf } from '../../maintenance/core/index.ts'
import { listOccurrences } from '../../maintenance/index.ts'
import type { CalendarEntry } from '../changes.contract.ts'
import { type ChangeRow, listChangeRows } from '../changes.store.ts'

const most = 500
const longestMs = 400 * day
const furthestMs = 50 * 366 * day

export async function readCalendar(
  queries: Queries,
  asked: { readonly from: Instant | null; readonly to: Instant | null; readonly service: string | null },
) {
  const now = await queries.now()
  const from = asked.from ?? plus(now, -7 * day)
  const to = asked.to ?? plus(from, 35 * day)
  if (to <= from || to - from > longestMs || Math.abs(from - now) > furthestMs)
    throw new AppError(
      'invalid',
      'changes.bad-range',
      'The range ends before it begins, is longer than 400 days, or lies more than 50 years from now.',
    )
  const services = asked.service === null ? null : [asked.service]
  const changes = await listChangeRows(queries, { services, from, to }, null, most + 1)
  const planned = await listOccurrences(queries, { from, to, services, window: null }, null, most + 1)
  const [made, held] = [changes.slice(0, most), planned.slice(0, most)]
  const entries = [...made.map((row) => ofChange(row, held)), ...held.map((each) => ofMaintenance(each, now))]
  return {
    from: formatInstant(from),
    to: formatInstant(to),
    entries: entries.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.id < b.id ? -1 : 1)),
    more: changes.length > most || planned.length > most,
  }
}

function ofChange(
  { id, at, service, version, summary, source }: ChangeRow,
  planned: readonly Occurrence[],
): CalendarEntry {
  const time = formatInstant(at)
  const inside = (each: Occurrence) =>
    each.cancelledAt === null && each.startsAt <= at && at < each.endsAt && each.services.includes(service)
  return {
    ...{ kind: 'change', id, from: time, to: time, services: [service] },
    title: version === null || summary.includes(version) ? summary : `${summary} (${version})`,
    detail: source,
    state: 'done',
    during: planned.filter(inside).map((each) => each.id),
  }
}

function ofMaintenance(each: Occurrence, now: Instant): CalendarEntry {
  return {
    ...{ kind: 'maintenance', id: each.id, from: formatInstant(each.startsAt), to: formatInstant(each.endsAt) },
    ...{ services: [...each.services], title: each.title, detail: each.reason, state: stateOf(each, now), during: [] },
  }
}

// All SQL by which golden signals go: day by day and service by service, the minutes first, then the hours.
import { day } from '../../kernel/duration.ts'
import type { Tx } from '../../platform/database/database.ts'
import { sql, timestamp } from '../../platform/database/queries.ts'
import {
  beyond,
  type KeepRule,
  type OldRow,
  type Pick,
  type Picked,
  picked,
} from '../../platform/retention/keep-rule.ts'

// A day of a service is up to 1,440 rows: this many of them go in a few tenths of a second.
const daysAtOnce = 20

/** Days that ended before; a day of a service is one candidate. */
async function pickDays(tx: Tx, { before, after, limit }: Pick, withMinutes: boolean): Promise<readonly OldRow[]> {
  return tx.many(sql<OldRow>`
    select (extract(epoch from day_start) * 1000)::bigint::text || ' ' || service as id, day_start::text as at, array[service] as services
    from service_usage
    where day_start < ${timestamp(before)} - interval '1 day' and (minutes or not ${withMinutes})
      and ${beyond(sql`day_start, (extract(epoch from day_start) * 1000)::bigint::text || ' ' || service`, after, 'text')}
    order by day_start, id limit ${limit} for update skip locked`)
}

async function pickedDays(tx: Tx, pick: Pick, withMinutes: boolean): Promise<Picked> {
  const limit = Math.min(pick.limit, daysAtOnce)
  return picked(await pickDays(tx, { ...pick, limit }, withMinutes), limit)
}

interface ServiceDay {
  readonly from: number
  readonly service: string
}

// A service may have blanks in its name; the number before it has none.
const daysOf = (ids: readonly string[]): readonly ServiceDay[] =>
  ids.map((id) => ({ from: Number(id.slice(0, id.indexOf(' '))), service: id.slice(id.indexOf(' ') + 1) }))

const listOf = (days: readonly ServiceDay[]) =>
  sql`unnest(${days.map((each) => each.service)}::text[], ${days.map((each) => each.from)}::bigint[]) as d (service, starts)`

async function removeMinutes(tx: Tx, days: readonly ServiceDay[]): Promise<number> {
  return tx.run(sql`
    delete from signal_minutes m using ${listOf(days)}
    where m.service = d.service and m.minute_start >= d.starts and m.minute_start < d.starts + ${day}::bigint`)
}

const minutes: KeepRule = {
  name: 'signal-minutes',
  summary: 'Golden signals of services by the minute, and what each metric cost',
  keep: 'signalMinutes',
  pick: async (tx, pick) => pickedDays(tx, pick, true),
  remove: async (tx, ids) => {
    const days = daysOf(ids)
    const removed = await removeMinutes(tx, days)
    await tx.run(sql`
      update service_usage u set minutes = false, metrics = null from ${listOf(days)}
      where u.service = d.service and u.day_start = to_timestamp(d.starts / 1000.0)`)
    return removed
  },
}

const hours: KeepRule = {
  name: 'signal-hours',
  summary: 'Golden signals of services by the hour',
  keep: 'signalHours',
  pick: async (tx, pick) => pickedDays(tx, pick, false),
  remove: async (tx, ids) => {
    const days = daysOf(ids)
    await removeMinutes(tx, days)
    const removed = await tx.run(sql`
      delete from signal_hours h using ${listOf(days)}
      where h.service = d.service and h.hour_start >= d.starts and h.hour_start < d.starts + ${day}::bigint`)
    await tx.run(sql`
      delete from service_usage u using ${listOf(days)}
      where u.service = d.service and u.day_start = to_timestamp(d.starts / 1000.0)`)
    return removed
  },
}

export const signalsKept: readonly KeepRule[] = [minutes, hours]

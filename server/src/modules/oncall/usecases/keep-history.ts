// The past of schedules: kept before a definition changes and once an hour, read back wherever somebody looks behind now.
import { type Instant, instant } from '../../../kernel/instant.ts'
import { gaps, type Interval, intersection } from '../../../kernel/interval.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { listByKind } from '../../catalog/index.ts'
import { checkSchedule, type FinalSchedule, finalSchedule, type Schedule, type Shift } from '../core/index.ts'
import { type HistoryMark, keepShift, listKept, listMarks, lockMark, saveMark } from '../history.store.ts'
import { readSchedule } from '../kinds/read-spec.ts'
import { listOverrides, toOverride } from '../overrides.store.ts'

/**
 * Writes down who was on call up to now by the definition that held until now. `before` is null for a schedule that
 * begins (again) now: what lies behind it is not known, or nobody.
 */
export async function keepHistory(tx: Tx, name: string, before: ResourceDocument | null): Promise<void> {
  const now = await tx.now()
  const mark = await lockMark(tx, name)
  if (mark !== null && before !== null && mark.until < now) {
    const window = { start: mark.until, end: now }
    const overrides = await listOverrides(tx, [name], window.start, window.end)
    const schedule = readSchedule(before, overrides.map(toOverride))
    const sound = checkSchedule(schedule).length === 0 ? schedule : readSchedule(before, [])
    const team = typeof before.spec.team === 'string' ? before.spec.team : null
    for (const shift of finalSchedule(sound, window).shifts) await keepShift(tx, name, team, shift)
  }
  if (mark === null || mark.until < now) await saveMark(tx, name, now)
}

const mostSchedules = 500

/** For every schedule: also what is older than this code and its zone data stays as it was. */
export async function keepEveryHistory(needs: Needs): Promise<void> {
  const stored = await listByKind(needs.database, 'Schedule', null, mostSchedules)
  for (const each of stored) await needs.database.transaction((tx) => keepHistory(tx, each.name, each.document))
}

export interface FinalRecord extends FinalSchedule {
  /** Before anything was kept: neither covered nor a gap. */
  readonly unrecorded: readonly Interval[]
}

/** The final schedule over a window: behind the mark as it was kept, from there on as the definition has it. */
export async function recallFinal(queries: Queries, schedule: Schedule, window: Interval): Promise<FinalRecord> {
  const [mark] = (await listMarks(queries, [schedule.name])).values()
  if (mark === undefined || mark.until <= window.start) return { ...finalSchedule(schedule, window), unrecorded: [] }
  const kept = await listKept(queries, [schedule.name], before(window, mark))
  const past = kept.flatMap(({ person, source, ...span }): readonly Shift[] => {
    const inside = intersection(span, before(window, mark))
    return inside === null ? [] : [{ person, source, ...inside }]
  })
  const ahead = finalSchedule(schedule, { start: instant(Math.max(mark.until, window.start)), end: window.end })
  const shifts = joined(past, ahead.shifts, mark.until)
  const known = { start: instant(Math.max(mark.since, window.start)), end: window.end }
  const unrecorded =
    known.start > window.start ? [{ start: window.start, end: instant(Math.min(known.start, window.end)) }] : []
  return { shifts, gaps: known.start < known.end ? gaps(known, shifts) : [], unrecorded }
}

function before(window: Interval, mark: HistoryMark): Interval {
  return { start: window.start, end: instant(Math.min(window.end, mark.until)) }
}

/** A shift under way when the record was written is one shift. */
function joined(past: readonly Shift[], ahead: readonly Shift[], seam: Instant): readonly Shift[] {
  const key = (shift: Shift) => JSON.stringify([shift.person, sorted(shift.source)])
  const open = new Map(past.filter((each) => each.end === seam).map((each) => [key(each), each]))
  const merged = ahead.map((each) => {
    const first = each.start === seam ? open.get(key(each)) : undefined
    if (first === undefined) return each
    open.delete(key(each))
    return { ...each, start: first.start }
  })
  const taken = new Set(merged.filter((each) => each.start < seam).map((each) => `${each.start} ${key(each)}`))
  const rest = past.filter((each) => each.end !== seam || !taken.has(`${each.start} ${key(each)}`))
  return [...rest, ...merged].sort(
    (a, b) => a.start - b.start || (a.person < b.person ? -1 : a.person > b.person ? 1 : 0),
  )
}

/** The database keeps the fields of an object in an order of its own. */
function sorted(source: Shift['source']): readonly (readonly [string, unknown])[] {
  return Object.entries(source).sort(([a], [b]) => (a < b ? -1 : 1))
}

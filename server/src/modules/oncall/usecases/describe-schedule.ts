// One schedule for people to look at: what was, what will be, what is wrong with it, and what a change would do.
import { AppError, type Fault } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, parseInstant, plus } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import type { ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findResource } from '../../catalog/index.ts'
import { listHolidays } from '../calendars.store.ts'
import {
  checkOverride,
  checkSchedule,
  compareShifts,
  explainSource,
  type Finding,
  finalSchedule,
  knownSources,
  knownZone,
  loadOf,
  longestWindowMs,
  missingCover,
  type Schedule,
  type Shift,
  unevenness,
} from '../core/index.ts'
import { oncallKinds } from '../kinds/kinds.ts'
import { readSchedule } from '../kinds/read-spec.ts'
import type { ScheduleSpec } from '../kinds/schemas.ts'
import type { OverrideOrder } from '../oncall.contract.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { listOverrides, toOverride } from '../overrides.store.ts'
import { unknownSchedule } from './change-overrides.ts'
import { recallFinal } from './keep-history.ts'
import { holidaysOf, lintDocument } from './lint-schedule.ts'
import { loadSchedules } from './load-directory.ts'

interface Between {
  readonly from: string | undefined
  readonly to: string | undefined
}

export async function describeFinal(needs: Needs, order: { readonly name: string } & Between) {
  const { database, log } = needs
  const now = await database.now()
  const window = windowOf(order, now)
  const [schedule] = await loadSchedules(database, log, [order.name], window.start, window.end)
  if (schedule === undefined) throw unknownSchedule(order.name)
  const { shifts, gaps, unrecorded } = await recallFinal(database, schedule, window)
  return {
    name: order.name,
    from: formatInstant(window.start),
    to: formatInstant(window.end),
    shifts: shifts.map(presentShift),
    gaps: gaps.map(presentSpan),
    missing: missingCover(schedule, gaps).map(presentSpan),
    unrecorded: unrecorded.map(presentSpan),
  }
}

export async function lintSaved(needs: Needs, ports: OncallPorts, name: string) {
  const { document, schedule } = await loadOne(needs, name)
  const findings = await lintDocument(needs.database, needs, ports, document, schedule)
  return { name, findings: findings.map(presentFinding) }
}

/** Who carried and will carry how much: behind now by the record, ahead by the definition. */
export async function describeLoad(needs: Needs, ports: OncallPorts, order: { readonly name: string } & Between) {
  const { database } = needs
  const window = windowOf(order, await database.now())
  const { document, schedule } = await loadOne(needs, order.name)
  const { shifts } = await recallFinal(database, schedule, window)
  const people = [...new Set(shifts.map((each) => each.person))]
  const described = await ports.notifier.describe(database, people)
  const zone = typeof document.spec.zone === 'string' ? document.spec.zone : 'UTC'
  const imported = await listHolidays(database, order.name, window)
  const loads = loadOf(shifts, {
    window,
    zone,
    zoneOf: (person) => knownZone(described.get(person)?.timeZone ?? '') ?? zone,
    holidays: [...holidaysOf(document, zone), ...imported.map(({ name, ...span }) => ({ name, span }))],
  })
  return {
    name: order.name,
    from: formatInstant(window.start),
    to: formatInstant(window.end),
    unevenness: unevenness(loads),
    people: loads.map((each) => ({ ...each })),
  }
}

export interface PreviewOrder extends Between {
  readonly name: string
  readonly spec: ScheduleSpec | undefined
  readonly override: OverrideOrder | undefined
}

/** What would be, beside what is: computed by the same functions that save and page. Writes nothing. */
export async function previewSchedule(needs: Needs, ports: OncallPorts, order: PreviewOrder) {
  const now = await needs.database.now()
  const window = windowOf(order, now)
  const before = await loadOne(needs, order.name).catch((error: unknown) => {
    if (order.spec !== undefined && error instanceof AppError && error.kind === 'not-found') return null
    throw error
  })
  const document: ResourceDocument | undefined =
    order.spec === undefined
      ? before?.document
      : { apiVersion: 'mainstay.dev/v1', kind: 'Schedule', metadata: { name: order.name }, spec: order.spec }
  if (document === undefined) throw unknownSchedule(order.name)
  const faults = [...(oncallKinds.find((each) => each.kind === 'Schedule')?.admit(document).faults ?? [])]
  const schedule = readSchedule(document, before?.schedule.overrides ?? [])
  const override = order.override === undefined ? null : overrideOf(order.override, now)
  if (override !== null) faults.push(...checkOverride(override, knownSources(schedule), '/override'))
  if (faults.length > 0) throw refused(faults)
  const after: Schedule = override === null ? schedule : { ...schedule, overrides: [...schedule.overrides, override] }
  const shiftsAfter = finalSchedule(after, window)
  const shiftsBefore = before === null ? [] : finalSchedule(before.schedule, window).shifts
  const findings = await lintDocument(needs.database, needs, ports, document, after)
  const known =
    before === null ? [] : await lintDocument(needs.database, needs, ports, before.document, before.schedule)
  const old = new Set(known.map((each) => each.sentence))
  return {
    name: order.name,
    from: formatInstant(window.start),
    to: formatInstant(window.end),
    shifts: shiftsAfter.shifts.map(presentShift),
    gaps: shiftsAfter.gaps.map(presentSpan),
    missing: missingCover(after, shiftsAfter.gaps).map(presentSpan),
    findings: findings.map((each) => ({ ...presentFinding(each), fresh: !old.has(each.sentence) })),
    changes: compareShifts(shiftsBefore, shiftsAfter.shifts, window)
      .slice(0, 200)
      .map((each) => ({ ...presentSpan(each), before: [...each.before], after: [...each.after] })),
  }
}

function overrideOf(order: OverrideOrder, now: Instant) {
  return toOverride({
    id: 'preview',
    schedule: '',
    kind: order.kind,
    person: order.person,
    covers: order.covers ?? null,
    rotation: order.rotation ?? null,
    shift: order.shift ?? null,
    startsAt: parseInstant(order.start) ?? now,
    endsAt: parseInstant(order.end) ?? now,
    reason: order.reason,
    createdBy: '',
    calendarUid: null,
    createdAt: now,
  })
}

async function loadOne(needs: Needs, name: string): Promise<{ document: ResourceDocument; schedule: Schedule }> {
  const { database } = needs
  const stored = await findResource(database, { kind: 'Schedule', name })
  if (stored === null) throw unknownSchedule(name)
  const now = await database.now()
  const overrides = (await listOverrides(database, [name], plus(now, -day), plus(now, longestWindowMs))).map(toOverride)
  const schedule = readSchedule(stored.document, overrides)
  const sound = checkSchedule(schedule).length === 0 ? schedule : { ...schedule, overrides: [] }
  return { document: stored.document, schedule: sound }
}

const refused = (faults: readonly Fault[]): AppError =>
  new AppError('invalid', 'oncall.schedule-refused', 'The schedule cannot be kept as it is.', { faults })

function windowOf(order: Between, now: Instant): Interval {
  const start = order.from === undefined ? now : (parseInstant(order.from) ?? now)
  const end = order.to === undefined ? plus(start, 28 * day) : (parseInstant(order.to) ?? now)
  if (end > start && end - start <= longestWindowMs) return { start, end }
  throw new AppError(
    'invalid',
    'oncall.window-refused',
    'The window ends before it begins or is longer than 400 days.',
    { faults: [{ pointer: '?to', detail: 'Choose an end after the start, 400 days later at most.' }] },
  )
}

const presentSpan = ({ start, end }: Interval) => ({ start: formatInstant(start), end: formatInstant(end) })

function presentShift({ person, source, ...span }: Shift) {
  return {
    ...presentSpan(span),
    person,
    source: explainSource(source),
    kind: source.kind,
    rotation: source.kind === 'custom-shift' ? null : source.rotation,
    covers: source.kind === 'override' ? source.insteadOf : null,
  }
}

function presentFinding({ start, end, people, ...finding }: Finding) {
  return { ...finding, ...presentSpan({ start, end }), people: [...people] }
}

// Who is on call, worked out a second way: wall time by the platform's own calendar (Intl), turns by counting local
// days. Knows only the rotations the simulation makes: whole days or weeks, one after the other, with overrides.
import { day, minute } from '../../../src/kernel/duration.ts'
import type { Override, Schedule, TurnRotation } from '../../../src/modules/oncall/core/index.ts'

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, Map<number, number>>()
/** Zones change their offset on quarters of an hour. */
const quarter = 15 * minute

function offsetOf(zone: string, at: number): number {
  const slot = Math.floor(at / quarter)
  let known = offsets.get(zone)
  if (known === undefined) {
    known = new Map()
    offsets.set(zone, known)
  }
  const found = known.get(slot)
  if (found !== undefined) return found
  let format = formats.get(zone)
  if (format === undefined) {
    const fields = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...fields })
    formats.set(zone, format)
  }
  const parts = new Map(format.formatToParts(slot * quarter).map((each) => [each.type, Number(each.value)]))
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
  const offset = local - slot * quarter
  if (known.size > 20_000) known.clear()
  known.set(slot, offset)
  return offset
}

const anchors = new WeakMap<TurnRotation, { readonly first: number; readonly handOverMs: number }>()

/** The first day, counted from 1970, and the time of day at which turns are handed over. */
function anchorOf(rotation: TurnRotation): { readonly first: number; readonly handOverMs: number } {
  const known = anchors.get(rotation)
  if (known !== undefined) return known
  const [date = '', time = ''] = rotation.start.split('T')
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const found = {
    first: Math.floor(Date.parse(`${date}T00:00:00Z`) / day),
    handOverMs: (hours * 60 + minutes) * minute,
  }
  anchors.set(rotation, found)
  return found
}

function turnHolder(rotation: TurnRotation, at: number): string | null {
  const local = at + offsetOf(rotation.zone, at)
  const { first, handOverMs } = anchorOf(rotation)
  // A day of the rota begins at its hand-over; what was before belongs to the day before.
  const today = Math.floor((local - handOverMs) / day)
  const length = rotation.turn.every * (rotation.turn.unit === 'week' ? 7 : 1)
  const turn = Math.floor((today - first) / length)
  const count = rotation.members.length
  return rotation.members[((turn % count) + count) % count]?.person ?? null
}

export function onCall(schedule: Schedule, at: number): readonly string[] {
  const active = schedule.overrides.filter((each) => at >= each.start && at < each.end)
  const people: string[] = []
  for (const rotation of schedule.rotations) {
    const holder = rotation.shifts === undefined ? turnHolder(rotation, at) : null
    if (holder === null) continue
    const final = covered(holder, active, true)
    if (final !== null) people.push(final)
  }
  for (const [index, extra] of active.entries()) {
    if (extra.kind !== 'add') continue
    const final = covered(extra.person, active.slice(index + 1), false)
    if (final !== null) people.push(final)
  }
  return [...new Set(people)]
}

/** The newest cover without a name takes over whoever has the turn; a removal of the one who is left ends it. */
function covered(holder: string, active: readonly Override[], onRota: boolean): string | null {
  let person = holder
  const passed = new Set([holder])
  for (;;) {
    const next = active.findLast((each) => {
      if (each.kind === 'remove') return each.person === person
      return each.kind === 'replace' && onRota && person === holder && !passed.has(each.person)
    })
    if (next === undefined) return person
    if (next.kind === 'remove') return null
    person = next.person
    passed.add(person)
  }
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each) => b.includes(each))

/** The next instant at which the people change: hand-overs lie on quarters of an hour, covers begin where they say. */
export function nextChange(schedule: Schedule, at: number, horizonMs: number): number | null {
  const before = onCall(schedule, at)
  const edges = schedule.overrides.flatMap((each) => [each.start, each.end]).filter((edge) => edge > at)
  for (let slot = Math.floor(at / quarter) + 1; slot * quarter < at + horizonMs; slot += 1) {
    const edge = edges.filter((each) => each <= slot * quarter && each > (slot - 1) * quarter).sort((a, b) => a - b)
    for (const each of edge) if (!sameSet(onCall(schedule, each), before)) return each
    if (!sameSet(onCall(schedule, slot * quarter), before)) return slot * quarter
  }
  return null
}

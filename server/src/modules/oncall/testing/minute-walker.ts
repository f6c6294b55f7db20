// An oracle for schedules that shares nothing with the code it judges: Intl for the zones, one minute after another,
// and rules written down again from what people are promised. Slow and plain on purpose.
import type { Override, Rotation, Schedule } from '../core/index.ts'
import { readRecurrence } from '../core/index.ts'

const minute = 60_000
const day = 1440
const formats = new Map<string, Intl.DateTimeFormat>()

/** Minutes of the wall clock, counted as if it were UTC. */
function localMinutes(zone: string, at: number): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      dateStyle: 'short',
      timeStyle: 'short',
    })
    formats.set(zone, format)
  }
  const [date, month, year, hours, minutes] = (format.format(at).match(/\d+/g) ?? []).map(Number)
  return Date.UTC(year ?? 0, (month ?? 0) - 1, date, hours, minutes) / minute
}

/**
 * For each minute, the furthest the wall clock has come. A wall time has begun when it was reached: so one that the
 * clock skips begins behind the gap, and one that it shows twice begins the first time.
 */
function reachedMinutes(zone: string, from: number, to: number): readonly number[] {
  const reached: number[] = []
  let furthest = Number.NEGATIVE_INFINITY
  const lead = 3 * day
  for (let at = from - lead * minute; at < to; ) {
    const here = localMinutes(zone, at)
    const step = 30
    // Asked every half hour where the clock runs evenly, every minute where it does not.
    const even = localMinutes(zone, at + step * minute) - here === step
    for (let index = 0; index < step && at < to; index += 1, at += minute) {
      furthest = Math.max(furthest, even ? here + index : localMinutes(zone, at))
      if (at >= from) reached.push(furthest)
    }
  }
  return reached
}

const minutesOf = (local: string): number => Date.parse(`${local}Z`) / minute

/** The start of turn `index`, by counting on the calendar. */
function turnStart(start: number, unit: string, every: number, index: number): number {
  if (unit === 'hour') return start + index * every * 60
  if (unit === 'day') return start + index * every * day
  if (unit === 'week') return start + index * every * 7 * day
  const anchor = new Date(start * minute)
  const target = new Date(Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth(), 1))
  target.setUTCMonth(target.getUTCMonth() + index * every * (unit === 'quarter' ? 3 : 1))
  const length = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate()
  target.setUTCDate(Math.min(anchor.getUTCDate(), length))
  return target.getTime() / minute + (((start % day) + day) % day)
}

interface Slot {
  readonly start: number
  readonly end: number
  /** Counts for the order. */
  readonly counted: boolean
}

function inHours(rotation: Rotation, local: number): boolean {
  if (rotation.hours === undefined) return true
  // Monday 1970-01-05 was day 4.
  return rotation.hours.some(({ weekday, fromMinute, lengthMinutes }) => {
    const sinceMonday = (((local - 4 * day) % (7 * day)) + 7 * day) % (7 * day)
    const into = (sinceMonday - weekday * day - fromMinute + 21 * day) % (7 * day)
    return into < lengthMinutes
  })
}

/** Every slot that may matter between two wall times, with the order counted by hand. */
function slotsOf(rotation: Rotation, from: number, to: number): readonly (Slot & { position: number })[] {
  const per = rotation.perMember ?? 1
  if (rotation.shifts !== undefined) {
    const starts: Slot[] = []
    for (const shift of rotation.shifts) {
      const [first, end] = [minutesOf(shift.start), minutesOf(shift.end)]
      const left = (shift.except ?? []).map(minutesOf)
      const all = new Set(shift.repeat === undefined ? [first] : repeated(shift.repeat, first, to))
      for (const each of left) all.delete(each)
      for (const each of shift.also ?? []) all.add(minutesOf(each))
      for (const start of all) starts.push({ start, end: start + end - first, counted: true })
    }
    starts.sort((a, b) => a.start - b.start || a.end - b.end)
    return starts.map((slot, index) => ({ ...slot, position: Math.floor(index / per) }))
  }
  const { unit, every } = rotation.turn
  const start = minutesOf(rotation.start)
  const at = (index: number) => turnStart(start, unit, every, index)
  const counted = (index: number): boolean => {
    if (rotation.advance !== 'served' || rotation.hours === undefined) return true
    if (at(index + 1) - at(index) >= 7 * day) return true
    const end = at(index + 1)
    for (let local = at(index); local < end; local += 1) if (inHours(rotation, local)) return true
    return false
  }
  let index = 0
  let rank = 0
  while (at(index) > from) {
    index -= 1
    if (counted(index)) rank -= 1
  }
  const slots: (Slot & { position: number })[] = []
  for (; at(index) < to; index += 1) {
    const position = Math.floor(rank / per)
    const counts = counted(index)
    if (at(index + 1) > from) slots.push({ start: at(index), end: at(index + 1), counted: counts, position })
    if (counts) rank += 1
  }
  return slots
}

/** Day by day for what the generator makes: daily and weekly rules, by weekday, and monthly without a day. */
function repeated(rule: string, first: number, to: number): readonly number[] {
  const read = readRecurrence(rule)
  if (!('rule' in read)) throw new Error(read.fault)
  const { freq, interval, byDay } = read.rule
  const found: number[] = []
  if (freq === 'monthly') {
    for (let index = 0; turnStart(first, 'month', interval, index) < to; index += 1)
      found.push(turnStart(first, 'month', interval, index))
    return found
  }
  const weekday = (at: number) => (((Math.floor(at / day) + 3) % 7) + 7) % 7
  for (let at = first; at < to; at += day) {
    const days = (at - first) / day
    const weeks = Math.floor((days + weekday(first)) / 7)
    const wanted =
      byDay.length === 0
        ? freq === 'daily' || weekday(at) === weekday(first)
        : byDay.some((each) => each.weekday === weekday(at))
    if (wanted && (freq === 'daily' ? days % interval === 0 : weeks % interval === 0)) found.push(at)
  }
  return found
}

type Member = Rotation['members'][number]
const serves = (member: Member, at: number) => at >= (member.since ?? -Infinity) && at < (member.until ?? Infinity)

/** Who is on call by one rotation, for each minute; nothing but the rules of membership said step by step. */
function walkRotation(rotation: Rotation, from: number, to: number): readonly (readonly string[])[] {
  const dates = rotation.members.flatMap((each) => [each.since ?? from, each.until ?? from]).filter((each) => each < to)
  const begin = Math.min(from, ...dates) - 2 * day * minute
  const reached = reachedMinutes(rotation.zone, begin, to)
  const [first, last] = [reached[0] ?? 0, (reached.at(-1) ?? 0) + 1]
  const slots = slotsOf(rotation, first, last)
  const answers: (readonly string[])[] = []
  const { members } = rotation
  const all = members.map((_, index) => index)
  const owners: (number | null)[] = []
  let opened = 0
  const open = new Set<number>()
  let active: readonly number[] = []
  /** The owner of each position, the latest one that was decided. */
  const ownerOf = new Map<number, number | null>()
  let holder: number | null = null
  for (const [index, local] of reached.entries()) {
    const at = begin + index * minute
    for (let slot = slots[opened]; slot !== undefined && slot.start <= local; slot = slots[opened]) {
      const now = all.filter((each) => members[each] !== undefined && serves(members[each], slotBegan(slot, at)))
      const changed = opened === 0 || now.join() !== active.join()
      active = now
      if (opened === 0) owners.push(beginning(slot.position))
      else if (changed || !ownerOf.has(slot.position)) owners.push(following(slot.position))
      else owners.push(ownerOf.get(slot.position) ?? null)
      ownerOf.set(slot.position, owners[opened] ?? null)
      open.add(opened)
      opened += 1
    }
    if (at >= from) answers.push(peopleAt(local, at))
  }
  return answers

  /** A slot already open when the walk begins is older than every date. */
  function slotBegan(slot: Slot, at: number): number {
    return slot.start < first ? Number.NEGATIVE_INFINITY : at
  }

  /** Turns had a holder before, by the same order; before the first shift nobody had one. */
  function beginning(position: number): number | null {
    const count = active.length
    const nth = (which: number) => (count === 0 ? null : (active[((which % count) + count) % count] ?? null))
    if (rotation.shifts === undefined) ownerOf.set(position - 1, nth(position - 1))
    return nth(position)
  }

  /** After a time without anybody the order goes on behind whoever came last. */
  function following(position: number): number | null {
    const before = ownerOf.get(position - 1) ?? holder
    holder = before
    if (active.length === 0) return null
    if (before === null) return active[((position % active.length) + active.length) % active.length] ?? null
    return active.find((each) => each > before) ?? active[0] ?? null
  }

  function peopleAt(local: number, at: number): readonly string[] {
    if (at < (rotation.since ?? -Infinity) || at >= (rotation.until ?? Infinity)) return []
    if (!inHours(rotation, local)) return []
    const found: string[] = []
    for (const index of [...open]) {
      const slot = slots[index]
      if (slot === undefined || local >= slot.end) {
        open.delete(index)
        continue
      }
      if (rotation.assign === 'everyone') {
        found.push(...members.flatMap((each) => (each.person !== null && serves(each, at) ? [each.person] : [])))
        continue
      }
      const owner = owners[index] ?? null
      const mine = owner === null ? undefined : members[owner]
      if (mine !== undefined && serves(mine, at)) {
        if (mine.person !== null) found.push(mine.person)
        continue
      }
      const order = [...all.slice((owner ?? -1) + 1), ...all.slice(0, (owner ?? -1) + 1)]
      const stand = order
        .flatMap((each) => members[each] ?? [])
        .find((each) => each.person !== null && serves(each, at))
      if (stand?.person !== undefined && stand.person !== null) found.push(stand.person)
    }
    return [...new Set(found)]
  }
}

/** The people on call in each minute of [from, to), sorted, each once. */
export function walkSchedule(schedule: Schedule, from: number, to: number): readonly (readonly string[])[] {
  const rotas = schedule.rotations.map((each) => ({ each, minutes: walkRotation(each, from, to) }))
  return Array.from({ length: Math.ceil((to - from) / minute) }, (_, index) => {
    const at = from + index * minute
    const active = schedule.overrides.filter((each) => each.start <= at && at < each.end)
    const present = rotas.filter(({ minutes }) => (minutes[index] ?? []).length > 0)
    const top = Math.max(0, ...present.map(({ each }) => each.layer ?? 0))
    const people = new Set<string>()
    for (const { each, minutes } of present) {
      if ((each.layer ?? 0) !== top) continue
      for (const person of minutes[index] ?? []) {
        const result = replaced(person, [person], { rotation: each.name }, active)
        if (result !== null) people.add(result)
      }
    }
    for (const shift of schedule.shifts ?? []) {
      if (shift.start > at || at >= shift.end) continue
      const result = replaced(shift.person, [shift.person], { shift: shift.name }, active)
      if (result !== null) people.add(result)
    }
    for (const [which, extra] of active.entries()) {
      if (extra.kind !== 'add') continue
      const result = replaced(extra.person, [extra.person], {}, active.slice(which + 1))
      if (result !== null) people.add(result)
    }
    return [...people].sort()
  })
}

type Where = { readonly rotation?: string; readonly shift?: string }

/** The last override made that speaks of this person here decides; then the same is asked of who takes over. */
function replaced(person: string, passed: readonly string[], where: Where, active: readonly Override[]): string | null {
  for (const each of [...active].reverse()) {
    if (each.kind === 'add') continue
    if (each.rotation !== undefined && each.rotation !== where.rotation) continue
    if (each.shift !== undefined && each.shift !== where.shift) continue
    if (each.kind === 'remove') {
      if (each.person === person) return null
      continue
    }
    const rostered = where.rotation !== undefined || where.shift !== undefined
    const speaks = each.covers === undefined ? rostered && passed.length === 1 : each.covers === person
    if (speaks && !passed.includes(each.person)) return replaced(each.person, [...passed, each.person], where, active)
  }
  return person
}

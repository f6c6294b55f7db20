// Writes the note of a hand-over from what is on record: pages and what became of them, covers ahead, what other rooms know.
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant, plus } from '../../../kernel/instant.ts'
import { type Interval, overlaps } from '../../../kernel/interval.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findResource, type StoredResource } from '../../catalog/index.ts'
import { clockTime } from '../../notifications/core/index.ts'
import {
  clockChanges,
  explainSource,
  figuresOf,
  formatWall,
  handOversOf,
  missingCover,
  type NotedShift,
  notedShift,
  noteText,
  type Shift,
  sumOf,
  wallAt,
} from '../core/index.ts'
import type { HandOverNote, NotedAlert } from '../hand-over.contract.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { type EscalationRow, listEscalationsOf, listOpenOfPeople } from '../oncall.store.ts'
import { unknownSchedule } from './change-overrides.ts'
import { recallFinal } from './keep-history.ts'
import { loadSchedules } from './load-directory.ts'
import { loadDuty, loadPeopleDuty, loadTerms } from './load-duty.ts'

const lookMs = 35 * day
const shown = 100

export async function writeHandOver(
  needs: Needs,
  ports: OncallPorts,
  order: { readonly schedule: string; readonly at: Instant | null },
): Promise<HandOverNote> {
  const { database } = needs
  const stored = await findResource(database, { kind: 'Schedule', name: order.schedule })
  if (stored === null) throw unknownSchedule(order.schedule)
  const now = await database.now()
  const at = order.at ?? now
  const zone = typeof stored.document.spec.zone === 'string' ? stored.document.spec.zone : 'UTC'
  const displayName = stored.document.metadata.displayName ?? stored.name
  const window = { start: plus(at, -lookMs), end: plus(at, lookMs) }
  const [schedule] = await loadSchedules(database, needs.log, [stored.name], window.start, window.end)
  if (schedule === undefined) throw unknownSchedule(order.schedule)
  const { shifts, gaps } = await recallFinal(database, schedule, window)
  const missing = missingCover(schedule, gaps)
  const shift = notedShift(shifts, window, at)
  const served = [...new Set(shifts.filter((each) => overlaps(each, shift)).map((each) => each.person))]
  const until = instant(Math.min(shift.end, now))
  const paged = await listEscalationsOf(database, { people: served, from: shift.start, to: until })
  const open = (await listOpenOfPeople(database, served)).slice(0, shown).map((row) => noted(row, now, zone))
  const happened = paged.filter((row) => row.state.phase.kind === 'resolved').slice(-shown)
  const services = [...new Set(paged.flatMap((row) => row.service ?? []))]
  const counted = await countShift(needs, ports, { stored, people: served, shift, until })
  const described = await ports.notifier.describe(database, [...served, ...shift.coming])
  const say = (people: readonly string[]): string =>
    people.length === 0 ? 'nobody' : people.map((each) => described.get(each)?.displayName ?? each).join(', ')
  const ahead = aheadOf({ shifts, missing, window, zone }, shift, say)
  const facts = (await ports.handOverFacts?.(database, { services, from: shift.start, to: until })) ?? []
  const ended = happened.map((row) => noted(row, now, zone))
  return {
    schedule: stored.name,
    displayName,
    from: formatInstant(shift.start),
    to: shift.hasEnd ? formatInstant(shift.end) : null,
    leaving: [...shift.leaving],
    coming: [...shift.coming],
    ...counted,
    happened: ended,
    open,
    ahead,
    facts: facts.map((each) => ({ ...each })),
    text: noteText({
      title: `Hand-over: ${displayName}`,
      span: `${wallText(shift.start, zone)} to ${shift.hasEnd ? wallText(shift.end, zone) : 'now'} (${zone})`,
      leaving: say(shift.leaving),
      coming: say(shift.coming),
      counts: `${counted.calls === 1 ? 'One call' : `${counted.calls} calls`}, ${counted.brokenNights === 1 ? 'one broken night' : `${counted.brokenNights} broken nights`}.`,
      ...{ open, happened: ended, ahead, facts },
    }),
  }
}

const wallText = (at: Instant, zone: string): string => formatWall(wallAt(zone, at)).slice(0, 16).replace('T', ' ')

async function countShift(
  needs: Needs,
  ports: OncallPorts,
  of: {
    readonly stored: StoredResource
    readonly people: readonly string[]
    readonly shift: NotedShift
    readonly until: Instant
  },
) {
  const span = { start: of.shift.start, end: of.until }
  if (span.end <= span.start) return { calls: 0, brokenNights: 0 }
  const { team } = of.stored.document.spec
  const terms = (await loadTerms(needs.database))(typeof team === 'string' ? team : null)
  const duty = await loadDuty(needs, of.stored, span)
  const duties = duty === null ? [] : [duty]
  const loaded = await loadPeopleDuty(needs, ports, duties, { others: of.people, from: span.start, to: span.end })
  const total = sumOf(
    loaded
      .filter((each) => of.people.includes(each.person))
      .flatMap((each) => figuresOf(each, [span], terms, of.until)),
  )
  return { calls: total.calls, brokenNights: total.brokenNights }
}

function noted(row: EscalationRow, now: Instant, zone: string): NotedAlert {
  const { facts, state } = row
  const { phase } = state
  const standing =
    phase.kind === 'acknowledged'
      ? `${phase.by} has it since ${clockTime(phase.at, now, zone)}.`
      : phase.kind === 'snoozed'
        ? `${phase.by} put it off until ${clockTime(phase.until, now, zone)}.`
        : phase.kind === 'resolved'
          ? `over at ${clockTime(phase.at, now, zone)}.`
          : 'nobody has acknowledged it.'
  return {
    alert: row.alertId,
    title: `${facts.service}: ${facts.summary}`,
    severity: facts.severity,
    startedAt: formatInstant(facts.startedAt),
    standing,
    link: facts.link,
  }
}

/** Covers, holes and changes of the clock up to the next hand-over, and for a day at least: a cover is a hand-over itself. */
function aheadOf(
  of: {
    readonly shifts: readonly Shift[]
    readonly missing: readonly Interval[]
    readonly window: Interval
    readonly zone: string
  },
  shift: NotedShift,
  say: (people: readonly string[]) => string,
): string[] {
  if (!shift.hasEnd) return []
  const { zone } = of
  const next = handOversOf(of.shifts, of.window).find((each) => each.at > shift.end)
  const end = next === undefined ? of.window.end : instant(Math.max(next.at, shift.end + day))
  const coming = { start: shift.end, end }
  const span = ({ start, end }: Interval): string => `${wallText(start, zone)} to ${wallText(end, zone)}`
  const covers = of.shifts.filter((each) => each.source.kind === 'override' && overlaps(each, coming))
  const holes = of.missing.filter((each) => overlaps(each, coming))
  return [
    ...holes.map((each) => `Nobody is on call from ${span(each)}.`),
    ...covers.map((each) => `${say([each.person])}, ${span(each)}: ${explainSource(each.source)}.`),
    ...clockChanges(zone, coming).map((each) => `The clock changes at ${wallText(each.at, zone)}.`),
  ].slice(0, 40)
}

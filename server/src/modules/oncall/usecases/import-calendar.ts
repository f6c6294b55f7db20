// Another calendar read in: holidays, or who covers when. Reading it again changes only what changed in it.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findPersonByEmail, findResource, listByKind } from '../../catalog/index.ts'
import type { EventRead } from '../calendar.ports.ts'
import { replaceHolidays } from '../calendars.store.ts'
import { calendarImported } from '../cover.contract.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { forgetCalendar, listFromCalendar } from '../overrides.store.ts'
import { putOverride, takeBackOverride, unknownSchedule } from './change-overrides.ts'

const aheadMs = 366 * day
const mostOverrides = 200
const mostPeople = 5_000

export interface CalendarImport {
  readonly schedule: string
  readonly text: string
  readonly as: 'holidays' | 'overrides'
  readonly kind: 'replace' | 'add' | 'remove'
  readonly dryRun: boolean
  readonly actor: Actor
}

export interface ImportReport {
  readonly added: readonly string[]
  readonly kept: number
  readonly removed: readonly string[]
  /** What was not taken over, and why. */
  readonly skipped: readonly string[]
  readonly dryRun: boolean
}

export async function importCalendar(
  needs: Needs,
  ports: Pick<OncallPorts, 'calendar'>,
  order: CalendarImport,
): Promise<ImportReport> {
  const work = async (tx: Tx): Promise<ImportReport> => {
    const stored = await findResource(tx, { kind: 'Schedule', name: order.schedule })
    if (stored === null) throw unknownSchedule(order.schedule)
    const now = await tx.now()
    const zone = typeof stored.document.spec.zone === 'string' ? stored.document.spec.zone : 'UTC'
    const { events, problems } = ports.calendar.read(order.text, zone, { start: now, end: plus(now, aheadMs) })
    if (events.length === 0 && problems.length > 0)
      throw new AppError('invalid', 'oncall.calendar-refused', problems[0] ?? 'The calendar cannot be read.')
    const sorted = [...events].sort((a, b) => a.start - b.start)
    const report = order.as === 'holidays' ? await takeHolidays(sorted) : await takeOverrides(sorted)
    const result = { ...report, skipped: [...problems, ...report.skipped], dryRun: order.dryRun }
    await needs.journal.publish(tx, calendarImported, {
      actor: order.actor,
      subject: { kind: 'schedule', id: order.schedule },
      data: { schedule: order.schedule, as: order.as, added: result.added.length, removed: result.removed.length },
    })
    return result

    async function takeHolidays(found: readonly EventRead[]) {
      const rows = found.map(({ summary, start, end }) => ({ name: summary.slice(0, 120) || 'Holiday', start, end }))
      await replaceHolidays(tx, order.schedule, now, rows)
      return {
        added: rows.map((each) => `${formatInstant(each.start).slice(0, 10)} ${each.name}`),
        kept: 0,
        removed: [],
        skipped: [],
      }
    }

    async function takeOverrides(found: readonly EventRead[]) {
      const people = await listByKind(tx, 'Person', null, mostPeople)
      const named = new Map(
        people.flatMap(({ name, document }) => [
          [name.toLowerCase(), name],
          [(document.metadata.displayName ?? name).toLowerCase(), name],
        ]),
      )
      const before = new Map((await listFromCalendar(tx, order.schedule, now)).map((row) => [row.calendarUid, row]))
      const [added, removed, skipped]: [string[], string[], string[]] = [[], [], []]
      let kept = 0
      for (const event of found.slice(0, mostOverrides)) {
        const span = `${formatInstant(event.start)} to ${formatInstant(event.end)}`
        const person = await personOf(event, named)
        if (person === null) {
          skipped.push(`${span} "${event.summary}": no attendee, and no word of it, is a person of the catalog.`)
          continue
        }
        const uid = `${event.uid} ${formatInstant(event.replaces ?? event.start)}`
        const old = before.get(uid)
        before.delete(uid)
        // One that has begun was cut to the moment it was read.
        const same = old !== undefined && old.person === person && old.kind === order.kind && old.endsAt === event.end
        if (same && (old.startsAt === event.start || old.startsAt <= now)) {
          kept += 1
          continue
        }
        if (old !== undefined) await takeBackOverride(tx, needs, { id: old.id, actor: order.actor })
        await forgetCalendar(tx, order.schedule, uid)
        await putOverride(tx, needs, {
          schedule: order.schedule,
          actor: order.actor,
          calendarUid: uid,
          body: {
            kind: order.kind,
            person,
            start: formatInstant(instant(Math.max(event.start, now))),
            end: formatInstant(event.end),
            reason: `Calendar: ${event.summary}`.slice(0, 500),
          },
        })
        added.push(`${span} ${person}`)
      }
      if (found.length > mostOverrides) skipped.push(`Only the first ${mostOverrides} events were taken over.`)
      for (const row of before.values()) {
        await takeBackOverride(tx, needs, { id: row.id, actor: order.actor })
        removed.push(`${formatInstant(row.startsAt)} to ${formatInstant(row.endsAt)} ${row.person}`)
      }
      return { added, kept, removed, skipped }
    }

    async function personOf(event: EventRead, named: ReadonlyMap<string, string>): Promise<string | null> {
      for (const address of event.people) {
        const person = await findPersonByEmail(tx, address)
        if (person !== null) return person.name
      }
      const words = event.summary.toLowerCase()
      return named.get(words.trim()) ?? [...named].find(([word]) => hasWord(words, word))?.[1] ?? null
    }
  }
  return order.dryRun ? needs.database.rehearse(work) : needs.database.transaction(work)
}

/** "On call: Ana" names Ana; "Banana day" does not. */
function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word)
  if (at < 0) return false
  const letter = /[\p{L}\p{N}]/u
  return !letter.test(text[at - 1] ?? ' ') && !letter.test(text[at + word.length] ?? ' ')
}

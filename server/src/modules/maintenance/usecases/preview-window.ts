// What a maintenance would be, before anybody declares it.
import { AppError } from '../../../kernel/app-error.ts'
import { parseDuration } from '../../../kernel/duration.ts'
import { formatInstant, plus } from '../../../kernel/instant.ts'
import { overlaps } from '../../../kernel/interval.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findServices } from '../../catalog/index.ts'
import { occurrencesWithin, type Recurrence, recurrenceFault } from '../core/index.ts'
import { listOccurrences } from '../maintenance.store.ts'
import { coversOf } from './plan-windows.ts'
import { presentOccurrence } from './present-occurrence.ts'

const shown = 10
const lookedMs = 366 * 86_400_000
const mostOverlaps = 20

export interface WindowDraft {
  readonly services: readonly string[]
  readonly dependants?: 'none' | 'hard' | 'all'
  readonly start: string
  readonly timeZone: string
  readonly lasts: string
  readonly repeat?: string
}

export async function previewWindow(queries: Queries, draft: WindowDraft) {
  const recurrence: Recurrence = {
    rule: draft.repeat ?? null,
    start: draft.start,
    timeZone: draft.timeZone,
    lastsMs: parseDuration(draft.lasts) ?? 0,
  }
  const fault = recurrenceFault(recurrence)
  if (fault !== null)
    throw new AppError('invalid', 'maintenance.refused', fault.detail, {
      faults: [{ pointer: `/${fault.field}`, detail: fault.detail }],
    })
  const now = await queries.now()
  const within = { start: now, end: plus(now, lookedMs) }
  const next = occurrencesWithin(recurrence, within, shown)
  const covered = await coversOf(queries, { services: draft.services, dependants: draft.dependants ?? 'none' })
  const known = new Map((await findServices(queries, covered)).map((each) => [each.name, each]))
  const last = next.at(-1)
  const around =
    last === undefined
      ? []
      : await listOccurrences(queries, { from: now, to: last.end, services: covered, window: null }, null, 500)
  const clashing = around.filter(
    (each) =>
      each.cancelledAt === null && next.some((own) => overlaps(own, { start: each.startsAt, end: each.endsAt })),
  )
  const unknown = draft.services.filter((name) => !known.has(name))
  return {
    occurrences: next.map(({ start, end }) => ({
      startsAt: formatInstant(start),
      endsAt: formatInstant(end),
      lastsMs: end - start,
    })),
    services: covered.map((name) => ({
      name,
      named: draft.services.includes(name),
      team: known.get(name)?.team ?? null,
    })),
    overlaps: clashing.slice(0, mostOverlaps).map((each) => presentOccurrence(each, now)),
    warnings: [
      ...(next.length === 0 ? ['It is over already, or does not take place within a year.'] : []),
      ...unknown.map((name) => `${name} is not in the catalog.`),
    ],
  }
}

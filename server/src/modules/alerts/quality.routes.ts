// HTTP edge of ratings and of what alerts cost.
import { AppError } from '../../kernel/app-error.ts'
import { day } from '../../kernel/duration.ts'
import { formatInstant, type Instant, parseInstant, plus } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { knownZone, wallAt } from '../oncall/core/index.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import { findAlert } from './alerts.store.ts'
import { type Offset, offsetsIn } from './core/index.ts'
import { type QualityRow, rateAlert as rateOperation, readQuality } from './quality.contract.ts'
import { type Counts, type CountsRow, countQuality, listQuietRules, type Span } from './quality.store.ts'
import { rateAlert } from './usecases/rate-alert.ts'

const usualSpanMs = 30 * day
const longestSpanMs = 400 * day
const quietAfterMs = 90 * day
const quietAtMost = 100
// People are told of what began in the span a little after it; with the span it bounds how many days are asked for.
const laterMs = 7 * day

export function qualityRoutes(needs: Needs, ports: AlertsPorts): readonly BoundOperation[] {
  const { database } = needs
  return [
    route(
      rateOperation,
      async ({ params, body, actor }) => {
        const order = { alertId: params.id, useful: body.useful, actor, by: await ports.personOf(actor) }
        const { useful, by, at } = await rateAlert(needs, order)
        return { id: params.id, useful, by, at: at === null ? null : formatInstant(at) }
      },
      async ({ params }) => (await findAlert(database, params.id))?.team ?? null,
    ),
    route(readQuality, async ({ query }) => {
      const now = await database.now()
      const span = spanOf(query, now)
      const by = query.by ?? 'rule'
      const limit = query.limit ?? 100
      // One more than shown, and the row of the whole.
      const until = plus(span.to, laterMs)
      const offsets = offsetsOf(query.zone ?? 'UTC', span.from, until < now ? until : now)
      const rows = await countQuality(database, { ...span, by, offsets, limit: limit + 1 })
      const items = rows.filter(({ total }) => !total)
      const quiet = by === 'rule' ? await listQuietRules(database, plus(now, -quietAfterMs), quietAtMost) : []
      return {
        by,
        from: formatInstant(span.from),
        to: formatInstant(span.to),
        total: countsOf(rows.find(({ total }) => total) ?? none),
        items: items.slice(0, limit).map(present),
        more: items.length > limit,
        quiet: quiet.map(({ rule, lastAt }) => ({ rule, lastAt: formatInstant(lastAt) })),
      }
    }),
  ]
}

function spanOf(query: { readonly from?: string; readonly to?: string }, now: Instant): Span {
  const to = query.to === undefined ? now : parseInstant(query.to)
  if (to === null) throw new AppError('invalid', 'alerts.quality-span', 'The end of the span is no time.')
  const from = query.from === undefined ? plus(to, -usualSpanMs) : parseInstant(query.from)
  if (from === null || from >= to || to - from > longestSpanMs)
    throw new AppError('invalid', 'alerts.quality-span', 'A span begins before it ends and lasts 400 days at most.')
  return { from, to }
}

/** By our own calendar: the database may have an older one. */
function offsetsOf(given: string, from: Instant, until: Instant): readonly Offset[] {
  const zone = knownZone(given)
  if (zone === null)
    throw new AppError(
      'invalid',
      'alerts.unknown-zone',
      `There is no time zone ${given}; name one such as Europe/Berlin.`,
    )
  return offsetsIn((at) => wallAt(zone, at) - at, from, until)
}

const none: Counts = {
  ...{ alerts: 0, pages: 0, pagesForNothing: 0, pagesAfterHours: 0, ended: 0, selfHealed: 0, useful: 0, noise: 0 },
  ...{ openMs: 0, critical: 0, criticalWithRunbook: 0, criticalWithTeam: 0 },
}

function countsOf(row: Counts): Counts {
  const { alerts, pages, pagesForNothing, pagesAfterHours, ended, selfHealed, useful, noise } = row
  const { openMs, critical, criticalWithRunbook, criticalWithTeam } = row
  return {
    ...{ alerts, pages, pagesForNothing, pagesAfterHours, ended, selfHealed, useful, noise },
    ...{ openMs: Math.round(openMs), critical, criticalWithRunbook, criticalWithTeam },
  }
}

function present(row: CountsRow): QualityRow {
  if (row.lastAt === null) throw new Error('A group has at least one alert.')
  return { name: row.name, ...countsOf(row), lastAt: formatInstant(row.lastAt) }
}

import { AppError } from '../../kernel/app-error.ts'
import { type Instant, instant, parseInstant, plus } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { askers } from './asking.ts'
import { monthOf, monthStretch, type Stretch } from './core/index.ts'
import * as contract from './figures.contract.ts'
import type { LearningPorts } from './learning.ports.ts'
import { readPackOf, readTrendsOf } from './usecases/read-figures.ts'
import { searchAll } from './usecases/search-all.ts'

export function figuresRoutes(needs: Needs, ports: LearningPorts): readonly BoundOperation[] {
  const { database } = needs
  const { readerOf } = askers(ports)
  return [
    route(contract.readTrends, async ({ query, actor }) => {
      const stretch = stretchOf(query, await database.now())
      const filter = { service: query.service ?? null, team: query.team ?? null, class: query.class ?? null }
      return readTrendsOf(database, await readerOf(actor), stretch, filter)
    }),
    route(contract.searchLearnt, async ({ query, actor }) => {
      const { q, kind = null, service = null, limit = 30 } = query
      return searchAll(database, await readerOf(actor), { typed: q, kind, service, class: query.class ?? null, limit })
    }),
    route(contract.readPack, async ({ params, actor }) => {
      const { month } = params
      const stretch = monthStretch(month)
      if (stretch === null) throw new AppError('invalid', 'learning.bad-month', `${month} is no month.`)
      const before = monthStretch(monthOf(plus(stretch.from, -1))) ?? stretch
      return readPackOf(database, await readerOf(actor), { month, stretch, before })
    }),
  ]
}

/** Twelve whole months back from the month that runs. */
function stretchOf(query: { readonly from?: string; readonly to?: string }, now: Instant): Stretch {
  const to = (query.to === undefined ? null : parseInstant(query.to)) ?? now
  const at = new Date(to)
  const usual = instant(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 11, 1))
  const from = (query.from === undefined ? null : parseInstant(query.from)) ?? usual
  const tenYears = instant(Date.UTC(at.getUTCFullYear() - 10, at.getUTCMonth(), at.getUTCDate()))
  if (from >= to || from < tenYears)
    throw new AppError('invalid', 'learning.bad-range', 'The range ends before it begins, or is longer than ten years.')
  return { from, to }
}

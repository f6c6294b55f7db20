// Anomalies plug in apart from the intake of telemetry: they read what that counted, and need what rooms after it know.

import { AppError } from '../../kernel/app-error.ts'
import { minute } from '../../kernel/duration.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { bindJob } from '../../platform/work/job.ts'
import {
  type AnomalyRow,
  anomaliesKept,
  listAnomalyRows,
  listSeries,
  listWatches,
  type SeriesRow,
  type WatchRow,
} from './anomalies.store.ts'
import {
  type Anomaly,
  anomalyBegan,
  anomalyEnded,
  anomalySignals,
  findAnomaliesJob,
  listAnomalies,
  listWatchedSeries,
  type WatchedSeries,
} from './anomaly.contract.ts'
import type { AnomalyPorts } from './anomaly.ports.ts'
import { rulesFor } from './core/anomaly/index.ts'
import { anomalyWatchKind } from './kinds/anomaly-watch.ts'
import { findAnomalies, newAnomalyMemory } from './usecases/find-anomalies.ts'

const events: readonly EventType<JsonObject>[] = [anomalyBegan, anomalyEnded]

export function anomalyRoom(needs: Needs, ports: AnomalyPorts): Room {
  const memory = newAnomalyMemory()
  return {
    name: 'anomalies',
    operations: anomalyRoutes(needs),
    jobs: [bindJob(findAnomaliesJob, () => findAnomalies(needs, ports, memory))],
    // Steps are five minutes long; a look a minute finds them soon after they settle.
    recurring: [{ job: findAnomaliesJob, everyMs: minute }],
    kinds: [anomalyWatchKind],
    events,
    kept: anomaliesKept,
  }
}

function anomalyRoutes(needs: Needs): readonly BoundOperation[] {
  return [
    route(listAnomalies, async ({ query }) => {
      const limit = query.limit ?? 100
      const before = placeOf(query.cursor)
      const filter = {
        service: query.service ?? null,
        signal: query.signal ?? null,
        state: query.state ?? null,
        from: query.from === undefined ? null : parseInstant(query.from),
        to: query.to === undefined ? null : parseInstant(query.to),
      }
      const rows = await listAnomalyRows(needs.database, filter, before, limit + 1)
      return toPage(rows, limit, (row) => [formatInstant(row.beganAt), row.id], presentAnomaly)
    }),
    route(listWatchedSeries, async ({ query }) => {
      const limit = query.limit ?? 100
      const [service, word, objective] = decodeCursor(query.cursor, ['string', 'string', 'string']) ?? []
      const signal = anomalySignals.find((each) => each === word)
      const after =
        typeof service === 'string' && signal !== undefined && typeof objective === 'string'
          ? { service, signal, objective }
          : null
      const watches = await listWatches(needs.database)
      const rows = await listSeries(needs.database, query.service ?? null, after, limit + 1)
      return toPage(
        rows,
        limit,
        (row) => [row.service, row.signal, row.objective],
        (row) => presentSeries(row, watches.get(row.service)),
      )
    }),
  ]
}

function placeOf(cursor: string | undefined): { readonly at: Instant; readonly id: string } | null {
  const [time, id] = decodeCursor(cursor, ['string', 'string']) ?? []
  if (typeof time !== 'string' || typeof id !== 'string') return null
  const at = parseInstant(time)
  if (at !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return { at, id }
  throw new AppError('invalid', 'http.bad-cursor', 'The cursor is not one of ours. Start again without it.')
}

function presentAnomaly(row: AnomalyRow): Anomaly {
  const { beganAt, endedAt, objective, ...rest } = row
  return {
    ...rest,
    objective: objective === '' ? null : objective,
    startedAt: formatInstant(beganAt),
    endedAt: endedAt === null ? null : formatInstant(endedAt),
  }
}

function presentSeries(row: SeriesRow, watch: WatchRow | undefined): WatchedSeries {
  const { service, signal, objective, points, lastAt, timeZone } = row
  return {
    service,
    signal,
    objective: objective === '' ? null : objective,
    mode:
      watch === undefined ? 'hint' : watch.mode === 'alert' && !watch.signals.includes(signal) ? 'hint' : watch.mode,
    timeZone,
    steps: points,
    learning: points <= rulesFor.hint.pointsToLearn,
    lastAt: lastAt === null ? null : formatInstant(instant(lastAt)),
  }
}

// The timeline: the journal read by link, each line where it happened; and graphs pinned into it as data.
import { AppError } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, parseInstant } from '../../../kernel/instant.ts'
import type { JsonValue } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findObjectiveSummary } from '../../slo/index.ts'
import { readSteps } from '../../telemetry/index.ts'
import { type PlacedLine, placeLines } from '../core/index.ts'
import type { IncidentsPorts, JournalLine } from '../incidents.ports.ts'
import { entryPlaced, graphPinned } from '../work.contract.ts'
import { insertPin, listPins, type PinRow } from '../work.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { loadIncident, type Order } from './load-incident.ts'
import { alertsOf } from './read-overview.ts'
import { tooMany, wholeMinutes } from './work-items.ts'

/** Lines of one timeline that are read at once, of more the first and the newest; the journal has the rest. */
export const mostLines = 5_000
const mostPins = 50
// Writing about the incident is no part of what happened; the journal has each stroke.
const unheard: ReadonlySet<string> = new Set(['postmortem.edited', 'action.changed'])
const mostPoints = 240

type Line = JournalLine & {
  readonly occurredAt: Instant | null
  readonly places: { entryId: number; at: Instant } | null
}

export async function readTimeline(
  queries: Queries,
  ports: Pick<IncidentsPorts, 'linesOf'>,
  incidentId: string,
): Promise<readonly PlacedLine<Line>[]> {
  const alerts = await alertsOf(queries, incidentId)
  const links = [`incident:${incidentId}`, ...alerts.map((alert) => `alert:${alert.id}`)]
  const lines = await firstAndNewest(queries, ports, links)
  return placeLines(lines.filter(({ type }) => !unheard.has(type)).map(readLine))
}

/** A storm writes thousands of lines at the beginning, and what people write comes after them. */
async function firstAndNewest(
  queries: Queries,
  ports: Pick<IncidentsPorts, 'linesOf'>,
  links: readonly string[],
): Promise<readonly JournalLine[]> {
  const first = await ports.linesOf(queries, links, 0, mostLines)
  if (first.length < mostLines) return first
  const half = mostLines / 2
  const begun = first.slice(0, half)
  const newest = await ports.linesOf(queries, links, begun.at(-1)?.id ?? 0, half, 'newest')
  return [...begun, ...newest]
}

function readLine(line: JournalLine): Line {
  const { entryId, at, occurredAt } = line.data
  const placedAt = line.type === entryPlaced.type ? readTime(at) : null
  return {
    ...line,
    occurredAt: readTime(occurredAt),
    places: placedAt !== null && typeof entryId === 'number' ? { entryId, at: placedAt } : null,
  }
}

function readTime(value: JsonValue | undefined): Instant | null {
  return typeof value === 'string' ? parseInstant(value) : null
}

export async function placeTimelineEntry(
  needs: Needs,
  ports: Pick<IncidentsPorts, 'linesOf'>,
  order: Order & { readonly entryId: number; readonly at: Instant; readonly reason: string },
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    if (order.at > (await tx.now()))
      throw new AppError('invalid', 'incidents.time-ahead', 'Nothing has happened in the future yet.')
    const known = (await readTimeline(tx, ports, incident.id)).some(({ line }) => line.id === order.entryId)
    if (!known) throw new AppError('not-found', 'incidents.unknown-entry', 'There is no such entry in this timeline.')
    await needs.journal.publish(tx, entryPlaced, {
      ...entryOf(incident, order.actor, order.reason),
      data: { ...dataOf(incident), entryId: order.entryId, at: formatInstant(order.at) },
    })
  })
}

export async function pinObjective(
  needs: Needs,
  order: Order & {
    readonly objective: string
    readonly from: Instant
    readonly to: Instant
    readonly title: string | null
    readonly by: string
  },
): Promise<PinRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    if ((await listPins(tx, incident.id)).length >= mostPins) throw tooMany(`An incident holds ${mostPins} graphs.`)
    const objective = await findObjectiveSummary(tx, order.objective)
    if (objective === null)
      throw new AppError('not-found', 'incidents.unknown-objective', `There is no objective ${order.objective}.`)
    const { stepMs, slices } = await readSteps(tx, {
      name: order.objective,
      from: order.from,
      to: order.to,
      // Beyond eight hours the steps get wider by themselves.
      stepMs: order.to - order.from <= 480 * minute ? await wholeMinutes(tx, order.objective) : null,
    })
    const folded = foldSteps(slices, stepMs, Math.ceil(slices.length / mostPoints))
    const pin: PinRow = {
      id: needs.newId(),
      incidentId: incident.id,
      title: order.title ?? objective.displayName,
      objective: order.objective,
      fromAt: order.from,
      toAt: order.to,
      stepMs: folded.stepMs,
      target: objective.target,
      points: folded.points,
      pinnedBy: order.by,
      pinnedAt: await tx.now(),
    }
    await insertPin(tx, pin)
    await needs.journal.publish(tx, graphPinned, {
      ...entryOf(incident, order.actor),
      data: { ...dataOf(incident), pinId: pin.id, text: pin.title },
    })
    return pin
  })
}

type Step = Awaited<ReturnType<typeof readSteps>>['slices'][number]

/** Sums neighbours, so that a long range still fits on a phone. */
function foldSteps(steps: readonly Step[], stepMs: number, by: number): { stepMs: number; points: PinRow['points'] } {
  const size = Math.max(1, by)
  const points: (readonly [number, number, number, boolean])[] = []
  for (let index = 0; index < steps.length; index += size) {
    const part = steps.slice(index, index + size)
    const [first] = part
    if (first === undefined) break
    const measured = part.filter((each) => each.state === 'closed' || each.state === 'closed-empty')
    points.push([
      first.start,
      measured.reduce((sum, each) => sum + each.good, 0),
      measured.reduce((sum, each) => sum + each.bad, 0),
      measured.length > 0,
    ])
  }
  return { stepMs: stepMs * size, points }
}

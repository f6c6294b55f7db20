// Alerts that open join the groups of their routes. Who is told at once keeps the turn; who waits is told by the flush.
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { flushGroups } from '../alerts.contract.ts'
import type { AlertRow } from '../alerts.store.ts'
import {
  type Asked,
  asked,
  closedBecause,
  firstFlushAt,
  goesAtOnce,
  groupIdentity,
  keyIn,
  type Route,
  routesHeard,
  routesIn,
  type TimedRouting,
  timersOf,
} from '../core/index.ts'
import { addMembers, type GroupDraft, type KeptGroup, keepGroups, saveFlushes } from '../route-groups.store.ts'
import type { NewTurn } from '../turns.store.ts'

export interface Newcomer {
  readonly row: AlertRow
  readonly pauseMs: number | null
  /** Its people know of it already: it opened under another file. */
  readonly told?: boolean
}

export interface Joining {
  readonly tx: Tx
  readonly needs: Pick<Needs, 'newId'>
  readonly routing: TimedRouting | null
  readonly now: Instant
}

export interface Joined {
  /** Without those of alerts that wait. */
  readonly turns: readonly NewTurn[]
  readonly trace: readonly { readonly alertId: string; readonly asked: Asked }[]
}

interface Place {
  readonly newcomer: Newcomer
  readonly route: Route
  /** Of the route in the file, depth first. */
  readonly place: number
  readonly key: string
  readonly name: string
}

export async function joinGroups(
  of: Joining,
  newcomers: readonly Newcomer[],
  turns: readonly NewTurn[],
): Promise<Joined> {
  const { tx, routing, now } = of
  if (routing === null || routing.timing.mode === 'at-once' || newcomers.length === 0) return { turns, trace: [] }
  const order = new Map(routesIn(routing.root).map((route, place) => [route, place]))
  const places = newcomers.flatMap((newcomer) => placesOf(routing, order, newcomer))
  if (places.length === 0) return { turns, trace: [] }
  const drafts = draftsOf(of, routing, places)
  const groups = await keepGroups(tx, [...drafts.values()], { sooner: routing.timing.mode === 'no-interval' })
  const opening = openingNow(routing, places, groups, now)
  const atOnce = new Set(
    places
      .filter(({ newcomer, key }) => {
        const { row, told } = newcomer
        return told !== true && isHeard(row) && (goesAtOnce(routing.timing, row.worst) || opening.has(key))
      })
      .map(({ newcomer }) => newcomer.row.id),
  )
  await addMembers(
    tx,
    places.flatMap(({ newcomer: { row, told, pauseMs }, key }) => {
      const group = groups.get(key)
      return group === undefined
        ? []
        : [{ groupId: group.id, alertId: row.id, told: told === true || atOnce.has(row.id), pauseMs }]
    }),
  )
  await saveFlushes(
    tx,
    [...opening].map(([, { group, route }]) => ({
      id: group.id,
      flushAt: plus(now, route.groupIntervalMs),
      toldAt: now,
    })),
    [],
  )
  const due = [...groups].flatMap(([key, group]) => {
    const isNews = group.fresh || group.flushAt <= now || routing.timing.mode === 'no-interval'
    return isNews && !opening.has(key) ? [group.flushAt] : []
  })
  for (const dueAt of new Set(due)) await addWork(tx, flushGroups, {}, { dueAt })
  const waiting = new Map(
    places
      .filter(({ newcomer }) => newcomer.told !== true && !atOnce.has(newcomer.row.id))
      .map((each) => [each.newcomer.row.id, each]),
  )
  return {
    turns: turns.filter((turn) => turn.task !== 'tell' || !waiting.has(turn.alertId)),
    trace: [...waiting.values()]
      .filter(({ newcomer }) => isHeard(newcomer.row))
      .map((place) => ({ alertId: place.newcomer.row.id, asked: waits(place, groups.get(place.key)) })),
  }
}

const isHeard = ({ silencedBy, heldBecause }: AlertRow): boolean => silencedBy === null && heldBecause === null

function placesOf(routing: TimedRouting, order: ReadonlyMap<Route, number>, newcomer: Newcomer): readonly Place[] {
  const { labels } = newcomer.row.signal
  return routesHeard(routing, labels).map((route) => {
    const place = order.get(route) ?? 0
    const { key, name } = groupIdentity(route, place, labels)
    return { newcomer, route, place, key: keyIn(routing.version, key), name }
  })
}

function draftsOf(of: Joining, routing: TimedRouting, places: readonly Place[]): ReadonlyMap<string, GroupDraft> {
  const { needs, now } = of
  const drafts = new Map<string, GroupDraft>()
  for (const { newcomer, route, place, key, name } of places) {
    const { told, row } = newcomer
    const known = drafts.get(key)
    const first =
      told === true ? plus(now, route.groupIntervalMs) : firstFlushAt(now, row.startedAt, timersOf(route), now)
    drafts.set(key, {
      id: known?.id ?? needs.newId(),
      key,
      version: routing.version,
      ...{ place, name },
      flushAt: known === undefined || first < known.flushAt ? first : known.flushAt,
      toldAt: told === true ? now : (known?.toldAt ?? null),
    })
  }
  return drafts
}

/** New groups that wait for nothing are flushed by the transaction that makes them. */
function openingNow(
  routing: TimedRouting,
  places: readonly Place[],
  groups: ReadonlyMap<string, KeptGroup>,
  now: Instant,
): ReadonlyMap<string, { readonly group: KeptGroup; readonly route: Route }> {
  const opening = new Map<string, { group: KeptGroup; route: Route }>()
  for (const { newcomer, route, key } of places) {
    const group = groups.get(key)
    if (group === undefined || !group.fresh || group.flushed || group.flushAt > now) continue
    if (isHeard(newcomer.row) && closedBecause(routing, route, now) === null) opening.set(key, { group, route })
  }
  return opening
}

function waits({ route, name }: Place, group: KeptGroup | undefined): Asked {
  const until = group === undefined ? '' : ` at ${formatInstant(group.flushAt)}`
  const because = group?.flushed === true ? 'group_interval' : 'group_wait'
  return asked(
    'timers',
    'waits',
    `Told with group ${name}${until}: ${because} of line ${route.line} of the routing file.`,
  )
}

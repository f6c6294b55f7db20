// The engine: every few seconds it takes the slices that changed, moves the running sums, judges, writes what is new.
//
// One process at a time: the tick holds the engine's row, and counts. A process that finds another owner or another
// count than its own last one has missed changes; it then builds its sums anew from the slices, and gets the same
// numbers, because every number is a function of slices and of the state that was stored with the last verdict.

import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { automation } from '../../../kernel/actor.ts'
import { minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import {
  listStreams,
  readWaiting,
  readWatermarks,
  resolveSlice,
  type SliceRow,
  takeChangedSlices,
  type Watermarks,
} from '../../telemetry/index.ts'
import { dayOf } from '../core/day-cells.ts'
import { closedUntil, takeFinished } from '../core/ring.ts'
import { concerns, listExclusions } from '../exclusions.store.ts'
import { budgetAlertBegan, budgetAlertEnded, groupBurning, groupRecovered } from '../groups.contract.ts'
import { type GroupRow, saveGroupRows } from '../groups.store.ts'
import { markDays } from '../objective-days.store.ts'
import { listObjectives, type ObjectiveRow, registryRevision, saveBorn } from '../objectives.store.ts'
import { type PeriodRow, periodRow, savePeriods } from '../periods.store.ts'
import {
  objectiveBurning,
  objectiveMeasured,
  objectiveRecovered,
  objectiveStateChanged,
  objectiveUnmeasured,
} from '../slo.contract.ts'
import {
  type KeptState,
  keptOf,
  lockEngine,
  type PointRow,
  readKeptStates,
  removeStates,
  type StateRow,
  savePoints,
  saveStates,
  saveTick,
} from '../states.store.ts'
import { conclude, farewell, type News } from './conclude.ts'
import { closeGroups, type GroupNewsOf, judgeGroups } from './group-set.ts'
import { followGroups, type Groups, haveMoved, takeGroupSlices, wholeOf } from './groups.ts'
import { type LoadOrder, loadRunning } from './load-running.ts'
import { closableUntil, closeUntil, exclude, judgeRunning, type Running, takeSlice } from './running-objective.ts'

export interface TickReport {
  readonly objectives: number
  readonly judged: number
  readonly changedSlices: number
  readonly rebuilt: number
  /** Time spent outside the database. */
  readonly computeMs: number
}

export interface Engine {
  tick(): Promise<TickReport>
  /** Forgets what is in memory, as a restart does. */
  forget(): void
}

interface Memory {
  readonly tick: number
  readonly revision: number
  readonly running: Map<string, Running>
  readonly byStream: Map<number, Running>
  readonly states: Map<string, KeptState>
  readonly groups: Groups
}

// Pages wait for the event loop, too: after so long it is given back.
const longestTurnMs = 20
// What is said of an objective is large and soon forgotten: written in parts, most of it never grows old in memory.
const statesAtOnce = 200

const actor = automation('slo.evaluate')
const eventOf = {
  'state-changed': objectiveStateChanged,
  burning: objectiveBurning,
  recovered: objectiveRecovered,
  unmeasured: objectiveUnmeasured,
  measured: objectiveMeasured,
  'group-burning': groupBurning,
  'group-recovered': groupRecovered,
  'budget-alert-began': budgetAlertBegan,
  'budget-alert-ended': budgetAlertEnded,
} as const

/** After a longer break sources have their time anew before they are called silent: nobody asked them, and nobody took what they sent. */
const awayMs = 2 * minute

export function createEngine(needs: Needs): Engine {
  const owner = needs.newId()
  let memory: Memory | null = null

  async function tick(): Promise<TickReport> {
    // Whatever fails below leaves sums that ran ahead of the store: they are then built anew.
    const held = memory
    memory = null
    const done = await needs.database.transaction((tx) => run(tx, held))
    memory = done.memory
    return done.report
  }

  async function run(tx: Tx, held: Memory | null): Promise<{ memory: Memory; report: TickReport }> {
    // Sent together, answered in this order, which matters because counting goes on between these questions: what waits, how
    // far was told, what changed. Silence is not concluded from what was accepted and is not counted, nor a slice closed without
    // what was told of it. What changed is taken before anything is rebuilt: what is rebuilt reads the same slices or newer ones.
    const [engine, now, waiting, watermarks, changed, revision] = await Promise.all([
      lockEngine(tx),
      tx.now(),
      readWaiting(tx),
      readWatermarks(tx),
      takeChangedSlices(tx),
      registryRevision(tx),
    ])
    const continued = held !== null && engine.owner === owner && engine.tick === held.tick ? held : null
    const heardUntil = waiting.oldest ?? now
    const wasAway = engine.tickedAt === null || now - engine.tickedAt > awayMs
    const listensSince = wasAway ? now : (engine.listensSince ?? now)
    const { running, byStream, states, gone, rebuilt } = await current(tx, { continued, revision, watermarks, now })
    const firsts = firstSlices(changed, byStream)
    for (const [objective, first] of firsts) await saveBorn(tx, objective.row.name, first)
    const born = [...firsts].map(([objective, first]) => ({
      row: { ...objective.row, born: first },
      stream: objective.stream,
      state: states.get(objective.row.name) ?? null,
      watermark: watermarks.of(objective.stream),
      exclusions: objective.exclusions,
    }))
    for (const begun of await loadRunning(tx, born, now)) {
      running.set(begun.row.name, begun)
      byStream.set(begun.stream.key, begun)
    }

    const anew = continued === null || continued.revision !== revision
    const { groups, farewells } = await followGroups(tx, { held: continued?.groups ?? null, running, anew })
    await takeGroupSlices(tx, groups, changed, byStream)
    const groupRows: GroupRow[] = []

    const began = monotonicMs()
    for (const row of changed) {
      const objective = byStream.get(row.stream)
      if (objective !== undefined) takeSlice(objective, row.sliceStart, resolveSlice(row, objective.stream))
    }
    await markDays(tx, lateDays(changed, byStream, now))
    let rows: StateRow[] = []
    let [judgedObjectives, savingMs] = [0, 0]
    const save = async () => {
      const since = monotonicMs()
      await saveStates(tx, rows)
      for (const row of rows) states.set(row.name, keptOf(row))
      judgedObjectives += rows.length
      rows = []
      savingMs += monotonicMs() - since
    }
    const points: PointRow[] = []
    const periods: PeriodRow[] = []
    const news: { objective: ObjectiveRow; news: News | GroupNewsOf }[] = []
    let turnBegan = began
    for (const objective of running.values()) {
      if (monotonicMs() - turnBegan > longestTurnMs) {
        await setImmediate()
        turnBegan = monotonicMs()
      }
      const watermark = watermarks.of(objective.stream)
      const pushed = objective.stream.source.kind === 'remote-write'
      const until = closableUntil(watermark, objective.stream.sliceMs, pushed && heardUntil < now ? heardUntil : now)
      const set = groups.get(objective.row.name)
      if (set !== undefined) closeGroups(set, until)
      closeUntil(objective, until)
      periods.push(...takeFinished(objective.ring).map((ended) => periodRow(objective.row, ended)))
      if (!objective.moved && (set === undefined || !haveMoved(set))) continue
      const judged = judgeRunning(objective, now)
      const grouped = set === undefined ? null : await judgeGroups(set, wholeOf(judged.verdict), now)
      groupRows.push(...(grouped?.rows ?? []))
      const before = states.get(objective.row.name) ?? null
      const concluded = conclude({
        objective: objective.row,
        judged,
        memory: objective.memory,
        before,
        everMeasured: watermark !== undefined,
        listensSince,
        worst: grouped?.worst ?? null,
        now,
      })
      objective.moved = false
      objective.memory = concluded.row.memory
      rows.push(concluded.row)
      for (const each of [...concluded.news, ...(grouped?.news ?? [])])
        news.push({ objective: objective.row, news: each })
      const point = pointOf(objective, concluded.row)
      if (point !== null) points.push(point)
      if (rows.length >= statesAtOnce) await save()
    }
    await save()
    const computeMs = monotonicMs() - began - savingMs
    await saveGroupRows(tx, groupRows)
    await savePoints(tx, points)
    await savePeriods(tx, periods)
    for (const each of news) await publish(tx, each.objective, each.news)
    for (const row of gone)
      for (const each of farewell(row, now)) await publish(tx, { name: row.name, service: row.service }, each)
    for (const each of farewells) await publish(tx, { name: each.data.objective, service: each.data.service }, each)
    await removeStates(
      tx,
      gone.map((row) => row.name),
    )
    await saveTick(tx, { owner, tick: engine.tick + 1, at: now, listensSince })
    return {
      memory: { tick: engine.tick + 1, revision, running, byStream, states, groups },
      report: { objectives: running.size, judged: judgedObjectives, changedSlices: changed.length, rebuilt, computeMs },
    }
  }

  async function publish(
    tx: Tx,
    objective: Pick<ObjectiveRow, 'name' | 'service'>,
    news: News | GroupNewsOf,
  ): Promise<void> {
    await needs.journal.publish(tx, eventOf[news.kind], {
      actor,
      subject: { kind: 'objective', id: objective.name },
      links: [{ kind: 'service', id: objective.service }],
      reason: news.data.sentence,
      data: news.data,
    })
  }

  return {
    tick,
    forget: () => {
      memory = null
    },
  }
}

/** Objectives that are measured for the first time, with the slice their life begins at. */
function firstSlices(
  changed: readonly SliceRow[],
  byStream: ReadonlyMap<number, Running>,
): ReadonlyMap<Running, Instant> {
  const firsts = new Map<Running, Instant>()
  for (const { stream, sliceStart } of changed) {
    const objective = byStream.get(stream)
    if (objective === undefined || objective.row.born !== null) continue
    const first = firsts.get(objective)
    if (first === undefined || sliceStart < first) firsts.set(objective, sliceStart)
  }
  return firsts
}

/** Days that are over are rolled up: what comes to them now says so. */
function lateDays(changed: readonly SliceRow[], byStream: ReadonlyMap<number, Running>, now: Instant) {
  const today = dayOf(now)
  const days = new Map<string, { readonly objective: string; readonly day: Instant }>()
  for (const { stream, sliceStart } of changed) {
    if (sliceStart >= today) continue
    const [objective, day] = [byStream.get(stream)?.row.name, dayOf(sliceStart)]
    if (objective !== undefined) days.set(`${day} ${objective}`, { objective, day })
  }
  return [...days.values()]
}

interface Current {
  readonly running: Map<string, Running>
  readonly byStream: Map<number, Running>
  readonly states: Map<string, KeptState>
  /** What is still known of objectives that are not declared any more. */
  readonly gone: readonly KeptState[]
  readonly rebuilt: number
}

/** What was kept, brought up to the declared objectives; all of it anew when the thread was lost. */
async function current(
  tx: Tx,
  order: {
    continued: Memory | null
    revision: number
    watermarks: Watermarks
    now: Instant
  },
): Promise<Current> {
  const { continued, now } = order
  if (continued !== null && continued.revision === order.revision) return { ...continued, gone: [], rebuilt: 0 }
  const objectives = await listObjectives(tx)
  const streams = new Map((await listStreams(tx, null)).map((stream) => [stream.id, stream]))
  const stored = continued?.states ?? new Map((await readKeptStates(tx)).map((row) => [row.name, row]))
  const excluded = await listExclusions(tx)
  const running = new Map<string, Running>()
  const states = new Map<string, KeptState>()
  const missing: LoadOrder[] = []
  for (const row of objectives) {
    const stream = streams.get(row.name)
    if (stream === undefined) continue
    const state = stored.get(row.name) ?? null
    if (state !== null) states.set(row.name, state)
    const exclusions = excluded.filter((each) => concerns(each, row))
    const kept = continued?.running.get(row.name)
    if (kept !== undefined && kept.row.version === row.version && kept.stream.key === stream.key) {
      running.set(row.name, kept)
      if (!isDeepStrictEqual(kept.exclusions, exclusions)) exclude(kept, exclusions)
      continue
    }
    missing.push({ row, stream, state, watermark: order.watermarks.of(stream), exclusions })
  }
  for (const loaded of await loadRunning(tx, missing, now)) running.set(loaded.row.name, loaded)
  const declared = new Set(objectives.map((row) => row.name))
  return {
    running,
    byStream: new Map([...running.values()].map((each) => [each.stream.key, each])),
    states,
    gone: [...stored.values()].filter((row) => !declared.has(row.name)),
    rebuilt: missing.length,
  }
}

/** Every minute for windows of a day or less, else every five. */
function pointOf(objective: Running, row: StateRow): PointRow | null {
  const step = objective.row.definition.windowMs <= 24 * 60 * minute ? minute : 5 * minute
  const at = Math.floor(closedUntil(objective.ring) / step) * step
  if (at <= objective.lastPointAt) return null
  objective.lastPointAt = at
  return { name: row.name, at, remaining: row.remaining, burn: row.burn }
}

// The groups of all objectives that have any, kept with the engine: which there are, and the slices that changed of them.
import type { Tx } from '../../../platform/database/database.ts'
import { findGroups, resolveSlice, type SliceRow } from '../../telemetry/index.ts'
import { toldOf } from '../core/group.ts'
import type { BurnVerdict } from '../core/judge.ts'
import { type GroupRow, readGroupRows, removeGroupRows } from '../groups.store.ts'
import {
  addMembers,
  excludeGroups,
  fillLate,
  type GroupNewsOf,
  type GroupSet,
  loadGroupSet,
  recoveredData,
  takeGroupSlice,
  takeWhole,
} from './group-set.ts'
import type { Running } from './running-objective.ts'

/** By objective. */
export type Groups = Map<string, GroupSet>

export interface Followed {
  readonly groups: Groups
  /** What people were told of groups that are no more. */
  readonly farewells: readonly GroupNewsOf[]
}

/** What was kept, brought up to the objectives that run now. `anew`: the declarations may have changed. */
export async function followGroups(
  tx: Tx,
  order: { readonly held: Groups | null; readonly running: ReadonlyMap<string, Running>; readonly anew: boolean },
): Promise<Followed> {
  const { held, running, anew } = order
  const groups: Groups = new Map()
  const missing: Running[] = []
  for (const [name, whole] of running) {
    if (whole.row.definition.groups === undefined) continue
    const kept = held?.get(name)
    if (kept?.whole === whole) {
      excludeGroups(kept)
      groups.set(name, kept)
    } else missing.push(whole)
  }
  if (!anew && missing.length === 0) return { groups, farewells: [] }
  const stored = await readGroupRows(tx, anew ? null : missing.map((whole) => whole.row.name))
  const byObjective = new Map<string, GroupRow[]>()
  for (const row of stored) {
    const rows = byObjective.get(row.objective)
    if (rows === undefined) byObjective.set(row.objective, [row])
    else rows.push(row)
  }
  for (const whole of missing) {
    const { definition, name } = whole.row
    if (definition.groups === undefined) continue
    groups.set(name, await loadGroupSet(tx, whole, definition.groups, byObjective.get(name) ?? []))
  }
  const ended = stored.filter((row) => groups.get(row.objective)?.members.has(row.stream) !== true)
  await removeGroupRows(tx, ended)
  return { groups, farewells: ended.flatMap((row) => farewell(row, running.get(row.objective))) }
}

function farewell(row: GroupRow, whole: Running | undefined): readonly GroupNewsOf[] {
  if (row.told === null) return []
  const sentence = `${row.label} is not looked at by itself any more.`
  return [{ kind: 'group-recovered', data: recoveredData(row, whole?.row.service ?? '', sentence) }]
}

/** Before the whole takes its slices: whether one came late is seen by how far it is closed. */
export async function takeGroupSlices(
  tx: Tx,
  groups: Groups,
  changed: readonly SliceRow[],
  byStream: ReadonlyMap<number, Running>,
): Promise<void> {
  if (groups.size === 0) return
  const sets = new Map<number, GroupSet>()
  for (const set of groups.values()) for (const key of set.members.keys()) sets.set(key, set)
  const strange = new Set(changed.map((row) => row.stream).filter((key) => !byStream.has(key) && !sets.has(key)))
  for (const stream of strange.size === 0 ? [] : await findGroups(tx, [...strange])) {
    const set = groups.get(byStream.get(stream.parent)?.row.name ?? '')
    if (set === undefined) continue
    await addMembers(tx, set, [stream])
    sets.set(stream.key, set)
  }
  for (const row of changed) {
    const whole = byStream.get(row.stream)
    const set = whole === undefined ? undefined : groups.get(whole.row.name)
    if (set !== undefined) takeWhole(set, row.sliceStart)
  }
  for (const [name, set] of groups) if (set.late.length > 0) groups.set(name, await fillLate(tx, set))
  for (const row of changed) {
    const set = sets.get(row.stream)
    if (set !== undefined)
      takeGroupSlice(
        groups.get(set.whole.row.name) ?? set,
        row.stream,
        row.sliceStart,
        resolveSlice(row, set.whole.stream),
      )
  }
}

/** What the whole objective is told of at, and over which window. */
export function wholeOf({ governing, level }: BurnVerdict) {
  return { told: toldOf(level), longMs: governing?.tier.longMs ?? null }
}

export function haveMoved(set: GroupSet): boolean {
  for (const { running, row } of set.members.values()) if (running.moved || row === null) return true
  return false
}

// Keeps the roll-up: days that ended, days that late counts changed, and days of which other time is excluded by now.
// What a run writes is a function of slices and of what is stored, so a run that is repeated writes the same.
import { day, hour } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { listStreams, type Stream } from '../../telemetry/index.ts'
import { dayOf, daysOf, packCells } from '../core/day-cells.ts'
import type { CoveredSlices } from '../core/exclusion.ts'
import { coverText } from '../core/merge-days.ts'
import { concerns, type ExclusionRow, listExclusions } from '../exclusions.store.ts'
import {
  type DayMark,
  type DayRow,
  isWhole,
  readComparedRevision,
  readDayHeads,
  readDays,
  readFirstDays,
  readLastDays,
  readMarks,
  removeMarks,
  saveComparedRevision,
  saveDays,
} from '../objective-days.store.ts'
import { listObjectives, type ObjectiveRow, registryRevision } from '../objectives.store.ts'
import { begunAt, coverageOf, loadDays, ruleText, slicesFrom } from './load-days.ts'

/** Most late counts come within the hour; what comes later marks its day. */
const settledMs = hour
// Slices that short are gone before their day has ended.
const shortKeptMs = 3 * day
const hoursKeptMs = 400 * day
/** Some hundred bytes and some milliseconds each; what is left over is for the next run. */
const mostDays = 3_000
const mostMarks = 20_000

interface Round {
  readonly now: Instant
  readonly exclusions: readonly ExclusionRow[]
  readonly streams: ReadonlyMap<string, Stream>
  readonly firsts: ReadonlyMap<string, DayRow>
  readonly lasts: ReadonlyMap<string, Instant>
  readonly marks: ReadonlyMap<string, readonly DayMark[]>
  readonly compares: boolean
  /** Many objectives have the same exclusions, and rules that repeat take a while to walk. */
  readonly coverages: Map<string, readonly CoveredSlices[]>
}

/** The number of days written. */
export async function rollUpDays(needs: Needs, most = mostDays): Promise<number> {
  const { database } = needs
  // Read first: what is declared meanwhile is compared by the next run.
  const revision = await registryRevision(database)
  const objectives = await listObjectives(database)
  const names = objectives.map((row) => row.name)
  const marks = new Map<string, DayMark[]>()
  for (const mark of await readMarks(database, { objectives: null, limit: mostMarks }))
    marks.set(mark.objective, [...(marks.get(mark.objective) ?? []), mark])
  const round: Round = {
    now: await database.now(),
    exclusions: await listExclusions(database),
    streams: new Map((await listStreams(database, null)).map((stream) => [stream.id, stream])),
    firsts: await readFirstDays(database, names),
    lasts: await readLastDays(database, names),
    marks,
    compares: (await readComparedRevision(database)) !== revision,
    coverages: new Map(),
  }
  let [written, isAll] = [0, true]
  for (const objective of objectives) {
    if (written >= most) return written
    const rolled = await rollUpOne(needs, round, objective, most - written)
    written += rolled.written
    isAll &&= rolled.isAll
  }
  // What is left of it is compared by the next run.
  if (!isAll) return written
  await database.transaction(async (tx) => {
    if (round.compares) await saveComparedRevision(tx, revision)
    // Of objectives that are no more.
    const known = new Set(names)
    await removeMarks(
      tx,
      [...marks].flatMap(([name, each]) => (known.has(name) ? [] : each)),
    )
  })
  return written
}

async function rollUpOne(
  needs: Needs,
  round: Round,
  objective: ObjectiveRow,
  most: number,
): Promise<{ readonly written: number; readonly isAll: boolean }> {
  const { database } = needs
  const { name } = objective
  const begun = begunAt(objective, round.firsts.get(name))
  if (begun === null) return { written: 0, isAll: true }
  const marks = round.marks.get(name) ?? []
  const wanted = await daysWanted(needs, round, { objective, begun, marks })
  const days = [...wanted].sort((a, b) => a - b).slice(0, most)
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return { written: 0, isAll: true }
  const to = instant(last + day)
  const rows = await readDays(database, [name], first, to)
  const loaded = await loadDays(database, {
    ...{ objective, begun, days, now: round.now, until: round.now },
    stream: round.streams.get(name) ?? null,
    covered: coverageIn(round, objective, first, to),
    rows,
    marked: new Set(marks.map((mark) => mark.day)),
  })
  const before = new Map(rows.map((row) => [row.day, row]))
  const changed = [...loaded].flatMap(([start, { anew, raw, counted, covered, coarse, rule }]) => {
    const row: DayRow = {
      ...{ objective: name, day: start, covered, coarse, rule, rolledAt: round.now },
      cells: packCells(raw),
      counted: counted === null ? null : packCells(counted),
    }
    return anew && !isStored(row, before.get(start)) ? [row] : []
  })
  await database.transaction(async (tx) => {
    await saveDays(tx, changed)
    const done = new Set(days)
    await removeMarks(
      tx,
      marks.filter((mark) => done.has(mark.day)),
    )
  })
  return { written: changed.length, isAll: days.length === wanted.size }
}

/** Days of which no slice is left come to what they were, however often they are looked at. */
function isStored(row: DayRow, before: DayRow | undefined): boolean {
  if (before === undefined || (isWhole(row) && !isWhole(before))) return false
  const isSame = (a: Uint8Array | null, b: Uint8Array | null) =>
    a === null || b === null ? a === b : Buffer.compare(a, b) === 0
  const heads = row.rule === before.rule && row.covered === before.covered && row.coarse === before.coarse
  return heads && isSame(row.cells, before.cells) && isSame(row.counted, before.counted)
}

async function daysWanted(
  { database }: Needs,
  round: Round,
  {
    objective,
    begun,
    marks,
  }: { readonly objective: ObjectiveRow; readonly begun: Instant; readonly marks: readonly DayMark[] },
): Promise<ReadonlySet<Instant>> {
  const { now } = round
  const today = dayOf(now)
  const stream = round.streams.get(objective.name)
  const wanted = new Set(marks.map((mark) => mark.day).filter((at) => at < today))
  const last = round.lasts.get(objective.name)
  // Days in between that came later were marked. The first time, sums of hours reach further back than slices.
  const from = last === undefined ? dayOf(Math.max(begun, now - hoursKeptMs)) : instant(last + day)
  for (const start of daysOf(from, now)) if (start + day + settledMs <= now) wanted.add(start)
  if (stream !== undefined && stream.keepMs < shortKeptMs)
    for (const start of daysOf(dayOf(Math.max(begun, now - stream.keepMs)), now)) wanted.add(start)
  if (round.compares) {
    const heads = await readDayHeads(database, objective.name, instant(0))
    const [first] = heads
    const rule = ruleText(objective)
    const { sliceMs } = objective.definition
    if (first !== undefined) {
      const covered = coverageIn(round, objective, first.day, instant(today + day))
      const reach = stream === undefined ? now : await slicesFrom(database, { stream, now, oldest: first.day })
      // Without slices nothing can be counted by another rule.
      const isOther = (head: (typeof heads)[number]) => head.rule !== rule && head.day + day > reach
      for (const head of heads)
        if (isOther(head) || head.covered !== coverText(covered, { start: head.day, sliceMs, born: begun }))
          wanted.add(head.day)
    }
  }
  return wanted
}

function coverageIn(round: Round, objective: ObjectiveRow, from: Instant, to: Instant): readonly CoveredSlices[] {
  const own = round.exclusions.filter((each) => concerns(each, objective))
  if (own.length === 0) return []
  const key = [objective.definition.sliceMs, from, to, ...own.map((each) => each.id)].join(' ')
  const known =
    round.coverages.get(key) ?? coverageOf(objective, own, { from, to, sliceMs: objective.definition.sliceMs })
  round.coverages.set(key, known)
  return known
}

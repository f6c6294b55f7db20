// The groups of one objective in memory: each a ring of its own, closed with the whole and judged by the same rules.
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import { toNumber } from '../../../kernel/rational.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Slice } from '../../telemetry/core/index.ts'
import { type GroupStream, listGroups } from '../../telemetry/index.ts'
import { readState } from '../core/cells.ts'
import { type GroupSettings, groupLabel, levelOf, type Told, tellGroups, worstSentence } from '../core/group.ts'
import { judge } from '../core/judge.ts'
import { cellStates, closedUntil, periodOf, putSlice, settle, sumsOf, takeFinished } from '../core/ring.ts'
import { formatCount } from '../core/sentence.ts'
import type { GroupBurningData, GroupRecoveredData } from '../groups.contract.ts'
import type { GroupRow } from '../groups.store.ts'
import { budgetNow, budgetSumOf, type Judged, noForecast, stateOf } from '../state-view.ts'
import { groupedFrom, loadGroups } from './load-groups.ts'
import { closeUntil, exclude, type Running, takeSlice } from './running-objective.ts'

interface Member {
  readonly stream: GroupStream
  readonly label: string
  readonly running: Running
  row: GroupRow | null
}

export interface GroupSet {
  readonly whole: Running
  readonly settings: GroupSettings
  readonly members: Map<number, Member>
  /** Slices of the whole that came after their time: a group has to know of them, too. */
  late: Instant[]
}

export type GroupNewsOf =
  | { readonly kind: 'group-burning'; readonly data: GroupBurningData }
  | { readonly kind: 'group-recovered'; readonly data: GroupRecoveredData }

export async function loadGroupSet(
  tx: Tx,
  whole: Running,
  settings: GroupSettings,
  stored: readonly GroupRow[],
): Promise<GroupSet> {
  const set: GroupSet = { whole, settings, members: new Map(), late: [] }
  await addMembers(tx, set, await listGroups(tx, [whole.stream.key]), stored)
  return set
}

export async function addMembers(
  tx: Tx,
  set: GroupSet,
  streams: readonly GroupStream[],
  stored: readonly GroupRow[] = [],
): Promise<void> {
  const rows = new Map(stored.map((row) => [row.stream, row]))
  const fresh = streams.filter((stream) => !set.members.has(stream.key))
  const orders = fresh.map((stream) => ({ stream, stored: rows.get(stream.key) ?? null }))
  for (const [stream, running] of await loadGroups(tx, set.whole, orders))
    set.members.set(stream.key, {
      stream,
      label: groupLabel(set.settings.by, stream.values),
      running,
      row: rows.get(stream.key) ?? null,
    })
}

/** Beyond so many, reading the groups anew is less work than telling each of them. */
const mostLate = 200

export function takeWhole(set: GroupSet, start: Instant): void {
  if (start < closedUntil(set.whole.ring)) set.late.push(start)
}

/** The whole was measured where it was not: nothing of these groups happened then, as far as is known. */
export async function fillLate(tx: Tx, set: GroupSet): Promise<GroupSet> {
  const late = [...new Set(set.late)].filter((start) => start >= groupedFrom(set.whole))
  set.late = []
  if (late.length > mostLate)
    return loadGroupSet(
      tx,
      set.whole,
      set.settings,
      [...set.members.values()].flatMap(({ row, running }) =>
        row === null ? [] : [{ ...row, memory: running.memory.tiers }],
      ),
    )
  for (const { running } of set.members.values())
    for (const start of late) {
      const state = readState(running.ring.cells, start / running.ring.spec.sliceMs)
      if ((state & cellStates.closed) === 0 && putSlice(running.ring, start, empty) === 'applied') running.moved = true
    }
  return set
}

const empty: Slice = { state: 'closed-empty' }

export function takeGroupSlice(set: GroupSet, key: number, start: Instant, slice: Slice): void {
  const member = set.members.get(key)
  if (member !== undefined) takeSlice(member.running, start, slice)
}

export function excludeGroups(set: GroupSet): void {
  for (const { running } of set.members.values())
    if (running.exclusions !== set.whole.exclusions) exclude(running, set.whole.exclusions)
}

/** To be called before the whole is closed: what is open there was measured, whether or not the group has a row. */
export function closeGroups(set: GroupSet, until: Instant): void {
  if (until <= closedUntil(set.whole.ring)) return
  const measured = [...set.whole.open.keys()].filter((start) => start < until)
  for (const { running } of set.members.values()) {
    for (const start of measured) if (!running.open.has(start)) running.open.set(start, empty)
    closeUntil(running, until)
    // Periods that ended are reported of the whole.
    takeFinished(running.ring)
  }
}

interface JudgedMember {
  readonly member: Member
  readonly judged: Judged
  readonly moved: boolean
}

export interface JudgedGroups {
  readonly rows: readonly GroupRow[]
  readonly news: readonly GroupNewsOf[]
  /** Who is hit most, for whoever is told of the whole. */
  readonly worst: string | null
}

// As in the engine: pages wait for the event loop, too.
const longestTurnMs = 20

/** `whole`: what the whole objective is told of at, and the long window of the tier that says so. */
export async function judgeGroups(
  set: GroupSet,
  whole: { readonly told: Told | null; readonly longMs: number | null },
  now: Instant,
): Promise<JudgedGroups> {
  const judged: JudgedMember[] = []
  let turnBegan = monotonicMs()
  for (const member of set.members.values()) {
    judged.push(judgeMember(member, now))
    if (monotonicMs() - turnBegan <= longestTurnMs) continue
    await setImmediate()
    turnBegan = monotonicMs()
  }
  const { alerts } = set.settings
  const standing = judged.map(({ member, judged: { verdict } }) => {
    const told = member.row?.told ?? null
    const level = alerts === null ? null : levelOf(verdict.tiers, alerts, told)
    return { key: member.stream.key, level, burn: verdict.governingRate ?? 0, told }
  })
  const { tell, end } = tellGroups(whole.told, standing)
  const rows: GroupRow[] = []
  const news: GroupNewsOf[] = []
  for (const [index, each] of judged.entries()) {
    const { key, level, told } = standing[index] ?? { key: 0, level: null, told: null }
    const nextTold = tell.includes(key) ? level : end.includes(key) ? null : told
    if (!each.moved && nextTold === told && each.member.row !== null) continue
    const row = rowOf(set, each, nextTold)
    // Time alone changes nothing that is worth a write.
    if (each.member.row !== null && isDeepStrictEqual({ ...each.member.row, asOf: row.asOf }, row)) continue
    if (tell.includes(key) && level !== null) news.push(burning(set, each, row, level))
    if (end.includes(key)) news.push(recovered(set, row))
    each.member.row = row
    rows.push(row)
  }
  return { rows, news, worst: worstOf(judged, whole.longMs) }
}

function judgeMember(member: Member, now: Instant): JudgedMember {
  const { running } = member
  settle(running.ring)
  const sums = sumsOf(running.ring)
  const verdict = judge(running.rules, sums, running.memory.tiers, now)
  const { moved } = running
  running.moved = false
  running.memory = { ...running.memory, tiers: verdict.next }
  const period = periodOf(running.ring)
  const { definition } = running.row
  return { member, moved, judged: { definition, rules: running.rules, sums, period, verdict, forecast: noForecast } }
}

function rowOf(set: GroupSet, { member, judged }: JudgedMember, told: Told | null): GroupRow {
  const { verdict } = judged
  const budget = budgetNow(judged)
  const sum = budgetSumOf(judged)
  const { state, level } = stateOf(verdict, budget)
  const before = member.row
  const changed = before === null || before.state !== state || before.level !== level
  const measured = budget.state === 'measured' ? budget : null
  const soonest = verdict.tiers.find((tier) => tier.tier.name === judged.rules.soonest)
  return {
    objective: set.whole.row.name,
    stream: member.stream.key,
    values: member.stream.values,
    label: member.label,
    asOf: verdict.evaluatedAt,
    state,
    level,
    since: changed ? verdict.evaluatedAt : before.since,
    good: sum.good,
    bad: sum.bad,
    allowed: measured === null ? 0 : toNumber(measured.allowed),
    spent: measured === null ? 0 : toNumber(measured.spent),
    remaining: measured === null ? null : toNumber(measured.remainingShare),
    burn: verdict.governingRate ?? soonest?.long?.rate ?? null,
    sentence: verdict.governing === null ? '' : verdict.reason,
    told,
    memory: verdict.next.filter((tier) => tier.firing),
  }
}

function burning(set: GroupSet, { member, judged }: JudgedMember, row: GroupRow, level: Told): GroupNewsOf {
  const { verdict } = judged
  const { row: objective } = set.whole
  const governing = verdict.governing ?? verdict.tiers[0]
  const since = verdict.next.find((tier) => tier.name === governing?.tier.name)?.since ?? verdict.evaluatedAt
  return {
    kind: 'group-burning',
    data: {
      objective: objective.name,
      displayName: objective.displayName,
      service: objective.service,
      group: member.label,
      stream: member.stream.key,
      level,
      tier: governing?.tier.name ?? '',
      remaining: row.remaining,
      sentence: `${member.label}: ${verdict.reason} ${leftWords(row)}`,
      startedAt: formatInstant(since),
      notify: objective.definition.notify,
    },
  }
}

function recovered(set: GroupSet, row: GroupRow): GroupNewsOf {
  // It may burn on: who switched the alerts off did not put it out.
  const over = set.settings.alerts === null ? ': groups are not told of any more.' : ' no longer burns.'
  return {
    kind: 'group-recovered',
    data: recoveredData(row, set.whole.row.service, `${row.label}${over} ${leftWords(row)}`),
  }
}

export const recoveredData = (row: GroupRow, service: string, sentence: string): GroupRecoveredData => ({
  objective: row.objective,
  service,
  group: row.label,
  stream: row.stream,
  remaining: row.remaining,
  sentence,
  endedAt: formatInstant(row.asOf),
})

const leftWords = ({ spent, allowed }: GroupRow): string =>
  `Of its own budget, ${formatCount(Math.round(spent))} of ${formatCount(Math.floor(allowed))} failures are spent.`

function worstOf(judged: readonly JudgedMember[], longMs: number | null): string | null {
  if (longMs === null) return null
  const groups = judged.map(({ member, judged: { rules, sums } }) => ({
    label: member.label,
    bad: sums[rules.windows.indexOf(longMs)]?.bad ?? 0,
  }))
  return worstSentence(
    groups,
    groups.reduce((sum, each) => sum + each.bad, 0),
  )
}

// Who is told of an alert: those whom a page about the same failure reaches already, or somebody by a page of its own.
import { formatDuration, minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import { alertSeverities } from '../../../kernel/severity.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, addWorkForEach } from '../../../platform/work/due-work.store.ts'
import { dependantsOf, radiusIn } from '../../catalog/core/index.ts'
import { findServices, listDependencies } from '../../catalog/index.ts'
import { regroupPages } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, saveAnswer } from '../alerts.store.ts'
import {
  type Asked,
  asked,
  judgeJoin,
  mayReach,
  type Pageable,
  type PageGroup,
  type Relation,
  sameFailureMs,
} from '../core/index.ts'
import {
  type Audience,
  addService,
  insertGroup,
  joinGroup,
  joinPages,
  listCandidates,
  lockAudience,
  lockGroup,
  lockGroups,
} from '../page-groups.store.ts'

/** What several alerts of one transaction are judged by; alerts that were paged in it may be joined by the next. */
export interface PagingTurn {
  readonly tx: Tx
  readonly needs: Needs
  readonly ports: AlertsPorts
  readonly now: Instant
  readonly groups: PageGroup[]
  /** Pages whose rows this transaction holds: nobody else changes them, and they are asked for once. */
  readonly held: Set<string>
  readonly made: Set<string>
  /** Pages made in it that others have joined since: what they say is put right before anybody reads it. */
  readonly grown: Set<string>
  /** Escalation policy by service. */
  readonly policies: ReadonlyMap<string, string | null>
  /** Read when the first question about two different services comes up. */
  relation: Relation | null
  /** What a storm writes once, by `writeJoins`; null writes at once. */
  readonly pending: Pending | null
}

interface Pending {
  /** Page by alert. */
  readonly joins: Map<string, PageGroup>
  /** Pages to be put right, with their beginnings. */
  readonly regroup: Map<string, Instant>
}

export interface Told {
  readonly row: AlertRow
  readonly trace: readonly Asked[]
  /** Who has it already, when it joined a page that somebody had answered. */
  readonly takenBy: string | null
}

/** Takes turns with others who page the same people; the caller holds the rows of its alerts. */
export async function takePagingTurn(
  of: Pick<PagingTurn, 'tx' | 'needs' | 'ports' | 'now'>,
  services: readonly {
    readonly name: string
    readonly team: string | null
    readonly escalationPolicy: string | null
  }[],
  rules: readonly string[],
): Promise<PagingTurn> {
  const { tx, now, ports } = of
  const policies = new Map(services.map((each) => [each.name, each.escalationPolicy]))
  const audience = audienceOf(services, rules)
  const groups: PageGroup[] = []
  if (services.length > 0) {
    await lockAudience(tx, audience)
    const rows = await listCandidates(tx, audience, plus(now, -sameFailureMs))
    const standings = await ports.paging.standings(
      tx,
      rows.map((row) => row.id),
    )
    for (const row of rows) groups.push({ ...row, standing: standings.get(row.id) ?? 'none' })
  }
  return { ...of, groups, held: new Set(), made: new Set(), grown: new Set(), policies, relation: null, pending: null }
}

export function audienceOf(
  services: readonly {
    readonly name: string
    readonly team: string | null
    readonly escalationPolicy: string | null
  }[],
  rules: readonly string[],
): Audience {
  return {
    teams: [...new Set(services.flatMap((each) => each.team ?? []))],
    policies: [...new Set(services.flatMap((each) => each.escalationPolicy ?? []))],
    unowned: services.some((each) => each.team === null && each.escalationPolicy === null),
    services: services.map((each) => each.name),
    rules,
  }
}

/** For alerts that were open before: their services are read again. */
export async function takeTurnFor(
  of: Pick<PagingTurn, 'tx' | 'needs' | 'ports' | 'now'>,
  rows: readonly AlertRow[],
): Promise<PagingTurn> {
  const names = rows.map((row) => row.service).filter((name) => name !== null)
  const rules = [...new Set(rows.flatMap((row) => row.signal.rule ?? []))]
  return takePagingTurn(of, names.length === 0 ? [] : await findServices(of.tx, names), rules)
}

/** The same for many: pages they will join are held at once, and the caller writes what they join when all are told. */
export async function takeTurnForMany(
  of: Pick<PagingTurn, 'tx' | 'needs' | 'ports' | 'now'>,
  rows: readonly AlertRow[],
): Promise<PagingTurn> {
  const turn: PagingTurn = { ...(await takeTurnFor(of, rows)), pending: { joins: new Map(), regroup: new Map() } }
  const wanted = new Set<string>()
  for (const row of rows) {
    const { group } = judgeJoin(pageableOf(turn, row), turn.groups, await relationFor(turn, row), turn.now)
    if (group !== null) wanted.add(group.id)
  }
  const held = await lockGroups(turn.tx, [...wanted])
  const standings = await turn.ports.paging.standings(
    turn.tx,
    held.map((group) => group.id),
  )
  for (const group of held) {
    turn.held.add(group.id)
    remember(turn, { ...group, standing: standings.get(group.id) ?? 'none' })
  }
  return turn
}

export async function writeJoins({ tx, now, pending }: PagingTurn): Promise<void> {
  if (pending === null) return
  await joinPages(tx, pending.joins)
  await regroupInTime(tx, pending.regroup, now)
  pending.joins.clear()
  pending.regroup.clear()
}

const pageOver = asked('group', 'own page', 'The page it would have joined is over.')

/** Joins a page that is out, or makes one. */
export async function pageAlert(turn: PagingTurn, alert: AlertRow): Promise<Told> {
  const { tx, now } = turn
  const verdict = judgeJoin(pageableOf(turn, alert), turn.groups, await relationFor(turn, alert), now)
  if (verdict.group === null) return pageAlone(turn, alert, [verdict.asked])
  const group = await holdGroup(turn, verdict.group)
  if (group === null)
    return pageAlone(turn, alert, [asked('group', 'own page', 'The page it would have joined is over.')])
  const others = verdict.isSpread ? turn.groups : [group]
  const again = judgeJoin(pageableOf(turn, alert), others, await relationFor(turn, alert), now)
  if (again.group === null) return pageAlone(turn, alert, [again.asked])
  if (again.group.id !== group.id) return pageAlone(turn, alert, [pageOver])
  const joined = await join(turn, group, alert, again.isSpread)
  // Ended by this very batch.
  if (joined === null) return pageAlone(turn, alert, [pageOver])
  const told = asked('paging', 'joined', `Whoever is paged for #${group.number} is told of both.`)
  const { answeredBy: by, answeredAt } = group
  if (group.standing !== 'acknowledged' || by === null || joined.answeredBy !== null)
    return { row: joined, trace: [again.asked, told], takenBy: null }
  const since =
    answeredAt === null ? '' : ` ${formatDuration(Math.max(0, Math.round((now - answeredAt) / 1_000) * 1_000))} ago`
  await writeJoins(turn)
  const taken = asked('answer', 'acknowledged', `${by} acknowledged #${group.number}${since} and has this with it.`)
  const answered = await saveAnswer(tx, joined.id, { kind: 'acknowledged', by, at: now })
  return { row: answered, trace: [again.asked, told, taken], takenBy: by }
}

/** Null when the page is over. */
async function join(
  { pending, ...turn }: PagingTurn,
  group: PageGroup,
  alert: AlertRow,
  isSpread: boolean,
): Promise<AlertRow | null> {
  const { tx } = turn
  const { service } = alert
  if (!isSpread && service !== null && !group.services.includes(service)) {
    await addService(tx, group, service)
    remember(turn, { ...group, services: [...group.services, service] })
  }
  if (pending === null) return joinGroup(tx, group, alert)
  pending.joins.set(alert.id, group)
  if (!turn.made.has(group.id)) pending.regroup.set(group.id, group.openedAt)
  return { ...alert, pagedWith: group.id, pagedWithNumber: group.number }
}

/** Since the look somebody may have answered, or the page may be over: the locked row decides. */
async function holdGroup(turn: PagingTurn, seen: PageGroup): Promise<PageGroup | null> {
  if (turn.made.has(seen.id)) turn.grown.add(seen.id)
  if (turn.held.has(seen.id)) return seen
  const row = await lockGroup(turn.tx, seen.id)
  if (row === null) return null
  const group: PageGroup = { ...row, standing: await turn.ports.paging.standing(turn.tx, row.id) }
  turn.held.add(group.id)
  remember(turn, group)
  if (turn.pending === null) await regroupSoon(turn.tx, group.id, 'joined')
  return group
}

/** A page of its own, whatever else is out; others may join it. */
export async function pageAlone(turn: PagingTurn, alert: AlertRow, before: readonly Asked[]): Promise<Told> {
  const { tx, ports } = turn
  const paging = await ports.paging.open(tx, alert)
  if (alert.service !== null && ['paged', 'assigned', 'webhooks'].includes(paging.verdict)) {
    const policy = turn.policies.get(alert.service) ?? null
    const row = await insertGroup(tx, alert, alert.service, policy)
    remember(turn, { ...row, standing: paging.verdict === 'assigned' ? 'assigned' : 'escalating' })
    turn.held.add(row.id)
    turn.made.add(row.id)
  }
  return { row: alert, trace: [...before, asked('paging', paging.verdict, paging.because)], takenBy: null }
}

// Of a storm what a page says is put right once, not for each alert that joins: by then the page is out, and the next
// level is minutes away. Who leaves or ends may be the last one that needed it.
const firstMs = 2_000
const laterMs = 10_000
const lastMs = 30_000
// Those of about the same time are one run.
const togetherMs = 500
const youngMs = 10_000
const oldMs = 5 * minute
const settlesAfter = (openedAt: Instant, now: Instant): number =>
  now - openedAt < youngMs ? firstMs : now - openedAt < oldMs ? laterMs : lastMs

/** What the page says, and whether anybody still needs it, is put right in a transaction of its own. */
export async function regroupSoon(tx: Tx, group: string, because: 'joined' | 'changed' = 'changed'): Promise<void> {
  const delayMs = because === 'joined' ? firstMs : 0
  await addWork(tx, regroupPages, { group }, { key: group, delayMs, onDuplicate: 'sooner' })
}

/** The same for many at once. */
export async function regroupAll(tx: Tx, groups: Iterable<string>): Promise<void> {
  await regroupAfter(tx, groups, 0)
}

/** Of pages that others need: soon after they began, later on not so often. */
export async function regroupInTime(tx: Tx, groups: ReadonlyMap<string, Instant>, now: Instant): Promise<void> {
  for (const delayMs of [firstMs, laterMs, lastMs])
    await regroupAfter(
      tx,
      [...groups].flatMap(([group, openedAt]) => (settlesAfter(openedAt, now) === delayMs ? [group] : [])),
      delayMs,
    )
}

async function regroupAfter(tx: Tx, groups: Iterable<string>, delayMs: number): Promise<void> {
  const payloads = new Map([...groups].map((group) => [group, { group }]))
  const rounded = delayMs === 0 ? {} : { togetherMs }
  await addWorkForEach(tx, regroupPages, payloads, { delayMs, ...rounded, onDuplicate: 'sooner' })
}

function remember(turn: Pick<PagingTurn, 'groups'>, group: PageGroup): void {
  const index = turn.groups.findIndex((each) => each.id === group.id)
  if (index < 0) turn.groups.push(group)
  else turn.groups[index] = group
}

function pageableOf(turn: PagingTurn, { service, team, tier, worst, urgency, signal }: AlertRow) {
  const policy = service === null ? null : (turn.policies.get(service) ?? null)
  return { rule: signal.rule, service, team, tier, policy, severity: worst, urgency }
}

async function relationFor(turn: PagingTurn, alert: AlertRow): Promise<Relation> {
  if (turn.relation !== null) return turn.relation
  if (!needsRelation(pageableOf(turn, alert), turn.groups)) return unrelated
  turn.relation = (await recentDependencies(turn)).relation
  return turn.relation
}

const unrelated: Relation = () => null

// Read once for all storms of a few seconds: ten thousand services are not walked for each handful of alerts.
const recentMs = 5_000
interface Dependencies {
  readonly relation: Relation
  /** Everything that depends on it, however far. */
  readonly reachOf: (service: string) => ReadonlySet<string>
}
const recent = new WeakMap<Needs, { readonly readAt: Instant; readonly dependencies: Dependencies }>()

async function recentDependencies({ tx, needs, now }: Pick<PagingTurn, 'tx' | 'needs' | 'now'>): Promise<Dependencies> {
  const known = recent.get(needs)
  if (known !== undefined && now >= known.readAt && now - known.readAt < recentMs) return known.dependencies
  const dependencies = await readDependencies(tx)
  recent.set(needs, { readAt: now, dependencies })
  return dependencies
}

/** The dependency graph is read only when a page to the same people is out for another service. */
function needsRelation(
  { service, team, policy }: Pick<Pageable, 'service' | 'team' | 'policy'>,
  groups: readonly PageGroup[],
): boolean {
  return service !== null && groups.some((each) => mayReach({ team, policy }, each) && !each.services.includes(service))
}

export async function relationOf(
  queries: Queries,
  alert: Pick<Pageable, 'service' | 'team' | 'policy'>,
  groups: readonly PageGroup[],
): Promise<Relation> {
  return needsRelation(alert, groups) ? (await readDependencies(queries)).relation : unrelated
}

/**
 * The order in which alerts of one moment are told: the worst first, and of the same severity what most of the others
 * depend on. The first one is what the page speaks of.
 */
export async function tellingOrder(
  of: Pick<PagingTurn, 'tx' | 'needs' | 'now'>,
  rows: readonly AlertRow[],
): Promise<readonly AlertRow[]> {
  const services = [...new Set(rows.map((row) => row.service).filter((name) => name !== null))]
  const carries = new Map<string | null, number>()
  if (services.length > 1) {
    const { reachOf } = await recentDependencies(of)
    for (const name of services) carries.set(name, services.filter((each) => reachOf(name).has(each)).length)
  }
  const weight = ({ service }: AlertRow) => carries.get(service) ?? 0
  return [...rows].sort(
    (a, b) => alertSeverities.indexOf(a.worst) - alertSeverities.indexOf(b.worst) || weight(b) - weight(a),
  )
}

async function readDependencies(queries: Queries): Promise<Dependencies> {
  const dependants = dependantsOf(await listDependencies(queries))
  const reached = new Map<string, ReadonlySet<string>>()
  const reachOf = (name: string): ReadonlySet<string> => {
    const known = reached.get(name) ?? new Set(radiusIn(dependants, name).map((each) => each.service))
    reached.set(name, known)
    return known
  }
  const relation: Relation = (a, b) =>
    reachOf(a).has(b) ? `${b} depends on ${a}` : reachOf(b).has(a) ? `${a} depends on ${b}` : null
  return { relation, reachOf }
}

// The one door for every alarm, outside or our own: signals → episodes, each with its reasons, and turns of those who are
// to be told (tell-alerts.ts), in one transaction of as many statements however many signals come.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { invariant } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tier } from '../../../kernel/severity.ts'
import { tiers } from '../../../kernel/severity.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { isUniqueViolation } from '../../../platform/database/failures.ts'
import { type Published, published } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { findServices, type ServiceSummary } from '../../catalog/index.ts'
import { alertOpened, alertRaised, tellAlerts } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import {
  type AlertRow,
  addTrace,
  endAlerts,
  insertAlerts,
  lockNewest,
  type NewAlert,
  saveAnswer,
  toEpisode,
  updateEpisode,
} from '../alerts.store.ts'
import {
  type Asked,
  asked,
  type DecidedSignal,
  decide,
  episodeKey,
  type IntakePolicy,
  isSilenced,
  judgeRise,
  judgeRouting,
  needsSources,
  readPause,
  type Signal,
  type SignalDecision,
  type Silence,
  type Source,
  silenceable,
  type TimedRouting,
  urgencyOf,
} from '../core/index.ts'
import { contentOf, identityOf, moveLeases, type SavedLease, saveLeases } from '../leases.store.ts'
import { lockGroup, raiseGroup } from '../page-groups.store.ts'
import { hurryCritical } from '../route-groups.store.ts'
import { listSources } from '../routing.store.ts'
import { loadSilences } from '../silences.store.ts'
import { addTurns, hurryTurn, type NewTurn } from '../turns.store.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { tellAgain } from './change-page.ts'
import { type PlannedEnd, planEnd } from './close-alert.ts'
import { joinGroups, type Newcomer } from './join-groups.ts'
import { loadRouting } from './route-alerts.ts'

export interface Intake {
  readonly source: string
  readonly signals: readonly Signal[]
  readonly policy: IntakePolicy
  readonly actor: Actor
}

export interface IntakeResult {
  readonly opened: number
  readonly refreshed: number
  readonly resolved: number
  readonly ignored: number
}

/** What the batch is judged by. */
interface World {
  readonly needs: Needs
  readonly now: Instant
  readonly services: ReadonlyMap<string, ServiceSummary>
  readonly silences: readonly Silence[]
  readonly routing: TimedRouting | null
  /** Open alerts that may inhibit, with those the batch opens. */
  readonly sources: readonly Source[]
}

interface Prepared {
  readonly alert: NewAlert
  readonly reasons: readonly Asked[]
}

interface Run extends World {
  readonly tx: Tx
  readonly ports: AlertsPorts
  readonly actor: Actor
  readonly rows: Map<string, AlertRow>
  readonly refreshed: Map<string, SavedLease>
  readonly traces: { alertId: string; asked: Asked }[]
  readonly ends: PlannedEnd[]
  readonly turns: NewTurn[]
  /** What the groups of its routes are to know of. */
  readonly newcomers: Newcomer[]
  readonly entries: Published[]
  readonly opened: ReadonlyMap<OpenDecision, { readonly row: AlertRow; readonly reasons: readonly Asked[] }>
}

type OpenDecision = Extract<SignalDecision, { kind: 'open' }>

/** At most 1,000 signals of one source. Answers after the commit: what was counted here is kept. */
export async function receiveSignals(needs: Needs, ports: AlertsPorts, intake: Intake): Promise<IntakeResult> {
  // The usual batch only repeats what is open. That is committed apart: it moves leases and decides nothing.
  const news = await moveRepeated(needs, intake)
  const repeated = intake.signals.length - news.length
  if (news.length === 0) return { ...nothing, refreshed: repeated }
  const result = await receiveNews(needs, ports, { ...intake, signals: news })
  return { ...result, refreshed: result.refreshed + repeated }
}

const nothing: IntakeResult = { opened: 0, refreshed: 0, resolved: 0, ignored: 0 }

/** Answers what is left to be looked at in full. A key that says two things in a batch is: the order of its signals counts. */
async function moveRepeated(needs: Needs, { signals, policy }: Intake): Promise<readonly Signal[]> {
  const identities = signals.map(identityOf)
  const byIdentity = new Map<string, [Signal, ...Signal[]]>()
  for (const [index, signal] of signals.entries()) {
    const identity = identities[index] ?? ''
    const known = byIdentity.get(identity)
    if (known === undefined) byIdentity.set(identity, [signal])
    else known.push(signal)
  }
  const repeated = [...byIdentity].flatMap(([identity, [first, ...more]]) => {
    const content = contentOf(first)
    const saysSame = (each: Signal) =>
      each.status === 'firing' && each.endsAt === first.endsAt && contentOf(each) === content
    if (first.status !== 'firing' || !more.every(saysSame)) return []
    return [{ identity, content, startsAt: first.startsAt, endsAt: first.endsAt, signals: more.length + 1 }]
  })
  const moved = await moveLeases(needs.database, repeated, policy.assumedLeaseMs)
  return moved.size === 0 ? signals : signals.filter((_, index) => !moved.has(identities[index] ?? ''))
}

async function receiveNews(needs: Needs, ports: AlertsPorts, intake: Intake): Promise<IntakeResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await needs.database.transaction((tx) => receiveInTransaction(tx, needs, ports, intake))
    } catch (error) {
      // Another process opened the same episode between our look and our insert: look again.
      if (!isUniqueViolation(error) || attempt === 5) throw error
    }
  }
}

/** For rooms whose own change raises the alarm: the signal is taken in with that change or not at all. */
export async function receiveInTransaction(
  tx: Tx,
  needs: Needs,
  ports: AlertsPorts,
  intake: Intake,
): Promise<IntakeResult> {
  const now = await tx.now()
  const newest = await lockNewest(
    tx,
    intake.source,
    intake.signals.map((signal) => signal.key),
  )
  const known = new Map(newest.map((row) => [episodeKey(row), toEpisode(row)]))
  const batch = decide(known, intake.signals, intake.policy, now)
  // In key order, each key's own in the order they came: batches that open the same alerts wait, and never in a ring.
  const decided = [...batch.decided].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  const opening = decided.filter(({ decisions }) => decisions.some((each) => each.kind === 'open'))
  const world = await loadWorld(tx, { needs, ports, now }, opening)
  const run: Run = {
    ...world,
    tx,
    ports,
    actor: intake.actor,
    rows: new Map(newest.map((row) => [episodeKey(row), row])),
    refreshed: new Map(),
    traces: [],
    ends: [],
    turns: [],
    newcomers: [],
    entries: [],
    opened: await insertFirst(tx, world, decided),
  }
  const result = { opened: 0, refreshed: 0, resolved: 0, ignored: 0 }
  for (const { key, decisions } of decided) {
    for (const decision of decisions) {
      await carryOut(run, key, decision)
      result[outcomes[decision.kind]] += 1
    }
  }
  await saveLeases(tx, [...run.refreshed.values()])
  await writeEnds(run)
  const { turns, trace: grouped } = await joinGroups(run, run.newcomers, run.turns)
  await addTrace(tx, [...run.traces, ...grouped])
  await needs.journal.publishAll(tx, run.entries)
  if (turns.length > 0) {
    await addTurns(tx, turns)
    await addWork(tx, tellAlerts, {})
  }
  return result
}

async function writeEnds(run: Run): Promise<void> {
  await endAlerts(
    run.tx,
    run.ends.map(({ end }) => end),
  )
  run.ends.length = 0
}

const outcomes = {
  open: 'opened',
  refresh: 'refreshed',
  close: 'resolved',
  amend: 'refreshed',
  ignore: 'ignored',
} as const

async function carryOut(run: Run, key: string, decision: SignalDecision): Promise<void> {
  const row = run.rows.get(key)
  switch (decision.kind) {
    case 'ignore':
      if (row !== undefined) trace(run, row.id, decision.trace)
      return
    case 'open':
      run.rows.set(key, await openAlert(run, decision))
      return
    case 'close':
    case 'amend':
      if (row === undefined) return
      trace(run, row.id, decision.trace)
      run.rows.set(key, end(run, row, decision))
      return
    case 'refresh':
      if (row !== undefined) run.rows.set(key, await refresh(run, row, decision))
  }
}

/** `amend`: it had ended before and only its end is known better; nobody is told again. */
function end(run: Run, row: AlertRow, decision: Extract<SignalDecision, { kind: 'close' | 'amend' }>): AlertRow {
  const { episode, kind } = decision
  const pending = run.refreshed.get(row.id)?.signals ?? 0
  run.refreshed.delete(row.id)
  const own = kind === 'close' && episode.end?.how === 'resolved' ? 1 : 0
  const planned = planEnd({ actor: run.actor, row }, episode, pending + own)
  run.ends.push(planned)
  if (kind === 'amend') return planned.row
  run.entries.push(planned.entry)
  run.turns.push({ alertId: row.id, task: 'end', severity: row.worst })
  return planned.row
}

/** Services and silences judge what opens; a batch that only repeats what is open, the usual one, reads neither. */
async function loadWorld(
  tx: Tx,
  of: { readonly needs: Needs; readonly ports: AlertsPorts; readonly now: Instant },
  opening: readonly DecidedSignal[],
): Promise<World> {
  const { needs, ports, now } = of
  if (opening.length === 0) return { needs, now, services: new Map(), silences: [], routing: null, sources: [] }
  const named = opening.map(({ signal }) => signal.service).filter((name) => name !== null)
  const services = new Map((await findServices(tx, named)).map((service) => [service.name, service]))
  const routing = await loadRouting(tx, needs, ports)
  const asks = routing !== null && opening.some(({ signal }) => needsSources(routing, signal.labels))
  const fresh = opening.map(({ key, signal }) => ({ id: key, labels: signal.labels }))
  const sources = asks ? [...fresh, ...(await listSources(tx))] : []
  return { needs, now, services, silences: await loadSilences(tx), routing, sources }
}

/** Rows of keys under which nothing is open, before anything else is locked: pages take locks of their own. */
async function insertFirst(tx: Tx, world: World, decided: readonly DecidedSignal[]): Promise<Run['opened']> {
  const seen = new Set<string>()
  const opening: { decision: OpenDecision; prepared: Prepared }[] = []
  for (const { key, decisions } of decided) {
    const [first] = decisions
    if (first?.kind === 'open' && !seen.has(key)) opening.push({ decision: first, prepared: prepare(world, first) })
    seen.add(key)
  }
  const inserted = await insertAlerts(
    tx,
    opening.map(({ prepared }) => prepared.alert),
  )
  const rows = new Map(inserted.map((row) => [row.id, row]))
  return new Map(
    opening.flatMap(({ decision, prepared }) => {
      const row = rows.get(prepared.alert.id)
      return row === undefined ? [] : [[decision, { row, reasons: prepared.reasons }]]
    }),
  )
}

/** Whose it is, how urgent, whether silenced; and why. */
function prepare(world: World, decision: OpenDecision): Prepared {
  const { signal } = decision.episode
  const service = signal.service === null ? undefined : world.services.get(signal.service)
  const tier = tierOf(service)
  const urgency = urgencyOf(signal.severity, tier)
  const silence = isSilenced(silenceable(signal, service?.team ?? null), world.silences, world.now)
  const source = { id: episodeKey(signal), labels: signal.labels }
  const routed = world.routing === null ? null : judgeRouting(world.routing, source, world.sources, world.now)
  const ownership =
    service === undefined
      ? asked(
          'service',
          'unknown',
          signal.service === null ? 'The signal names no service.' : `${signal.service} is not in the catalog.`,
        )
      : asked('service', service.name, `Owned by ${service.team ?? 'nobody'}, tier ${service.tier}.`)
  return {
    alert: {
      id: world.needs.newId(),
      episode: decision.episode,
      urgency: urgency.urgency,
      service: service?.name ?? null,
      team: service?.team ?? null,
      tier,
      silencedBy: silence.by[0] ?? null,
      heldBecause: routed?.hold ?? null,
    },
    reasons: [...decision.trace, ownership, urgency.asked, ...(routed?.trace ?? []), silence.asked],
  }
}

async function insertOne(run: Run, decision: OpenDecision): Promise<{ row: AlertRow; reasons: readonly Asked[] }> {
  // Under one key only one is open at a time.
  await writeEnds(run)
  const prepared = prepare(run, decision)
  const [row] = await insertAlerts(run.tx, [prepared.alert])
  invariant(row !== undefined, 'an inserted alert comes back')
  return { row, reasons: prepared.reasons }
}

async function openAlert(run: Run, decision: OpenDecision): Promise<AlertRow> {
  const { row, reasons } = run.opened.get(decision) ?? (await insertOne(run, decision))
  trace(run, row.id, reasons)
  const held = heldSentence(row)
  const labels = row.service === null ? null : (run.services.get(row.service)?.labels ?? null)
  const pauseMs = labels === null ? null : readPause(labels, row.worst)
  run.newcomers.push({ row, pauseMs })
  if (held !== null) trace(run, row.id, [asked('paging', 'held', held)])
  else {
    run.turns.push({ alertId: row.id, task: 'tell', severity: row.worst, pauseMs })
  }
  run.entries.push(
    published(alertOpened, {
      actor: run.actor,
      subject: { kind: 'alert', id: row.id },
      links: linksOf(row),
      reason: row.title,
      data: dataOf(row),
    }),
  )
  return row
}

function heldSentence({ silencedBy, heldBecause }: AlertRow): string | null {
  if (silencedBy !== null) return 'Nobody is paged while it is silenced.'
  if (heldBecause === 'inhibited') return 'Nobody is paged while another alert inhibits it.'
  if (heldBecause === 'muted') return 'Nobody is paged outside the hours of its routes.'
  return heldBecause === 'nobody' ? 'Its routes tell nobody.' : null
}

async function refresh(
  run: Run,
  row: AlertRow,
  decision: Extract<SignalDecision, { kind: 'refresh' }>,
): Promise<AlertRow> {
  const { episode } = decision
  const signals = (run.refreshed.get(row.id)?.signals ?? 0) + 1
  if (decision.changed.length === 0) {
    run.refreshed.set(row.id, { alertId: row.id, episode, signals })
    return row
  }
  run.refreshed.delete(row.id)
  const urgency = urgencyOf(episode.worst, row.tier)
  const updated = await updateEpisode(run.tx, row.id, episode, { urgency: urgency.urgency, signals })
  trace(run, row.id, decision.trace)
  return decision.raised ? raise(run, row, updated, urgency.asked) : updated
}

/** Worse than ever: people are told again when it calls for them now, or when the page it shares did not say as much. */
async function raise(run: Run, row: AlertRow, updated: AlertRow, urgency: Asked): Promise<AlertRow> {
  const { tx, ports } = run
  trace(run, row.id, [urgency])
  let risen = updated
  const held = heldSentence(row)
  if (held !== null) trace(run, row.id, [asked('paging', 'held', `It rose. ${held}`)])
  else if (row.pagedWith !== null) {
    const group = await lockGroup(tx, row.pagedWith)
    const verdict = group === null ? null : judgeRise(group, { severity: updated.worst, urgency: updated.urgency })
    if (verdict !== null) trace(run, row.id, [verdict.asked])
    if (verdict === null || verdict.leaves) {
      const freed = row.status === 'acknowledged' ? await saveAnswer(tx, row.id, { kind: 'unanswered' }) : updated
      const told = await tellAgain(run, freed, 'its severity')
      trace(run, row.id, told.trace)
      risen = told.row
    }
  } else {
    if (updated.urgency === 'high')
      await ports.paging.raise(tx, updated, `Severity rose from ${row.worst} to ${updated.worst}.`)
    await raiseGroup(tx, updated)
    const turn = { alertId: row.id, task: 'tell', severity: updated.worst } as const
    if (updated.worst === 'critical' && (await hurryCritical(tx, row.id))) run.turns.push(turn)
    else await hurryTurn(tx, turn)
  }
  await run.needs.journal.publish(tx, alertRaised, {
    actor: run.actor,
    subject: { kind: 'alert', id: row.id },
    links: linksOf(risen),
    data: { ...dataOf(risen), from: row.worst },
  })
  return risen
}

function trace(run: Run, alertId: string, steps: readonly Asked[]): void {
  for (const each of steps) run.traces.push({ alertId, asked: each })
}

function tierOf(service: ServiceSummary | undefined): Tier | null {
  return tiers.find((tier) => tier === service?.tier) ?? null
}

export const intakeActor = automation('alerts.intake')

// The one door for every alarm, outside or our own: signals → episodes, each with its reasons, and turns of those who are
// to be told (tell-alerts.ts), in one transaction of as many statements however many signals come.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { invariant } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tier } from '../../../kernel/severity.ts'
import { tiers } from '../../../kernel/severity.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { type Published, published } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findServices, type ServiceSummary } from '../../catalog/index.ts'
import type { NewAlert } from '../alert-row.ts'
import { alertOpened, alertRaised, tellAlerts } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import {
  type AlertRow,
  endAlerts,
  insertAlerts,
  lockNewest,
  saveAnswer,
  toEpisode,
  updateEpisode,
  writeRound,
} from '../alerts.store.ts'
import {
  type Asked,
  asked,
  type DecidedSignal,
  decide,
  type Episode,
  episodeKey,
  isSilenced,
  judgeRise,
  judgeRouting,
  probesOf,
  readPause,
  type Signal,
  type SignalDecision,
  type Silence,
  type Source,
  silenceable,
  type TimedRouting,
  urgencyOf,
} from '../core/index.ts'
import { episodeName } from '../episode-names.ts'
import { moveTogether } from '../lease-moves.ts'
import { type SavedLease, saveLeases } from '../leases.store.ts'
import { listSources } from '../open-alerts.store.ts'
import { lockGroup, raiseGroup } from '../page-groups.store.ts'
import { repetitionsIn, saidBy } from '../repetition.ts'
import { hurryCritical } from '../route-groups.store.ts'
import { loadSilences } from '../silences.store.ts'
import { hurryTurn, type NewTurn } from '../turns.store.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { tellAgain } from './change-page.ts'
import { type PlannedEnd, planEnd } from './close-alert.ts'
import { heldWords } from './hold-alerts.ts'
import type { Intake, IntakeResult } from './intake.ts'
import { joinGroups, type Newcomer } from './join-groups.ts'
import { type Ahead, lookAhead } from './look-ahead.ts'
import { type Follow, receiveTogether } from './receive-together.ts'
import { loadRouting } from './route-alerts.ts'
import { isTelling } from './tell-alerts.ts'

/** What the batch is judged by. */
interface World {
  readonly needs: Needs
  /** What names are made with. */
  readonly salt: string
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
  /** Of alerts that were open and are critical now. */
  readonly risen: NewTurn[]
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
  const speeches = signals.map((signal) => ({
    ...saidBy(signal),
    endsAt: signal.endsAt,
    firing: signal.status === 'firing',
  }))
  const repeated = repetitionsIn(speeches, policy.assumedLeaseMs)
  if (repeated.length === 0) return signals
  const { moved } = await moveTogether(needs.database, repeated)
  return signals.filter((_, index) => !moved.has(speeches[index]?.identity ?? ''))
}

/** Without a look whether anything only repeats what is known. */
export function receiveNews(needs: Needs, ports: AlertsPorts, intake: Intake): Promise<IntakeResult> {
  return receiveTogether(needs, ports, intake, receiveAll)
}

/** For rooms whose own change raises the alarm: the signal is taken in with that change or not at all. */
export async function receiveInTransaction(
  tx: Tx,
  needs: Needs,
  ports: AlertsPorts,
  intake: Intake,
): Promise<IntakeResult> {
  const [result] = await receiveAll(tx, needs, ports, [intake])
  invariant(result !== undefined, 'each intake has its result')
  return result
}

/** What came in earlier, in the order it came, each decided as of its own time; as many statements as for one. */
export async function receivePast(
  tx: Tx,
  needs: Needs,
  ports: AlertsPorts,
  intakes: readonly (Intake & { readonly at: Instant })[],
): Promise<void> {
  await receiveAll(tx, needs, ports, intakes)
}

interface Judged extends DecidedSignal {
  readonly intake: Intake
}

/** Of several senders, as many statements as for one; answers for each. Whoever can act after the commit says so by `follow`. */
export async function receiveAll(
  tx: Tx,
  needs: Needs,
  ports: AlertsPorts,
  intakes: readonly Intake[],
  follow?: Follow,
): Promise<readonly IntakeResult[]> {
  const holding = lockNewest(
    tx,
    intakes.flatMap(({ source, signals }) => signals.map(({ key }) => ({ source, key }))),
  )
  const ahead = lookAhead(tx, needs, ports, intakes)
  const held = await holding
  const { newest, salt } = held
  const now = intakes[0]?.at ?? held.now
  const decided = decideAll(newest, intakes, held.now)
  const opening = decided.filter(({ decisions }) => decisions.some((each) => each.kind === 'open'))
  const world = await loadWorld(tx, { needs, ports, salt, now }, opening, ahead)
  const rows = new Map(newest.map((row) => [episodeKey(row), row]))
  const shared: Omit<Run, 'actor'> = {
    ...world,
    tx,
    ports,
    rows,
    refreshed: new Map(),
    traces: [],
    ends: [],
    turns: [],
    risen: [],
    newcomers: [],
    entries: [],
    opened: await insertFirst(tx, world, decided, rows),
  }
  const own = new Map(
    intakes.map((intake) => [
      intake,
      { run: { ...shared, actor: intake.actor, now: intake.at ?? now }, result: { ...nothing } },
    ]),
  )
  for (const { key, decisions, intake } of decided) {
    const of = own.get(intake)
    invariant(of !== undefined, 'each intake has its run')
    for (const decision of decisions) {
      await carryOut(of.run, key, decision)
      of.result[outcomes[decision.kind]] += 1
    }
  }
  await saveLeases(tx, [...shared.refreshed.values()])
  // As they are at the end of the batch: one that opened and rose in it goes as what it is.
  const last = new Map([...shared.rows.values()].map((row) => [row.id, row]))
  const newcomers = shared.newcomers.map((each) => ({ ...each, row: last.get(each.row.id) ?? each.row }))
  const joined = await joinGroups(shared, newcomers, shared.turns)
  const turns = [...joined.turns, ...(await hurryRisen(shared))]
  const ends = shared.ends.map(({ end }) => end)
  await writeRound(tx, { ends, trace: [...shared.traces, ...joined.trace], turns })
  const isCritical = turns.some((turn) => turn.severity === 'critical')
  const later = follow !== undefined && !isCritical && isTelling(needs)
  if (follow !== undefined && turns.length > 0) follow.tell = isCritical ? 'sooner' : later ? 'later' : null
  const work = turns.length === 0 || later ? [] : [{ job: tellAlerts, payload: {}, atOnce: isCritical }]
  await needs.journal.publishAll(tx, shared.entries, work)
  return intakes.map((intake) => own.get(intake)?.result ?? nothing)
}

/** Those that waited for their group and need not any more; after joining, because groups are locked before members. */
async function hurryRisen({ tx, risen }: Pick<Run, 'tx' | 'risen'>): Promise<readonly NewTurn[]> {
  const hurried = await hurryCritical(
    tx,
    risen.map((turn) => turn.alertId),
  )
  for (const turn of risen) if (!hurried.has(turn.alertId)) await hurryTurn(tx, turn)
  return risen.filter((turn) => hurried.has(turn.alertId))
}

/** In key order, each key's own in the order they came: batches that open the same alerts wait, and never in a ring. */
function decideAll(newest: readonly AlertRow[], intakes: readonly Intake[], now: Instant): readonly Judged[] {
  let known: ReadonlyMap<string, Episode> = new Map(newest.map((row) => [episodeKey(row), toEpisode(row)]))
  const judged = intakes.flatMap((intake) => {
    const { decided, episodes } = decide(known, intake.signals, intake.policy, intake.at ?? now)
    known = new Map([...known, ...episodes])
    return decided.map((each) => ({ ...each, intake }))
  })
  return judged.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

async function writeEnds(run: Pick<Run, 'tx' | 'ends'>): Promise<void> {
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
  if (kind === 'amend') {
    amendEnd(run, planned)
    return planned.row
  }
  run.ends.push(planned)
  run.entries.push(planned.entry)
  run.turns.push({ alertId: row.id, task: 'end', severity: row.worst })
  return planned.row
}

/** An end of this very batch may be known better by a later signal of it: one end is written. */
function amendEnd({ ends }: Pick<Run, 'ends'>, better: PlannedEnd): void {
  const index = ends.findIndex(({ end }) => end.id === better.end.id)
  const known = ends[index]
  if (known === undefined) ends.push(better)
  else ends[index] = { ...better, end: { ...better.end, signals: known.end.signals + better.end.signals } }
}

/** Services and silences judge what opens; a batch that only repeats what is open, the usual one, reads neither. */
async function loadWorld(
  tx: Tx,
  of: { readonly needs: Needs; readonly ports: AlertsPorts; readonly salt: string; readonly now: Instant },
  opening: readonly DecidedSignal[],
  ahead: Ahead | null,
): Promise<World> {
  const { needs, ports, salt, now } = of
  if (opening.length === 0) return { needs, salt, now, services: new Map(), silences: [], routing: null, sources: [] }
  const named = opening.map(({ signal }) => signal.service).filter((name) => name !== null)
  const silenced = ahead?.silences ?? loadSilences(tx, now)
  const [found, routing, silences] = await Promise.all([
    findServices(tx, named),
    ahead?.routing ?? loadRouting(tx, needs, ports),
    silenced,
  ])
  const services = new Map(found.map((service) => [service.name, service]))
  const fresh = opening.map(({ key, signal }) => ({ id: key, labels: signal.labels }))
  const probes = routing === null ? [] : probesOf(routing, fresh)
  const sources = probes.length === 0 ? [] : [...fresh, ...(await listSources(tx, probes))]
  return { needs, salt, now, services, silences, routing, sources }
}

/** Rows of keys under which nothing is open, before anything else is locked: pages take locks of their own. */
async function insertFirst(
  tx: Tx,
  world: World,
  decided: readonly Judged[],
  newest: ReadonlyMap<string, AlertRow>,
): Promise<Run['opened']> {
  const seen = new Set<string>()
  const opening: { decision: OpenDecision; prepared: Prepared }[] = []
  for (const { key, decisions, intake } of decided) {
    const [first] = decisions
    if (first?.kind === 'open' && !seen.has(key)) {
      const then = { ...world, now: intake.at ?? world.now }
      opening.push({ decision: first, prepared: prepare(then, first, nameOf(then, first, newest.get(key), intake)) })
    }
    seen.add(key)
  }
  const rows = await insertAlerts(
    tx,
    opening.map(({ prepared }) => prepared.alert),
  )
  return new Map(
    opening.flatMap(({ decision, prepared }, index) => {
      const row = rows[index]
      return row === undefined ? [] : [[decision, { row, reasons: prepared.reasons }]]
    }),
  )
}

function nameOf(
  world: World,
  { episode }: OpenDecision,
  former: AlertRow | undefined,
  intake: Pick<Intake, 'name'> = {},
) {
  return intake.name ?? episodeName(world.salt, episode.signal, world.now, former ?? null)
}

/** Whose it is, how urgent, whether silenced; and why. */
function prepare(world: World, decision: OpenDecision, name: string): Prepared {
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
      id: name,
      episode: decision.episode,
      urgency: urgency.urgency,
      service: service?.name ?? null,
      team: service?.team ?? null,
      tier,
      silencedBy: silence.last?.id ?? null,
      heldBecause: routed?.hold ?? null,
    },
    reasons: [...decision.trace, ownership, urgency.asked, ...(routed?.trace ?? []), silence.asked],
  }
}

async function insertOne(run: Run, decision: OpenDecision): Promise<{ row: AlertRow; reasons: readonly Asked[] }> {
  // Under one key only one is open at a time.
  await writeEnds(run)
  const former = run.rows.get(episodeKey(decision.episode.signal))
  const prepared = prepare(run, decision, nameOf(run, decision, former))
  const [row] = await insertAlerts(run.tx, [prepared.alert])
  invariant(row !== undefined, 'an inserted alert comes back')
  return { row, reasons: prepared.reasons }
}

async function openAlert(run: Run, decision: OpenDecision): Promise<AlertRow> {
  const { row, reasons } = run.opened.get(decision) ?? (await insertOne(run, decision))
  trace(run, row.id, reasons)
  const held = heldSentence(row, run.silences)
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

function heldSentence({ silencedBy, heldBecause }: AlertRow, silences: readonly Silence[]): string | null {
  if (silencedBy !== null) return heldWords(silences.find((each) => each.id === silencedBy) ?? {})
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
  const held = heldSentence(row, run.silences)
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
    const own = run.turns.findIndex((each) => each.alertId === row.id && each.task === 'tell')
    // It opened in this batch: its turn is not written yet.
    if (own >= 0) run.turns[own] = turn
    else if (updated.worst === 'critical') run.risen.push(turn)
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

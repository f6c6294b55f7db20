// One process's lifeboat: looks after the database, keeps the plan armed, takes alerts aboard while the database is
// away, pages from the plan, and writes everything down when it is back.

import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import { knowsBoot } from '../../platform/database/embedded/processes.ts'
import { monotonicMs as runningMs } from '../../platform/monotonic.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { listen } from '../../platform/work/wake-up.ts'
import { actorOfKnownKey } from '../identity/index.ts'
import { type Chart, loadChart, loadTide, type Tide } from './armed-plan.ts'
import { type Berth, openBerth } from './berth.ts'
import type { Drive, Lifeboat } from './boat.ts'
import { countOf } from './cargo.ts'
import { ashore, boards, landed, observe, type Standing } from './core/index.ts'
import { type Crew, createCrew } from './crew.ts'
import { closeGate } from './gate.ts'
import { type JournalFile, openJournalFile } from './journal-file.ts'
import { land } from './land.ts'
import type { LifeboatPorts } from './lifeboat.ports.ts'
import { leave } from './lifeboat.store.ts'
import { createLookout, type Lookout } from './lookout.ts'
import { createPace } from './pace.ts'
import { writePlan } from './plan-file.ts'
import { recordGap } from './record-gap.ts'
import type { Afloat, BoatRecord, TakenSignals } from './records.ts'
import { settleMarks } from './settle-marks.ts'

/** 256 MB: hours of a storm, and no disk notices. */
export const mostJournalBytes = 256 * 1024 * 1024
const lookMs = 1_000
const tickMs = 250
const chartMs = 60_000
const tideMs = 15_000
const crowdMs = 1_000
// With thousands of alerts open a reading takes a while: a storm must not be read all the time.
const chartPace = { crowdMs, restMs: 5_000, share: 40 }
const tidePace = { crowdMs, restMs: 0, share: 60, mostRestMs: tideMs }
const filePace = { crowdMs, restMs: 10_000, share: 40 }
const leftMs = 60_000
/** How long a stop waits for a journal that is being written down for somebody else. */
const leavingMs = 2_000
const mostSeen = 10_000
/** So many are written down within a second, for which senders wait. */
const mostHeld = 250

interface Voyage {
  readonly id: string
  readonly path: string
  readonly file: JournalFile
  readonly records: BoatRecord[]
  readonly names: Map<string, string>
  /** Signals the database has: whoever is to hear of them is told by it. */
  readonly handed: Set<string>
  /** Came while the rest was being written down: judged only if the database goes away again. */
  readonly unjudged: TakenSignals[]
  /** How many of them are written down. */
  landed: number
  /** Entries that the database would not take: bugs of ours. */
  refused: number
  /** On their way to the disk. */
  appending: number
}

export function createLifeboat(needs: Needs, ports: LifeboatPorts, drive?: Drive): Lifeboat {
  const { database, log } = needs
  const monotonicMs = drive?.monotonicMs ?? runningMs
  let standing: Standing = ashore
  let chart: Chart | null = null
  let tide: Tide | null = null
  let clock: { readonly at: Instant; readonly monotonic: number } | null = null
  let berth: Berth | null = null
  let voyage: Voyage | null = null
  let opening: Promise<Voyage> | null = null
  let crew: Crew | null = null
  let judging: Promise<void> = Promise.resolve()
  let landing: Promise<void> | null = null
  let leaving: Promise<void> | null = null
  /** Closed for the last moment of a landing, or what streams in would keep it from ever ending. */
  let gate: { readonly opens: Promise<void>; readonly open: () => void } | null = null
  let stopped = false
  let doubted = false
  let leftAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | null = null
  const charting = createPace({ ...chartPace, monotonicMs })
  const tiding = createPace({ ...tidePace, monotonicMs })
  const filing = createPace({ ...filePace, monotonicMs })
  let lookout: Lookout | null = drive?.lookout ?? null
  const timers = new Set<NodeJS.Timeout>()
  /** Keys since the plan was read; newer ones are in the next plan. */
  const seen = new Map<string, { readonly actor: Actor; readonly at: number }>()
  const left = new Set<string>()
  /** Journals of ours from their first byte until they are written down: not left by anybody. */
  const inUse = new Set<string>()

  const now = (): Instant | null =>
    clock === null ? null : instant(Math.round(clock.at + monotonicMs() - clock.monotonic))
  const certainly = (): Instant => {
    const at = now()
    if (at === null) throw notReady()
    return at
  }
  /** Why the last thing that came could not be kept; null when it was. */
  let refusal: string | null = null
  const refuse = (error: unknown): never => {
    refusal = error instanceof Error ? error.message : String(error)
    throw error
  }
  const hasCargo = (): boolean => voyage !== null || opening !== null

  // The journal of this gap, made with the first thing that comes aboard.
  function embark(): Promise<Voyage> {
    if (voyage !== null) return Promise.resolve(voyage)
    opening ??= (async () => {
      if (berth === null) throw notReady()
      const id = needs.newId()
      const file = berth.journalOf(id)
      inUse.add(file)
      const opened = await openJournalFile<BoatRecord>(file, { maxBytes: mostJournalBytes }).catch((cause: unknown) => {
        inUse.delete(file)
        throw new AppError('unavailable', 'lifeboat.disk-failed', 'The lifeboat cannot open its journal.', {
          retryAfterSeconds: 30,
          cause,
        })
      })
      const made: Voyage = {
        id,
        path: file,
        file: opened.file,
        records: [],
        names: new Map(),
        handed: new Set(),
        unjudged: [],
        landed: 0,
        refused: 0,
        appending: 0,
      }
      const since = standing.kind === 'ashore' ? 0 : monotonicMs() - standing.since
      const first: Afloat = {
        ...{ kind: 'afloat', id: needs.newId(), voyage: id, boat: ports.boat },
        from: instant(Math.round(certainly() - since)),
        plan: tide?.takenAt ?? certainly(),
      }
      made.records.push(first)
      // A full disk refuses the first record of every signal that comes: none of them leaves a file behind it.
      await opened.file.append(first).catch(async (error: unknown) => {
        await opened.file.close()
        await rm(file, { force: true })
        inUse.delete(file)
        refuse(error)
      })
      voyage = made
      return made
    })().finally(() => {
      opening = null
    })
    return opening
  }

  async function write(record: BoatRecord): Promise<void> {
    const own = await embark().catch(refuse)
    own.appending += 1
    try {
      await own.file.append(record)
      own.records.push(record)
      refusal = null
    } catch (error) {
      // A page that left is written down even when the disk refused the record; a promise is not made.
      if (record.kind !== 'signals' && record.kind !== 'acknowledged' && record.kind !== 'acknowledged-key')
        own.records.push(record)
      refuse(error)
    } finally {
      own.appending -= 1
    }
  }

  function manCrew(): Crew | null {
    if (crew !== null || chart === null || tide === null) return crew
    crew = createCrew({ needs, ports, plan: { chart, tide }, now: certainly, newRecord: needs.newId, write })
    // What came aboard before anybody knew for how long.
    for (const record of voyage?.records ?? []) if (record.kind === 'signals') judge(crew, record)
    return crew
  }

  function judge(own: Crew, record: TakenSignals): void {
    if (voyage?.handed.has(record.id) === true) return
    judging = judging
      .then(() => own.judge(record))
      .catch((error: unknown) =>
        log.error('The lifeboat could not judge what it took in.', { entry: record.id, error }),
      )
  }

  async function look(): Promise<void> {
    const answers = (await lookout?.look(hasCargo() || doubted)) ?? true
    if (stopped) return
    const before = standing.kind
    standing = observe(standing, answers, hasCargo(), monotonicMs())
    if (answers) doubted = false
    if (before !== standing.kind) await changed(before)
    if (standing.kind === 'landing')
      landing ??= landAll().finally(() => {
        landing = null
      })
    if (standing.kind === 'ashore') await whileAshore()
  }

  async function changed(before: Standing['kind']): Promise<void> {
    if (standing.kind === 'afloat') {
      const age = tide === null ? null : Math.round((certainly() - tide.takenAt) / 1_000)
      log.error(
        'The database is away. The lifeboat is afloat: alerts are kept on this disk, pages go out from the plan.',
        {
          planAgeSeconds: age,
        },
      )
      // Connections that a network has forgotten are found dead now, not one by one when they are needed.
      for (let idle = database.pool.idle; idle > 0; idle -= 1) void database.now().catch(() => undefined)
      // Also a gap in which nothing happened is on record.
      await embark().catch((error: unknown) => log.error('The lifeboat cannot keep a journal.', { error }))
      crew?.standBack()
      const own = manCrew()
      if (own === null) log.error('There is no plan to page from.')
      else for (const record of voyage?.unjudged.splice(0) ?? []) judge(own, record)
    }
    if (standing.kind === 'landing')
      log.info('The database is back. What happened meanwhile is written down.', { before })
  }

  async function landAll(): Promise<void> {
    try {
      await judging
      await crew?.rest()
      let isFirst = true
      while (voyage !== null && standing.kind === 'landing' && !stopped) {
        const own: Voyage = voyage
        const records = own.records.slice()
        const { names, handed, landed: from } = own
        own.refused += (await land({ needs, ports, records, from, names, handed, isFirst })).length
        own.landed = records.length
        isFirst = false
        if (own.records.length > records.length || own.appending > 0 || opening !== null) {
          if (own.records.length - records.length <= mostHeld) gate ??= closeGate()
          await new Promise((resolve) => setImmediate(resolve))
          continue
        }
        // From here on, in this very moment, everything goes its ordinary way again.
        voyage = null
        refusal = null
        crew = null
        standing = landed(standing)
        gate?.open()
        gate = null
        log.info('The lifeboat has landed.')
        await own.file.close()
        await endJournal(own.records, own.path, own.refused).finally(() => inUse.delete(own.path))
      }
      // Nothing was aboard after all.
      if (voyage === null && opening === null) standing = landed(standing)
    } catch (error) {
      log.warn('What happened aboard could not be written down yet; it is tried again.', { error })
    } finally {
      gate?.open()
      gate = null
    }
  }

  async function endJournal(records: readonly BoatRecord[], file: string, refused: number): Promise<void> {
    left.add(file)
    await recordGap(needs, records, file, refused)
    left.delete(file)
  }

  async function whileAshore(): Promise<void> {
    const at = monotonicMs()
    if (berth === null || at - leftAt < (left.size > 0 ? 5_000 : leftMs)) return
    leftAt = at
    await berth.giveSign().catch(() => undefined)
    // Not waited for: hours of a storm may lie there, and meanwhile somebody must go on looking after the database.
    leaving ??= landLeft()
      .catch((error: unknown) =>
        log.warn('A journal that was left could not be written down yet; it is tried again.', { error }),
      )
      .finally(() => {
        leaving = null
      })
  }

  /** Of processes that died aboard, and of our own landing when its end was cut off. */
  async function landLeft(): Promise<void> {
    if (berth === null) return
    for (const file of await berth.takeLeft((each) => inUse.has(each))) {
      if (stopped) return
      const { file: handle, records, torn } = await openJournalFile<BoatRecord>(file, { maxBytes: 0 })
      await handle.close()
      if (records.length === 0) {
        await rm(file, { force: true })
        continue
      }
      log.warn('A journal of the lifeboat was left by a process that is gone; it is written down.', {
        file,
        records: records.length,
        tornBytes: torn,
      })
      const refused = await land({ needs, ports, records, from: 0, names: new Map(), handed: new Set(), isFirst: true })
      await endJournal(records, file, refused.length)
    }
    // After the journals: what was sent aboard is written down by them.
    for (const file of await berth.leftMarks()) await settleMarks(needs, file)
  }

  /** `all`: now, whatever was read lately. */
  function refresh(what: 'all' | 'chart' | 'tide'): Promise<void> {
    if (standing.kind !== 'ashore' || stopped) return Promise.resolve()
    if (loading !== null) return what === 'tide' ? loading : loading.then(() => refresh(what))
    loading = (async () => {
      try {
        const known =
          what !== 'tide' || chart === null ? await charting.run(() => loadChart(database, needs, ports)) : chart
        chart = known
        if (what !== 'chart' || tide === null || tiding.isDue()) {
          const monotonic = monotonicMs()
          tide = await tiding.run(() => loadTide(database, ports))
          clock = { at: tide.takenAt, monotonic }
        }
        const plan = { chart: known, tide }
        const file = path.join(ports.folder, 'plan.sealed')
        if (what === 'all' || filing.isDue()) await filing.run(() => writePlan(file, ports.keyring, plan))
      } catch (error) {
        log.warn('The plan of the lifeboat could not be renewed.', { error })
      } finally {
        loading = null
      }
    })()
    return loading
  }

  async function tick(): Promise<void> {
    if (standing.kind === 'afloat') await crew?.tick()
  }

  function every(ms: number, work: () => Promise<void>): void {
    let isBusy = false
    const timer = setInterval(async () => {
      if (isBusy) return
      isBusy = true
      await work().catch((error: unknown) => log.error('The lifeboat failed at its work.', { error }))
      isBusy = false
    }, ms)
    timer.unref()
    timers.add(timer)
  }

  let hints: { stop(): Promise<void> } | null = null
  let soon: NodeJS.Timeout | null = null
  let soonChart: NodeJS.Timeout | null = null

  return {
    refuge: {
      isOpen: () => boards(standing, hasCargo()),
      ready: async () => {
        await gate?.opens
      },
      now,
      doubt: () => {
        doubted = true
      },
      take: async (intake) => {
        const record: TakenSignals = { kind: 'signals', id: needs.newId(), at: certainly(), ...intake }
        await write(record)
        if (crew !== null && standing.kind === 'afloat') judge(crew, record)
        else if (crew !== null) voyage?.unjudged.push(record)
        return record.id
      },
      acknowledge: async ({ source, key, actor }) => {
        const alert = crew?.alertOf(source, key) ?? null
        if (alert !== null) {
          const known = await crew?.acknowledge({ alert, by: actor.name, actor })
          if (known !== null && known !== undefined) return known.row.id
        }
        const id = needs.newId()
        await write({ kind: 'acknowledged-key', id, at: certainly(), source, key, actor })
        return id
      },
    },
    state: () => ({
      standing: standing.kind,
      since:
        standing.kind === 'ashore' || clock === null
          ? null
          : instant(Math.round(certainly() - (monotonicMs() - standing.since))),
      // As old as its older half.
      planTakenAt: chart === null || tide === null ? null : instant(Math.min(chart.takenAt, tide.takenAt)),
      now: now(),
      journalBytes: voyage?.file.size ?? 0,
      refusal,
      counts: countOf(voyage?.records ?? []),
    }),
    isAfloat: () => standing.kind === 'afloat',
    mayWork: () => standing.kind === 'ashore' || (standing.kind === 'doubt' && !hasCargo()),
    actorOf: (token) => {
      const at = now()
      const known = chart === null || at === null ? null : actorOfKnownKey(chart.keys, token, at)
      const late = seen.get(digestOf(token))
      return known ?? (late !== undefined && late.at > charting.begunAt() ? late.actor : null)
    },
    saw: (token, actor) => {
      if (actor.kind !== 'key') return
      if (seen.size >= mostSeen) seen.clear()
      seen.set(digestOf(token), { actor, at: monotonicMs() })
    },
    senders: () => chart?.senders ?? null,
    zoneOf: (person) => chart?.people.find((each) => each.person === person)?.zone ?? 'UTC',
    escalationOf: async (alert) => {
      const own = manCrew()
      await judging
      return own?.escalationOf(alert) ?? null
    },
    acknowledge: async (order) => {
      const own = manCrew()
      await judging
      return own?.acknowledge(order) ?? null
    },
    look: async () => {
      await look()
      await landing
      await leaving
    },
    tick: async () => {
      await judging
      await tick()
      await crew?.rest()
    },
    arm: () => refresh('all'),
    start: async () => {
      stopped = false
      berth = await openBerth(ports.folder, ports.boat)
      // Not synced: what a machine that lost its power had marked may be gone in part.
      if (knowsBoot()) ports.marks.open(berth.marks)
      lookout ??= createLookout(database)
      await landLeft().catch((error: unknown) =>
        log.warn('A journal that was left could not be written down yet; it is tried again.', { error }),
      )
      await refresh('all')
      if (drive !== undefined) return
      hints = listen(database, log, 'mainstay_journal', () => {
        soon ??= setTimeout(() => {
          soon = null
          void refresh('tide')
        }, tiding.delayMs()).unref()
        soonChart ??= setTimeout(() => {
          soonChart = null
          void refresh('chart')
        }, charting.delayMs()).unref()
      })
      every(lookMs, look)
      every(tickMs, tick)
      every(chartMs, () => refresh('chart'))
      every(tideMs, () => refresh('tide'))
    },
    stop: async () => {
      stopped = true
      for (const timer of timers) clearInterval(timer)
      if (soon !== null) clearTimeout(soon)
      if (soonChart !== null) clearTimeout(soonChart)
      await hints?.stop()
      await loading
      await landing
      // Cut off it is begun again by whoever comes next; a stop has ten seconds.
      if (leaving !== null) await Promise.race([leaving, wait(leavingMs, undefined, { ref: false })])
      await judging
      await voyage?.file.close()
      // Its journal is left for whoever comes next.
      voyage = null
      inUse.clear()
      crew = null
      await lookout?.stop()
      if (standing.kind === 'ashore') await leave(database, ports.boat).catch(() => undefined)
      ports.marks.close()
      await berth?.leave().catch(() => undefined)
    },
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64')

const notReady = (): AppError =>
  new AppError(
    'unavailable',
    'database.away',
    'The database cannot be reached right now, and no plan was read before.',
    {
      retryAfterSeconds: 5,
    },
  )

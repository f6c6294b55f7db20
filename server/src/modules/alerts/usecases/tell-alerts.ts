// Tells people of what was taken in: right after the commit that took it in, the worst first, many in one transaction.
// Who dies in between leaves the turns behind, and the next sweep of any process goes on with them.
import { automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { type Published, published } from '../../../platform/journal/journal.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { knowStamp } from '../../catalog/index.ts'
import { alertAcknowledged, tellAlerts } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, addTrace, lockAlerts } from '../alerts.store.ts'
import { type Asked, asked } from '../core/index.ts'
import { createPace, type Pace } from '../pace.ts'
import { type AlertTurn, oldestTurn, putOff, takeTurn, takeTurns } from '../turns.store.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { endPages } from './close-alert.ts'
import { judgeWaiting, type Waiting } from './judge-waiting.ts'
import { type PagingTurn, pageAlert, takeTurnForMany, tellingOrder, writeJoins } from './page-alerts.ts'
import { regroupLocked } from './regroup-pages.ts'

// The worst alert waits for one such transaction at most, however many came before it: while they are quick, as most are that
// only join pages, they grow.
const atOnce = 32
const mostAtOnce = 256
const quickMs = 100
// While a storm of alerts that are not critical comes in a few at a time, a round is worth waiting for. Who comes alone, or as one
// of some ten a second, is told at once.
const gatherMs = 400
const stormPerSecond = 32
const actor = automation('alerts.tell')

interface Rounds {
  /** Somebody asked since the last look. */
  again: boolean
  /** Something critical came since: nobody waits for more. */
  isUrgent: boolean
  /** Ends such a wait. */
  hurry: () => void
}

/** One at a time in a process: those who ask meanwhile are served by the round that runs. */
const running = new WeakMap<Needs, Rounds>()
/** Of turns that are taken. */
const paces = new WeakMap<Needs, Pace>()

function paceOf(needs: Needs, taken: number): number {
  const pace = paces.get(needs) ?? createPace()
  paces.set(needs, pace)
  pace.add(taken)
  return pace.perSecond()
}

// A flood never ends: whoever goes on gives the rest back as a job that is as old as whoever waits longest. So `/readyz`
// tells a busy pager, whose turns are young, from one that falls behind.
const usualRoundsMs = 5_000

/**
 * Whether what is committed now may do without a job of its own, because somebody tells in this very process: then
 * `tellLater` follows the commit. Should the process die in between, the next sweep of any process finds the turns, which is
 * soon enough for what wakes nobody.
 */
export function isTelling(needs: Needs): boolean {
  return running.has(needs)
}

/** Turns were committed without a job: the rounds look again, or there is a job after all. */
export async function tellLater(needs: Needs): Promise<void> {
  const own = running.get(needs)
  if (own === undefined) await needs.database.transaction((tx) => addWork(tx, tellAlerts, {}))
  else own.again = true
}

/** Something critical was committed. */
export function tellSooner(needs: Needs): void {
  const own = running.get(needs)
  if (own === undefined) return
  own.again = true
  own.isUrgent = true
  own.hurry()
}

/** Until nobody waits, or a while has passed: then another job goes on. */
export async function tellDue(needs: Needs, ports: AlertsPorts, roundsMs = usualRoundsMs): Promise<void> {
  const other = running.get(needs)
  if (other !== undefined) {
    other.again = true
    return
  }
  const own: Rounds = { again: false, isUrgent: false, hurry: () => undefined }
  running.set(needs, own)
  try {
    const since = monotonicMs()
    do {
      let size = atOnce
      for (;;) {
        own.again = false
        own.isUrgent = false
        const began = monotonicMs()
        const wanted = size
        const told = await tellSome(needs, ports, wanted)
        if (told.length === 0) break
        const wasQuick = monotonicMs() - began < quickMs
        if (told.length === wanted || !wasQuick)
          size = wasQuick ? Math.min(size * 2, mostAtOnce) : Math.max(size / 2, atOnce)
        const isBusy = paceOf(needs, told.length) >= stormPerSecond
        const isLong = monotonicMs() - since >= roundsMs
        // Nobody else waited, and whoever came since has said so.
        if (!isBusy && !isLong && told.length < wanted && !own.again) break
        const isStorm = isBusy && !own.isUrgent
        // As many as were asked for: more may wait.
        if (isStorm && told.length < wanted && !told.some((turn) => turn.isCritical)) await gather(own)
        if (monotonicMs() - since < roundsMs) continue
        // From here on whoever asks tells by itself: what was asked before is seen by this look.
        running.delete(needs)
        await needs.database.transaction(async (tx) => {
          const dueAt = await oldestTurn(tx)
          if (dueAt !== null) await addWork(tx, tellAlerts, {}, { dueAt })
        })
        return
      }
    } while (own.again)
  } finally {
    if (running.get(needs) === own) running.delete(needs)
  }
}

function gather(own: Rounds): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, gatherMs)
    own.hurry = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}

async function tellSome(needs: Needs, ports: AlertsPorts, limit: number): Promise<readonly AlertTurn[]> {
  let taken: readonly AlertTurn[] = []
  try {
    await needs.database.transaction(async (tx) => {
      const taking = takeTurns(tx, limit)
      knowStamp(tx)
      const { now, turns } = await taking
      taken = turns
      if (now !== null) await tellThese({ tx, needs, ports }, taken, now)
    })
  } catch (error) {
    if (taken.length === 0 || isPassing(error)) throw error
    for (const turn of taken) await tellApart(needs, ports, turn)
  }
  return taken
}

const isPassing = (error: unknown): boolean => error instanceof AppError && error.kind === 'unavailable'

/** One of a batch failed: nobody else waits for it. */
async function tellApart(needs: Needs, ports: AlertsPorts, turn: AlertTurn): Promise<void> {
  try {
    await needs.database.transaction(async (tx) => {
      if (await takeTurn(tx, turn)) await tellThese({ tx, needs, ports }, [turn], await tx.now())
    })
  } catch (error) {
    if (isPassing(error)) throw error
    needs.log.error('Nobody could be told of an alert; it is tried again.', { ...turn, error })
    await needs.database.transaction((tx) => putOff(tx, turn))
  }
}

interface Telling {
  readonly tx: Tx
  readonly needs: Needs
  readonly ports: AlertsPorts
}

async function tellThese(of: Telling, turns: readonly AlertTurn[], now: Instant): Promise<void> {
  const { tx, needs } = of
  const rows = await lockAlerts(
    tx,
    turns.map((turn) => turn.alertId),
  )
  const taken = (task: AlertTurn['task']) =>
    new Map(turns.filter((turn) => turn.task === task).map((turn) => [turn.alertId, turn]))
  const [tells, ends] = [taken('tell'), taken('end')]
  const toTell = await tellingOrder(
    { ...of, now },
    rows.filter((row) => tells.has(row.id)),
  )
  const reasons = new Map(toTell.map((row) => [row.id, whyNot(row, tells.get(row.id))]))
  const heard = toTell.filter((row) => reasons.get(row.id) === null)
  const judging = judgeWaiting(tx, heard, tells, now)
  // Where none may wait, what its page is judged by is asked with the look at its past.
  const mayWait = heard.some((row) => (tells.get(row.id)?.pauseMs ?? null) !== null)
  const { late } = mayWait ? await judging : noneWaits
  const open = heard.filter((row) => !late.has(row.id))
  const asking = open.length === 0 ? null : takeTurnForMany({ ...of, now }, open)
  const [waiting, paging] = await Promise.all([judging, asking])
  const trace = [...waiting.trace]
  const entries: Published[] = []
  for (const row of toTell) {
    const reason = reasons.get(row.id) ?? null
    if (reason !== null) trace.push({ alertId: row.id, asked: reason })
    else if (paging !== null && !waiting.late.has(row.id)) await tellOne(paging, row, trace, entries)
  }
  if (paging !== null) await writeJoins(paging)
  await regroupLocked(tx, of.ports, [...(paging?.grown ?? [])])
  const over = rows.filter((row) => ends.has(row.id) && row.status === 'resolved')
  trace.push(...(await endPages(of, over, now)))
  await addTrace(tx, trace, { flapping: waiting.flapping, postponed: [...waiting.late.values()] })
  await needs.journal.publishAll(tx, entries)
}

const noneWaits: Pick<Waiting, 'late'> = { late: new Map() }

/** What has happened since it was taken in; null when somebody is to hear of it. */
function whyNot(row: AlertRow, turn: AlertTurn | undefined): Asked | null {
  if (row.status === 'resolved' && turn?.paused === true)
    return asked('pause', 'healed', 'It was over before its pause was: nobody was told.')
  if (row.status === 'resolved') return asked('paging', 'over', 'It ended before anybody was told.')
  if (row.answeredBy !== null) return asked('paging', 'answered', `${row.answeredBy} has it already.`)
  if (row.silencedBy !== null) return asked('paging', 'held', 'It was silenced before anybody was told.')
  if (row.heldBecause !== null) return asked('paging', 'held', `It is ${row.heldBecause} by the routing file.`)
  return null
}

async function tellOne(
  paging: PagingTurn,
  row: AlertRow,
  trace: { alertId: string; asked: Asked }[],
  entries: Published[],
): Promise<void> {
  const told = await pageAlert(paging, row)
  trace.push(...told.trace.map((each) => ({ alertId: row.id, asked: each })))
  if (told.takenBy === null) return
  entries.push(
    published(alertAcknowledged, {
      actor,
      subject: { kind: 'alert', id: row.id },
      links: linksOf(told.row),
      reason: told.trace.at(-1)?.because ?? '',
      data: { ...dataOf(told.row), by: told.takenBy },
    }),
  )
}

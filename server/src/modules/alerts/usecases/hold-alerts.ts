// What a silence does to alerts that are open: it holds their pages back, and lets them go on when it is over.
import { automation } from '../../../kernel/actor.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findOccurrences } from '../../maintenance/index.ts'
import { alertHeard } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import {
  type AlertRow,
  addTrace,
  listFiring,
  lockFiring,
  lockFiringOf,
  lockHeld,
  lockHeldBy,
  setSilence,
} from '../alerts.store.ts'
import { type Asked, asked, holderOf, isSilenced, type Silence, silenceable, silenceState } from '../core/index.ts'
import { loadSilences } from '../silences.store.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { stepAside } from './change-page.ts'
import { type PagingTurn, pageAlert, regroupSoon, takeTurnFor } from './page-alerts.ts'
import { loadRouting } from './route-alerts.ts'
import { waitFurther } from './wait-further.ts'

const actor = automation('alerts.silence')
const atOnce = 500
// A silence made for later takes hold at the first sweep after its start; several sweeps may be missed.
const justStartedMs = 60_000

/** Stops the pages of what is already firing and matches. Answered alerts page nobody and stay as they are. */
export async function holdMatching(tx: Tx, ports: AlertsPorts, silence: Silence, now: Instant): Promise<number> {
  const silences = await loadSilences(tx)
  let held = 0
  const verdictOn = (row: Pick<AlertRow, 'signal' | 'team'>) =>
    isSilenced(silenceable(row.signal, row.team), [silence], now)
  const { maintenance } = silence
  const matching = async () => (await listFiring(tx)).filter((row) => verdictOn(row).silenced).map((row) => row.id)
  const rows =
    maintenance === undefined
      ? await lockFiring(tx, await matching())
      : await lockFiringOf(tx, maintenance.services, silence.id, atOnce)
  for (const row of rows) {
    const verdict = verdictOn(row)
    if (!verdict.silenced || row.silencedBy === silence.id) continue
    // Another one holds it for longer.
    if (
      row.silencedBy !== null &&
      (isSilenced(silenceable(row.signal, row.team), silences, now).until ?? now) > silence.endsAt
    )
      continue
    held += 1
    const saved = await setSilence(tx, row.id, silence.id)
    const { trace } = await stepAside({ tx, ports }, saved, holderOf(silence), silence.endsAt)
    await traceAll(tx, row, [verdict.asked, asked('paging', 'held', heldWords(silence)), ...trace])
  }
  return held
}

/** Why nobody is paged, as a trace says it. */
export function heldWords({ maintenance }: Pick<Silence, 'maintenance'>): string {
  return maintenance === undefined
    ? 'Nobody is paged while it is silenced.'
    : `Nobody is paged while maintenance ${maintenance.window} lasts.`
}

/** Silences that were made for later and have just begun, and maintenance that lasts: its services may change. */
export async function holdStarted(tx: Tx, ports: AlertsPorts): Promise<number> {
  const now = await tx.now()
  let held = 0
  for (const silence of await loadSilences(tx)) {
    const begun = silence.maintenance !== undefined || silence.startsAt > now - justStartedMs
    if (begun && silenceState(silence, now) === 'active') held += await holdMatching(tx, ports, silence, now)
  }
  return held
}

/** Alerts whose silence is over and whose problem is not: whoever is on call hears of them now. */
export async function hearAgain(tx: Tx, needs: Needs, ports: AlertsPorts): Promise<number> {
  const silences = await loadSilences(tx)
  const now = await tx.now()
  const active = silences.filter((each) => silenceState(each, now) === 'active').map((each) => each.id)
  const rows = await lockHeld(tx, active, atOnce)
  const named = [...new Set(rows.flatMap((row) => (row.silencedBy === null ? [] : [row.silencedBy])))]
  const maintained = new Set((await findOccurrences(tx, named)).map((each) => each.id))
  const [worked, silenced] = [true, false].map((is) =>
    rows.filter((row) => maintained.has(row.silencedBy ?? '') === is),
  )
  const order = { tx, needs, ports, silences, now }
  // A person may have ended a maintenance early, and here nobody knows: whoever waits for its end is told now.
  const heard = await release({ ...order, early: true, because: maintenanceOver }, worked ?? [])
  return heard + (await release({ ...order, early: false, because: silenceOver }, silenced ?? []))
}

const silenceOver = 'The silence is over and the problem is still there.'
const maintenanceOver = 'The maintenance is over and the problem is still there.'

/** A silence was ended before its time; null: by a person, who said no more. */
export async function hearAtOnce(
  tx: Tx,
  needs: Needs,
  ports: AlertsPorts,
  ended: { readonly id: string; readonly because: string | null },
): Promise<void> {
  const silences = (await loadSilences(tx)).filter((each) => each.id !== ended.id)
  const now = await tx.now()
  const because = ended.because === null ? silenceOver : `${silenceOver} ${ended.because}`
  const of = { tx, needs, ports, silences, now, early: true, because }
  while ((await release(of, await lockHeldBy(tx, ended.id, atOnce))) === atOnce);
}

interface Release {
  readonly tx: Tx
  readonly needs: Needs
  readonly ports: AlertsPorts
  readonly silences: readonly Silence[]
  readonly now: Instant
  /** Pages that were held wait for the end that was planned, so they are woken. */
  readonly early: boolean
  readonly because: string
}

async function release(order: Release, rows: readonly AlertRow[]): Promise<number> {
  if (rows.length === 0) return 0
  const { tx, ports, silences } = order
  const turn = await takeTurnFor(order, rows)
  const judged = rows.map((held) => {
    const { last, asked: verdict } = isSilenced(silenceable(held.signal, held.team), silences, order.now)
    return { held, last, verdict }
  })
  const free = judged.filter(({ held, last }) => last === null && held.heldBecause === null).map(({ held }) => held)
  const waiting = await waitFurther(order, await loadRouting(tx, order.needs, ports), free)
  for (const { held, last, verdict } of judged) {
    const row = await setSilence(tx, held.id, last?.id ?? null)
    if (last === null) await letGo(order, turn, waiting, row)
    else {
      const { trace } =
        row.status === 'firing' ? await stepAside({ tx, ports }, row, holderOf(last), last.endsAt) : { trace: [] }
      await traceAll(tx, row, [verdict, ...trace])
    }
  }
  return rows.length
}

async function letGo(order: Release, turn: PagingTurn, waiting: ReadonlySet<string>, row: AlertRow): Promise<void> {
  const { tx, needs, because } = order
  const trace = [asked('silence', 'heard', because), ...(await hear(order, turn, waiting, row))]
  await traceAll(tx, row, trace)
  await needs.journal.publish(tx, alertHeard, {
    actor,
    subject: { kind: 'alert', id: row.id },
    links: linksOf(row),
    reason: because,
    data: dataOf(row),
  })
}

async function hear(
  { tx, ports, early, because }: Release,
  turn: PagingTurn,
  waiting: ReadonlySet<string>,
  row: AlertRow,
): Promise<readonly Asked[]> {
  if (row.heldBecause !== null) return [asked('paging', 'held', `It is ${row.heldBecause} by the routing file.`)]
  const standing = await ports.paging.standing(tx, row.id)
  if (standing === 'none') {
    if (waiting.has(row.id)) return [asked('timers', 'waits', 'Told at the next flush of its group.')]
    const told = await pageAlert(turn, row)
    const group = told.row.pagedWith ?? row.id
    // Held from the start: what somebody answered meanwhile stays answered.
    if (row.answeredBy !== null && group === row.id) {
      if (row.status === 'acknowledged') await ports.paging.acknowledge(tx, row.id, row.answeredBy)
      if (row.snoozedUntil !== null) await ports.paging.snooze(tx, row.id, row.answeredBy, row.snoozedUntil)
    }
    return told.trace
  }
  await regroupSoon(tx, row.id)
  // Held while it paged: it goes on by its own timer when the silence ends as planned, and now when it ends early, or
  // when whoever has the page took it for others.
  const waits = standing === 'snoozed' ? early : standing === 'acknowledged' || standing === 'over'
  if (row.answeredBy === null && waits)
    await ports.paging.unacknowledge(
      tx,
      row.id,
      because === maintenanceOver ? 'the end of the maintenance' : 'the end of the silence',
    )
  return [asked('paging', 'already-open', 'Its page is out already.')]
}

async function traceAll(tx: Tx, row: AlertRow, steps: readonly Asked[]): Promise<void> {
  await addTrace(
    tx,
    steps.map((each) => ({ alertId: row.id, asked: each })),
  )
}

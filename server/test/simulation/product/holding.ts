// Mirrors alerts/usecases: silence-alerts, hold-alerts and sweep-alerts: what silences and time do to open alerts.
import { type Silence, type SilenceDraft, silenceable, silenceState } from '../../../src/modules/alerts/core/index.ts'
import { saveAnswer } from './answers.ts'
import { Refused, type Tx } from './database.ts'
import { loadSilences } from './intake.ts'
import { publish } from './journal.ts'
import {
  endAlert,
  type House,
  pageAlert,
  pager,
  publishEnd,
  putAlert,
  regroupSoon,
  standing,
  stepAside,
  type Turn,
  takeTurn,
  tellAgain,
} from './paging.ts'
import type { AlertRow } from './rows.ts'
import { addTelling } from './telling.ts'
import { addWork, rouse } from './work.ts'

const justStartedMs = 60_000

const openAlerts = (tx: Tx): AlertRow[] => tx.db.alerts.by('open', 'open').sort((a, b) => (a.key < b.key ? -1 : 1))

export function createSilence(tx: Tx, draft: SilenceDraft): string {
  const id = tx.newId('silence')
  const read = tx.rules.readSilence(id, draft, tx.now)
  if (!read.ok) throw new Refused('alerts.silence-invalid', read.faults[0]?.detail ?? '')
  tx.db.silences.put(id, { silence: read.silence })
  rouse(tx, 'sweep', Math.min(Math.max(draft.startsAt, tx.now), draft.endsAt))
  if (draft.startsAt <= tx.now) holdMatching(tx, read.silence)
  publish(tx, 'silence.created', id)
  return id
}

export function expireSilence(tx: Tx, house: House, id: string): void {
  const row = tx.db.silences.get(id)
  if (row === null || row.silence.endsAt <= tx.now) throw new Refused('alerts.unknown-silence', 'It is over.')
  tx.db.silences.put(id, { silence: { ...row.silence, endsAt: tx.now } })
  const silences = loadSilences(tx).filter((each) => each.id !== id)
  const held = openAlerts(tx).filter((each) => each.silencedBy === id)
  release({ tx, house, silences, early: true }, held)
  publish(tx, 'silence.ended', id)
}

function holdMatching(tx: Tx, silence: Silence): void {
  const silences = loadSilences(tx)
  for (const row of openAlerts(tx)) {
    if (row.status !== 'firing') continue
    const labels = silenceable(row.episode.signal)
    const verdict = tx.rules.isSilenced(labels, [silence], tx.now)
    if (!verdict.silenced || row.silencedBy === silence.id) continue
    if (row.silencedBy !== null && (tx.rules.isSilenced(labels, silences, tx.now).until ?? tx.now) > silence.endsAt)
      continue
    const saved = putAlert(tx, { ...row, silencedBy: silence.id })
    stepAside(tx, saved, silence.by, silence.endsAt)
    rouse(tx, 'sweep', silence.endsAt)
  }
}

interface Release {
  readonly tx: Tx
  readonly house: House
  readonly silences: readonly Silence[]
  readonly early: boolean
}

function release(order: Release, rows: readonly AlertRow[]): void {
  const { tx, house, silences } = order
  if (rows.length === 0) return
  const turn = takeTurn(tx, house, rows)
  for (const held of rows) {
    const verdict = tx.rules.isSilenced(silenceable(held.episode.signal), silences, tx.now)
    const last = silences.find((each) => verdict.by.includes(each.id) && each.endsAt === verdict.until)
    const row = putAlert(tx, { ...held, silencedBy: last?.id ?? null })
    if (last === undefined) {
      hear(order, turn, row)
      publish(tx, 'alert.unsilenced', row.id)
    } else {
      rouse(tx, 'sweep', last.endsAt)
      if (row.status === 'firing') stepAside(tx, row, last.by, last.endsAt)
    }
  }
}

function hear({ tx, early }: Release, turn: Turn, row: AlertRow): void {
  const stands = standing(tx, row.id)
  if (stands === 'none') {
    const told = pageAlert(turn, row)
    if (row.answeredBy !== null && (told.pagedWith ?? row.id) === row.id) {
      if (row.status === 'acknowledged') pager.acknowledge(tx, row.id, row.answeredBy)
      if (row.snoozedUntil !== null) pager.snooze(tx, row.id, row.answeredBy, row.snoozedUntil)
    }
    return
  }
  regroupSoon(tx, row.id)
  const waits = stands === 'snoozed' ? early : stands === 'acknowledged' || stands === 'over'
  if (row.answeredBy === null && waits) pager.unacknowledge(tx, row.id, 'the end of the silence')
}

/** The recurring job: silences that end or begin, leases that ran out, snoozes that are over. */
export function sweepSilences(tx: Tx, house: House): void {
  const silences = loadSilences(tx)
  const active = new Set(silences.filter((each) => silenceState(each, tx.now) === 'active').map((each) => each.id))
  if (tx.rules.hearsAgain) {
    const held = openAlerts(tx).filter((row) => row.silencedBy !== null && !active.has(row.silencedBy))
    release({ tx, house, silences, early: false }, held)
  }
  for (const silence of loadSilences(tx))
    if (silenceState(silence, tx.now) === 'active' && silence.startsAt > tx.now - justStartedMs)
      holdMatching(tx, silence)
}

export function sweepAlerts(tx: Tx, house: House): void {
  for (const row of openAlerts(tx)) {
    const lease = row.episode.lease
    const snoozeOver = row.status === 'snoozed' && row.snoozedUntil !== null && row.snoozedUntil <= tx.now
    if (!(lease !== null && lease.until <= tx.now) && !snoozeOver) continue
    const decision = tx.rules.decideExpiry(row.episode, tx.now)
    if (decision?.kind === 'close') {
      const ended = endAlert(tx, row, decision.episode)
      publishEnd(tx, ended)
      addTelling(tx, ended, 'end')
      addWork(tx, 'tell', '', null, { dueAt: tx.now })
    }
    if (decision?.kind !== 'close' && snoozeOver && tx.rules.sweepsSnoozes) wake(tx, house, row)
  }
}

function wake(tx: Tx, house: House, row: AlertRow): void {
  const woken = saveAnswer(tx, row, { kind: 'unanswered' })
  if (row.silencedBy === null && standing(tx, row.id) !== 'snoozed')
    tellAgain(tx, house, woken, 'the end of the snooze')
  publish(tx, 'alert.woken', row.id)
}

/** When the sweep may next find something. */
export function nextSweep(tx: Tx): number {
  let next = Number.MAX_SAFE_INTEGER
  const active = new Set<string>()
  for (const { silence } of tx.db.silences.all()) {
    if (silence.endsAt > tx.now) next = Math.min(next, silence.endsAt)
    // Taken up by every sweep within a minute of its start.
    if (silence.startsAt > tx.now - justStartedMs && silence.endsAt > tx.now)
      next = Math.min(next, Math.max(silence.startsAt, tx.now))
    if (silenceState(silence, tx.now) === 'active') active.add(silence.id)
  }
  for (const row of tx.db.alerts.by('open', 'open')) {
    if (row.episode.lease !== null) next = Math.min(next, row.episode.lease.until)
    if (row.snoozedUntil !== null) next = Math.min(next, row.snoozedUntil)
    if (row.silencedBy !== null && !active.has(row.silencedBy)) return tx.now
  }
  return next
}

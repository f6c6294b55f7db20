// Mirrors alerts/usecases/receive-signals.ts: signals become episodes, and turns of those
// who are to be told, in one transaction.
import type { Tier } from '../../../src/kernel/severity.ts'
import { tiers } from '../../../src/kernel/severity.ts'
import {
  episodeKey,
  type IntakePolicy,
  type Signal,
  type SignalDecision,
  type Silence,
  silenceable,
} from '../../../src/modules/alerts/core/index.ts'
import type { Tx } from './database.ts'
import { publish } from './journal.ts'
import { endAlert, type House, pager, publishEnd, putAlert, tellAgain } from './paging.ts'
import type { AlertRow } from './rows.ts'
import { addTelling, hurryTelling } from './telling.ts'
import { addWork, rouse } from './work.ts'

export interface Intake {
  readonly source: string
  readonly signals: readonly Signal[]
  readonly policy: IntakePolicy
}

interface Run {
  readonly tx: Tx
  readonly house: House
  readonly rows: Map<string, AlertRow>
  told: boolean
}

type Open = Extract<SignalDecision, { kind: 'open' }>
type End = Extract<SignalDecision, { kind: 'close' | 'amend' }>
type Refresh = Extract<SignalDecision, { kind: 'refresh' }>

export function receiveSignals(tx: Tx, house: House, intake: Intake): void {
  const newest = new Map<string, AlertRow>()
  for (const signal of intake.signals) {
    const row = newestOf(tx, intake.source, signal.key)
    if (row !== null) newest.set(episodeKey(signal), row)
  }
  const known = new Map([...newest].map(([key, row]) => [key, row.episode]))
  const batch = tx.rules.decide(known, intake.signals, intake.policy, tx.now)
  const decided = [...batch.decided].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  const run: Run = { tx, house, rows: newest, told: false }
  for (const { key, decisions } of decided) for (const decision of decisions) carryOut(run, key, decision)
  if (run.told) addWork(tx, 'tell', '', null, { dueAt: tx.now })
}

export function newestOf(tx: Tx, source: string, key: string): AlertRow | null {
  const rows = tx.db.alerts.by('key', `${source}|${key}`)
  return rows.reduce<AlertRow | null>((a, b) => (a === null || b.number > a.number ? b : a), null)
}

function carryOut(run: Run, key: string, decision: SignalDecision): void {
  const row = run.rows.get(key)
  switch (decision.kind) {
    case 'ignore':
      return
    case 'open':
      run.rows.set(key, openAlert(run, decision))
      return
    case 'close':
    case 'amend':
      if (row !== undefined) run.rows.set(key, end(run, row, decision))
      return
    case 'refresh':
      if (row !== undefined) run.rows.set(key, refresh(run, row, decision))
  }
}

function end(run: Run, row: AlertRow, { kind, episode }: End): AlertRow {
  const ended = endAlert(run.tx, row, episode)
  if (kind === 'amend') return ended
  publishEnd(run.tx, ended)
  addTelling(run.tx, ended, 'end')
  run.told = true
  return ended
}

export function loadSilences(tx: Tx): readonly Silence[] {
  return [...tx.db.silences.all()].map((row) => row.silence).filter((each) => each.endsAt > tx.now)
}

function openAlert(run: Run, { episode }: Open): AlertRow {
  const { tx } = run
  const { signal } = episode
  const service = signal.service === null ? null : tx.db.services.get(signal.service)
  const tier: Tier | null = tiers.find((each) => each === service?.tier) ?? null
  const { urgency } = tx.rules.urgencyOf(signal.severity, tier)
  const silence = tx.rules.isSilenced(silenceable(signal), loadSilences(tx), tx.now)
  const id = tx.newId('alert')
  const inserted = putAlert(
    tx,
    {
      id,
      number: tx.newNumber(),
      key: signal.key,
      source: signal.source,
      status: 'firing',
      worst: episode.worst,
      urgency,
      service: service?.name ?? null,
      team: service?.team ?? null,
      tier,
      episode,
      silencedBy: silence.by[0] ?? null,
      answeredBy: null,
      answeredAt: null,
      snoozedUntil: null,
      pagedWith: null,
      pagedWithNumber: null,
      openedAt: tx.now,
    },
    'opened',
  )
  if (episode.lease !== null) rouse(tx, 'sweep', episode.lease.until)
  if (inserted.silencedBy === null) {
    addTelling(tx, inserted, 'tell')
    run.told = true
  } else rouse(tx, 'sweep', silence.until ?? tx.now)
  publish(tx, 'alert.opened', id)
  return inserted
}

function refresh(run: Run, row: AlertRow, decision: Refresh): AlertRow {
  const { tx } = run
  const { episode } = decision
  if (episode.lease !== null) rouse(tx, 'sweep', episode.lease.until)
  if (decision.changed.length === 0) return putAlert(tx, { ...row, episode })
  const { urgency } = tx.rules.urgencyOf(episode.worst, row.tier)
  const updated = putAlert(tx, { ...row, episode, worst: episode.worst, urgency })
  return decision.raised && tx.rules.tellsRise ? raise(run, row, updated) : updated
}

function raise({ tx, house }: Run, row: AlertRow, updated: AlertRow): AlertRow {
  let risen = updated
  if (row.silencedBy === null && row.pagedWith !== null) {
    const group = tx.db.groups.get(row.pagedWith)
    const verdict =
      group === null ? null : tx.rules.judgeRise(group, { severity: updated.worst, urgency: updated.urgency })
    if (verdict === null || verdict.leaves) {
      const freed: AlertRow =
        row.status === 'acknowledged' ? { ...updated, status: 'firing', answeredBy: null, answeredAt: null } : updated
      risen = tellAgain(tx, house, putAlert(tx, freed), 'its severity')
    }
  } else if (row.silencedBy === null) {
    if (updated.urgency === 'high') pager.raise(tx, updated, `Severity rose to ${updated.worst}.`)
    const group = tx.db.groups.get(updated.id)
    if (group !== null) tx.db.groups.put(group.id, { ...group, worst: updated.worst, urgency: updated.urgency })
    hurryTelling(tx, updated)
  }
  publish(tx, 'alert.worsened', row.id)
  return risen
}

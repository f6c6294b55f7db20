// Mirrors oncall/usecases: open-escalation, answer-escalation, escalate-due, save-step, page-unheard,
// audit-escalations, load-directory, choose-policy. Each transaction is the use case line by line, without its SQL.
import { day, minute } from '../../../src/kernel/duration.ts'
import { type Instant, plus } from '../../../src/kernel/instant.ts'
import type {
  Directory,
  EscalationInput,
  EscalationPolicy,
  EscalationStep,
} from '../../../src/modules/oncall/core/index.ts'
import { Refused, type Tx } from './database.ts'
import { publish } from './journal.ts'
import { stopDeliveries } from './outcomes.ts'
import { planPage } from './planning.ts'
import type { AlertRow, EscalationRow } from './rows.ts'
import { addWork, cancelWork, rouse } from './work.ts'

const horizonMs = 8 * day
const unroutedMs = 5 * minute
const overdueMs = minute

export const defaultPolicyName = 'default'
export const administrator = 'admin'

function loadDirectory(tx: Tx, policies: readonly EscalationPolicy[]): Directory {
  const targets = policies.flatMap((policy) => policy.levels.flatMap((level) => level.targets))
  const names = [...new Set(targets.flatMap((target) => (target.kind === 'schedule' ? [target.schedule] : [])))]
  const schedules = names.flatMap((name) => tx.db.schedules.get(name)?.schedule ?? [])
  const canReach = (person: string) => tx.rules.canBePaged(tx.db.people.get(person)?.contacts ?? [])
  const teams = new Map(
    targets.flatMap((target) =>
      target.kind === 'team' ? [[target.team, tx.db.teams.get(target.team)?.people ?? []]] : [],
    ),
  )
  return tx.rules.directoryOf(schedules, canReach, horizonMs, teams, machines)
}

/** Every machine that a policy of this world may name. */
export const machines: ReadonlySet<string> = new Set(['board', 'bot'])

const lastResort: EscalationPolicy = {
  name: 'administrators',
  levels: [{ targets: [{ kind: 'person', person: administrator }], waitMs: 5 * minute, strategy: 'everyone' }],
  repeat: 3,
  ackTimeoutMs: 30 * minute,
  pageOnHandOver: false,
  fallbackOwner: null,
}

function choosePolicy(tx: Tx, service: string | null): EscalationPolicy {
  const named = service === null ? null : (tx.db.services.get(service)?.policy ?? null)
  for (const name of [named, defaultPolicyName]) {
    const found = name === null ? null : tx.db.policies.get(name)
    if (found !== null) return found.policy
  }
  return lastResort
}

export function openOfAlert(tx: Tx, alertId: string): EscalationRow | null {
  return tx.db.escalations.by('alert', alertId).find((row) => row.state.phase.kind !== 'resolved') ?? null
}

export function newestOfAlert(tx: Tx, alertId: string): EscalationRow | null {
  return tx.db.escalations.by('alert', alertId).at(-1) ?? null
}

function alsoTelling(resort: EscalationPolicy, { levels }: EscalationPolicy): EscalationPolicy {
  const told = levels.flatMap((level) => level.targets.filter((each) => each.kind === 'webhook'))
  const [first, ...rest] = resort.levels
  if (told.length === 0 || first === undefined) return resort
  return { ...resort, levels: [{ ...first, targets: [...first.targets, ...told] }, ...rest] }
}

const isUnrouted = (step: EscalationStep): boolean => step.effects.some((effect) => effect.kind === 'unrouted')

export function openEscalation(tx: Tx, alert: AlertRow): 'paged' | 'assigned' | 'unrouted' | 'already-open' {
  if (openOfAlert(tx, alert.id) !== null) return 'already-open'
  const begin = (policy: EscalationPolicy) => {
    const takesTurns = policy.levels.some((level) => level.strategy === 'round-robin')
    const turn = takesTurns ? (tx.db.turns.get(policy.name) ?? -1) + 1 : 0
    if (takesTurns) tx.db.turns.put(policy.name, turn)
    const opening = { policy, urgency: alert.urgency, turn }
    return { opening, step: tx.rules.openEscalation(opening, loadDirectory(tx, [policy]), tx.now) }
  }
  const chosen = choosePolicy(tx, alert.service)
  let begun = begin(chosen)
  if (isUnrouted(begun.step)) {
    const other = begin(alsoTelling(lastResort, chosen))
    if (!isUnrouted(other.step)) begun = other
  }
  const { step, opening } = begun
  const id = tx.newId('escalation')
  const row: EscalationRow = {
    id,
    alertId: alert.id,
    service: alert.service,
    severity: alert.worst,
    state: step.state,
    openedAt: tx.now,
  }
  tx.db.escalations.put(id, row)
  publish(tx, 'escalation.opened', alert.id)
  tx.note({ kind: 'escalation-opened', id, alertId: alert.id, service: alert.service, ...opening })
  saveStep(tx, row, step)
  const { phase } = step.state
  if (phase.kind !== 'exhausted') return 'paged'
  return phase.because === 'low-urgency' ? 'assigned' : 'unrouted'
}

/** Null when nothing is escalated for the alert. */
export function applyInput(tx: Tx, alertId: string, input: EscalationInput): EscalationRow | null {
  const row = openOfAlert(tx, alertId)
  if (row === null) return null
  const policies = 'policy' in input ? [row.state.policy, input.policy] : [row.state.policy]
  return step(tx, row, input, loadDirectory(tx, policies))
}

function step(tx: Tx, row: EscalationRow, input: EscalationInput, directory: Directory): EscalationRow {
  const decided = tx.rules.stepEscalation(row.state, input, directory, tx.now)
  if (decided.refusal !== null) throw new Refused(decided.refusal.code, decided.refusal.sentence)
  tx.note({ kind: 'escalation-input', id: row.id, alertId: row.alertId, input })
  saveStep(tx, row, decided)
  return { ...row, state: decided.state }
}

function saveStep(tx: Tx, row: EscalationRow, { state, effects, reasons }: EscalationStep): void {
  tx.db.escalations.put(row.id, { ...row, state })
  for (const effect of effects)
    if (effect.kind === 'stop-pages') stopDeliveries(tx, { alertId: row.alertId }, effect.because)
  for (const effect of effects) {
    if (effect.kind === 'page') {
      for (const { person } of effect.people) {
        const id = tx.newId('page')
        tx.db.pages.put(id, {
          id,
          escalationId: row.id,
          alertId: row.alertId,
          step: effect.step,
          person,
          at: tx.now,
        })
        const { severity } = row
        const { urgency } = state
        tx.note({ kind: 'page', id, escalationId: row.id, alertId: row.alertId, person, severity, urgency })
        planPage(tx, { pageId: id, alertId: row.alertId, step: effect.step, person, urgency, severity })
      }
      publish(tx, 'page.requested', row.alertId)
    }
    // What becomes of the message is the delivery of any other; here it is who is told, and when.
    if (effect.kind === 'page-webhooks') {
      const webhooks = effect.webhooks.map((each) => each.webhook)
      tx.note({ kind: 'machines', alertId: row.alertId, webhooks })
      publish(tx, 'page.webhooks-requested', row.alertId)
    }
    if (effect.kind === 'unrouted') {
      publish(tx, 'page.unrouted', row.alertId)
      tx.note({ kind: 'unrouted', alertId: row.alertId })
      addWork(tx, 'page-unheard', row.id, row.id, { dueAt: plus(tx.now, unroutedMs) })
    }
  }
  const codes = new Set(reasons.map((each) => each.code))
  for (const [code, event] of told) if (codes.has(code)) return void finish(tx, row.id, row.alertId, event)
  finish(tx, row.id, row.alertId, null)
}

const told = [
  ['oncall.acknowledged', 'escalation.acknowledged'],
  ['oncall.snoozed', 'escalation.snoozed'],
  ['oncall.resolved', 'escalation.resolved'],
  ['oncall.paging-again', 'escalation.resumed'],
  ['oncall.rounds-used', 'escalation.exhausted'],
] as const

function finish(tx: Tx, id: string, alertId: string, event: string | null): void {
  if (event !== null) publish(tx, event, alertId)
  const state = tx.db.escalations.get(id)?.state
  syncWakeUp(tx, id, state === undefined ? null : tx.rules.wakeAt(state))
}

function syncWakeUp(tx: Tx, id: string, at: Instant | null): void {
  if (at === null) return void cancelWork(tx, 'escalate', id)
  addWork(tx, 'escalate', id, id, { dueAt: at })
  rouse(tx, 'audit-escalations', at + overdueMs)
}

/** Mirrors `lookAgain` of change-overrides.ts. */
export function lookAgain(tx: Tx, schedule: string, start: Instant): void {
  const at = start < tx.now ? tx.now : start
  for (const row of tx.db.escalations.by('open', 'open')) {
    const { state } = row
    const { phase } = state
    if (phase.kind !== 'escalating' && phase.kind !== 'exhausted') continue
    const targets = state.policy.levels.flatMap((level) => level.targets)
    if (!targets.some((each) => each.kind === 'schedule' && each.schedule === schedule)) continue
    if (!state.policy.pageOnHandOver || (phase.kind === 'exhausted' && phase.because === 'low-urgency')) continue
    if (state.handOverAt !== null && state.handOverAt <= at) continue
    tx.db.escalations.put(row.id, { ...row, state: { ...state, handOverAt: at } })
    tx.note({ kind: 'look-again', id: row.id, at })
    syncWakeUp(tx, row.id, phase.kind === 'escalating' && phase.nextAt < at ? phase.nextAt : at)
  }
}

export function escalateDue(tx: Tx, id: string): void {
  const row = tx.db.escalations.get(id)
  if (row === null) return
  const at = tx.rules.wakeAt(row.state)
  if (at === null || tx.now < at) return void syncWakeUp(tx, id, at)
  step(tx, row, { kind: 'due' }, loadDirectory(tx, [row.state.policy]))
}

const waitAfter = (steps: number): number => Math.min(steps, 30) * minute

export function rememberMissed(tx: Tx, alertId: string): void {
  const row = openOfAlert(tx, alertId)
  if (row === null || !tx.rules.pagesUnheard) return
  const dueAt = plus(tx.now, waitAfter(row.state.steps))
  addWork(tx, 'page-unheard', row.id, row.id, { dueAt, onDuplicate: 'keep' })
}

export function pageUnheard(tx: Tx, id: string): void {
  const row = tx.db.escalations.get(id)
  if (row === null || wasHeard(tx, row.alertId)) return
  const { phase } = row.state
  if (phase.kind === 'escalating') addWork(tx, 'page-unheard', id, id, { dueAt: plus(phase.nextAt, minute) })
  if (phase.kind !== 'exhausted') return
  const directory = loadDirectory(tx, [row.state.policy])
  const input = { kind: 'escalate', by: 'Nobody has heard of it yet: Mainstay' } as const
  const decided = tx.rules.stepEscalation(row.state, input, directory, tx.now)
  if (isUnrouted(decided)) return void addWork(tx, 'page-unheard', id, id, { dueAt: plus(tx.now, unroutedMs) })
  tx.note({ kind: 'escalation-input', id: row.id, alertId: row.alertId, input })
  saveStep(tx, row, decided)
}

function wasHeard(tx: Tx, alertId: string): boolean {
  const bundles = new Set(tx.db.notices.by('alert', alertId).flatMap((row) => row.bundleId ?? []))
  const heard = (kind: string) => kind === 'sent' || kind === 'unknown'
  const alone = tx.db.deliveries
    .by('alert', alertId)
    .some((row) => row.purpose === 'page' && heard(row.delivery.phase.kind))
  return (
    alone ||
    [...bundles].some((id) =>
      tx.db.deliveries.by('page', id).some((row) => row.purpose === 'bundle' && heard(row.delivery.phase.kind)),
    )
  )
}

export function auditEscalations(tx: Tx): void {
  for (const row of tx.db.escalations.by('open', 'open')) {
    const at = tx.rules.wakeAt(row.state)
    if (at === null || at >= tx.now - overdueMs) continue
    addWork(tx, 'escalate', row.id, row.id, { dueAt: at, onDuplicate: 'keep' })
    publish(tx, 'escalation.overdue', row.alertId)
  }
}

/** When the auditor may next find something. */
export function nextAudit(tx: Tx): number {
  let next = Number.MAX_SAFE_INTEGER
  for (const row of tx.db.escalations.by('open', 'open')) {
    const at = tx.rules.wakeAt(row.state)
    if (at !== null) next = Math.min(next, at + overdueMs)
  }
  return next
}

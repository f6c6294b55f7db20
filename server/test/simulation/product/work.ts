// Mirrors platform/work/due-work.store.ts: rows with a due time, claimed under a lease, one waiting row for a key.
import { type Instant, instant } from '../../../src/kernel/instant.ts'
import type { Tx } from './database.ts'
import type { WorkKind, WorkRow } from './rows.ts'

export const laneOf: Readonly<Record<WorkKind, number>> = {
  escalate: 0,
  'page-unheard': 0,
  'audit-escalations': 0,
  deliver: 0,
  'check-seen': 0,
  regroup: 0,
  tell: 0,
  'remember-missed': 0,
  'deliver-notice': 1,
  'audit-deliveries': 1,
  sweep: 1,
  'note-resumed': 1,
  seal: 1,
}

/** Rows that come back for ever, `everyMs` after each end. */
export const recurring: Readonly<Partial<Record<WorkKind, number>>> = {
  seal: 1_000,
  sweep: 5_000,
  'audit-escalations': 60_000,
  'audit-deliveries': 60_000,
}

const soon = 2_000
const usual = [1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 120_000, 300_000, 300_000]
const persistent: ReadonlySet<WorkKind> = new Set(['escalate', 'deliver', 'deliver-notice', 'check-seen'])

/** Null sets the row aside. */
export function retryWait(kind: WorkKind, attempts: number): number | null {
  const every = recurring[kind]
  if (every !== undefined) return every
  return persistent.has(kind) ? (attempts <= 200 ? soon : null) : (usual[attempts - 1] ?? null)
}

interface WhenDue {
  readonly dueAt: Instant
  readonly onDuplicate?: 'move' | 'keep' | 'sooner'
}

export function addWork(tx: Tx, kind: WorkKind, subject: string, key: string | null, when: WhenDue): void {
  const lane = laneOf[kind]
  const { dueAt } = when
  const waiting = key === null ? [] : tx.db.work.by('key', `${kind}|${key}`).filter((row) => !row.setAside)
  const [same] = waiting
  if (same !== undefined) {
    if (when.onDuplicate === 'keep' || (when.onDuplicate === 'sooner' && sooner(same, dueAt))) return
    const fenced = tx.rules.addFences ? { claim: null, claimedBy: null, claimedUntil: null } : {}
    tx.db.work.put(String(same.id), { ...same, subject, dueAt, attempts: 0, ...fenced })
  } else {
    const id = tx.newNumber()
    const free = { claim: null, claimedBy: null, claimedUntil: null, attempts: 0, setAside: false }
    tx.db.work.put(String(id), { id, kind, key, lane, subject, dueAt, ...free })
  }
  tx.hint(dueAt, lane)
}

/** A row that waits for an earlier time serves this one too; one that runs may have looked already. */
const sooner = (same: WorkRow, dueAt: Instant): boolean => same.claim === null && same.dueAt <= dueAt

export function cancelWork(tx: Tx, kind: WorkKind, key: string): void {
  for (const row of tx.db.work.by('key', `${kind}|${key}`)) if (!row.setAside) tx.db.work.remove(String(row.id))
}

/** Whether a worker that looks now would find anything: a look in vain is no transaction worth simulating. */
export function anyDue(of: Pick<Tx, 'db' | 'rules' | 'now'>, lane: number): boolean {
  return of.db.work.by('lane', String(lane)).some((row) => of.rules.mayClaim(row, of.now))
}

export function claimDue(tx: Tx, lane: number, owner: string, limit: number): readonly WorkRow[] {
  const due = tx.db.work.by('lane', String(lane)).filter((row) => tx.rules.mayClaim(row, tx.now))
  due.sort((a, b) => a.dueAt - b.dueAt || a.id - b.id)
  return due.slice(0, limit).map((row) => {
    const claimedUntil = instant(tx.now + tx.rules.workLeaseMs)
    const claim = tx.newId('claim')
    const claimed = { ...row, claim, claimedBy: owner, claimedUntil, attempts: row.attempts + 1 }
    tx.db.work.put(String(row.id), claimed)
    return claimed
  })
}

/** When the next row of the lane may be claimed; null when there is none. */
export function nextDueAt(tx: Pick<Tx, 'db'>, lane: number): number | null {
  let next: number | null = null
  for (const row of tx.db.work.by('lane', String(lane))) {
    if (row.setAside) continue
    const at = Math.max(row.dueAt, row.claimedUntil === null ? row.dueAt : row.claimedUntil + 1)
    if (next === null || at < next) next = at
  }
  return next
}

const held = (tx: Tx, row: WorkRow): WorkRow | null => {
  const now = tx.db.work.get(String(row.id))
  return now !== null && row.claim !== null && tx.rules.holdsClaim(now, row.claim) ? now : null
}

export function renewClaim(tx: Tx, row: WorkRow): void {
  const own = held(tx, row)
  if (own !== null) tx.db.work.put(String(row.id), { ...own, claimedUntil: instant(tx.now + tx.rules.workLeaseMs) })
}

export function finishWork(tx: Tx, row: WorkRow): void {
  if (held(tx, row) !== null) tx.db.work.remove(String(row.id))
}

/** Also the next turn of a row that comes back for ever. */
export function retryLater(tx: Tx, row: WorkRow, dueAt: Instant, afresh: boolean): void {
  const own = held(tx, row)
  if (own === null) return
  const free = { claim: null, claimedBy: null, claimedUntil: null }
  tx.db.work.put(String(row.id), { ...own, dueAt, ...free, ...(afresh ? { attempts: 0 } : {}) })
  tx.hint(dueAt, row.lane)
}

export function setAside(tx: Tx, row: WorkRow): void {
  const own = held(tx, row)
  const free = { claim: null, claimedBy: null, claimedUntil: null }
  if (own !== null) tx.db.work.put(String(row.id), { ...own, ...free, setAside: true })
}

export function plantRecurring(tx: Tx, kind: WorkKind, dueAt: Instant): void {
  addWork(tx, kind, '', 'recurring', { dueAt, onDuplicate: 'keep' })
}

// A turn that would find nothing is not simulated: the row sleeps until something may be due, on its own grid.
const longestSleepMs = 3_600_000

/** When a row that comes back for ever is next due, if nothing can be due for it before `earliest`. */
export function nextTurn(tx: Tx, kind: WorkKind, earliest: number): Instant {
  const every = recurring[kind] ?? 1_000
  const turns = Math.ceil((Math.min(earliest, tx.now + longestSleepMs) - tx.now) / every)
  return instant(tx.now + Math.max(1, turns) * every)
}

/** Something may be due for a sleeping row. */
export function rouse(tx: Tx, kind: WorkKind, earliest: number): void {
  const [row] = tx.db.work.by('key', `${kind}|recurring`)
  if (row === undefined || row.claim !== null) return
  const dueAt = nextTurn(tx, kind, earliest)
  if (dueAt >= row.dueAt) return
  tx.db.work.put(String(row.id), { ...row, dueAt })
  tx.hint(dueAt, row.lane)
}

// Keeps the calendar true to what is declared, and tells what its time has come for. Once a declaration changes, and
// whenever something begins or a window is to be planned further ahead.
import { automation } from '../../../kernel/actor.ts'
import { day, hour } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { EventType } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { dependenciesAbove } from '../../catalog/index.ts'
import { coveredServices, type MaintenanceWindow, type Occurrence, planAhead } from '../core/index.ts'
import {
  type MaintenanceData,
  maintenanceAnnounced,
  maintenanceBegan,
  maintenanceChanged,
  maintenanceEnded,
} from '../maintenance.contract.ts'
import {
  countRevision,
  dropOccurrences,
  insertOccurrences,
  isMaintenanceDue,
  listUntold,
  lockDueWindows,
  lockOccurrencesOf,
  lockUnsettled,
  setTurn,
  updateOccurrence,
  type WindowRow,
} from '../maintenance.store.ts'
import { entryOf } from './present-occurrence.ts'

const actor = automation('maintenance.turn')
const atOnce = 100
// Dependencies change; what a window covers is looked up again this often, and when it begins.
const lookAgainMs = hour
// A person's word about one occurrence holds against the rule as long as the rule could bring it back.
const rememberedMs = 62 * day

/** Named services and who depends on them, as the graph stands now. */
export async function coversOf(
  queries: Queries,
  window: Pick<MaintenanceWindow, 'services' | 'dependants'>,
): Promise<readonly string[]> {
  if (window.dependants === 'none') return coveredServices(window, [])
  const above = []
  above.push(...(await dependenciesAbove(queries, window.services)))
  return coveredServices(window, above)
}

/** In the transaction of what changed it; the caller holds the window's row. */
export async function planWindow(tx: Tx, name: string, window: WindowRow | null): Promise<void> {
  const now = await tx.now()
  const existing = await lockOccurrencesOf(tx, name, plus(now, -rememberedMs))
  const covers = window === null ? [] : await coversOf(tx, window)
  const { add, change, drop } = planAhead({ window, covers, declaredBy: window?.declaredBy ?? '', existing, now })
  await dropOccurrences(tx, drop)
  for (const each of change) await updateOccurrence(tx, each, !isSpokenOf(each))
  if (window !== null) await insertOccurrences(tx, { ...window, window: name, services: covers }, add)
  if (add.length + change.length + drop.length > 0) await countRevision(tx)
  if (window !== null) await setTurn(tx, name, nextTurn(now, [...existing, ...add]))
}

/** Somebody was told of it, or leads it: then a change is told, too. */
const isSpokenOf = ({ announcedAt, beganAt, led }: Occurrence): boolean =>
  announcedAt !== null || beganAt !== null || led

function nextTurn(now: Instant, known: readonly Pick<Occurrence, 'startsAt'>[]): Instant {
  const next = known.map((each) => each.startsAt).filter((each) => each > now)
  const [first] = next.sort((a, b) => a - b)
  const later = plus(now, lookAgainMs)
  return first === undefined || first > later ? later : first
}

/** Answers whether there may be more. One statement where nothing is due. */
export async function turnMaintenance(needs: Needs): Promise<boolean> {
  if (!(await isMaintenanceDue(needs.database))) return false
  return needs.database.transaction(async (tx) => {
    const windows = await lockDueWindows(tx, atOnce)
    for (const window of windows) await planWindow(tx, window.name, window)
    const rows = await lockUnsettled(tx, atOnce)
    const untold = await listUntold(
      tx,
      rows.map((row) => row.id),
    )
    const now = await tx.now()
    for (const row of rows) await settle(tx, needs, row, { now, isUntold: untold.has(row.id) })
    return windows.length === atOnce || rows.length >= atOnce
  })
}

async function settle(
  tx: Tx,
  needs: Needs,
  row: Occurrence,
  { now, isUntold }: { readonly now: Instant; readonly isUntold: boolean },
): Promise<void> {
  const events: EventType<MaintenanceData>[] = []
  const isOpen = row.cancelledAt === null && row.overAt === null
  const due = row.announce !== null && row.announcedAt === null && row.startsAt - row.announce.aheadMs <= now
  const announces = isOpen && due && row.endsAt > now
  if (announces) events.push(maintenanceAnnounced)
  const begins = isOpen && row.beganAt === null && row.startsAt <= now
  if (begins) events.push(maintenanceBegan)
  const ends = isOpen && (begins || row.beganAt !== null) && row.endsAt <= now
  if (ends) events.push(maintenanceEnded)
  // What just began, ended or was announced is told with all that is new about it.
  else if (isUntold && !announces && !begins) events.push(maintenanceChanged)
  const after: Occurrence = {
    ...row,
    // What is over was not announced and need not be any more.
    announcedAt: announces || (due && ends) ? now : row.announcedAt,
    beganAt: begins ? now : row.beganAt,
    overAt: ends ? now : row.overAt,
  }
  await updateOccurrence(tx, after, true)
  for (const event of events) await needs.journal.publish(tx, event, entryOf(after, actor, now))
}

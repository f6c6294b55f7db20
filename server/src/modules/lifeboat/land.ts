// Writes down what happened aboard, in the order it happened and with its true times. Each entry once: its id is kept in
// the transaction that writes it down, so a landing that was cut off is simply begun again.
import { AppError } from '../../kernel/app-error.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Database, Tx } from '../../platform/database/database.ts'
import { isUniqueViolation } from '../../platform/database/failures.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Signal } from '../alerts/core/index.ts'
import {
  type AlertRow,
  acknowledgeAlert,
  findAlert,
  findOpenByKey,
  receivePast,
  toldElsewhere,
} from '../alerts/index.ts'
import { recordSentApart, type SentApart } from '../notifications/index.ts'
import { adoptEscalation, adoptStep, findOfAlert } from '../oncall/index.ts'
import { openedOf, parcelsOf } from './cargo.ts'
import type { LifeboatPorts } from './lifeboat.ports.ts'
import { takeEntries, takeEntry } from './lifeboat.store.ts'
import type { Acknowledged, AcknowledgedByKey, BoatRecord, OpenedAlert, TakenSignals } from './records.ts'

/** An entry that cannot be written down stays in the journal file; it must not keep the others from the database. */
export interface Landed {
  readonly refused: readonly { readonly id: string; readonly because: string }[]
}

export interface Landing {
  readonly needs: Needs
  readonly ports: LifeboatPorts
  /** Everything aboard from the beginning; those before `from` were written down before. */
  readonly records: readonly BoatRecord[]
  readonly from: number
  /** The first part of a landing, or one that was cut off before: messages of what is written down already are looked at. */
  readonly isFirst: boolean
  /** What an alert is called in the database, by its name aboard; nearly always the same. */
  readonly names: Map<string, string>
  /** Signals that are the database's from now on, by their record; added to as they are written down. */
  readonly handed: Set<string>
}

const mostAttempts = 5

export async function land(landing: Landing): Promise<Landed['refused']> {
  const { needs, records, names } = landing
  const parcels = parcelsOf(records)
  const opened = openedOf(records)
  const refused: { id: string; because: string }[] = []
  // What went out about alerts the database knows: whoever heard of them is told how they end.
  const aboard = new Set([...opened.values()].flat().map((each) => each.alert))
  const known = (alertId: string): string | undefined => (aboard.has(alertId) ? names.get(alertId) : alertId)
  const refuse = (record: Pick<BoatRecord, 'id'>, error: unknown) => {
    if (error instanceof AppError && error.kind === 'unavailable') throw error
    needs.log.error('An entry of the lifeboat cannot be written down.', { entry: record.id, error })
    refused.push({ id: record.id, because: error instanceof Error ? error.message : String(error) })
  }
  const recordEach = (alertOf: (aboard: string) => string | undefined) =>
    recordAll(needs, parcels, alertOf, ({ row }, error) => refuse({ id: row.key }, error))
  if (landing.isFirst) await recordEach(known)
  const alone = async (record: TakenSignals) => {
    try {
      await landSignals(landing, [record], opened, parcels)
    } catch (error) {
      refuse(record, error)
    }
  }
  let together: TakenSignals[] = []
  let cost = 0
  const flush = async () => {
    const batch = together
    together = []
    cost = 0
    if (batch.length === 0) return
    try {
      await landSignals(landing, batch, opened, parcels)
    } catch (error) {
      if (error instanceof AppError && error.kind === 'unavailable') throw error
      // One of them is wrong, or others open the same at this moment: each says so by itself.
      for (const record of batch) await alone(record)
    }
  }
  for (const record of records.slice(landing.from)) {
    if (record.kind === 'signals') {
      together.push(record)
      cost += record.signals.length + pageCost * (opened.get(record.id)?.length ?? 0)
      if (cost >= mostCost) await flush()
      continue
    }
    if (record.kind !== 'step' && record.kind !== 'acknowledged' && record.kind !== 'acknowledged-key') continue
    await flush()
    try {
      // A step without its messages is made again by the database, for which it is due.
      if (record.kind === 'step' && pagesIn(record.made).size > 0 && !hasMessages(record.made, parcels)) continue
      if (record.kind === 'step') await landStep(landing, record.id, record.made, names)
      else await landAcknowledgement(landing, record, names)
    } catch (error) {
      refuse(record, error)
    }
  }
  await flush()
  // A landing that was cut off has written down an earlier state of the others.
  if (landing.isFirst) await recordEach((alertId) => (aboard.has(alertId) ? names.get(alertId) : undefined))
  return refused
}

/** As many messages in one transaction; it stays a matter of a second. */
const atOnce = 25
/** Signals of one transaction. One whose page was made aboard costs as much as several: only its alert is written with others. */
const mostCost = 100
const pageCost = 5
/** What is written down by the statements of one came in within so long. */
const togetherMs = 1_000

/** A message that cannot be written down keeps no other from it. */
async function recordAll(
  needs: Needs,
  parcels: ReadonlyMap<string, SentApart>,
  alertOf: (aboard: string) => string | undefined,
  refuse: (sent: SentApart, error: unknown) => void,
): Promise<void> {
  const all = [...parcels.values()].flatMap((sent) => {
    const alertId = sent.row.alertId === null ? undefined : alertOf(sent.row.alertId)
    return alertId === undefined ? [] : [{ ...sent, row: { ...sent.row, alertId } }]
  })
  const write = (some: readonly SentApart[]) =>
    needs.database.transaction(async (tx) => {
      for (const sent of some) await recordSentApart(tx, needs, sent)
    })
  for (let from = 0; from < all.length; from += atOnce) {
    const some = all.slice(from, from + atOnce)
    try {
      await write(some)
    } catch (error) {
      if (error instanceof AppError && error.kind === 'unavailable') throw error
      for (const sent of some) await write([sent]).catch((own: unknown) => refuse(sent, own))
    }
  }
}

/** The transaction believes it is then: rows get the times at which it happened. */
function asOf(tx: Tx, at: Instant): Tx {
  return { ...tx, now: async () => at }
}

async function landSignals(
  landing: Landing,
  records: readonly TakenSignals[],
  opened: ReadonlyMap<string, readonly OpenedAlert[]>,
  parcels: ReadonlyMap<string, SentApart>,
): Promise<void> {
  const { needs, names } = landing
  for (let attempt = 1; ; attempt += 1) {
    try {
      await needs.database.transaction(async (tx) => {
        await landParts(
          tx,
          landing,
          records.flatMap((record) => partsOf(record, opened.get(record.id) ?? [])),
          parcels,
        )
      })
      break
    } catch (error) {
      // Another process opened the same episode between our look and our insert: look again.
      if (!isUniqueViolation(error) || attempt === mostAttempts) throw error
    }
  }
  for (const record of records) landing.handed.add(record.id)
  // What was written down by a landing that was cut off: its names are found again.
  for (const record of records)
    for (const each of opened.get(record.id) ?? []) {
      const signal = record.signals[each.index]
      if (names.has(each.alert) || signal === undefined) continue
      const row =
        (await findAlert(needs.database, each.alert)) ??
        (await findOpenByKey(needs.database, record.source, signal.key))
      if (row !== null) names.set(each.alert, row.id)
    }
}

/** Signals of a record that are taken in as one; each kept under its entry. */
interface Part {
  readonly entry: string
  readonly record: TakenSignals
  readonly signals: readonly Signal[]
  readonly opened: OpenedAlert | null
}

/** One that opened an alert aboard goes alone: the alert gets the name that stands in the messages about it. */
function partsOf(record: TakenSignals, opened: readonly OpenedAlert[]): readonly Part[] {
  const parts: Part[] = []
  const cut = (from: number, to: number, own: OpenedAlert | null) => {
    const signals = record.signals.slice(from, to)
    if (to > from) parts.push({ entry: `${record.id}/${from}-${to}`, record, signals, opened: own })
  }
  let from = 0
  for (const own of [...opened].sort((a, b) => a.index - b.index)) {
    if (own.index < from || own.index >= record.signals.length) continue
    cut(from, own.index, null)
    cut(own.index, own.index + 1, own)
    from = own.index + 1
  }
  cut(from, record.signals.length, null)
  return parts
}

/** In their order; those that came within a second are taken in by the statements of one. */
async function landParts(
  real: Tx,
  landing: Landing,
  parts: readonly Part[],
  parcels: ReadonlyMap<string, SentApart>,
): Promise<void> {
  const { needs, ports, names } = landing
  const fresh = await takeEntries(
    real,
    parts.map((part) => part.entry),
  )
  let together: Part[] = []
  // What is said of an alert that was opened aboard must find it with its page, and what was said before stands before it.
  let paged = new Set<string>()
  let said = new Set<string>()
  const flush = async () => {
    const group = together
    together = []
    paged = new Set()
    said = new Set()
    await receive(real, landing, group, parcels)
  }
  for (const part of parts) {
    const { record, signals, opened } = part
    if (!fresh.has(part.entry)) {
      await flush()
      // Written down by a landing that was cut off before anybody aboard had judged it: who was paged since stands with it.
      if (opened !== null) await adoptLate(asOf(real, record.at), needs, ports, opened, record, signals, parcels, names)
      continue
    }
    const keys = signals.map((signal) => `${record.source}\u0000${signal.key}`)
    const first = together[0]?.record.at ?? record.at
    const before = opened === null ? paged : said
    if (record.at - first > togetherMs || keys.some((key) => before.has(key))) await flush()
    together.push(part)
    for (const key of keys) said.add(key)
    if (opened !== null) for (const key of keys) paged.add(key)
  }
  await flush()
}

async function receive(
  real: Tx,
  { needs, ports, names }: Landing,
  parts: readonly Part[],
  parcels: ReadonlyMap<string, SentApart>,
): Promise<void> {
  const [first] = parts
  if (first === undefined) return
  await receivePast(
    asOf(real, first.record.at),
    needs,
    ports.alerts,
    parts.map(({ record: { source, policy, actor, at }, signals, opened }) => ({
      ...{ source, policy, actor, at, signals },
      ...(opened === null ? {} : { name: opened.alert }),
    })),
  )
  for (const { record, signals, opened } of parts) {
    const tx = asOf(real, record.at)
    if (opened !== null && !(await adopt(tx, needs, ports, opened, parcels, names)))
      await joinKnown(tx, needs, ports, opened, record, signals, parcels, names)
  }
}

async function adoptLate(
  tx: Tx,
  needs: Needs,
  ports: LifeboatPorts,
  opened: OpenedAlert,
  record: TakenSignals,
  [signal]: readonly Signal[],
  parcels: ReadonlyMap<string, SentApart>,
  names: Map<string, string>,
): Promise<void> {
  if (signal === undefined) return
  const row = (await findAlert(tx, opened.alert)) ?? (await findOpenByKey(tx, record.source, signal.key))
  if (row === null) return
  names.set(opened.alert, row.id)
  await keepPage(tx, needs, ports, opened, row, parcels)
}

/** The usual end: the alert was opened by its name aboard, and its page stands with it. */
async function adopt(
  tx: Tx,
  needs: Needs,
  ports: LifeboatPorts,
  opened: OpenedAlert,
  parcels: ReadonlyMap<string, SentApart>,
  names: Map<string, string>,
): Promise<boolean> {
  const { made, alert } = opened
  const row = made === null ? null : await findAlert(tx, alert)
  if (made === null || row === null || !(await isUntold(tx, row))) return false
  names.set(alert, alert)
  if (knewWhom(made, row, parcels)) await takeOver(tx, needs, ports, row, made)
  await recordAbout(tx, needs, parcels, alert, alert)
  return true
}

/**
 * False when the plan was older than what was declared since: nobody was found aboard, or the last resort was told of a
 * service the plan did not know. The turn of such an alert stays, and the database tells whoever is to hear of it.
 */
function knewWhom(made: Made, row: AlertRow, parcels: ReadonlyMap<string, SentApart>): boolean {
  return made.row.service === row.service && hasMessages(made, parcels)
}

/** False too when the process died between a page and its messages: nothing of it has left, and nothing would. */
function hasMessages(made: Made, parcels: ReadonlyMap<string, SentApart>): boolean {
  const pages = pagesIn(made)
  for (const { row } of parcels.values()) if (pages.has(row.pageId)) return true
  return false
}

/** Of people and of machines. */
function pagesIn({ pages, webhooks = [] }: Made): ReadonlySet<string> {
  return new Set([...pages.map((page) => page.id), ...webhooks.map((each) => each.page)])
}

type Made = NonNullable<OpenedAlert['made']>

/** It is to be heard, and the database has told nobody. */
async function isUntold(tx: Tx, row: AlertRow): Promise<boolean> {
  if (row.status !== 'firing' || row.silencedBy !== null || row.heldBecause !== null || row.pagedWith !== null)
    return false
  return (await findOfAlert(tx, row.id)) === null
}

async function takeOver(tx: Tx, needs: Needs, ports: LifeboatPorts, row: AlertRow, made: Made): Promise<void> {
  const { phase } = made.row.state
  const calm = phase.kind === 'exhausted' && phase.because === 'low-urgency'
  const verdict = calm ? 'assigned' : made.pages.length === 0 ? 'webhooks' : 'paged'
  await toldElsewhere(tx, needs, ports.alerts, row, async (inside) => {
    await adoptEscalation(inside, needs, made)
    return { verdict, because: made.reason }
  })
}

/**
 * The database knew the alert after all, or it belongs to another page: what was sent about it stands with that one. One
 * that was taken in just before and told to nobody keeps the page that was made aboard, or people would hear of it twice.
 */
async function joinKnown(
  tx: Tx,
  needs: Needs,
  ports: LifeboatPorts,
  opened: OpenedAlert,
  { source }: TakenSignals,
  [signal]: readonly Signal[],
  parcels: ReadonlyMap<string, SentApart>,
  names: Map<string, string>,
): Promise<void> {
  if (signal === undefined) return
  const row = (await findAlert(tx, opened.alert)) ?? (await findOpenByKey(tx, source, signal.key))
  if (row === null) return
  names.set(opened.alert, row.id)
  if (await keepPage(tx, needs, ports, opened, row, parcels)) return
  await recordAbout(tx, needs, parcels, opened.alert, row.id)
  const escalation = await findOfAlert(tx, row.pagedWith ?? row.id)
  if (opened.made === null || escalation === null) return
  // Another process that heard the same made the same pages under the same names; otherwise they are added.
  const pages = opened.made.pages.map((page) => ({ ...page, escalationId: escalation.id }))
  const state = { ...escalation.state, steps: Math.max(escalation.state.steps, opened.made.row.state.steps) }
  await adoptStep(tx, needs, { ...opened.made, pages, row: { ...escalation, state } })
}

/** Of an alert the database knows and has told nobody of, the page made aboard is its page. */
async function keepPage(
  tx: Tx,
  needs: Needs,
  ports: LifeboatPorts,
  { made, alert }: OpenedAlert,
  row: AlertRow,
  parcels: ReadonlyMap<string, SentApart>,
): Promise<boolean> {
  if (made === null || !knewWhom(made, row, parcels) || !(await isUntold(tx, row))) return false
  const { facts } = made.row
  const own = { ...made.row, alertId: row.id, facts: { ...facts, link: facts.link.replace(alert, row.id) } }
  await takeOver(tx, needs, ports, row, { ...made, row: own })
  await recordAbout(tx, needs, parcels, alert, row.id)
  return true
}

async function recordAbout(
  tx: Tx,
  needs: Needs,
  parcels: ReadonlyMap<string, SentApart>,
  aboard: string,
  alertId: string,
): Promise<void> {
  for (const sent of parcels.values())
    if (sent.row.alertId === aboard) await recordSentApart(tx, needs, { ...sent, row: { ...sent.row, alertId } })
}

async function landStep(
  { needs }: Landing,
  entry: string,
  made: Extract<BoatRecord, { kind: 'step' }>['made'],
  names: ReadonlyMap<string, string>,
): Promise<void> {
  await needs.database.transaction(async (real) => {
    if (!(await takeEntry(real, entry))) return
    const alertId = names.get(made.row.alertId) ?? made.row.alertId
    await adoptStep(asOf(real, made.at), needs, { ...made, row: { ...made.row, alertId } })
  })
}

async function landAcknowledgement(
  { needs, ports }: Landing,
  record: Acknowledged | AcknowledgedByKey,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const { database } = needs
  const alert =
    record.kind === 'acknowledged'
      ? await findAlert(database, names.get(record.alert) ?? record.alert)
      : await findOpenByKey(database, record.source, record.key)
  const by = record.kind === 'acknowledged' ? record.by : record.actor.name
  const isTaken = alert?.status === 'acknowledged' && alert.answeredBy !== by
  if (alert === null || alert.status === 'resolved' || isTaken) {
    await database.transaction((tx) => takeEntry(tx, record.id))
    return
  }
  const at: Database = {
    ...database,
    transaction: (work) =>
      database.transaction(async (tx) => {
        if (!(await takeEntry(tx, record.id))) throw landedBefore()
        return work(asOf(tx, record.at))
      }),
  }
  try {
    await acknowledgeAlert({ ...needs, database: at }, ports.alerts, { alertId: alert.id, by, actor: record.actor })
  } catch (error) {
    // It ended meanwhile, or stands already.
    if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
  }
}

const landedBefore = (): AppError => new AppError('conflict', 'lifeboat.landed', 'This is written down already.')

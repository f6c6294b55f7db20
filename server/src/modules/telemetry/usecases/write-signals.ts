// News of senders into the minutes and hours of their services, in one transaction: what is remembered of each series and
// what it added are written together, so that the same points count once, whoever read them and however often.
import { day, hour, minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import {
  advanceSender,
  type DigestedNews,
  emptyMinute,
  mergeMinutes,
  newSender,
  type SenderState,
  type SignalFindingKind,
  type SignalMinute,
  signalFindingKinds,
  writeLatency,
} from '../core/signals/index.ts'
import { addFindings } from '../counting-rules.ts'
import {
  cellKey,
  countSenders,
  countSignalServices,
  findSignalServices,
  type HourCell,
  lockSignals,
  noteDays,
  readSenderStates,
  readSenderVersions,
  readSignalCells,
  readSignalHourCells,
  type SenderRow,
  type SignalServiceRow,
  saveSenders,
  saveSignalHours,
  saveSignalMinutes,
  saveSignalServices,
  type WrittenCell,
} from '../signals.store.ts'

/** Series of one service, over all its senders. A user id among the attributes ends here. */
export const mostSignalSeries = 5_000
/** Processes of one service, as of the last day. */
export const mostSenders = 500
/** Services that tell of themselves; a name made up for each request ends here. */
export const mostServices = 5_000

/**
 * The same requests often come twice: from the process itself, and from a Prometheus that scrapes it. The first of these ways
 * that told of a service within ten minutes counts, the others only add what they say of its resources.
 */
const ways: readonly DigestedNews['kind'][] = ['otlp', 'remote-write', 'scrape', 'prometheus']

/** What this process knows of senders, by the version it wrote or read. */
export type SenderCache = Map<string, { readonly version: number; readonly state: SenderState }>

interface Run {
  readonly tx: Tx
  readonly now: number
  readonly services: Map<string, SignalServiceRow>
  readonly cells: Map<string, WrittenCell>
  readonly found: { readonly service: string; readonly kind: SignalFindingKind; readonly count: number }[]
}

/** Answers what to remember once the transaction is over, and how many points belong to services beyond the limit. */
export async function writeSignals(
  tx: Tx,
  news: readonly DigestedNews[],
  cache: SenderCache,
): Promise<{ readonly senders: SenderCache; readonly refused: number }> {
  const names = [...new Set(news.map((each) => each.service))]
  await lockSignals(tx, names)
  const now = await tx.now()
  const run: Run = { tx, now, services: await openServices(tx, names, news, now), cells: new Map(), found: [] }
  const heard = news.filter((each) => run.services.has(each.service))
  const senders = await advanceAll(run, heard, cache)
  await saveCells(run)
  noteFindings(run)
  await saveSignalServices(tx, [...run.services.values()])
  const refused = news.filter((each) => !run.services.has(each.service))
  return { senders, refused: refused.reduce((all, each) => all + each.requests.length + each.fullness.length, 0) }
}

async function openServices(
  tx: Tx,
  names: readonly string[],
  news: readonly DigestedNews[],
  now: number,
): Promise<Map<string, SignalServiceRow>> {
  const services = new Map(await findSignalServices(tx, names))
  const newcomers = names.filter((name) => !services.has(name))
  const room = newcomers.length === 0 ? 0 : mostServices - (await countSignalServices(tx))
  for (const service of newcomers.slice(0, Math.max(0, room))) {
    const told = news.filter((each) => each.service === service).flatMap((each) => each.aliveAt ?? [])
    const firstAt = Math.min(now, ...told)
    const silent = { trafficAt: null, errorsAt: null, latencyAt: null, saturationAt: null }
    services.set(service, { service, firstAt, lastAt: firstAt, ...silent, findings: {} })
  }
  return services
}

async function advanceAll(run: Run, news: readonly DigestedNews[], cache: SenderCache): Promise<SenderCache> {
  const versions = await readSenderVersions(
    run.tx,
    news.map((each) => each.sender),
  )
  const stale = news.filter(({ sender }) => versions.has(sender) && cache.get(sender)?.version !== versions.get(sender))
  const loaded = await readSenderStates(
    run.tx,
    stale.map((each) => each.sender),
  )
  const sizes = new Map(await countSenders(run.tx, [...run.services.keys()]))
  const rows: SenderRow[] = []
  for (const { sender, service, kind, ...all } of [...news].sort(
    (a, b) => ways.indexOf(a.kind) - ways.indexOf(b.kind),
  )) {
    const version = versions.get(sender)
    const before = version === undefined ? newSender : (loaded.get(sender) ?? cache.get(sender)?.state ?? newSender)
    const size = sizes.get(service) ?? { senders: 0, series: 0, kinds: [] }
    const better = size.kinds.some((each) => ways.some((way, at) => way === each && at < ways.indexOf(kind)))
    const told = better ? { ...all, requests: [] } : all
    if (version === undefined && size.senders >= mostSenders) {
      run.found.push({ service, kind: 'too-many-senders', count: told.requests.length + told.fullness.length })
      continue
    }
    const since = run.services.get(service)?.firstAt ?? run.now
    const step = advanceSender(before, told, { since, now: run.now, room: Math.max(0, mostSignalSeries - size.series) })
    const grown = Object.keys(step.state.series).length - Object.keys(before.series).length
    sizes.set(service, {
      senders: size.senders + (version === undefined ? 1 : 0),
      series: size.series + grown,
      kinds: told.requests.length === 0 ? size.kinds : [...size.kinds, kind],
    })
    for (const [start, part] of step.minutes) addCell(run, service, start, part)
    for (const finding of signalFindingKinds) {
      const count = step.findings[finding] ?? 0
      if (count > 0) run.found.push({ service, kind: finding, count })
    }
    noteTold(run, service, step.state.lastAt, step.minutes)
    rows.push({ name: sender, service, kind, version: (version ?? 0) + 1, state: step.state })
  }
  await saveSenders(run.tx, rows)
  return new Map(rows.map((row) => [row.name, { version: row.version, state: row.state }]))
}

function addCell({ cells }: Run, service: string, start: number, part: SignalMinute): void {
  const key = cellKey({ service, start })
  cells.set(key, { service, start, minute: mergeMinutes(cells.get(key)?.minute ?? emptyMinute, part) })
}

function noteTold(
  { services }: Run,
  service: string,
  lastAt: number | null,
  minutes: ReadonlyMap<number, SignalMinute>,
): void {
  const row = services.get(service)
  if (row === undefined || lastAt === null) return
  const latest = (tells: (each: SignalMinute) => boolean, before: number | null): number | null => {
    const ends = [...minutes].filter(([, each]) => tells(each)).map(([start]) => Math.min(start + minute, lastAt))
    return ends.length === 0 ? before : Math.max(before ?? 0, ...ends)
  }
  services.set(service, {
    ...row,
    lastAt: Math.max(row.lastAt, lastAt),
    trafficAt: latest((each) => each.traffic !== null, row.trafficAt),
    // Requests that do not say how they ended tell nothing of errors. None at all go on with what was told before.
    errorsAt: latest((each) => each.judged > 0 || (each.traffic === 0 && row.errorsAt !== null), row.errorsAt),
    latencyAt: latest((each) => each.latency !== null || (each.traffic === 0 && row.latencyAt !== null), row.latencyAt),
    saturationAt: latest((each) => Object.keys(each.saturation).length > 0, row.saturationAt),
  })
}

// A row with its key in an index and the heads of both, measured on PostgreSQL 17.
const rowOctets = 130

const octetsOf = ({ latency, saturation }: SignalMinute): number =>
  rowOctets + (latency === null ? 0 : writeLatency(latency).length) + JSON.stringify(saturation).length

async function saveCells({ tx, cells }: Run): Promise<void> {
  const news = [...cells.values()]
  const before = await readSignalCells(tx, news)
  const written = news.map((cell) => ({
    ...cell,
    minute: mergeMinutes(before.get(cellKey(cell)) ?? emptyMinute, cell.minute),
  }))
  await saveSignalMinutes(tx, written)
  const hours = new Map<string, HourCell>()
  for (const [index, { service, start, minute: part }] of news.entries()) {
    const key = cellKey({ service, start: Math.floor(start / hour) * hour })
    const earlier = before.get(cellKey({ service, start }))
    const after = written[index]?.minute ?? part
    const found = hours.get(key)
    hours.set(key, {
      service,
      start: Math.floor(start / hour) * hour,
      minute: mergeMinutes(found?.minute ?? emptyMinute, part),
      measured: (found?.measured ?? 0) + ((earlier?.traffic ?? null) === null && after.traffic !== null ? 1 : 0),
      octets: (found?.octets ?? 0) + octetsOf(after) - (earlier === undefined ? 0 : octetsOf(earlier)),
    })
  }
  const known = await readSignalHourCells(tx, [...hours.values()])
  await saveSignalHours(
    tx,
    [...hours.values()].map((cell) => ({
      ...cell,
      minute: mergeMinutes(known.get(cellKey(cell)) ?? emptyMinute, cell.minute),
    })),
  )
  const days = new Map(
    news.map(({ service, start }) => {
      const from = Math.floor(start / day) * day
      return [`${from} ${service}`, { service, day: from }] as const
    }),
  )
  await noteDays(tx, [...days.values()])
}

function noteFindings({ services, found, now }: Run): void {
  for (const { service, kind, count } of found) {
    const row = services.get(service)
    if (row === undefined) continue
    const example = `${count} points`
    const findings = addFindings(row.findings, [{ kind, example }], instant(now))
    const before = row.findings[kind]?.count ?? 0
    const noted = findings[kind]
    if (noted === undefined) continue
    services.set(service, { ...row, findings: { ...findings, [kind]: { ...noted, count: before + count } } })
  }
}

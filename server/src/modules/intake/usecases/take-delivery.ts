// One admitted delivery: read → press → alerts. What cannot be read is kept; what can be is never held up by the rest.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { readSignal, type Signal } from '../../alerts/core/index.ts'
import { acknowledgeAlert, findOpenByKey, listOpenKeys, orAboard, takeIn } from '../../alerts/index.ts'
import { recordChange } from '../../changes/index.ts'
import { type AlertSource, complete, press, type Reading, type ReportedChange, sourceName } from '../core/index.ts'
import type { Desk } from '../desk.ts'
import { addSample, hasSeen, markSeen } from '../intake.store.ts'
import { clean, keepHeaders, readPayload } from '../read-payload.ts'
import type { Admitted } from './admit-delivery.ts'
import { keepOrphan } from './keep-orphan.ts'

export interface Taken {
  readonly signals: number
  /** Repeats that were only counted. */
  readonly counted: number
  /** Why it, or a part of it, could not be understood. */
  readonly because: string | null
  readonly nothing: string | null
  readonly repeated: boolean
}

/** Each batch is one transaction; a sender repeats the whole delivery when a later one fails. */
const batch = 1_000
/** Of a sample. A person reads it. */
const sampleLimit = 64 * 1024

export async function takeDelivery(
  desk: Desk,
  admitted: Admitted,
  delivery: {
    readonly body: Uint8Array
    readonly headers: Readonly<Record<string, string>>
    /** Words that must not be kept: the token, when the payload carries it. */
    readonly hide: readonly string[]
  },
): Promise<Taken> {
  const { source, now, onceId } = admitted
  const { needs, counter } = desk
  const name = source.name
  // While the database is away nobody can say; the same alert is then the same by its key.
  const seen = onceId === null ? false : await ashore(desk, () => hasSeen(needs.database, name, onceId), false)
  if (seen) {
    counter.add(name, 'refused', 1)
    return { signals: 0, counted: 0, because: null, nothing: 'It was taken in before.', repeated: true }
  }
  counter.add(name, 'deliveries', 1)
  const taken = await takePayload(desk, source, delivery, now)
  const text = hidden(new TextDecoder().decode(delivery.body), delivery.hide)
  if (taken.because !== null) {
    const kept = { source: name, because: taken.because, headers: keepHeaders(delivery.headers), body: text }
    if (!(await ashore(desk, () => keepOrphan(desk, kept).then(() => true), false))) throw notKept(taken.because)
    counter.add(name, 'orphans', 1)
  }
  if (counter.sampleDue(name)) {
    const outcome = taken.because ?? taken.nothing ?? words(taken.signals)
    const body = text.slice(0, sampleLimit).toWellFormed()
    await ashore(
      desk,
      () => addSample(needs.database, { source: name, at: now, outcome: clean(outcome), body }),
      undefined,
    )
  }
  if (onceId !== null) await ashore(desk, () => markSeen(needs.database, name, onceId), undefined)
  return taken
}

/** What is no payload at all: kept as it came, counted, and nothing is read of it. */
export async function keepUnread(
  desk: Desk,
  { source, now }: Admitted,
  orphan: {
    readonly because: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  },
): Promise<void> {
  desk.counter.add(source.name, 'deliveries', 1)
  desk.counter.received(source.name, now, false)
  const kept = { ...orphan, source: source.name }
  if (!(await ashore(desk, () => keepOrphan(desk, kept).then(() => true), false))) throw notKept(orphan.because)
  desk.counter.add(source.name, 'orphans', 1)
}

/** What only the database can do; the other thing while it is away. */
function ashore<T>({ ports }: Desk, work: () => Promise<T>, otherwise: T): Promise<T> {
  return orAboard(ports.alerts, work, async () => otherwise)
}

const notKept = (because: string) =>
  new AppError(
    'unavailable',
    'database.away',
    `${because} It cannot be kept while the database is away. Send it again.`,
    {
      retryAfterSeconds: 5,
    },
  )

const words = (signals: number): string => (signals === 1 ? '1 signal' : `${signals} signals`)

function hidden(text: string, hide: readonly string[]): string {
  return clean(hide.reduce((shown, word) => (word.length < 8 ? shown : shown.replaceAll(word, '[hidden]')), text))
}

/** Also how an orphan is tried again. */
export async function takePayload(
  desk: Desk,
  source: AlertSource,
  delivery: { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> },
  now: Instant,
): Promise<Taken> {
  const nothing = { signals: 0, counted: 0, because: null, nothing: null, repeated: false }
  // A job that reports in may say what it likes: that it spoke is all that counts.
  const body = source.format === 'heartbeat' ? new Uint8Array() : delivery.body
  const read = readPayload(body, delivery.headers)
  if (!read.ok) {
    desk.counter.received(source.name, now, false)
    return { ...nothing, because: read.because }
  }
  const reading = desk.ports.readers[source.format](read.payload, source.mapping)
  const { signals, faults, beats } = readSignals(source, reading, now)
  desk.counter.received(source.name, now, beats && faults.length === 0)
  const counted = await takeSignals(desk, source, signals)
  const actor = actorOf(source)
  for (const key of reading.acknowledged ?? []) await acknowledge(desk, source, key, actor)
  const unrecorded = await recordChanges(desk, source, reading.changes ?? [], actor)
  const because = [...faults, ...unrecorded].join(' ').slice(0, 2_000)
  return {
    signals: signals.length,
    counted,
    because: because === '' ? null : clean(because),
    nothing: reading.nothing ?? null,
    repeated: false,
  }
}

const actorOf = (source: AlertSource): Actor => automation(sourceName(source.name))

function readSignals(source: AlertSource, reading: Reading, now: Instant) {
  const signals: Signal[] = []
  const faults: string[] = [...reading.unread]
  const alive = source.heartbeat?.alert ?? null
  let beats = alive === null
  for (const [index, draft] of reading.signals.entries()) {
    if (alive !== null && draft.labels?.alertname === alive) {
      beats = beats || draft.status === 'firing'
      continue
    }
    const read = readSignal(complete(source, draft), now, source.severities)
    if (read.ok) signals.push(read.signal)
    else faults.push(...read.faults.map(({ pointer, detail }) => `Alarm ${index + 1}: ${pointer ?? ''} ${detail}`))
  }
  return { signals, faults, beats }
}

/** Answers how many repeats were only counted. */
async function takeSignals(desk: Desk, source: AlertSource, signals: readonly Signal[]): Promise<number> {
  const { needs, counter } = desk
  if (signals.length === 0) return 0
  counter.add(source.name, 'signals', signals.length)
  const allowance = counter.allowance(source.name, source.perMinute)
  let passed: readonly Signal[] = signals
  let counted = 0
  if (allowance.tokens < signals.length) {
    // Only now is it worth asking which of them are news.
    const keys = [...new Set(signals.map(({ key }) => key))]
    const open = await ashore(desk, () => listOpenKeys(needs.database, sourceName(source.name), keys), null)
    // Nobody knows which of them are news: none is held back.
    const pressed = press(signals, open ?? new Map(), allowance)
    passed = pressed.taken
    counted = pressed.counted
    counter.spend(source.name, pressed.allowance)
    counter.hold(source.name, pressed.held)
    counter.add(source.name, 'counted', counted)
  } else counter.spend(source.name, { ...allowance, tokens: allowance.tokens - signals.length })
  await receive(desk, source, passed)
  return counted
}

export async function receive(desk: Desk, source: AlertSource, signals: readonly Signal[]): Promise<void> {
  const policy = { assumedLeaseMs: source.expiresMs }
  for (let from = 0; from < signals.length; from += batch)
    await takeIn(desk.needs, desk.ports.alerts, {
      source: sourceName(source.name),
      signals: signals.slice(from, from + batch),
      policy,
      actor: actorOf(source),
    })
}

async function acknowledge(desk: Desk, source: AlertSource, key: string, actor: Actor): Promise<void> {
  const { alerts } = desk.ports
  const named = { source: sourceName(source.name), key, actor }
  await orAboard(
    alerts,
    () => acknowledgeAshore(desk, source, key, actor),
    async () => void (await alerts.refuge?.acknowledge(named)),
  )
}

async function acknowledgeAshore(desk: Desk, source: AlertSource, key: string, actor: Actor): Promise<void> {
  const alert = await findOpenByKey(desk.needs.database, sourceName(source.name), key)
  // As the senders do: an acknowledgement of nothing is accepted and dropped.
  if (alert === null) return
  await acknowledgeAlert(desk.needs, desk.ports.alerts, { alertId: alert.id, actor, by: source.title }).catch(
    (error: unknown) => {
      // It ended meanwhile, which is what was wanted.
      if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
    },
  )
}

async function recordChanges(
  desk: Desk,
  source: AlertSource,
  changes: readonly ReportedChange[],
  actor: Actor,
): Promise<readonly string[]> {
  const faults: string[] = []
  for (const change of changes) {
    const service = change.service ?? source.service
    if (service === null) {
      faults.push('A change must be of a service: name one in the payload, or declare one for the source.')
      continue
    }
    const { externalId, summary, at, link } = change
    try {
      await recordChange(
        desk.needs,
        {
          ...{ source: sourceName(source.name), externalId, service, kind: 'other', summary },
          ...(at === null ? {} : { at }),
          ...(link === null ? {} : { link }),
        },
        actor,
      )
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'unavailable') throw error
      faults.push(error.message)
    }
  }
  return faults
}

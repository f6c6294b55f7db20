// Takes what a Prometheus or an SDK sends: read far enough to say whether it can be read, kept as it came, answered, and counted soon
// after, with whatever else came meanwhile. One process counts; another goes on when that one is silent.
import { setTimeout } from 'node:timers/promises'
import { AppError } from '../../../kernel/app-error.ts'
import { second } from '../../../kernel/duration.ts'
import { createTogether } from '../../../platform/database/together.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type Decoded, type RemoteWriteVersion, refusedPoints, refusedSamples } from '../core/index.ts'
import type { SignalIntake } from '../core/signals/index.ts'
import { openDecodeMemory } from '../decode-memory.ts'
import {
  appendBodies,
  type BodyForm,
  type KeptBody,
  type OtlpForm,
  type PostedBody,
  putFirstAside,
  readWaiting,
} from '../inbox.store.ts'
import { decodeOtlp, otlpBody, type ReadBody, readWritten, samplesOf, unpackOtlp, ways } from '../read-body.ts'
import type { SignalCollector } from './collect-signals.ts'
import { createFolder, type FoldOrder, weightOf } from './fold-samples.ts'

const turnMs = 1 * second
/** A process that does not count looks this often whether anybody does. */
const lookEveryTurns = 2
/** So long is left to the process that counted last: with the look above it is a take-over within ten seconds. */
const patienceMs = 4 * second
/** Bytes that wait to be counted, as they were sent. */
const mostWaiting = 256 * 1024 * 1024
const together = { bodies: 16, bytes: 8 * 1024 * 1024 }
const triesAlone = 3

/** How soon somebody who found it full may come again: a fold takes some tenths of a second. */
const comeAgainSeconds = 2

const signalsOf = ({ kind, nameOf, wholeTargets }: (typeof ways)[keyof typeof ways]): SignalIntake => ({
  kind,
  senderOf: nameOf,
  wholeTargets,
})
const writtenSignals = signalsOf(ways['remote-write'])
export const otlpSignals = signalsOf(ways.otlp)

export interface Taken {
  readonly accepted: number
  /** Of them, native histograms. */
  readonly histograms: number
}

/** What can be said of an OTLP request before its series are looked at; the rest is found when it is counted. */
export type Received =
  | { readonly state: 'kept'; readonly rejected: number; readonly sentence: string }
  | Extract<Decoded, { state: 'refused' }>

export interface SampleIntake {
  /** Answers after the commit. */
  take(body: Buffer, version: RemoteWriteVersion): Promise<Taken>
  /** The same of OTLP. */
  takeMetrics(body: Buffer, form: OtlpForm): Promise<Received>
  /** Counts all that waits, whoever counted last; ends when nothing is left. */
  settle(): Promise<void>
  start(): void
  stop(): Promise<void>
}

/** `every`: a test does not wait for seconds. */
export function createSampleIntake(needs: Needs, signals: SignalCollector, every = turnMs): SampleIntake {
  const names = openDecodeMemory()
  const folder = createFolder(needs, names)
  let [waitingBytes, owns, turns, failures, failed] = [0, false, 0, 0, false]
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  let turning: Promise<void> = Promise.resolve()

  const inbox = createTogether<PostedBody, KeptBody>({
    fill: () => {
      let [bodies, bytes] = [0, 0]
      return ({ body }) => {
        bodies += 1
        bytes += body.length
        return bodies <= together.bodies && bytes <= together.bytes
      }
    },
    run: (posted) => needs.database.transaction((tx) => appendBodies(tx, posted)),
  })

  /** Answers whether there is more to do at once. */
  const fold = async (order: FoldOrder): Promise<boolean> => {
    const report = await folder.fold(order)
    // Of a pair of senders one is heard, which is known by now; what came as OTLP was looked at when it was taken.
    for (const { way, batch, decoded } of report.heard) {
      if (way.kind !== 'remote-write') continue
      if (batch !== null) signals.takeSamples(batch, writtenSignals)
      if (decoded !== null) signals.take(decoded.resources, decoded.accepted, writtenSignals)
    }
    owns = !report.elsewhere
    failures = 0
    failed = false
    return report.full && !report.elsewhere
  }

  const turn = async (): Promise<void> => {
    turns += 1
    if (!owns && turns % lookEveryTurns !== 0 && waitingBytes === 0) return
    try {
      for (let more = true; more && !stopped; ) {
        const waiting = await readWaiting(needs.database)
        waitingBytes = waiting.bytes
        if (waiting.bodies === 0) return
        more = await fold({ patienceMs, alone: failed })
      }
    } catch (error) {
      await note(error)
    }
  }

  /** A database that is away comes back. What fails by itself is looked at alone, and then put aside: nothing waits behind it. */
  const note = async (error: unknown): Promise<void> => {
    failed = true
    if (error instanceof AppError && error.kind === 'unavailable') return
    failures += 1
    needs.log.error('Samples that were accepted could not be counted.', { error: String(error), failures })
    if (failures <= triesAlone) return
    failures = 1
    await needs.database.transaction((tx) => putFirstAside(tx)).catch(() => undefined)
  }

  const again = (): void => {
    if (stopped) return
    timer = globalThis.setTimeout(() => {
      turning = turn().finally(again)
    }, every)
    timer.unref()
  }

  const keep = async (form: BodyForm, body: Buffer, found: ReadBody): Promise<KeptBody> => {
    if (waitingBytes + body.length > mostWaiting)
      throw new AppError(
        'unavailable',
        'telemetry.inbox-full',
        'Samples come faster than they are counted. Send it again in a moment.',
        { retryAfterSeconds: comeAgainSeconds },
      )
    const kept = await inbox.add({ form, weight: weightOf(found), body })
    waitingBytes += body.length
    folder.remember(kept.id, found)
    return kept
  }

  return {
    take: async (body, version) => {
      const found = readWritten(body, version, names)
      const accepted = samplesOf(found)
      const taken = { accepted, histograms: found.decoded?.histograms ?? 0 }
      // Nothing but names and marks of an end: there is nothing to count.
      if (found.decoded === null && accepted === 0) return taken
      await keep(version, body, found)
      return taken
    },
    takeMetrics: async (body, form) => {
      const decoded = decodeOtlp(await unpackOtlp(body, form), form, names)
      if (decoded.state === 'refused') return decoded
      const { resources, accepted, rejected, findings, batch } = decoded
      if (resources.length === 0) return { state: 'kept', rejected, sentence: '' }
      const { at } = await keep(form, body, otlpBody(decoded))
      if (batch !== null) signals.takeSamples(batch, otlpSignals)
      signals.take(resources, accepted - (batch?.times.length ?? 0), otlpSignals)
      const refused = [...refusedPoints(resources, at), ...refusedSamples(batch, at)]
      const words = [...findings, ...refused].map((each) => `${each.kind} in ${each.metric}`)
      return {
        state: 'kept',
        rejected: refused.reduce((all, each) => all + each.points, rejected),
        sentence: [...new Set(words)].slice(0, 5).join('; '),
      }
    },
    settle: async () => {
      for (;;) {
        if (await fold({ patienceMs: 0, alone: false })) continue
        // What somebody else is counting right now is there until they are done.
        if ((await readWaiting(needs.database)).bodies === 0) return
        await setTimeout(every)
      }
    },
    start: () => {
      stopped = false
      again()
    },
    stop: async () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      await turning
    },
  }
}

// Alerts in Alertmanager's format: what is known by its words and only repeats is one statement shared with whoever posts at
// the same time; the rest goes the ordinary way.
import type { Actor } from '../../../kernel/actor.ts'
import { invariant } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { isAwayRefusal } from '../../../platform/database/away.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertPiece, AlertsPorts } from '../alerts.ports.ts'
import { type IntakePolicy, readSignal, type Signal } from '../core/index.ts'
import type { KnownAlerts } from '../known-alerts.ts'
import { moveTogether } from '../lease-moves.ts'
import type { MovedLeases } from '../leases.store.ts'
import { repetitionsIn, type Said, saidBy } from '../repetition.ts'
import { receiveNews } from './receive-signals.ts'
import { takeIn } from './take-in.ts'

export interface Posted {
  readonly source: string
  readonly actor: Actor
  readonly policy: IntakePolicy
  /** At most 1,000: what is news of them is one transaction. */
  readonly pieces: readonly AlertPiece[]
  /** Reads JSON; what is none is null. */
  readonly read: (text: string) => unknown
}

interface Heard extends Said {
  readonly endsAt: Instant
  /** Read just now; null for one that is known by its words. Its status is not decided yet. */
  readonly signal: Signal | null
}

export type TakenPosted = { readonly lifeboat: string | null }

/** Null: something about them needs a closer look, or the database is away; nothing was taken. */
export async function takePosted(
  needs: Needs,
  ports: AlertsPorts,
  known: KnownAlerts,
  posted: Posted,
): Promise<TakenPosted | null> {
  await ports.refuge?.ready()
  if (ports.refuge?.isOpen() === true) return null
  const heard = hear(ports, known, posted)
  if (heard === null) return null
  const { source, actor, policy } = posted
  const repeated = repetitionsIn(
    heard.map((each) => ({ ...each, firing: true })),
    policy.assumedLeaseMs,
  )
  const looked = await moved(needs, ports, repeated)
  if (looked === null) return null
  const news = heard.flatMap((each, index) => {
    if (looked.moved.has(each.identity)) return []
    const signal = each.signal ?? readOne(ports, posted, index)
    invariant(signal !== null, 'an alert that was read can be read again')
    return [atTime(signal, each.endsAt, looked.now)]
  })
  if (news.length === 0) return { lifeboat: null }
  return takeIn(needs, ports, { source, signals: news, policy, actor }, receiveNews)
}

async function moved(
  needs: Needs,
  ports: AlertsPorts,
  repeated: Parameters<typeof moveTogether>[1],
): Promise<MovedLeases | null> {
  try {
    return await moveTogether(needs.database, repeated)
  } catch (error) {
    if (!isAwayRefusal(error)) throw error
    // The ordinary way looks after it.
    ports.refuge?.doubt()
    return null
  }
}

function hear(ports: AlertsPorts, known: KnownAlerts, posted: Posted): readonly Heard[] | null {
  const { source, pieces } = posted
  const heard: Heard[] = []
  for (const [index, piece] of pieces.entries()) {
    const found = known.find(source, piece)
    if (found !== null) {
      heard.push({ ...found, signal: null })
      continue
    }
    const signal = readOne(ports, posted, index)
    if (signal === null) return null
    const said = saidBy(signal)
    known.keep(source, piece, said)
    heard.push({ ...said, endsAt: signal.endsAt, signal })
  }
  return heard
}

type Ending = Signal & { readonly endsAt: Instant }

/** As it was when it began. Null for one that is refused, or that says something else at any other time. */
function readOne(ports: AlertsPorts, { source, pieces, read }: Posted, index: number): Ending | null {
  const piece = pieces[index]
  const alert = piece === undefined ? null : read(piece.text)
  if (!isJsonObject(alert) || alert.endsAt !== piece?.endsAt) return null
  const given = ports.readAlertmanager([alert])
  const draft = given.ok ? given.drafts[0] : undefined
  if (draft === undefined || typeof draft.startsAt !== 'number' || typeof draft.endsAt !== 'number') return null
  const reading = readSignal({ ...draft, source }, draft.startsAt)
  return reading.ok ? { ...reading.signal, endsAt: draft.endsAt } : null
}

/** It says from when until when itself; whether that is over is asked of the database's clock. */
function atTime(signal: Signal, endsAt: Instant, now: Instant): Signal {
  return { ...signal, endsAt, status: endsAt <= now ? 'resolved' : 'firing' }
}

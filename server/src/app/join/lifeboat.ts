// Joins the lifeboat to the rooms it steps in for: who may enter, what was sent already, where signals and links go.
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import type { Refuge } from '../../modules/alerts/index.ts'
import type { Lifeboat, MarkFile } from '../../modules/lifeboat/index.ts'
import type { Channel, Outgoing } from '../../modules/notifications/index.ts'
import type { Aboard } from '../../modules/oncall/index.ts'
import { isAwayRefusal } from '../../platform/database/away.ts'
import type { Credentials, Gatekeeper } from '../../platform/http/server.ts'
import { monotonicMs } from '../../platform/monotonic.ts'

/** A record of a send that was lost with the database is made good within this time. */
const rememberedMs = 30 * 60_000
const mostRemembered = 20_000

export interface SendMemory {
  readonly marks: MarkFile
  /** A key that a channel accepted from this process does not leave it again, whoever asks. */
  readonly once: (channel: Channel) => Channel
  readonly sentLately: (key: string) => boolean
}

export function createSendMemory(marks: MarkFile): SendMemory {
  const accepted = new Map<string, { readonly at: number; readonly receipt: string | null }>()
  const sentLately = (key: string): boolean => {
    const known = accepted.get(key)
    return known !== undefined && monotonicMs() - known.at < rememberedMs
  }
  return {
    marks,
    sentLately,
    once: (channel) => ({
      ...channel,
      send: async (outgoing) => {
        if (sentLately(outgoing.key)) return { kind: 'accepted', receipt: accepted.get(outgoing.key)?.receipt ?? null }
        const outcome = await channel.send(marked(marks, outgoing))
        if (outcome.kind === 'accepted') {
          accepted.set(outgoing.key, { at: monotonicMs(), receipt: outcome.receipt })
          const [oldest] = accepted.keys()
          if (accepted.size > mostRemembered && oldest !== undefined) accepted.delete(oldest)
        }
        return outcome
      },
    }),
  }
}

/** Asked and handed on are marked on this disk, for whoever comes after a process that was killed between the two. */
function marked(marks: MarkFile, outgoing: Outgoing): Outgoing {
  const { key, attempt, beforeWrite } = outgoing
  if (attempt === undefined) return outgoing
  return {
    ...outgoing,
    beforeWrite: async () => {
      const mark = marks.asking(key, attempt)
      try {
        await beforeWrite()
        mark.leaving()
      } finally {
        mark.over()
      }
    },
  }
}

/** While the database is away a key is known by the plan, and a session by nobody. */
export function enterAnyhow(gate: Gatekeeper, lifeboat: () => Lifeboat | null): Gatekeeper {
  const byPlan = (credentials: Credentials): Actor | null => {
    if (credentials.token === null && credentials.session === null) return null
    const actor = credentials.token === null ? null : (lifeboat()?.actorOf(credentials.token) ?? null)
    if (actor !== null) return actor
    throw new AppError(
      'unavailable',
      'database.away',
      'The database is away, so nobody can be signed in just now. Alerts are taken and pages go out.',
      { retryAfterSeconds: 5 },
    )
  }
  return {
    ...gate,
    authenticate: async (credentials) => {
      const boat = lifeboat()
      if (boat === null) return gate.authenticate(credentials)
      if (boat.isAfloat()) return byPlan(credentials)
      try {
        const actor = await gate.authenticate(credentials)
        if (actor !== null && credentials.token !== null) boat.saw(credentials.token, actor)
        return actor
      } catch (error) {
        if (!isAwayRefusal(error)) throw error
        boat.refuge.doubt()
        if (boat.refuge.now() === null) throw error
        return byPlan(credentials)
      }
    },
  }
}

/** Asked late: the lifeboat is built with the ports of the rooms that ask it. */
export function refugeOf(lifeboat: () => Lifeboat | null): Refuge {
  const boat = (): Refuge => {
    const refuge = lifeboat()?.refuge
    if (refuge === undefined) throw new Error('The lifeboat is built with the rooms.')
    return refuge
  }
  return {
    isOpen: () => boat().isOpen(),
    ready: () => boat().ready(),
    now: () => boat().now(),
    doubt: () => boat().doubt(),
    take: (intake) => boat().take(intake),
    acknowledge: (of) => boat().acknowledge(of),
  }
}

export function aboardOf(lifeboat: () => Lifeboat | null): Aboard {
  return {
    isOpen: () => lifeboat()?.isAfloat() ?? false,
    doubt: () => lifeboat()?.refuge.doubt(),
    now: () => lifeboat()?.refuge.now() ?? null,
    zoneOf: (person) => lifeboat()?.zoneOf(person) ?? 'UTC',
    escalationOf: async (alert) => (await lifeboat()?.escalationOf(alert)) ?? null,
    acknowledge: async (order) => (await lifeboat()?.acknowledge(order)) ?? null,
  }
}

// The way in that all addresses share: who sends it, then taking it in; and refusals in the words that make a sender
// try again.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/app-error.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import { addWork } from '../../platform/work/due-work.store.ts'
import type { Format } from './core/index.ts'
import type { Desk } from './desk.ts'
import { confirmSubscription } from './intake.contract.ts'
import { admitDelivery, findSender, type Incoming, type Sender } from './usecases/admit-delivery.ts'
import { subscriptionContext } from './usecases/confirm-subscription.ts'
import { type Taken, takeDelivery } from './usecases/take-delivery.ts'

/** Deliveries of one process at once: more than its connections to the database would only wait in memory. */
const mostAtOnce = 64

export interface Delivered {
  readonly taken: Taken
  readonly format: Format
}

/** What the addresses of each format share. */
export interface Gate {
  /** Throws when too many are under way. Whoever entered leaves with its answer. */
  enter(request: FastifyRequest): void
  leave(request: FastifyRequest): void
  /** Before the body is read: strangers do not make us read megabytes. Throws when the token is none of ours. */
  prove(request: FastifyRequest, incoming: Omit<Incoming, 'body' | 'headers'>): Promise<void>
  deliver(request: FastifyRequest, incoming: Incoming): Promise<Delivered>
  /** The refusal as this sender understands it. */
  refuse(error: unknown, reply: FastifyReply, busy: 429 | 503): { readonly status: number; readonly sentence: string }
}

export function createGate(desk: Desk, door: WireDoor): Gate {
  // From the first byte to the answer: who waits for a connection to the database counts too.
  const underWay = new Set<FastifyRequest>()
  const enter = (request: FastifyRequest): void => {
    if (underWay.size >= mostAtOnce)
      throw new AppError('unavailable', 'intake.busy', 'More deliveries at once than are taken in. Send it again.', {
        retryAfterSeconds: 1,
      })
    underWay.add(request)
  }
  const proven = new WeakMap<FastifyRequest, Sender>()
  const prove = async (request: FastifyRequest, incoming: Omit<Incoming, 'body' | 'headers'>): Promise<Sender> => {
    const sender = await findSender(desk, incoming)
    if (sender === null) {
      // Charges the address that guesses; a sender that proves itself is never held up by a neighbour.
      await door.admit(request, 'intake.deliver')
      throw new AppError('forbidden', 'intake.unproven', 'It carries no token of this source.')
    }
    proven.set(request, sender)
    return sender
  }
  const deliver: Gate['deliver'] = async (request, incoming) => {
    const sender = proven.get(request) ?? (await prove(request, incoming))
    // Somebody who opens the address in a browser sends nothing that anybody must understand.
    const isLook = request.method === 'GET' || request.method === 'HEAD'
    if (isLook && incoming.body.length === 0 && sender.source.format !== 'heartbeat')
      throw new AppError('invalid', 'intake.nothing-sent', 'The token is right. Send alarms here by POST.')
    const admitted = await admitDelivery(desk, sender, incoming)
    const { sns, source } = admitted
    if (sns?.kind === 'confirmation') {
      desk.counter.received(source.name, admitted.now, false)
      const sealed = desk.ports.seal(sns.confirmUrl, subscriptionContext(source.name))
      await desk.needs.database.transaction((tx) =>
        addWork(tx, confirmSubscription, { source: source.name, topic: sns.topic, sealed }),
      )
      const nothing = `${sns.topic} asked to be subscribed.`
      return { format: source.format, taken: { signals: 0, counted: 0, because: null, nothing, repeated: false } }
    }
    const hide = incoming.token === null ? [] : [incoming.token]
    return { format: source.format, taken: await takeDelivery(desk, admitted, { ...incoming, hide }) }
  }
  return {
    enter,
    leave: (request) => void underWay.delete(request),
    prove: async (request, incoming) => void (await prove(request, incoming)),
    deliver,
    refuse: (error, reply, busy) => refuse(desk, error, reply, busy),
  }
}

function refuse(desk: Desk, error: unknown, reply: FastifyReply, busy: 429 | 503) {
  if (error instanceof AppError) {
    if (error.kind === 'unavailable' || error.kind === 'limited') {
      reply.header('retry-after', String(error.details.retryAfterSeconds ?? 1))
      // Who guesses tokens is told so; a busy server says what makes this sender try again.
      const status = error.kind === 'limited' ? 429 : error.code === 'intake.busy' ? busy : 503
      return { status, sentence: error.message }
    }
    if (error.code.startsWith('intake.') && error.kind === 'forbidden') return { status: 401, sentence: error.message }
    return { status: error.kind === 'not-found' ? 404 : 400, sentence: error.message }
  }
  desk.needs.log.error('A delivery failed unexpectedly.', { error: String(error) })
  return { status: 503, sentence: 'Not now; send it again soon.' }
}

// Who asks, and where a page goes on: what the routes of this room share.
import type { Actor } from '../../kernel/actor.ts'
import { instant } from '../../kernel/instant.ts'
import { decodeCursor } from '../../platform/http/page.ts'
import { type IncidentReader, readerFor } from '../incidents/core/index.ts'
import type { LearningPorts } from './learning.ports.ts'
import type { Order } from './usecases/order.ts'

export function askers({ personOf, declaredNameOf }: LearningPorts) {
  const readerOf = async (actor: Actor): Promise<IncidentReader> => readerFor(actor, await declaredNameOf(actor))
  const orderOf = async (actor: Actor): Promise<Order> => ({
    actor,
    by: await personOf(actor),
    reader: await readerOf(actor),
  })
  return { readerOf, orderOf }
}

export const isUuid = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

/** A cursor is input like any other: what is none of ours begins anew. */
export function placeOf(cursor: string | undefined) {
  const [at, id] = decodeCursor(cursor, ['number', 'string']) ?? []
  return isTime(at) && isUuid(id) ? { at: instant(at), id } : null
}

export const isTime = (at: unknown): at is number =>
  typeof at === 'number' && Number.isSafeInteger(at) && Math.abs(at) < 8e15

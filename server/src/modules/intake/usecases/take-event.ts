// An event of PagerDuty whose routing key is the token of a source. Its body is read first: the key stands inside it.
import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../../kernel/json.ts'
import type { Desk } from '../desk.ts'
import { admitDelivery, findSender } from './admit-delivery.ts'
import { takeDelivery } from './take-delivery.ts'

export const invalidEvent = (errors: readonly string[]) => ({
  status: 'invalid event',
  message: 'Event object is invalid',
  errors,
})

export interface EventAnswer {
  readonly status: number
  readonly body: unknown
}

/** An event whose routing key is the token of a source; null when it is none. */
export async function takeEvent(desk: Desk, event: JsonObject): Promise<EventAnswer | null> {
  const token = typeof event.routing_key === 'string' ? event.routing_key : null
  const given = event.dedup_key
  const isNamed = typeof given === 'string' && given.trim() !== ''
  const dedupKey = isNamed ? given : randomUUID().replaceAll('-', '')
  const named = isNamed || event.event_action !== 'trigger' ? event : { ...event, dedup_key: dedupKey }
  const body = Buffer.from(JSON.stringify(named))
  const incoming = {
    name: null,
    token,
    headers: { 'content-type': 'application/json' },
    body,
    formats: ['pagerduty'] as const,
  }
  const sender = await findSender(desk, incoming)
  if (sender === null) return null
  const admitted = await admitDelivery(desk, sender, incoming)
  const taken = await takeDelivery(desk, admitted, { ...incoming, hide: token === null ? [] : [token] })
  if (taken.because !== null) return { status: 400, body: invalidEvent([taken.because]) }
  return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: dedupKey } }
}

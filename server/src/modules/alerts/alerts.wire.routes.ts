// Intakes in other products' formats. Each answers only after the commit, with the codes its real clients expect.
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Actor } from '../../kernel/actor.ts'
import { isJsonObject } from '../../kernel/json.ts'
import { isAwayRefusal } from '../../platform/database/away.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import { findOpenByKey } from './alerts.store.ts'
import type { IntakePolicy } from './core/index.ts'
import { saveOrphan } from './orphans.store.ts'
import { readDrafts } from './read-drafts.ts'
import { sourceOf } from './signal-source.ts'
import { acknowledgeAlert } from './usecases/acknowledge-alerts.ts'
import { intakeNow, orAboard, takeIn } from './usecases/take-in.ts'

const untilResolved: IntakePolicy = { assumedLeaseMs: null }

export function alertsWireRoutes(needs: Needs, ports: AlertsPorts): (server: FastifyInstance) => void {
  // What is wrong is refused whether or not it can be kept for people to look at.
  const keep = async (source: string, because: string, body: unknown): Promise<void> => {
    const orphan = { source, because, body: JSON.stringify(withoutKey(body)) }
    await saveOrphan(needs.database, orphan).catch((error: unknown) => {
      if (!isAwayRefusal(error)) throw error
    })
  }
  return (server) => {
    server.post(
      '/v2/enqueue',
      { bodyLimit: 512 * 1024, config: { operationId: 'intake.pagerduty' } },
      async (request, reply) => {
        const read = ports.readPagerDuty(request.body)
        if (!read.ok)
          return reply
            .code(400)
            .send({ status: 'invalid event', message: 'Event object is invalid', errors: read.errors })
        const { event } = read
        const actor = await ports.actorOfToken(event.routingKey)
        if (actor === null) {
          const elsewhere = isJsonObject(request.body) ? await ports.takeElsewhere?.(request.body) : null
          if (elsewhere !== null && elsewhere !== undefined) return reply.code(elsewhere.status).send(elsewhere.body)
          // PagerDuty answers 202 to any well-formed key; we keep the event where people find it and say the key is wrong.
          await keep('pagerduty', 'The routing key is none of ours.', request.body)
          return reply.code(400).send({
            status: 'invalid event',
            message: 'Event object is invalid',
            errors: ["'routing_key' is not a key of this server"],
          })
        }
        const dedupKey = event.dedupKey ?? randomUUID().replaceAll('-', '')
        const source = sourceOf('pagerduty', actor)
        let lifeboat: string | null = null
        if (event.action === 'acknowledge')
          lifeboat = await acknowledgeByKey(needs, ports, { source, key: dedupKey, actor })
        else {
          const now = await intakeNow(needs, ports)
          const { read: signals, faults } = readDrafts(source, [{ ...event.draft, dedupKey }], now)
          if (faults.length > 0) {
            await keep(source, faults.join(' ').slice(0, 2_000), request.body)
            return reply
              .code(400)
              .send({ status: 'invalid event', message: 'Event object is invalid', errors: faults.slice(0, 20) })
          }
          lifeboat = (await takeIn(needs, ports, { source, signals, policy: untilResolved, actor })).lifeboat
        }
        return reply.code(202).send({
          status: 'success',
          message: lifeboat === null ? 'Event processed' : `Event kept in the lifeboat as ${lifeboat}`,
          dedup_key: dedupKey,
        })
      },
    )
  }
}

/** The id of the journal entry when the lifeboat took it. */
async function acknowledgeByKey(
  needs: Needs,
  ports: AlertsPorts,
  of: { source: string; key: string; actor: Actor },
): Promise<string | null> {
  return orAboard<string | null>(
    ports,
    async () => {
      const alert = await findOpenByKey(needs.database, of.source, of.key)
      // As PagerDuty does: an acknowledgement of nothing is accepted and dropped.
      if (alert !== null)
        await acknowledgeAlert(needs, ports, { alertId: alert.id, actor: of.actor, by: of.actor.name })
      return null
    },
    async () => (await ports.refuge?.acknowledge(of)) ?? null,
  )
}

function withoutKey(body: unknown): unknown {
  return typeof body === 'object' && body !== null ? { ...body, routing_key: '[redacted]' } : body
}

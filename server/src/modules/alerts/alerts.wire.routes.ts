// Intakes in other products' formats. Each answers only after the commit, with the codes its real clients expect.
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Actor } from '../../kernel/actor.ts'
import { isJsonObject } from '../../kernel/json.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import { findOpenByKey, saveOrphan } from './alerts.store.ts'
import type { IntakePolicy } from './core/index.ts'
import { readDrafts } from './read-drafts.ts'
import { sourceOf } from './signal-source.ts'
import { acknowledgeAlert } from './usecases/answer-alert.ts'
import { receiveSignals } from './usecases/receive-signals.ts'

const untilResolved: IntakePolicy = { assumedLeaseMs: null }

export function alertsWireRoutes(needs: Needs, ports: AlertsPorts): (server: FastifyInstance) => void {
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
          await saveOrphan(needs.database, {
            source: 'pagerduty',
            because: 'The routing key is none of ours.',
            body: JSON.stringify(withoutKey(request.body)),
          })
          return reply.code(400).send({
            status: 'invalid event',
            message: 'Event object is invalid',
            errors: ["'routing_key' is not a key of this server"],
          })
        }
        const dedupKey = event.dedupKey ?? randomUUID().replaceAll('-', '')
        const source = sourceOf('pagerduty', actor)
        if (event.action === 'acknowledge') await acknowledgeByKey(needs, ports, { source, key: dedupKey, actor })
        else {
          const { read: signals, faults } = await readDrafts(needs, source, [{ ...event.draft, dedupKey }])
          if (faults.length > 0) {
            const because = faults.join(' ').slice(0, 2_000)
            await saveOrphan(needs.database, { source, because, body: JSON.stringify(withoutKey(request.body)) })
            return reply
              .code(400)
              .send({ status: 'invalid event', message: 'Event object is invalid', errors: faults.slice(0, 20) })
          }
          await receiveSignals(needs, ports, { source, signals, policy: untilResolved, actor })
        }
        return reply.code(202).send({ status: 'success', message: 'Event processed', dedup_key: dedupKey })
      },
    )
  }
}

async function acknowledgeByKey(
  needs: Needs,
  ports: AlertsPorts,
  of: { source: string; key: string; actor: Actor },
): Promise<void> {
  const alert = await findOpenByKey(needs.database, of.source, of.key)
  // As PagerDuty does: an acknowledgement of nothing is accepted and dropped.
  if (alert !== null) await acknowledgeAlert(needs, ports, { alertId: alert.id, actor: of.actor, by: of.actor.name })
}

function withoutKey(body: unknown): unknown {
  return typeof body === 'object' && body !== null ? { ...body, routing_key: '[redacted]' } : body
}

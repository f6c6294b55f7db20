// Intakes in other products' formats. Each answers only after the commit, with the codes its real clients expect.
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Actor } from '../../kernel/actor.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import { findOpenByKey, saveOrphan } from './alerts.store.ts'
import { type IntakePolicy, readSignal, type Signal, type SignalDraft } from './core/index.ts'
import { sourceOf } from './signal-source.ts'
import { acknowledgeAlert } from './usecases/answer-alert.ts'
import { receiveSignals } from './usecases/receive-signals.ts'

// Prometheus sends up to 64 alerts in a request; other senders batch more. 4 MiB is 20 times what 64 large ones need.
const bodyLimit = 4 * 1024 * 1024
// Each batch is a transaction: a later one that fails is sent again by the sender, and the earlier ones are known then.
const batch = 1_000
// Without an end of its own an alert holds this long unless repeated: Alertmanager's resolve_timeout.
const alertmanagerPolicy: IntakePolicy = { assumedLeaseMs: 5 * 60_000 }
const untilResolved: IntakePolicy = { assumedLeaseMs: null }

export function alertsWireRoutes(needs: Needs, ports: AlertsPorts): (server: FastifyInstance, door: WireDoor) => void {
  return (server, door) => {
    server.post(
      '/api/v2/alerts',
      { bodyLimit, config: { operationId: 'intake.alertmanager' } },
      async (request, reply) => {
        const actor = await door.admit(request, 'intake.alertmanager')
        const read = ports.readAlertmanager(request.body)
        if (!read.ok) return refuseAlertmanager(needs, reply, request.body, read.detail)
        const source = sourceOf('alertmanager', actor)
        const signals = await readDrafts(needs, source, read.drafts)
        if (signals.faults.length > 0) return refuseAlertmanager(needs, reply, request.body, signals.faults.join(' '))
        for (let from = 0; from < signals.read.length; from += batch)
          await receiveSignals(needs, ports, {
            source,
            signals: signals.read.slice(from, from + batch),
            policy: alertmanagerPolicy,
            actor,
          })
        return reply.code(200).send()
      },
    )

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

async function readDrafts(
  needs: Needs,
  source: string,
  drafts: readonly SignalDraft[],
): Promise<{ read: readonly Signal[]; faults: readonly string[] }> {
  const now = await needs.database.now()
  const read: Signal[] = []
  const faults: string[] = []
  for (const [index, draft] of drafts.entries()) {
    const reading = readSignal({ ...draft, source }, now)
    if (reading.ok) read.push(reading.signal)
    else faults.push(...reading.faults.map((fault) => `alert ${index}: ${fault.pointer ?? ''} ${fault.detail}`))
  }
  return { read, faults }
}

// Alertmanager's own clients read a JSON string or {code, message}; 400 tells Prometheus not to try again.
async function refuseAlertmanager(
  needs: Needs,
  reply: FastifyReply,
  body: unknown,
  detail: string,
): Promise<FastifyReply> {
  await saveOrphan(needs.database, {
    source: 'alertmanager',
    because: detail.slice(0, 2_000),
    body: JSON.stringify(body) ?? '',
  })
  return reply.code(400).send({ code: 400, message: detail.slice(0, 2_000) })
}

function withoutKey(body: unknown): unknown {
  return typeof body === 'object' && body !== null ? { ...body, routing_key: '[redacted]' } : body
}

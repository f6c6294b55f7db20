import type { JsonObject } from '../../kernel/json.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { createCounter } from './counter.ts'
import type { Desk } from './desk.ts'
import { createGate } from './gate.ts'
import * as contract from './intake.contract.ts'
import { intakeJobs, intakeRecurring } from './intake.jobs.ts'
import type { IntakePorts } from './intake.ports.ts'
import { intakeRoutes } from './intake.routes.ts'
import { intakeWireRoutes } from './intake.wire.routes.ts'
import { alertSourceKind } from './kinds/alert-source.ts'
import { mailIntake } from './mail-intake.ts'
import { opsgenieRoutes } from './opsgenie.wire.routes.ts'
import { pagerDutyRoutes } from './pagerduty.wire.routes.ts'
import { flushCounts } from './usecases/watch-sources.ts'
import { keepBytes } from './wire-request.ts'

/** What a process that dies may lose of its counts. */
const flushEveryMs = 2_000

export function intakeRoom(needs: Needs, ports: IntakePorts): Room & { readonly desk: Desk } {
  const desk: Desk = { needs, ports, counter: createCounter(monotonicMs) }
  const events: readonly EventType<JsonObject>[] = [
    contract.tokenIssued,
    contract.tokenRevoked,
    contract.secretChanged,
    contract.orphanKept,
    contract.orphanSettled,
    contract.subscriptionConfirmed,
  ]
  const mail = mailIntake(desk)
  let timer: ReturnType<typeof setInterval> | null = null
  let writing: Promise<void> = Promise.resolve()
  const flush = () => {
    writing = writing.then(() =>
      flushCounts(desk).catch((error: unknown) =>
        needs.log.warn('Counts of deliveries could not be written.', { error: String(error) }),
      ),
    )
    return writing
  }
  return {
    desk,
    name: 'intake',
    operations: intakeRoutes(desk),
    wireRoutes: (server, door) => {
      const gate = createGate(desk, door)
      void server.register(async (scope) => {
        keepBytes(scope)
        scope.addHook('onResponse', async (request) => gate.leave(request))
        for (const add of [intakeWireRoutes, pagerDutyRoutes, opsgenieRoutes]) add(gate)(scope)
      })
    },
    jobs: intakeJobs(desk),
    recurring: intakeRecurring,
    events,
    errors: contract.intakeErrors,
    kinds: [alertSourceKind(ports)],
    start: async () => {
      timer = setInterval(() => void flush(), flushEveryMs)
      timer.unref()
      await mail.start?.()
    },
    stop: async () => {
      await mail.stop?.()
      if (timer !== null) clearInterval(timer)
      await flush()
    },
  }
}

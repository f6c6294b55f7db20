import { Gauge, type Registry } from 'prom-client'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import type { Lifeboat } from './boat.ts'
import { gapRecorded, lifeboatErrors } from './lifeboat.contract.ts'
import { lifeboatRoutes } from './lifeboat.routes.ts'

/** Without a data folder (null) nothing can be kept, and the room only says so. */
export function lifeboatRoom(needs: Needs, lifeboat: Lifeboat | null, registry: Registry): Room {
  if (lifeboat !== null) addMetrics(lifeboat, registry)
  return {
    name: 'lifeboat',
    operations: lifeboatRoutes(needs, lifeboat),
    events: [gapRecorded],
    errors: lifeboatErrors,
    ...(lifeboat === null ? {} : { start: lifeboat.start, stop: lifeboat.stop }),
  }
}

function addMetrics(lifeboat: Lifeboat, registry: Registry): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `mainstay_lifeboat_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value())
      },
    })
  gauge('afloat', 'Whether this process does without the database: alerts on its disk, pages from the plan.', () =>
    ['afloat', 'landing'].includes(lifeboat.state().standing) ? 1 : 0,
  )
  gauge('plan_age_seconds', 'How old the plan is that pages would go out from; -1 when there is none.', () => {
    const { now, planTakenAt } = lifeboat.state()
    return now === null || planTakenAt === null ? -1 : Math.max(0, (now - planTakenAt) / 1_000)
  })
  gauge('journal_bytes', 'What waits on the disk to be written into the database.', () => lifeboat.state().journalBytes)
  gauge('signals', 'Signals kept since the database was last there.', () => lifeboat.state().counts.signals)
  gauge('pages', 'Messages sent since the database was last there.', () => lifeboat.state().counts.pages)
}

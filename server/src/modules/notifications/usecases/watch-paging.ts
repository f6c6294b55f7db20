// The watch over paging: a page to nobody through the lane of pages, and a sign of life to whoever watches from outside.
import { Gauge, type Registry } from 'prom-client'
import type { Needs } from '../../../platform/room/needs.ts'
import { oldestDuePageMs } from '../../../platform/work/due-work.store.ts'
import type { Turn } from '../../../platform/work/job.ts'
import { mayBeat } from '../core/index.ts'
import type { Watch } from '../notifications.ports.ts'
import { readWatch, recordHeartbeat, recordPassed } from '../watch.store.ts'

/** Claimed like a page, sent to nobody, recorded like a page: what stops pages stops this. */
export async function sendSyntheticPage(needs: Needs, turn: Turn): Promise<void> {
  await needs.database.transaction(async (tx) => recordPassed(tx, (await tx.now()) - turn.dueAt))
}

export async function sendHeartbeat(needs: Needs, watch: Watch | null): Promise<boolean> {
  if (watch?.beat == null) return false
  const { database } = needs
  const [state, oldestDueMs, now] = [await readWatch(database), await oldestDuePageMs(database), await database.now()]
  // Silence is the alarm: a heartbeat that is sent whatever happens would only prove that timers work.
  if (!mayBeat(state?.passedAt ?? null, now, oldestDueMs)) return false
  const outcome = await watch.beat()
  await needs.database.transaction((tx) => recordHeartbeat(tx, outcome))
  return true
}

export function watchMetrics(needs: Needs, registry: Registry): void {
  if (registry.getSingleMetric('mainstay_synthetic_page_age_seconds') !== undefined) return
  new Gauge({
    name: 'mainstay_synthetic_page_age_seconds',
    help: 'How long ago the last synthetic page came through; -1 when none ever did or the database is away.',
    registers: [registry],
    async collect() {
      const [state, now] = await Promise.all([readWatch(needs.database), needs.database.now()]).catch(
        () => [null, 0] as const,
      )
      this.set(state?.passedAt == null ? -1 : (now - state.passedAt) / 1000)
    },
  })
}

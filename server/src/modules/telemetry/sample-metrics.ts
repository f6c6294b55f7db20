// How far counting is behind accepting, for whoever scrapes this server.
import { Gauge, type Registry } from 'prom-client'
import type { Needs } from '../../platform/room/needs.ts'
import { readWaiting } from './inbox.store.ts'

export function sampleMetrics(needs: Needs, registry: Registry): void {
  if (registry.getSingleMetric('mainstay_samples_waiting_seconds') !== undefined) return
  const bytes = new Gauge({
    name: 'mainstay_samples_waiting_bytes',
    help: 'What was accepted by remote write and OTLP and is not counted yet, as it was sent.',
    registers: [registry],
  })
  const aside = new Gauge({
    name: 'mainstay_samples_set_aside_requests',
    help: 'Requests of remote write and OTLP that could not be counted and were put aside.',
    registers: [registry],
  })
  new Gauge({
    name: 'mainstay_samples_waiting_seconds',
    help: 'How old the oldest request of remote write or OTLP is that is not counted yet; 0 when none waits, -1 when the database is away.',
    registers: [registry],
    async collect() {
      try {
        const [waiting, now] = await Promise.all([readWaiting(needs.database), needs.database.now()])
        bytes.set(waiting.bytes)
        aside.set(waiting.aside)
        this.set(waiting.oldest === null ? 0 : Math.max(0, now - waiting.oldest) / 1000)
      } catch {
        this.set(-1)
      }
    },
  })
}

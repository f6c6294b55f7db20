// Prometheus metrics of the process. Rooms register their own gauges on the same registry.
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export interface HttpMetrics {
  readonly registry: Registry
  observe(operation: string, method: string, status: number, seconds: number): void
}

export function createMetrics(): HttpMetrics {
  const registry = new Registry()
  // Each look at the event loop wakes the process; a hundred of them a second were a third of what it did at rest.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
  const duration = new Histogram({
    name: 'mainstay_http_request_duration_seconds',
    help: 'Time from the request to the end of the answer.',
    labelNames: ['operation', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  const refused = new Counter({
    name: 'mainstay_http_refused_total',
    help: 'Requests answered with a problem.',
    labelNames: ['status'],
    registers: [registry],
  })
  return {
    registry,
    observe: (operation, method, status, seconds) => {
      duration.observe({ operation, method, status: String(status) }, seconds)
      if (status >= 400) refused.inc({ status: String(status) })
    },
  }
}

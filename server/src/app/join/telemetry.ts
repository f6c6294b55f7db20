// Telemetry's way out: servers it reads from, what proves who asks, and how their answers are read.
import { setTimeout as pause } from 'node:timers/promises'
import { createObserver } from '../../integrations/probing/observe.ts'
import { queryRange } from '../../integrations/prometheus/range-query.ts'
import type { TelemetryPorts } from '../../modules/telemetry/index.ts'
import type { Outside } from '../outside.ts'

export function telemetryPortsOf({ config, egress }: Outside): TelemetryPorts {
  return {
    egress,
    queryRange,
    observe: createObserver(egress),
    pause: (ms) => pause(ms),
    secret: (name, url) => config.secrets.for(name, url),
  }
}

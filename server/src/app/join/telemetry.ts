// Telemetry's way out: servers it reads from, what proves who asks, and how their answers are read.
import { queryRange } from '../../integrations/prometheus/range-query.ts'
import type { TelemetryPorts } from '../../modules/telemetry/index.ts'
import type { Outside } from '../outside.ts'

export function telemetryPortsOf({ config, egress }: Outside): TelemetryPorts {
  return { egress, queryRange, secret: (name, url) => config.secrets.for(name, url) }
}

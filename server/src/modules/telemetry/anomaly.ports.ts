// What finding anomalies needs from rooms that come after telemetry. App joins it.
import type { Queries } from '../../platform/database/queries.ts'

export interface MeasuredObjective {
  /** The name of the objective and of the stream it counts. */
  readonly name: string
  readonly service: string
  readonly kind: 'availability' | 'latency'
}

export interface AnomalyPorts {
  /** The objectives whose counts are watched. */
  readonly objectives: (queries: Queries) => Promise<readonly MeasuredObjective[]>
}

// What those are judged by who are likely to be woken: asked for with the locks, and not only when it is known that something opens.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { knowStamp } from '../../catalog/index.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import type { Silence, TimedRouting } from '../core/index.ts'
import { loadSilences } from '../silences.store.ts'
import type { Intake } from './intake.ts'
import { loadRouting } from './route-alerts.ts'

export interface Ahead {
  readonly silences: Promise<readonly Silence[]>
  readonly routing: Promise<TimedRouting | null>
}

const isUrgent = ({ signals, at }: Intake): boolean =>
  at === undefined && signals.some(({ severity, status }) => severity === 'critical' && status === 'firing')

/** Null where nobody is in such a hurry. */
export function lookAhead(tx: Tx, needs: Needs, ports: AlertsPorts, intakes: readonly Intake[]): Ahead | null {
  if (!intakes.some(isUrgent)) return null
  knowStamp(tx)
  const ahead = { silences: loadSilences(tx), routing: loadRouting(tx, needs, ports) }
  // Where nothing opens nobody asks for them.
  for (const each of Object.values(ahead)) each.catch(() => undefined)
  return ahead
}

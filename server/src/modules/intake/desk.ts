// What every step of intake has at hand in one process.
import type { Needs } from '../../platform/room/needs.ts'
import type { Counter } from './counter.ts'
import type { IntakePorts } from './intake.ports.ts'

export interface Desk {
  readonly needs: Needs
  readonly ports: IntakePorts
  readonly counter: Counter
}

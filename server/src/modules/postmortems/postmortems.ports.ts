// What postmortems needs from joins it does not know itself; app hands it in.
import type { Actor } from '../../kernel/actor.ts'
import type { IncidentsPorts } from '../incidents/index.ts'

export interface PostmortemsPorts {
  /** What is shown and stored as "by whom". */
  readonly personOf: (actor: Actor) => Promise<string>
  readonly declaredNameOf: (actor: Actor) => Promise<string | null>
  readonly linesOf: IncidentsPorts['linesOf']
}

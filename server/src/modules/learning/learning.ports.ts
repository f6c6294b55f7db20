// What learning needs from joins it does not know itself; app hands it in.
import type { PostmortemsPorts } from '../postmortems/index.ts'

export type LearningPorts = Pick<PostmortemsPorts, 'personOf' | 'declaredNameOf'>

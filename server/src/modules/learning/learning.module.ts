import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { bindJob } from '../../platform/work/job.ts'
import { figuresErrors, readTexts } from './figures.contract.ts'
import { figuresRoutes } from './figures.routes.ts'
import { learningPolicyKind } from './kinds/learning-policy.ts'
import { learningErrors, learningEvents } from './learning.contract.ts'
import type { LearningPorts } from './learning.ports.ts'
import { learningRoutes } from './learning.routes.ts'
import { problemsErrors, problemsEvents, watchProblem } from './problems.contract.ts'
import { problemsRoutes } from './problems.routes.ts'
import { watchProblemFor } from './usecases/problem-entry.ts'
import { readTextsFor, startReading } from './usecases/search-all.ts'

export function learningRoom(needs: Needs, ports: LearningPorts): Room {
  return {
    name: 'learning',
    operations: [...learningRoutes(needs, ports), ...problemsRoutes(needs, ports), ...figuresRoutes(needs, ports)],
    jobs: [
      bindJob(watchProblem, ({ problemId }) => watchProblemFor(needs, problemId)),
      bindJob(readTexts, (_, turn) => readTextsFor(needs, turn)),
    ],
    start: () => startReading(needs),
    kinds: [learningPolicyKind],
    events: [...learningEvents, ...problemsEvents],
    errors: [...learningErrors, ...problemsErrors, ...figuresErrors],
  }
}

// What the console asks about learning across incidents: repeats, classes of failure, problems.
import type {
  FailureClass,
  IncidentRepeats,
  LearningPack,
  LearningTally,
  LearningTrends,
  LearntHit,
  LearntIncident,
  ProblemRecord,
  ProblemRecordSummary,
  RepeatPair,
  RepeatProposal,
} from '../../../client/src/index.ts'
import { client } from './http.ts'
import { queries } from './queries.ts'

export type {
  FailureClass,
  IncidentRepeats,
  LearningPack,
  LearningTally,
  LearningTrends,
  LearntHit,
  LearntIncident,
  ProblemRecord,
  ProblemRecordSummary,
  RepeatPair,
  RepeatProposal,
}
export type ProblemState = ProblemRecord['state']
export type Verdict = 'confirmed' | 'rejected' | 'undecided'
type Signal = AbortSignal

export interface ProblemText {
  readonly title?: string
  readonly cause?: string | null
  readonly workaround?: string | null
  readonly plan?: string | null
  readonly class?: string | null
  readonly owner?: string | null
  readonly dueAt?: string | null
  readonly windowMs?: number
}

export const learning = {
  repeatsOf: (id: string, signal: Signal) => client['learning.repeats-of']({ params: { id }, signal }),
  judge: (id: string, body: { earlier: string; verdict: Verdict; reason?: string }) =>
    client['learning.judge-repeat']({ params: { id }, body }),
  repeats: (verdict: Verdict, signal: Signal) => client['learning.repeats']({ query: { verdict, limit: 200 }, signal }),
  trends: (query: { from?: string; to?: string; service?: string; team?: string }, signal: Signal) =>
    client['learning.trends']({ query, signal }),
  pack: (month: string, signal: Signal) => client['learning.pack']({ params: { month }, signal }),
  search: (query: { q: string; kind?: LearntHit['kind']; service?: string; class?: string }, signal: Signal) =>
    client['learning.search']({ query, signal }),
  classes: (signal: Signal) => client['learning.classes']({ signal }),
  classesOf: (id: string, signal: Signal) => client['learning.classes-of']({ params: { id }, signal }),
  classify: (id: string, body: { factor?: string; class: string | null }) =>
    client['learning.classify']({ params: { id }, body }),
}

export const problems = {
  list: (state: ProblemState | 'current' | null, signal: Signal) =>
    client['problems.list']({ query: { limit: 200, ...(state === null ? {} : { state }) }, signal }),
  read: (id: string, signal: Signal) => client['problems.read']({ params: { id }, signal }),
  open: (body: { title: string; incidents?: string[]; class?: string; owner?: string; workaround?: string }) =>
    client['problems.open']({ body }),
  change: (id: string, body: ProblemText) => client['problems.change']({ params: { id }, body }),
  move: (id: string, to: ProblemState, note: string | null) =>
    client['problems.transition']({ params: { id }, body: { to, ...(note === null ? {} : { note }) } }),
  link: (id: string, body: { incident?: string; action?: string }) => client['problems.link']({ params: { id }, body }),
  unlink: (id: string, body: { incident?: string; action?: string; reason: string }) =>
    client['problems.unlink']({ params: { id }, body }),
}

export const refreshLearning = () =>
  Promise.all([
    queries.invalidateQueries({ queryKey: ['learning'] }),
    queries.invalidateQueries({ queryKey: ['incidents'] }),
  ])
